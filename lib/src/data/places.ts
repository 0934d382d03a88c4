import * as fs from "node:fs";
import { fromProject } from "../engine/environment";
import { StarlitError } from "../engine/errors";

/** Where the files shipped with the project lie. */
export function shippedFolder(): string {
  return fromProject("data");
}

/**
 * `STARLIT_MIRROR`: a folder, or an http(s) address below which the files lie.
 *
 * @throws StarlitError if it is neither
 */
export function mirror(): { folder: string } | { url: URL } | undefined {
  const value = process.env.STARLIT_MIRROR?.trim();
  if (!value) return undefined;
  const folder = fromProject(value);
  if (fs.existsSync(folder)) return { folder };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.host && ["http:", "https:"].includes(url.protocol)) return { url };
  if (!/^[a-z][a-z0-9+.-]*:|\/\/|[@?]/i.test(value)) {
    throw new StarlitError(
      `STARLIT_MIRROR names the folder ${folder}, which does not exist: correct it or unset it.`,
    );
  }
  // What may be meant as an address is not repeated: it may hold a password.
  throw new StarlitError(
    "STARLIT_MIRROR is no http(s) address and no folder: correct it or unset it.",
  );
}

/** The address of a file below that of a mirror. */
export function below(url: URL, name: string): URL {
  const joined = new URL(url);
  joined.pathname = `${url.pathname.replace(/\/+$/, "")}/${name}`;
  return joined;
}

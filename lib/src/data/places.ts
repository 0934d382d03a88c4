import * as path from "node:path";
import { projectRoot } from "../engine/environment";

// Relative paths mean the same in a notebook, a test and a command: they start at the project.
const fromProject = (folder: string) => path.resolve(projectRoot(), folder);

/** Where files are kept once they were fetched: `STARLIT_DATA`, or `data/cache`. */
export function cacheFolder(): string {
  return fromProject(process.env.STARLIT_DATA || "data/cache");
}

/** Where the files shipped with the project lie. */
export function shippedFolder(): string {
  return fromProject("data");
}

/** `STARLIT_MIRROR`: a folder, or an http(s) address without a slash at its end. */
export function mirror(): { folder: string } | { url: string } | undefined {
  const value = process.env.STARLIT_MIRROR;
  if (!value) return undefined;
  return /^https?:\/\//.test(value)
    ? { url: value.replace(/\/+$/, "") }
    : { folder: fromProject(value) };
}

import * as fs from "node:fs";
import * as path from "node:path";
import { StarlitError } from "./errors";

/** `quick`: subsets and few epochs, minutes on two cores. `full`: the published protocol, hours. */
export type Profile = "quick" | "full";

/** The profile of this process, from `STARLIT_PROFILE`; `quick` where it is not set. */
export function profile(): Profile {
  const value = process.env.STARLIT_PROFILE || "quick";
  if (value === "quick" || value === "full") return value;
  throw new StarlitError(`STARLIT_PROFILE is "${value}": set it to "quick" or "full".`);
}

/**
 * The folder of the project: the nearest one above this file that holds `notebooks` and `lib`. Where
 * the library was installed as a package, the folder that the process was started in.
 */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, "notebooks")) && fs.existsSync(path.join(folder, "lib"))) {
      return folder;
    }
    if (folder === path.dirname(folder)) return process.cwd();
  }
}

/** The library's own folder, which holds its `package.json`. */
export const packageFolder = path.resolve(__dirname, "../..");

/**
 * A folder as a setting names it: a relative one begins at the project, so that it means the same in
 * a notebook, a test and a command.
 */
export function fromProject(folder: string): string {
  return path.resolve(projectRoot(), folder);
}

/** Where files are kept that can be fetched or made again: `STARLIT_DATA`, or `data/cache`. */
export function cacheFolder(): string {
  return fromProject(process.env.STARLIT_DATA || "data/cache");
}

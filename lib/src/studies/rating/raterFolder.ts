import * as path from "node:path";
import * as fs from "node:fs";
import { cacheFolder, type Profile } from "../../engine/environment";
import { StarlitError } from "../../engine/errors";
import { raterFile } from "../../reviews/rater";

/** Raters of stand-in reviews have folders of their own, so that they replace no real one. */
export function filmRaterFolderOf(profile: Profile, standIn: boolean): string {
  return path.join(cacheFolder(), "raters", `films-${profile}${standIn ? "-stand-in" : ""}`);
}

/** Every film rater that may be there, the best first. */
export const filmRaters = [false, true].flatMap((standIn) =>
  (["full", "quick"] as const).map((profile) => ({ profile, standIn })),
);

/**
 * Where the rater of film reviews lies: that of the full profile where there is one, else of the quick
 * profile; one of stand-in reviews only where there is no other.
 *
 * @throws StarlitError saying how to make one if there is none
 */
export function filmRaterFolder(): string {
  const folders = filmRaters.map(({ profile, standIn }) => filmRaterFolderOf(profile, standIn));
  const found = folders.find((folder) => fs.existsSync(raterFile(folder)));
  if (found) return found;
  throw new StarlitError(
    "No model to rate with is saved yet: name the folder of your own (--model), or make one of film " +
      "reviews with `npx starlit train-rater`.",
  );
}

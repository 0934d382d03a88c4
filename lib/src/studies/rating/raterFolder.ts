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
const filmRaters = [false, true].flatMap((standIn) =>
  (["full", "quick"] as const).map((profile) => ({ profile, standIn })),
);

/**
 * The rater of film reviews that is there, and its folder: that of the full profile where there is one, else of the quick
 * profile; one of stand-in reviews only where there is no other.
 *
 * @throws StarlitError saying how to make one if there is none
 */
export function savedFilmRater(): { folder: string; profile: Profile; standIn: boolean } {
  const raters = filmRaters.map(({ profile, standIn }) => {
    const folder = filmRaterFolderOf(profile, standIn);
    return { folder, profile, standIn };
  });
  const found = raters.find(({ folder }) => fs.existsSync(raterFile(folder)));
  if (found) return found;
  throw new StarlitError(
    "No model to rate with is saved yet: name the folder of your own (--model), or make one of film " +
      "reviews with `npx starlit train-rater`.",
  );
}

/** What to know of a rater that speaks for less than the whole study; null where there is nothing. */
export function filmRaterCaution({
  profile,
  standIn,
}: Omit<ReturnType<typeof savedFilmRater>, "folder">): string | null {
  if (standIn)
    return "This rater learned from reviews of clothes that stand in for those of films: get the film reviews (data/README.md), and `npx starlit train-rater` makes a real one.";
  if (profile === "quick")
    return "This rater is a toy, which learned from a few of the film reviews: `npx starlit train-rater --profile full` makes one of all.";
  return null;
}

import { type Profile, StarlitError } from "../../engine";
import {
  loadRater as load,
  type Rated,
  type Rater,
  trainRater as train,
  type WordEffect,
} from "../../reviews";
import { folders } from "./data";
import { filmRaterFolderOf, savedFilmRater } from "./raterFolder";

/** A rater of film reviews, from 1 to 10. */
export interface FilmRater extends Rater {
  profile: Profile;
  /** Whether it learned from reviews that stand in for the study's. */
  standIn: boolean;
}

/**
 * The rater of film reviews that was saved: that of the full profile where there is one, else of the
 * quick profile; one of stand-in reviews only where there is no other.
 *
 * @throws StarlitError saying how to make one if there is none, or it is damaged
 */
export function loadRater(): FilmRater {
  const { folder, profile, standIn } = savedFilmRater();
  return { ...load(folder), profile, standIn };
}

/**
 * Trains a rater of film reviews as of any others (`trainRater` of the reviews), on the films of the
 * train folder and tested on those of the test folder, and saves it.
 */
export async function trainRater(profile: Profile): Promise<FilmRater> {
  const { train: reviews, test, origin } = await folders({ profile, seed: 1 });
  const rows = (part: typeof reviews) =>
    part.map(({ text, rating, titleId }) => ({ text, rating, film: titleId }));
  const { standIn } = origin;
  const rater = await train(rows(reviews), {
    out: filmRaterFolderOf(profile, standIn),
    text: "text",
    rating: "rating",
    group: "film",
    test: rows(test),
    curve: false,
  });
  return { ...rater, profile, standIn };
}

/**
 * The rater of film reviews that was saved, see `loadRater`; where there is none, or only one of the
 * quick profile while the full one is wanted, it is trained now (`trainRater`).
 */
export async function raterFor(profile: Profile): Promise<FilmRater> {
  try {
    const saved = loadRater();
    if (saved.profile === "full" || profile === "quick") return saved;
  } catch (error) {
    if (!(error instanceof StarlitError)) throw error;
  }
  return trainRater(profile);
}

/**
 * Rates a text, and tells which words moved the rating: each in turn is left out, wherever it stands,
 * and the rating taken again.
 *
 * @throws StarlitError if the text holds no word that the rater knows
 */
export function rateReview(rater: Rater, text: string): Rated & { words: WordEffect[] } {
  const rated = rater.explain(text);
  if (rated.known > 0) return { ...rated, words: rated.words.slice(0, 10) };
  throw new StarlitError("The text holds no word that the model knows: write an English review.");
}

import { catalogue } from "./catalogue";
import { UnreachableError } from "./download";
import { loadParsed } from "./imdbCache";
import type { DataOrigin } from "./origin";
import { clothingAsImdb } from "./standIn";

/** A film review. */
export interface ImdbReview {
  /** Folder, number and rating, as in the archive: e.g. "train/pos/127_9". */
  id: string;
  /** IMDb's number of the film or series, e.g. "tt0406816". */
  titleId: string;
  split: "train" | "test";
  /** 1–4 or 7–10 of 10. */
  rating: number;
  /** 0 negative, 1 positive. */
  label: 0 | 1;
  /** The review as written, with `<br />` between paragraphs. */
  text: string;
}

/** Film reviews and where they come from. */
export interface ImdbData extends DataOrigin {
  /** 50,000 rows: train before test, negative before positive, by number. */
  reviews: ImdbReview[];
}

/**
 * The Large Movie Review Dataset of Maas et al. (2011). Where it cannot be had, clothing reviews
 * stand in, which the result says.
 *
 * @param options.standIn false: rather throw than use the stand-in; true: use it in any case
 * @throws UnreachableError if `standIn` is false and the reviews are nowhere to be had
 * @throws StarlitError if what is found is damaged, or the data folder cannot be written
 */
export async function loadImdbReviews(options: { standIn?: boolean } = {}): Promise<ImdbData> {
  if (options.standIn) return clothingAsImdb("asked for");
  try {
    const { reviews, fingerprint } = await loadParsed();
    return { reviews, fingerprint, source: catalogue["imdb-reviews"].title, standIn: false, banner: "" };
  } catch (error) {
    if (!(error instanceof UnreachableError) || options.standIn === false) throw error;
    return clothingAsImdb(error.message);
  }
}

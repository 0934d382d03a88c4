import { checkOptions } from "../engine/options";
import { loadParsed } from "./imdbCache";
import type { DataOrigin } from "./origin";
import type { ImdbReview } from "./rows";
import { clothingAsImdb, orStandIn, type StandInOptions } from "./standIn";

/** Film reviews and where they come from. */
export interface ImdbData extends DataOrigin {
  /** 50,000 rows: train before test, negative before positive, by number. */
  reviews: ImdbReview[];
}

/**
 * The Large Movie Review Dataset of Maas et al. (2011). Where it cannot be had, clothing reviews
 * stand in, which the result says.
 *
 * @throws UnreachableError if the stand-in is refused and the reviews are nowhere to be had
 * @throws StarlitError if what is found is damaged, or the data folder cannot be written
 */
export async function loadImdbReviews(options: StandInOptions = {}): Promise<ImdbData> {
  checkOptions("loadImdbReviews", options, ["standIn"]);
  const { rows, ...origin } = await orStandIn("imdb-reviews", loadParsed, clothingAsImdb, options);
  return { reviews: rows, ...origin };
}

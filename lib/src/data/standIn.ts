import { catalogue, contentSum, type SourceId } from "./catalogue";
import { type ClothingReview, loadClothingReviews } from "./clothing";
import { UnreachableError } from "./download";
import type { DataOrigin } from "./origin";
import type { ImdbReview, Tweet } from "./rows";

/** Whether clothing reviews may take the place of data that cannot be had. */
export interface StandInOptions {
  /** false: rather throw; true: use the stand-in in any case; otherwise only where it is needed. */
  standIn?: boolean;
}

/**
 * Rows as loaded, or where they are nowhere to be had, rows that stand in for them.
 *
 * @param load gives the rows and their fingerprint
 * @param substitute makes the rows that stand in
 */
export async function orStandIn<Row>(
  id: SourceId,
  load: () => Promise<{ rows: Row[]; fingerprint: string }>,
  substitute: (reviews: ClothingReview[]) => Row[],
  options: StandInOptions,
): Promise<DataOrigin & { rows: Row[] }> {
  let reason = "It was asked for.";
  if (!options.standIn) {
    try {
      return {
        ...(await load()),
        source: catalogue[id].title,
        standIn: false,
        banner: "",
        reason: "",
      };
    } catch (error) {
      if (!(error instanceof UnreachableError) || options.standIn === false) throw error;
      reason = error.message;
    }
  }
  const clothing = catalogue["clothing-reviews"];
  return {
    rows: substitute((await loadClothingReviews()).filter((review) => review.text !== "")),
    source: `${clothing.title} (stand-in)`,
    fingerprint: contentSum(clothing.id),
    standIn: true,
    banner: `Stand-in data: clothing reviews take the place of ${catalogue[id].title}, so no number here is comparable with a published one.`,
    reason,
  };
}

/** Rows take turns in train and test within their rating, so that both have the same mixture. */
function splits(reviews: ClothingReview[]): ("train" | "test")[] {
  const seen = new Map<number, number>();
  return reviews.map(({ rating }) => {
    const before = seen.get(rating) ?? 0;
    seen.set(rating, before + 1);
    return before % 2 === 0 ? "train" : "test";
  });
}

/** Clothing reviews in the form of film reviews: 1–2 stars negative, 4–5 positive, 3 left out. */
export function clothingAsImdb(reviews: ClothingReview[]): ImdbReview[] {
  const clear = reviews.filter((review) => review.rating !== 3);
  const split = splits(clear);
  return clear.map((review, i) => ({
    id: `clothing/${review.index}`,
    titleId: `clothing-${review.clothingId}`,
    split: split[i],
    rating: review.rating,
    label: review.rating > 3 ? 1 : 0,
    text: review.text,
  }));
}

/** Clothing reviews in the form of tweets: 1–2 stars negative, 3 neutral, 4–5 positive. */
export function clothingAsTweets(reviews: ClothingReview[]): Tweet[] {
  const split = splits(reviews);
  return reviews.map((review, i) => ({
    id: `clothing/${review.index}`,
    label: review.rating < 3 ? 0 : review.rating === 3 ? 1 : 2,
    text: review.text,
    split: split[i],
    file: "womens-clothing-reviews",
  }));
}

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

/**
 * Every `n`-th row of a rating is a test row, so that both parts have the same mixture.
 */
function splits(reviews: ClothingReview[], n: number): ("train" | "test")[] {
  const seen = new Map<number, number>();
  return reviews.map(({ rating }) => {
    const before = seen.get(rating) ?? 0;
    seen.set(rating, before + 1);
    return before % n === n - 1 ? "test" : "train";
  });
}

/** The first reviews of each class, as many of each: then accuracy means what it means elsewhere. */
function balanced(
  reviews: ClothingReview[],
  classOf: (review: ClothingReview) => number,
): ClothingReview[] {
  const counts = new Map<number, number>();
  for (const review of reviews) {
    counts.set(classOf(review), (counts.get(classOf(review)) ?? 0) + 1);
  }
  const least = Math.min(...counts.values());
  const taken = new Map<number, number>();
  return reviews.filter((review) => {
    const before = taken.get(classOf(review)) ?? 0;
    taken.set(classOf(review), before + 1);
    return before < least;
  });
}

/**
 * Clothing reviews in the form of film reviews: 1–2 stars negative, 4–5 positive, 3 left out; half of
 * them negative, half of them test reviews.
 */
export function clothingAsImdb(reviews: ClothingReview[]): ImdbReview[] {
  const clear = balanced(
    reviews.filter(({ rating }) => rating !== 3),
    ({ rating }) => Number(rating > 3),
  );
  const split = splits(clear, 2);
  return clear.map((review, i) => ({
    id: `clothing/${review.index}`,
    titleId: `clothing-${review.clothingId}`,
    split: split[i],
    rating: review.rating,
    label: review.rating > 3 ? 1 : 0,
    text: review.text,
  }));
}

const tweetLabel = ({ rating }: ClothingReview) => (rating < 3 ? 0 : rating === 3 ? 1 : 2);

/**
 * Clothing reviews in the form of tweets: 1–2 stars negative, 3 neutral, 4–5 positive; a third of them
 * each, and one of five a test tweet.
 */
export function clothingAsTweets(reviews: ClothingReview[]): Tweet[] {
  const some = balanced(reviews, tweetLabel);
  const split = splits(some, 5);
  return some.map((review, i) => ({
    id: `clothing/${review.index}`,
    label: tweetLabel(review),
    text: review.text,
    split: split[i],
    file: "womens-clothing-reviews",
  }));
}

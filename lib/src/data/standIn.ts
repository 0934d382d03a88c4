import { type ClothingReview, loadClothingReviews } from "./clothing";
import { catalogue, contentSum, type SourceId } from "./catalogue";
import type { ImdbData } from "./imdb";
import type { DataOrigin } from "./origin";

function origin(insteadOf: SourceId, reason: string): DataOrigin {
  return {
    source: `${catalogue["clothing-reviews"].title} (stand-in)`,
    fingerprint: contentSum("clothing-reviews"),
    standIn: true,
    banner: `Stand-in data: clothing reviews take the place of ${catalogue[insteadOf].title}, so no number here is comparable with a published one. Reason: ${reason}`,
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
export async function clothingAsImdb(reason: string): Promise<ImdbData> {
  const clear = (await loadClothingReviews()).filter((r) => r.text !== "" && r.rating !== 3);
  const split = splits(clear);
  return {
    ...origin("imdb-reviews", reason),
    reviews: clear.map((review, i) => ({
      id: `clothing/${review.index}`,
      titleId: `clothing-${review.clothingId}`,
      split: split[i],
      rating: review.rating,
      label: review.rating > 3 ? 1 : 0,
      text: review.text,
    })),
  };
}

import type { NdArray } from "../engine/arrays";
import { calibrate } from "./calibrate";
import type { Review } from "./load";
import { open, type PackedRater, wordsOf } from "./player.cjs";
import type { RatingScale } from "./ratings";
import type { Sizes } from "./sizes";

/** Reviews that a rater learns from, and those by which it is chosen. */
export interface Lesson {
  train: readonly Review[];
  validation: readonly Review[];
  scale: RatingScale;
  sizes: Sizes;
}

/** A rater that has learned, and how well it does on the validation reviews. */
export interface Learned {
  packed: PackedRater;
  /** Mean cross-entropy of the ratings on the validation reviews: lower is better. */
  loss: number;
}

/** The place of each review's rating on the scale. */
export function placesOf(reviews: readonly Review[], { values }: RatingScale): Int32Array {
  const places = new Map(values.map((value, place) => [value, place]));
  return Int32Array.from(reviews, ({ rating }) => places.get(rating)!);
}

/** So many reviews of a rating suffice that a part of the reviews has it too. */
const SOME = 3;

/** A part of the reviews with some of each rating that all of them have: a model knows no others. */
export function withEveryRating(part: readonly Review[], all: readonly Review[]): Review[] {
  const there = new Set(part.map(({ rating }) => rating));
  const missing = new Map<number, Review[]>();
  for (const review of all) {
    if (there.has(review.rating)) continue;
    const some = missing.get(review.rating) ?? [];
    if (some.length < SOME) missing.set(review.rating, [...some, review]);
  }
  return [...part, ...[...missing.values()].flat()];
}

/** What a rater says of reviews before it is calibrated (N, classes). */
export function rawProbabilities(
  packed: PackedRater,
  reviews: readonly Review[],
): NdArray<Float32Array> {
  const rater = open(packed);
  const classes = packed.values.length;
  const data = new Float32Array(reviews.length * classes);
  reviews.forEach(({ text }, i) => data.set(rater.raw(wordsOf(text)), i * classes));
  return { data, shape: [reviews.length, classes] };
}

/** Probabilities stay as they are. */
export const uncalibrated = (classes: number): PackedRater["calibration"] => ({
  sharpness: 1,
  shifts: new Array<number>(classes).fill(0),
});

/** Calibrates what was learned on the validation reviews, by the numbers that are kept. */
export function finished(packed: PackedRater, { validation, scale }: Lesson): Learned {
  const raw = rawProbabilities(packed, validation);
  const { calibration, loss } = calibrate(placesOf(validation, scale), raw);
  return { packed: { ...packed, calibration }, loss };
}

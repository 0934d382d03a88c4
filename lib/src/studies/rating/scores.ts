import { type NdArray, StarlitError } from "../../engine";
import {
  accuracyScore,
  f1Score,
  meanAbsoluteError,
  meanSquaredError,
  r2Score,
  rootMeanSquaredError,
} from "../../metrics";
import { argmax } from "../../engine/arrays";
import { intervalOf } from "../../reviews/player.cjs";
import type { Head } from "./networks";

/** What a model of the study says of reviews. */
export interface Outputs {
  /** A rating from 1 to 10 for each review. */
  ratings: Float32Array;
  /** The class that each review most probably has: one of the ratings that occur. */
  classes: number[];
  /** Probability of each rating that occurs (N, K); a `number` head has none. */
  probabilities: NdArray<Float32Array> | null;
}

/** Targets of a head for the loss, from ratings. */
export function targets(
  ratings: readonly number[],
  classes: readonly number[],
  head: Head,
): NdArray<Float32Array> {
  const rows = ratings.length;
  if (head === "number") return { data: Float32Array.from(ratings), shape: [rows] };
  const places = ratings.map((rating) => classes.indexOf(rating));
  if (places.includes(-1)) {
    throw new StarlitError(`A rating is none of ${classes.join(", ")}: give ratings that occur.`);
  }
  if (head === "classes") return { data: Float32Array.from(places), shape: [rows] };
  const width = classes.length - 1;
  const reached = places.flatMap((place) => Array.from({ length: width }, (_, k) => +(place > k)));
  return { data: Float32Array.from(reached), shape: [rows, width] };
}

/** Ratings from targets of a head: the inverse of `targets`. */
function ratingsOf({ data, shape }: NdArray, classes: readonly number[], head: Head) {
  if (head === "number") return Array.from(data);
  if (head === "classes") return Array.from(data, (place) => classes[place]);
  const width = classes.length - 1;
  return Array.from({ length: shape[0] }, (_, row) => {
    let reached = 0;
    for (let k = 0; k < width; k++) reached += data[row * width + k];
    return classes[reached];
  });
}

/**
 * Probabilities of the ratings (N, K) from those that each but the first is reached (N, K − 1). The
 * sigmoids know nothing of each other: one that exceeds its left neighbour is lowered to it.
 */
function fromOrdinal({ data, shape }: NdArray): NdArray<Float32Array> {
  const [rows, width] = shape;
  const classes = width + 1;
  const found = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    let before = 1;
    for (let k = 0; k < width; k++) {
      const reached = Math.min(before, data[row * width + k]);
      found[row * classes + k] = before - reached;
      before = reached;
    }
    found[row * classes + width] = before;
  }
  return { data: found, shape: [rows, classes] };
}

/** Ratings from probabilities of them: the expected rating, and the most probable. */
export function fromProbabilities(
  probabilities: NdArray<Float32Array>,
  classes: readonly number[],
): Outputs {
  const [rows, width] = probabilities.shape;
  const row = (i: number) => probabilities.data.subarray(i * width, (i + 1) * width);
  const expected = (i: number) => row(i).reduce((sum, p, k) => sum + p * classes[k], 0);
  const likeliest = (i: number) => classes[argmax(probabilities.data, i * width, width)];
  return {
    ratings: Float32Array.from({ length: rows }, (_, i) => expected(i)),
    classes: Array.from({ length: rows }, (_, i) => likeliest(i)),
    probabilities,
  };
}

/** Ratings from numbers: kept on the scale, and the class that is nearest. */
export function fromNumbers(values: Iterable<number>, classes: readonly number[]): Outputs {
  const [least, most] = [classes[0], classes[classes.length - 1]];
  const ratings = Float32Array.from(values, (value) => Math.min(Math.max(value, least), most));
  const nearest = (rating: number) =>
    classes.reduce((best, each) =>
      Math.abs(each - rating) < Math.abs(best - rating) ? each : best,
    );
  return { ratings, classes: Array.from(ratings, nearest), probabilities: null };
}

/** Reads the outputs of a head. */
export function readOutputs(
  outputs: NdArray<Float32Array>,
  classes: readonly number[],
  head: Head,
): Outputs {
  if (head === "number") return fromNumbers(outputs.data, classes);
  return fromProbabilities(head === "classes" ? outputs : fromOrdinal(outputs), classes);
}

/** The mean squared error on the scale from 1 to 10 of a head's outputs, for `fit` to follow. */
export function mseOf(classes: readonly number[], head: Head) {
  return (yTrue: NdArray, yPred: NdArray<Float32Array>): number =>
    meanSquaredError(ratingsOf(yTrue, classes, head), readOutputs(yPred, classes, head).ratings);
}

/**
 * Scores as a regression, on the scale from 1 to 10 (`mse`, `rmse`, `mae`, `r2`), `side`, the share
 * on the right side of the middle, and as a classification: `accuracy`, `withinOne`, the share that
 * misses by at most one point, `macroF1`.
 */
export function scores(
  ratings: readonly number[],
  { ratings: predicted, classes }: Outputs,
): Record<string, number> {
  const middle = (Math.min(...new Set(ratings)) + Math.max(...new Set(ratings))) / 2;
  const share = (right: (i: number) => boolean) =>
    ratings.filter((_, i) => right(i)).length / ratings.length;
  return {
    mse: meanSquaredError(ratings, predicted),
    rmse: rootMeanSquaredError(ratings, predicted),
    mae: meanAbsoluteError(ratings, predicted),
    r2: r2Score(ratings, predicted),
    side: share((i) => ratings[i] > middle === predicted[i] > middle),
    accuracy: accuracyScore(ratings, classes),
    withinOne: share((i) => Math.abs(ratings[i] - classes[i]) <= 1),
    macroF1: f1Score(ratings, classes, { average: "macro" }),
  };
}

/** How a model errs on the reviews of one true rating. */
export interface ErrorRow {
  rating: number;
  /** Mean of predicted less true. */
  error: number;
  sd: number;
  count: number;
}

/** The mean error of each true rating (the document's figure 13). */
export function errorsByRating(
  ratings: readonly number[],
  predicted: ArrayLike<number>,
): ErrorRow[] {
  const errors = new Map<number, number[]>();
  ratings.forEach((rating, i) => {
    const known = errors.get(rating);
    if (known) known.push(predicted[i] - rating);
    else errors.set(rating, [predicted[i] - rating]);
  });
  return [...errors]
    .sort(([a], [b]) => a - b)
    .map(([rating, all]) => {
      const error = all.reduce((sum, value) => sum + value, 0) / all.length;
      const squares = all.reduce((sum, value) => sum + (value - error) ** 2, 0);
      return { rating, error, sd: Math.sqrt(squares / all.length), count: all.length };
    });
}

/** Share of the reviews whose rating lies in the interval that `intervalOf` gives. */
export function intervalCoverage(
  ratings: readonly number[],
  { data }: NdArray,
  classes: readonly number[],
): number {
  const width = classes.length;
  const inside = ratings.filter((rating, i) => {
    const [low, high] = intervalOf(data.subarray(i * width, (i + 1) * width), classes);
    return rating >= low && rating <= high;
  });
  return inside.length / ratings.length;
}

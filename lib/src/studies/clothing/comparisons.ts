// Models of the study held against each other, review by review and product by product.
import type { NdArray } from "../../engine";
import {
  f1Score,
  holm,
  type Interval,
  meanAbsoluteError,
  meanAndSd,
  pairedBootstrap,
  type MetricOf,
} from "../../metrics";
import type { Run } from "../../training";
import { type Part, stars } from "./data";
import { meanOverRuns, predictedStars, testStars } from "./scores";
import type { SoundVariant } from "./sound";
import { testScores } from "./tables";

/** Scores of true and predicted stars. */
export const starMetrics = {
  "weighted F1": (yTrue: number[], yPred: number[]) =>
    f1Score(yTrue, yPred, { average: "weighted", labels: [...stars] }),
  "macro-F1": (yTrue: number[], yPred: number[]) =>
    f1Score(yTrue, yPred, { average: "macro", labels: [...stars] }),
  "error in stars": (yTrue: number[], yPred: number[]) => meanAbsoluteError(yTrue, yPred),
} as const;

/** One of them. */
export type StarMetric = keyof typeof starMetrics;

/** A difference with its interval: "+0.022 (+0.009 to +0.034)". */
export function intervalText({ estimate, lower, upper }: Interval): string {
  const [middle, low, high] = [estimate, lower, upper].map(
    (each) => `${each < 0 ? "−" : "+"}${Math.abs(each).toFixed(3)}`,
  );
  return `${middle} (${low} to ${high})`;
}

/** The difference of one score between two models, of which both are stars or both are runs. */
function compare(
  ratings: readonly number[],
  first: readonly number[] | readonly Run[],
  second: readonly number[] | readonly Run[],
  name: StarMetric,
  resamples?: number,
) {
  const metric = starMetrics[name];
  if (typeof first[0] === "number") {
    const [a, b] = [first, second] as number[][];
    return pairedBootstrap([...ratings], a, b, metric, { seed: 1, resamples });
  }
  const [a, b] = [first, second] as Run[][];
  return pairedBootstrap(
    [...ratings],
    testStars(a),
    testStars(b.slice(0, a.length)),
    meanOverRuns(metric) as MetricOf<number[], NdArray>,
    { seed: 1, resamples },
  );
}

/** So many that 24 times the least p-value, 2 ÷ 2,001, is well below 5 %; 4,000 gave the same stars. */
const CORRECTED_RESAMPLES = 2000;

/**
 * How much better the first model does on the test reviews than the second, score by score, with 95 %
 * intervals over test reviews that are drawn anew (`pairedBootstrap`). Of several runs the mean over
 * them is compared, as many of the second as there are of the first.
 *
 * @param first stars of one model, or its runs
 * @param names of the scores
 */
export function differences(
  ratings: readonly number[],
  first: readonly number[] | readonly Run[],
  second: readonly number[] | readonly Run[],
  names: readonly StarMetric[] = ["weighted F1", "macro-F1", "error in stars"],
): Record<StarMetric, string> {
  const compared = names.map((name) => [name, intervalText(compare(ratings, first, second, name))]);
  return Object.fromEntries(compared) as Record<StarMetric, string>;
}

/**
 * Each variant of the sound protocol beside it: scores, and the differences with their intervals. A
 * difference has a star if it stays below 5 % once corrected for the number of differences (`holm`).
 */
export function ablationRows(
  ratings: readonly number[],
  ablated: Readonly<Partial<Record<SoundVariant, readonly Run[]>>>,
  sound: readonly Run[],
): Record<string, string>[] {
  const all = Object.entries(ablated).flatMap(([variant, runs]) =>
    (["weighted F1", "macro-F1"] as const).map((name) => ({
      variant,
      name,
      ...compare(ratings, runs, sound, name, CORRECTED_RESAMPLES),
    })),
  );
  const corrected = holm(all.map(({ pValue }) => pValue));
  return Object.entries(ablated).map(([variant, runs]) => {
    const difference = (name: StarMetric) => {
      const i = all.findIndex((each) => each.variant === variant && each.name === name);
      return `${intervalText(all[i])}${corrected[i] < 0.05 ? " *" : ""}`;
    };
    return {
      variant: variant.replace("sound-", "").replaceAll("-", " "),
      "weighted F1": meanAndSd(testScores("weightedF1", runs)),
      difference: difference("weighted F1"),
      "macro-F1": meanAndSd(testScores("macroF1", runs)),
      "its difference": difference("macro-F1"),
      AUC: meanAndSd(testScores("auc", runs)),
    };
  });
}

/** The expected rating of each review: Σ k·p(k). */
export function expectedStars({ data, shape }: NdArray): number[] {
  const [rows, width] = shape;
  return Array.from({ length: rows }, (_, row) =>
    stars.reduce((sum, star) => sum + star * data[width * row + star - 1], 0),
  );
}

/** The test reviews whose true rating got the lowest probability, as text. */
export function worstReviews(
  { ratings, reviews }: Pick<Part, "ratings" | "reviews">,
  probabilities: NdArray,
  count: number,
): string {
  const width = stars.length;
  const of = (row: number, star: number) => probabilities.data[width * row + star - 1];
  const predicted = predictedStars(probabilities);
  return ratings
    .map((given, row) => ({ row, given, p: of(row, given) }))
    .sort((a, b) => a.p - b.p)
    .slice(0, count)
    .map(({ row, given }) => {
      const sure = (100 * of(row, predicted[row])).toFixed(1);
      const { title, text } = reviews[row];
      const lines = `${title ? `[${title}] ` : ""}${text}`
        .replace(/\s+/g, " ")
        .replace(/(.{1,96})( |$)/g, "   $1\n");
      return `${given} given, ${predicted[row]} predicted, ${sure} % sure:\n${lines}`;
    })
    .join("\n");
}

/** A product's mean rating, as customers gave it and as a model expects it. */
export interface ProductMean {
  product: number;
  reviews: number;
  given: number;
  expected: number;
}

/** The means of the products with enough of these reviews. */
export function productMeans(
  { reviews, ratings }: Pick<Part, "reviews" | "ratings">,
  expected: readonly number[],
  least: number,
): ProductMean[] {
  const rowsOf = new Map<number, number[]>();
  reviews.forEach(({ clothingId }, row) => {
    const known = rowsOf.get(clothingId);
    if (known) known.push(row);
    else rowsOf.set(clothingId, [row]);
  });
  const mean = (values: readonly number[], rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
  return [...rowsOf]
    .filter(([, rows]) => rows.length >= least)
    .map(([product, rows]) => ({
      product,
      reviews: rows.length,
      given: mean(ratings, rows),
      expected: mean(expected, rows),
    }));
}

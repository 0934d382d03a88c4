// What a few trainings of one network, each from another seed, say. Student's t comes from jstat.
import { jStat } from "jstat";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { summarize } from "./summary";

/**
 * Where a number can lie: anywhere (`real`), above zero (`positive`, such as an error or a loss) or
 * between zero and one (`share`, such as an accuracy, F1 or AUC).
 */
export type Scale = "real" | "positive" | "share";

/** To the whole real line and back, so that no limit of an interval is a number that cannot be. */
const transforms: Record<Scale, [(value: number) => number, (value: number) => number]> = {
  real: [(value) => value, (value) => value],
  positive: [Math.log, Math.exp],
  share: [(value) => Math.log(value / (1 - value)), (value) => 1 / (1 + Math.exp(-value))],
};

/** Options of `predictionInterval`. */
export interface PredictionOptions {
  /** Default "real". */
  scale?: Scale;
  /** Probability that the next value lies inside; 0.95 by default. */
  level?: number;
}

/**
 * Where one more training would end: mean ± t · sd · √(1 + 1/n), of logarithms on the scale
 * `positive`, of log-odds on the scale `share`. It holds with the given probability if the seeds are
 * normally distributed there. This is the interval to hold a published number against that comes from
 * one training; that of the mean would be too narrow.
 *
 * @param values one number a training, at least two
 * @throws StarlitError for a single value, or one that the scale cannot hold
 */
export function predictionInterval(
  values: readonly number[],
  options: PredictionOptions = {},
): [low: number, high: number] {
  checkOptions("predictionInterval", options, ["scale", "level"]);
  const { scale = "real", level = 0.95 } = options;
  if (!(level > 0 && level < 1)) {
    throw new StarlitError(`level is ${level}: give a share between 0 and 1.`);
  }
  const [to, from] = transforms[scale];
  const moved = severalOf(values).map(to);
  const outside = values[moved.findIndex((value) => !Number.isFinite(value))];
  if (outside !== undefined) {
    throw new StarlitError(`${outside} is no value of the scale "${scale}": choose another.`);
  }
  const { mean, std } = summarize(moved);
  const n = values.length;
  const half = jStat.studentt.inv((1 + level) / 2, n - 1) * std * Math.sqrt(1 + 1 / n);
  return [from(mean - half), from(mean + half)];
}

/** What `equivalenceTest` says. */
export interface EquivalenceTest {
  /** Mean of the values less the target. */
  difference: number;
  /** Of the difference: both one-sided tests pass at 5 % where these 90 % lie within the margin. */
  lower: number;
  upper: number;
  /** The larger of the two one-sided tests' p-values. */
  pValue: number;
}

/**
 * Whether trainings end, in the mean, within a margin of a number: two one-sided t-tests (Schuirmann
 * 1987). Equal "for all that matters" at 5 % where `pValue` is below .05.
 *
 * @param values one number a training, at least two
 * @param margin the largest difference that does not matter, above 0
 */
export function equivalenceTest(
  values: readonly number[],
  target: number,
  margin: number,
): EquivalenceTest {
  if (!(margin > 0)) throw new StarlitError(`margin is ${margin}: give a number above 0.`);
  const { mean, std } = summarize(severalOf(values));
  const freedom = values.length - 1;
  const error = std / Math.sqrt(values.length);
  const difference = mean - target;
  const half = jStat.studentt.inv(0.95, freedom) * error;
  const pValue = upperTail(margin - Math.abs(difference), error, freedom);
  return { difference, lower: difference - half, upper: difference + half, pValue };
}

/** What `welchTest` says of the means of two networks' trainings. */
export interface WelchTest {
  /** Mean of the first less that of the second. */
  difference: number;
  /** 95 % interval of the difference. */
  lower: number;
  upper: number;
  /** Probability of a difference at least so large either way, were there none. */
  pValue: number;
}

/** Difference of two networks' means, its standard error, and Welch's degrees of freedom. */
function meansOf(first: readonly number[], second: readonly number[]) {
  const [a, b] = [first, second].map((values) => {
    const { mean, std } = summarize(severalOf(values));
    return { mean, variance: std ** 2 / values.length, freedom: values.length - 1 };
  });
  const variance = a.variance + b.variance;
  if (variance === 0) {
    throw new StarlitError("Neither network's trainings vary: give the trainings of other seeds.");
  }
  return {
    difference: a.mean - b.mean,
    error: Math.sqrt(variance),
    freedom: variance ** 2 / (a.variance ** 2 / a.freedom + b.variance ** 2 / b.freedom),
  };
}

/**
 * Whether the trainings of two networks end, in the mean, at different numbers: Welch's t-test (as
 * SciPy's `ttest_ind` with `equal_var=False`).
 *
 * @param first one number a training, at least two
 * @param second likewise
 * @throws StarlitError where all values of both are equal, as nothing varies then
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchTest {
  const { difference, error, freedom } = meansOf(first, second);
  const half = jStat.studentt.inv(0.975, freedom) * error;
  const pValue = 2 * upperTail(Math.abs(difference), error, freedom);
  return { difference, lower: difference - half, upper: difference + half, pValue };
}

/** Two networks' trainings, one of several comparisons that are made at once. */
export interface TrainingComparison extends WelchTest {
  first: string;
  second: string;
  /** `pValue`, corrected for the number of comparisons (`holm`): below .05 the two differ. */
  corrected: number;
  /**
   * Of the two one-sided tests, corrected likewise: below .05 the two are equal to the margin; absent
   * without a margin.
   */
  equal?: number;
}

/** Options of `compareTrainings`. */
export interface CompareOptions {
  /** The network that each of the others is compared with. Default: each with each. */
  with?: string;
  /** The largest difference of means that does not matter, above 0, stated beforehand. */
  margin?: number;
}

/**
 * Compares the trainings of several networks: Welch's t-test of each pair, corrected for the number of
 * pairs (Holm), and with a `margin` whether they are equal for all that matters (two one-sided tests,
 * corrected likewise). Where neither is below .05, so few trainings cannot tell.
 *
 * @param networks one number a training, at least two each, by network
 */
export function compareTrainings(
  networks: Readonly<Record<string, readonly number[]>>,
  options: CompareOptions = {},
): TrainingComparison[] {
  checkOptions("compareTrainings", options, ["with", "margin"]);
  const { with: reference, margin } = options;
  const names = Object.keys(networks);
  if (reference !== undefined && !names.includes(reference)) {
    throw new StarlitError(`There are no trainings of "${reference}" to compare with.`);
  }
  if (margin !== undefined && !(margin > 0)) {
    throw new StarlitError(`margin is ${margin}: give a number above 0.`);
  }
  const pairs =
    reference === undefined
      ? names.flatMap((first, i) => names.slice(i + 1).map((second) => [first, second]))
      : names.filter((name) => name !== reference).map((name) => [name, reference]);
  const tests = pairs.map(([first, second]) => {
    const means = meansOf(networks[first], networks[second]);
    const distance = Math.abs(means.difference);
    return {
      first,
      second,
      ...welchTest(networks[first], networks[second]),
      within: margin === undefined ? 1 : upperTail(margin - distance, means.error, means.freedom),
    };
  });
  const corrected = holm(tests.map(({ pValue }) => pValue));
  const equal = holm(tests.map(({ within }) => within));
  return tests.map(({ within: _, ...test }, i) => ({
    ...test,
    corrected: corrected[i],
    ...(margin !== undefined && { equal: equal[i] }),
  }));
}

/**
 * P-values of several comparisons, corrected for their number (Holm 1979): with those below .05 taken
 * for real, the chance that any of them is not stays at most 5 %.
 *
 * @returns in the order given
 */
export function holm(pValues: readonly number[]): number[] {
  const wrong = pValues.find((value) => !(value >= 0 && value <= 1));
  if (wrong !== undefined) throw new StarlitError(`${wrong} is no p-value: give shares.`);
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]));
    corrected[i] = largest;
  });
  return corrected;
}

/** Probability that Student's t exceeds `distance / error`; without an error it is sure. */
function upperTail(distance: number, error: number, freedom: number): number {
  if (error === 0) return distance > 0 ? 0 : 1;
  return jStat.studentt.cdf(-distance / error, freedom);
}

function severalOf(values: readonly number[]): readonly number[] {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new StarlitError(`A training ended with ${wrong}: leave it out.`);
  if (values.length >= 2) return values;
  throw new StarlitError(
    `${values.length} ${values.length === 1 ? "training has" : "trainings have"} no spread: give at least two.`,
  );
}

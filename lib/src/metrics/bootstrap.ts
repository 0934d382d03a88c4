import { takeRows } from "../engine/arrays";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { Random } from "../engine/random";
import { checkRows, isTable, type Values } from "./inputs";
import { quantile } from "./summary";

/** Options of the bootstrap. */
export interface BootstrapOptions {
  seed: number;
  /** How often the rows are drawn anew; 1,000 by default. */
  resamples?: number;
  /** Share of the draws inside the interval; 0.95 by default. */
  level?: number;
  /**
   * The group of each row, e.g. the film that a review is of: whole groups are drawn, as rows of one
   * group are not independent.
   */
  groups?: readonly unknown[];
}

/** A number between two limits. */
export interface Interval {
  /** On the rows themselves. */
  estimate: number;
  lower: number;
  upper: number;
}

/** A metric of true values and predictions. */
export type MetricOf<T, P> = (yTrue: T, yPred: P) => number;

/**
 * How sure a metric is, given so many rows: its percentile interval over samples drawn from the
 * rows with replacement (Efron 1979).
 */
export function bootstrapInterval<T extends Values, P extends Values>(
  yTrue: T,
  yPred: P,
  metric: MetricOf<T, P>,
  options: BootstrapOptions,
): Interval {
  checkRows(["yTrue", "yPred"], rowsOf(yTrue), rowsOf(yPred));
  const draws = resample(rowsOf(yTrue), options, (rows) =>
    metric(take(yTrue, rows), take(yPred, rows)),
  );
  return { estimate: metric(yTrue, yPred), ...limits(draws, options) };
}

/**
 * Whether one model beats another on the same rows: the difference of a metric, first − second,
 * over samples drawn from the rows with replacement, the same rows for both.
 *
 * @returns the difference with its percentile interval; `pValue` is twice the share of samples on
 * the other side of zero, itself counted in, so never 0.
 */
export function pairedBootstrap<T extends Values, P extends Values>(
  yTrue: T,
  first: P,
  second: P,
  metric: MetricOf<T, P>,
  options: BootstrapOptions,
): Interval & { pValue: number } {
  checkRows(["yTrue", "first"], rowsOf(yTrue), rowsOf(first));
  checkRows(["yTrue", "second"], rowsOf(yTrue), rowsOf(second));
  const draws = resample(rowsOf(yTrue), options, (rows) => {
    const truth = take(yTrue, rows);
    return metric(truth, take(first, rows)) - metric(truth, take(second, rows));
  });
  const estimate = metric(yTrue, first) - metric(yTrue, second);
  const notAbove = draws.filter((difference) => difference <= 0).length;
  const notBelow = draws.filter((difference) => difference >= 0).length;
  const pValue = Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (draws.length + 1));
  return { estimate, ...limits(draws, options), pValue };
}

function resample(
  rows: number,
  options: BootstrapOptions,
  statistic: (rows: number[]) => number,
): number[] {
  checkOptions("The bootstrap", options, ["seed", "resamples", "level", "groups"]);
  const { seed, resamples = 1000, groups } = options;
  if (!(Number.isInteger(resamples) && resamples > 0)) {
    throw new StarlitError(`resamples is ${resamples}: give a whole number from 1.`);
  }
  const random = new Random(seed);
  const drawn = (count: number) => random.randint(0, count, count);
  const members = groups && membersOf(rows, groups);
  const draw = () =>
    members ? drawn(members.length).flatMap((group) => members[group]) : drawn(rows);
  const draws = Array.from({ length: resamples }, () => statistic(draw()));
  const undefinedOnes = draws.filter(Number.isNaN).length;
  if (undefinedOnes > 0) {
    throw new StarlitError(
      `The metric is not defined in ${undefinedOnes} of ${resamples} samples: give more rows of each kind.`,
    );
  }
  return draws;
}

/** The rows of each group, the group that is seen first coming first. */
function membersOf(rows: number, groups: readonly unknown[]): number[][] {
  checkRows(["yTrue", "groups"], rows, groups.length);
  const members = new Map<unknown, number[]>();
  groups.forEach((group, row) => {
    const known = members.get(group);
    if (known) known.push(row);
    else members.set(group, [row]);
  });
  return [...members.values()];
}

function limits(draws: number[], { level = 0.95 }: BootstrapOptions) {
  if (!(level > 0 && level < 1)) {
    throw new StarlitError(`level is ${level}: give a share between 0 and 1.`);
  }
  const sorted = Float64Array.from(draws).sort();
  return {
    lower: quantile(sorted, (1 - level) / 2),
    upper: quantile(sorted, 1 - (1 - level) / 2),
  };
}

const rowsOf = (values: Values): number => (isTable(values) ? values.shape[0] : values.length);

/** These rows of the values, in the same form. */
function take<T extends Values>(values: T, rows: number[]): T;
function take(values: Values, rows: number[]): Values {
  if (!isTable(values)) {
    const known = Array.isArray(values) || ArrayBuffer.isView(values);
    const Kind = (known ? values.constructor : Array) as new (length: number) => number[];
    const taken = new Kind(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]];
    return taken;
  }
  return takeRows(values, rows);
}

import { type NdArray, takeRows } from "../engine/arrays";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { Random } from "../engine/random";
import { compareCodePoints } from "./order";

/** Options of `trainTestSplit`; sizes are a share (below 1) or a number of rows (from 1 on). */
export interface SplitOptions {
  /** Size of the test part; a quarter, or what `trainSize` leaves, where it is not given. */
  testSize?: number;
  /** Size of the train part; what the test part leaves where it is not given. */
  trainSize?: number;
  /** Seed of the draw (scikit-learn's `random_state`). */
  seed: number;
  /** `false` cuts the rows in the order they come in. */
  shuffle?: boolean;
  /** One label a row: both parts keep the labels' shares. */
  stratify?: ArrayLike<number | string> | NdArray;
}

/** What can be split: a list, a typed array, or an array whose first axis are the rows. */
export type Rows = readonly unknown[] | Float32Array | Int32Array | NdArray;

/** A part of such rows. */
export type PartOf<T extends Rows> = T extends readonly (infer Row)[] ? Row[] : T;

/** A part of several arrays. */
export type PartsOf<T extends readonly Rows[]> = { [I in keyof T]: PartOf<T[I]> };

/**
 * Splits rows into a train and a test part, row for row and in the order of scikit-learn's
 * `train_test_split` with `random_state: seed` (checked against version 1.9). Several arrays, such as
 * inputs and targets, are split at the same rows:
 *
 * ```ts
 * const { train, test } = trainTestSplit(reviews, { testSize: 0.2, seed: 1 });
 * const { train: [xTrain, yTrain], test: [xTest, yTest] } = trainTestSplit(x, y, { seed: 1 });
 * ```
 *
 * @throws StarlitError if an option is unknown, the sizes don't fit, or the arrays differ in rows
 */
export function trainTestSplit<T extends Rows>(
  rows: T,
  options: SplitOptions,
): { train: PartOf<T>; test: PartOf<T> };
export function trainTestSplit<T extends readonly [Rows, Rows, ...Rows[]]>(
  ...arraysAndOptions: [...arrays: T, options: SplitOptions]
): { train: PartsOf<T>; test: PartsOf<T> };
export function trainTestSplit(...given: (Rows | SplitOptions)[]): {
  train: unknown;
  test: unknown;
} {
  const arrays = given.slice(0, -1) as Rows[];
  const options = given[given.length - 1] as SplitOptions;
  if (arrays.length === 0 || Array.isArray(options) || "shape" in options) {
    throw new StarlitError("trainTestSplit takes arrays and then options: give { seed } at least.");
  }
  checkOptions("trainTestSplit", options, optionNames);
  for (const rows of arrays)
    if (typeof rows !== "object" || rows === null)
      throw new StarlitError(`trainTestSplit takes arrays, and got ${JSON.stringify(rows)}.`);
  const counts = arrays.map(countOf);
  if (counts.some((count) => count !== counts[0])) {
    throw new StarlitError(`The arrays have ${counts.join(" and ")} rows: give as many of each.`);
  }
  const { train, test } = splitIndices(counts[0], options);
  const pick = (places: number[]) => {
    const parts = arrays.map((rows) => partOf(rows, places));
    return parts.length > 1 ? parts : parts[0];
  };
  return { train: pick(train), test: pick(test) };
}

const optionNames = ["testSize", "trainSize", "seed", "shuffle", "stratify"];

const countOf = (rows: Rows): number => ("shape" in rows ? rows.shape[0] : rows.length);

function partOf(rows: Rows, places: number[]): Rows {
  if ("shape" in rows) return takeRows(rows, places);
  if (!ArrayBuffer.isView(rows)) return places.map((i) => rows[i]);
  return takeRows({ data: rows, shape: [rows.length] }, places).data;
}

function splitIndices(rows: number, options: SplitOptions): { train: number[]; test: number[] } {
  const { shuffle = true, stratify, seed } = options;
  const { trainCount, testCount } = splitSizes(rows, options);
  if (!shuffle) {
    if (stratify) throw new StarlitError("A split by labels needs shuffle: leave one of them out.");
    const order = Array.from({ length: trainCount + testCount }, (_, i) => i);
    return { train: order.slice(0, trainCount), test: order.slice(trainCount) };
  }
  const random = new Random(seed);
  if (stratify) {
    const labels = "shape" in stratify ? stratify.data : stratify;
    if (labels.length !== rows) {
      throw new StarlitError(
        `There are ${rows} rows and ${labels.length} labels to stratify by: give one a row.`,
      );
    }
    return stratifiedIndices(labels, trainCount, testCount, random);
  }
  const order = random.permutation(rows);
  return {
    train: order.slice(testCount, testCount + trainCount),
    test: order.slice(0, testCount),
  };
}

/**
 * Draws a share of the rows without replacement, as pandas' `sample(frac, random_state)` does.
 *
 * @returns the sample in the order drawn, and the rest in the order of the rows.
 */
export function sampleRows<T>(
  rows: readonly T[],
  options: { frac: number; seed: number },
): { sample: T[]; rest: T[] } {
  checkOptions("sampleRows", options, ["frac", "seed"]);
  const { frac, seed } = options;
  if (!(frac >= 0 && frac <= 1))
    throw new StarlitError(`frac is ${frac}: give a share from 0 to 1.`);
  const drawn = new Random(seed).choice(rows.length, roundHalfToEven(frac * rows.length));
  const chosen = new Set(drawn);
  return { sample: drawn.map((i) => rows[i]), rest: rows.filter((_, i) => !chosen.has(i)) };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function splitSizes(rows: number, { testSize, trainSize }: SplitOptions) {
  const count = (name: string, size: number, round: (x: number) => number) => {
    const valid = size < 1 ? size > 0 : Number.isInteger(size) && size < rows;
    if (!valid) {
      throw new StarlitError(
        `${name} is ${size} of ${rows} rows: give a share between 0 and 1 or a smaller whole number.`,
      );
    }
    return size < 1 ? round(size * rows) : size;
  };
  if (trainSize === undefined) testSize ??= 0.25;
  let testCount = testSize === undefined ? undefined : count("testSize", testSize, Math.ceil);
  const trainCount =
    trainSize === undefined ? rows - testCount! : count("trainSize", trainSize, Math.floor);
  testCount ??= rows - trainCount;
  if (trainCount + testCount > rows) {
    throw new StarlitError(
      `trainSize and testSize make ${trainCount + testCount} of ${rows} rows: make them smaller.`,
    );
  }
  const bothShares = testSize !== undefined && testSize < 1 && trainSize !== undefined;
  if (bothShares && trainSize! < 1 && trainSize! + testSize! > 1) {
    throw new StarlitError(
      `trainSize ${trainSize} and testSize ${testSize} are more than 1 together: make them smaller.`,
    );
  }
  if (trainCount === 0) {
    throw new StarlitError(`No row of ${rows} is left to train on: make testSize smaller.`);
  }
  return { trainCount, testCount };
}

/** scikit-learn's `StratifiedShuffleSplit`, one split. */
function stratifiedIndices(
  labels: ArrayLike<number | string>,
  trainCount: number,
  testCount: number,
  random: Random,
) {
  const groups = groupByLabel(labels);
  const sizes = groups.map(({ indices }) => indices.length);
  const single = groups.filter(({ indices }) => indices.length < 2).map(({ label }) => label);
  if (single.length > 0) {
    throw new StarlitError(
      `A split by labels needs two rows of each: only one is labelled ${single.join(", ")}.`,
    );
  }
  for (const [name, size] of [
    ["train", trainCount],
    ["test", testCount],
  ] as const) {
    if (size < groups.length) {
      throw new StarlitError(
        `The ${name} part of ${size} rows cannot hold all ${groups.length} labels: make it larger.`,
      );
    }
  }
  const trainSizes = approximateMode(sizes, trainCount, random);
  const left = sizes.map((size, i) => size - trainSizes[i]);
  const testSizes = approximateMode(left, testCount, random);
  const parts = groups.map(({ indices }, i) => {
    const order = random.permutation(indices.length).map((j) => indices[j]);
    const cut = trainSizes[i];
    return { train: order.slice(0, cut), test: order.slice(cut, cut + testSizes[i]) };
  });
  return {
    train: random.shuffle(parts.flatMap(({ train }) => train)),
    test: random.shuffle(parts.flatMap(({ test }) => test)),
  };
}

function groupByLabel(labels: ArrayLike<number | string>) {
  const groups = new Map<number | string, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const group = groups.get(labels[i]);
    if (group) group.push(i);
    else groups.set(labels[i], [i]);
  }
  return [...groups]
    .map(([label, indices]) => ({ label, indices }))
    .sort((a, b) => compareLabels(a.label, b.label));
}

function compareLabels(a: number | string, b: number | string): number {
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  if (Number.isFinite(a) && Number.isFinite(b)) return (a as number) - (b as number);
  throw new StarlitError(
    `The labels ${a} and ${b} have no order: give numbers alone or words alone.`,
  );
}

/**
 * How many of `draws` go to each class (scikit-learn's `_approximate_mode`): the shares rounded
 * down, and the rest to those with the largest remainders, ties broken by the generator.
 */
function approximateMode(sizes: number[], draws: number, random: Random): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shares = sizes.map((size) => (size / total) * draws);
  const counts = shares.map(Math.floor);
  const remainders = shares.map((share, i) => share - counts[i]);
  let missing = draws - counts.reduce((sum, count) => sum + count, 0);
  const tied = new Map<number, number[]>();
  remainders.forEach((remainder, i) => {
    const known = tied.get(remainder);
    if (known) known.push(i);
    else tied.set(remainder, [i]);
  });
  for (const value of [...tied.keys()].sort((a, b) => b - a)) {
    if (missing === 0) break;
    const classes = tied.get(value)!;
    const added = Math.min(classes.length, missing);
    for (const i of random.choice(classes.length, added)) counts[classes[i]] += 1;
    missing -= added;
  }
  return counts;
}

/**
 * Splits rows so that no group is in both parts: what is learned of a film, say, must not help with
 * another review of it. Groups are drawn at random until the second part is large enough (as
 * scikit-learn's `GroupShuffleSplit`, but `share` counts rows, not groups).
 *
 * @param groupOf the group of a row
 * @param share of the rows that the second part gets, at least
 * @throws StarlitError if no group would be left for the first part
 */
export function splitByGroup<T>(
  rows: readonly T[],
  groupOf: (row: T) => unknown,
  share: number,
  seed: number,
): [first: T[], second: T[]] {
  const counts = new Map<unknown, number>();
  for (const row of rows) counts.set(groupOf(row), (counts.get(groupOf(row)) ?? 0) + 1);
  const groups = new Random(seed).shuffle([...counts.keys()]);
  const chosen = new Set<unknown>();
  let left = share * rows.length;
  for (const group of groups) {
    if (left <= 0) break;
    chosen.add(group);
    left -= counts.get(group)!;
  }
  if (chosen.size === groups.length) {
    throw new StarlitError(`${groups.length} groups cannot be split: give rows of more groups.`);
  }
  return [
    rows.filter((row) => !chosen.has(groupOf(row))),
    rows.filter((row) => chosen.has(groupOf(row))),
  ];
}

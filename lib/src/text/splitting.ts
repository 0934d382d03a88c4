import { StarlitError } from "../engine/errors";
import { Random } from "../engine/random";

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
  stratify?: ArrayLike<number | string>;
}

/**
 * Splits rows into a train and a test part, row for row and in the order of scikit-learn's
 * `train_test_split` with `random_state: seed` (checked against version 1.9).
 */
export function trainTestSplit<T>(
  rows: readonly T[],
  options: SplitOptions,
): { train: T[]; test: T[] } {
  const { shuffle = true, stratify, seed } = options;
  const { trainCount, testCount } = splitSizes(rows.length, options);
  const pick = (indices: number[]) => indices.map((i) => rows[i]);
  if (!shuffle) {
    if (stratify) throw new StarlitError("A split by labels needs shuffle: leave one of them out.");
    return {
      train: rows.slice(0, trainCount),
      test: rows.slice(trainCount, trainCount + testCount),
    };
  }
  const random = new Random(seed);
  if (stratify) {
    if (stratify.length !== rows.length) {
      throw new StarlitError(
        `There are ${rows.length} rows and ${stratify.length} labels to stratify by: give one a row.`,
      );
    }
    const parts = stratifiedIndices(stratify, trainCount, testCount, random);
    return { train: pick(parts.train), test: pick(parts.test) };
  }
  const order = random.permutation(rows.length);
  return {
    train: pick(order.slice(testCount, testCount + trainCount)),
    test: pick(order.slice(0, testCount)),
  };
}

/**
 * Draws a share of the rows without replacement, as pandas' `sample(frac, random_state)` does.
 *
 * @returns the sample in the order drawn, and the rest in the order of the rows.
 */
export function sampleRows<T>(
  rows: readonly T[],
  { frac, seed }: { frac: number; seed: number },
): { sample: T[]; rest: T[] } {
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
    .sort((a, b) => (a.label < b.label ? -1 : 1));
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
  const values = [...new Set(remainders)].sort((a, b) => b - a);
  for (const value of missing > 0 ? values : []) {
    const tied = remainders.flatMap((remainder, i) => (remainder === value ? [i] : []));
    const added = Math.min(tied.length, missing);
    for (const i of random.choice(tied.length, added)) counts[tied[i]] += 1;
    missing -= added;
    if (missing === 0) break;
  }
  return counts;
}

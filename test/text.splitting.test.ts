import { createHash } from "node:crypto";
import { StarlitError } from "../lib/src/engine/errors";
import { Random } from "../lib/src/engine/random";
import { sampleRows, trainTestSplit } from "../lib/src/text";
import { golden } from "./support";

interface SplitCase {
  rows: number;
  seed: number;
  test_size?: number;
  train_size?: number;
  shuffle?: boolean;
  classes?: number;
  uneven?: boolean;
  fails?: boolean;
  train?: number[] | string;
  test?: number[] | string;
}

const values = golden<{
  splits: {
    cases: SplitCase[];
    words: { labels: string[]; seed: number; test_size: number; train: number[]; test: number[] };
  };
  samples: { rows: number; frac: number; seed: number; sample: number[]; rest: number[] }[];
}>("text_tools");

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const digest = (rows: number[]) => createHash("sha256").update(rows.join(",")).digest("hex");

/** The labels that the golden script drew with the same generator. */
function labelsOf({ rows, seed, classes, uneven }: SplitCase): number[] | undefined {
  if (classes === undefined) return undefined;
  const labels = new Random(seed).randint(0, classes, rows);
  return uneven ? labels.map((label) => label * label) : labels;
}

const split = (of: SplitCase) =>
  trainTestSplit(range(of.rows), {
    testSize: of.test_size,
    trainSize: of.train_size,
    shuffle: of.shuffle,
    seed: of.seed,
    stratify: labelsOf(of),
  });

describe("trainTestSplit is scikit-learn's, row for row", () => {
  const whole = values.splits.cases.filter(({ fails }) => !fails);
  test.each(whole)("%j", (of) => {
    const { train, test } = split(of);
    const seen = (rows: number[]) => (of.rows <= 20 ? rows : digest(rows));
    expect(seen(train)).toEqual(of.train);
    expect(seen(test)).toEqual(of.test);
  });
  test("labels may be words", () => {
    const { labels, seed, test_size: testSize, train, test } = values.splits.words;
    const parts = trainTestSplit(range(labels.length), { testSize, seed, stratify: labels });
    expect(parts).toEqual({ train, test });
  });
  test("what scikit-learn refuses is refused", () => {
    const refused = values.splits.cases.filter(({ fails }) => fails);
    expect(refused.length).toBeGreaterThan(3);
    for (const of of refused) expect(() => split(of)).toThrow(StarlitError);
  });
});

test("a split that cannot be made is told in one sentence", () => {
  const rows = range(10);
  expect(() => trainTestSplit(rows, { seed: 0, testSize: 10 })).toThrow(
    "testSize is 10 of 10 rows",
  );
  expect(() => trainTestSplit(rows, { seed: 0, testSize: 0 })).toThrow("testSize is 0");
  expect(() => trainTestSplit(rows, { seed: 0, testSize: 0.6, trainSize: 0.6 })).toThrow(
    "trainSize and testSize make 12 of 10 rows",
  );
  expect(() => trainTestSplit(rows, { seed: 0, testSize: 0.95 })).toThrow("left to train on");
  expect(() => trainTestSplit(rows, { seed: 0, stratify: [1, 2] })).toThrow("10 rows and 2 labels");
  expect(() => trainTestSplit(range(3), { seed: 0, stratify: ["a", "a", "b"] })).toThrow(
    "needs two rows of each: only one is labelled b.",
  );
  expect(() => trainTestSplit(rows, { seed: 0, shuffle: false, stratify: rows })).toThrow(
    "shuffle",
  );
});

describe("sampleRows is pandas' sample", () => {
  test.each(values.samples)("$frac of $rows, seed $seed", ({ rows, frac, seed, sample, rest }) => {
    expect(sampleRows(range(rows), { frac, seed })).toEqual({ sample, rest });
  });
  test("a share above 1 is refused", () => {
    expect(() => sampleRows([1, 2], { frac: 2, seed: 0 })).toThrow("frac is 2");
  });
});

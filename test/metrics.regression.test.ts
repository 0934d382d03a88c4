import { StarlitError } from "../lib/src/engine";
import {
  accuracyScore,
  bootstrapInterval,
  correlation,
  f1Score,
  meanAbsoluteError,
  meanSquaredError,
  pairedBootstrap,
  r2Score,
  rankCorrelation,
  rocAucScore,
  rootMeanSquaredError,
} from "../lib/src/metrics";
import { expectClose, golden } from "./support";

const values = golden<{
  regression: {
    truth: number[];
    predicted: number[];
    mse: number;
    rmse: number;
    mae: number;
    r2: number;
  }[];
  bootstrap: {
    truth: number[];
    first: number[];
    second: number[];
    seed: number;
    resamples: number;
    interval: [number, number, number];
    groupedAccuracy: [number, number, number];
    interval80: [number, number];
    paired: [number, number, number];
    pValue: number;
  };
}>("metrics_scores");

test.each(values.regression)("errors and R² are scikit-learn's (%#)", (of) => {
  expectClose(meanSquaredError(of.truth, of.predicted), of.mse);
  expectClose(rootMeanSquaredError(of.truth, of.predicted), of.rmse);
  expectClose(meanAbsoluteError(of.truth, of.predicted), of.mae);
  expectClose(r2Score(of.truth, of.predicted), of.r2);
});

test("a column of predictions will do", () => {
  const column = { data: Float32Array.of(2, 4), shape: [2, 1] };
  expect(meanSquaredError([1, 2], column)).toBe(2.5);
});

test("errors of nothing, or of numbers that are none, are refused", () => {
  expect(() => meanSquaredError([], [])).toThrow("yTrue has no rows");
  expect(() => meanAbsoluteError([1], [Infinity])).toThrow("yPred is Infinity in row 0");
  expect(() => r2Score([1], [1])).toThrow("R² of one row is not defined");
});

describe("bootstrap with NumPy's draws", () => {
  const { truth, first, second, seed, resamples, ...expected } = values.bootstrap;
  const f1 = (yTrue: number[], yPred: number[]) => f1Score(yTrue, yPred, { average: "macro" });
  test("an interval of F1", () => {
    const { estimate, lower, upper } = bootstrapInterval(truth, first, f1, { seed, resamples });
    expectClose([estimate, lower, upper], expected.interval);
    const narrow = bootstrapInterval(truth, first, f1, { seed, resamples, level: 0.8 });
    expectClose([narrow.lower, narrow.upper], expected.interval80);
  });
  test("an interval where whole groups of rows are drawn", () => {
    const groups = truth.map((_, row) => row % 20);
    const options = { seed, resamples, groups };
    const { estimate, lower, upper } = bootstrapInterval(truth, first, accuracyScore, options);
    expectClose([estimate, lower, upper], expected.groupedAccuracy);
    const few = { seed, groups: groups.slice(1) };
    expect(() => bootstrapInterval(truth, first, accuracyScore, few)).toThrow("groups has 79");
  });
  test("a difference on the same rows", () => {
    const ours = pairedBootstrap(truth, first, second, f1, { seed, resamples });
    expectClose([ours.estimate, ours.lower, ours.upper], expected.paired);
    expectClose(ours.pValue, expected.pValue);
  });
  test("a model does not beat itself", () => {
    const ours = pairedBootstrap(truth, first, first, accuracyScore, { seed, resamples: 100 });
    expect(ours).toEqual({ estimate: 0, lower: 0, upper: 0, pValue: 1 });
  });
  test("typed arrays stay typed arrays", () => {
    const seen = new Set<string>();
    const metric = (yTrue: Int32Array, yPred: Float32Array) => {
      seen.add(`${yTrue.constructor.name} ${yPred.constructor.name} ${yTrue.length}`);
      return meanSquaredError(yTrue, yPred);
    };
    const options = { seed: 1, resamples: 5 };
    bootstrapInterval(Int32Array.of(1, 2, 3), Float32Array.of(1, 2, 4), metric, options);
    expect([...seen]).toEqual(["Int32Array Float32Array 3"]);
  });
  test("tables are drawn by rows", () => {
    const yTrue = { data: Int32Array.from([1, 0, 0, 1, 1, 0, 0, 1]), shape: [4, 2] };
    const yScore = {
      data: Float32Array.from([0.75, 0.25, 0.5, 0.5, 0.5, 0.5, 0, 1]),
      shape: [4, 2],
    };
    const rows: number[] = [];
    const metric = (a: typeof yTrue, b: typeof yScore) => {
      for (let row = 0; row < 4; row++) {
        const pair = [a, b].map(({ data }) => [...data.subarray(row * 2, row * 2 + 2)].join());
        rows.push(
          [0, 1, 2, 3].findIndex((i) =>
            [yTrue, yScore].every(
              ({ data }, k) => [...data.subarray(i * 2, i * 2 + 2)].join() === pair[k],
            ),
          ),
        );
      }
      return 0;
    };
    bootstrapInterval(yTrue, yScore, metric, { seed: 0, resamples: 20 });
    expect(rows).not.toContain(-1);
    expect(new Set(rows).size).toBe(4);
    expectClose(rocAucScore(yTrue, yScore), 0.875);
  });
  test("bad options are told in one sentence", () => {
    expect(() => bootstrapInterval([1], [1, 2], accuracyScore, { seed: 0 })).toThrow("1 rows");
    expect(() => bootstrapInterval([1], [1], accuracyScore, { seed: 0, level: 1 })).toThrow(
      "level is 1: give a share between 0 and 1.",
    );
    expect(() => bootstrapInterval([1], [1], accuracyScore, { seed: 0, resamples: 0 })).toThrow(
      "resamples is 0",
    );
  });
});

// numpy.corrcoef and scipy.stats.spearmanr: ties share their mean rank.
test("correlations are NumPy's and SciPy's", () => {
  expect(correlation([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
  expect(correlation([1, 2, 4], [3, 1, -3])).toBeCloseTo(-1, 12);
  expect(rankCorrelation([1, 2, 2, 3], [10, 30, 20, 20])).toBeCloseTo(0.5, 12);
  expect(rankCorrelation([0.1, 5, 200], Float32Array.from([1, 2, 3]))).toBeCloseTo(1, 12);
  expect(() => correlation([1, 2], [1])).toThrow(StarlitError);
});

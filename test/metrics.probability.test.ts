import { calibrationBins, kerasAuc, logLoss, rocAucScore } from "../lib/src/metrics";
import { expectClose, golden } from "./support";

interface ManyColumns {
  truth: number[] | number[][];
  scores: number[][];
  macro: number;
  micro: number;
  weighted: number;
  None: number[];
}

interface Probabilities {
  p: number[];
  loss: number;
}

const values = golden<{
  auc: {
    binary: { name: string; truth: number[]; scores: number[]; auc: number }[];
    ovr: ManyColumns & { truth: number[]; oneHot: number; absentWeighted: number };
    several: ManyColumns & { truth: number[][] };
  };
  kerasAuc: {
    name: string;
    classes: number[];
    predicted: number[];
    columns: number;
    auc: Record<string, number>;
  }[];
  probability: {
    truth: number[];
    curves: {
      name: string;
      p: number[];
      bins: number;
      strategy: "uniform" | "quantile";
      probTrue: number[];
      probPred: number[];
    }[];
    binary: Probabilities;
    edges: Probabilities & { loss32: number };
    three: { truth: number[]; p: number[][]; loss: number };
    absent: { truth: number[]; p: number[][]; loss: number };
  };
}>("metrics_scores");

const table = (rows: number[][]) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0].length],
});
const oneHot = (classes: number[], columns: number) =>
  table(classes.map((c) => Array.from({ length: columns }, (_, i) => Number(i === c))));

describe("rocAucScore is scikit-learn's", () => {
  test.each(values.auc.binary)("two classes: $name", ({ truth, scores, auc }) => {
    expectClose(rocAucScore(truth, scores), auc);
    const column = { data: Float32Array.from(scores), shape: [scores.length, 1] };
    expectClose(rocAucScore(truth, column), auc);
  });
  test("one-vs-rest, each and averaged", () => {
    const { truth, scores, ...expected } = values.auc.ovr;
    for (const average of ["macro", "micro", "weighted"] as const) {
      expectClose(rocAucScore(truth, table(scores), { average }), expected[average]);
    }
    expectClose(rocAucScore(truth, table(scores), { average: null }), expected.None);
    expectClose(rocAucScore(oneHot(truth, 4), table(scores)), expected.oneHot);
  });
  test("a class without rows has no weight", () => {
    const { truth, scores, absentWeighted } = values.auc.ovr;
    const wide = table(scores.map((row) => [...row.slice(0, 2), 0, ...row.slice(2)]));
    const shifted = truth.map((label) => (label >= 2 ? label + 1 : label));
    const labels = [0, 1, 2, 3, 4];
    expectClose(rocAucScore(shifted, wide, { average: "weighted", labels }), absentWeighted);
    expect(() => rocAucScore(shifted, wide, { labels })).toThrow("class 2: no row is of the class");
  });
  test("several labels, each and averaged", () => {
    const { truth, scores, ...expected } = values.auc.several;
    for (const average of ["macro", "micro", "weighted"] as const) {
      expectClose(rocAucScore(table(truth), table(scores), { average }), expected[average]);
    }
    expectClose(rocAucScore(table(truth), table(scores), { average: null }), expected.None);
  });
  test("what has no AUC is told in one sentence", () => {
    expect(() => rocAucScore([1, 1], [0.2, 0.3])).toThrow(
      "yTrue: every row is of the class, so the AUC is not defined: give rows of both kinds.",
    );
    expect(() => rocAucScore([0, 1, 2], [0.2, 0.3, 0.5])).toThrow("yTrue has 3 classes");
    expect(() => rocAucScore([0, 1], [0.2])).toThrow("yTrue has 2 rows and yScore has 1");
    expect(() => rocAucScore([0, 1], [0.2, NaN])).toThrow("yScore is NaN in row 1");
    const scores = table([
      [0.5, 0.25, 0.5],
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(() => rocAucScore([0, 1, 2], scores)).toThrow("The scores of row 0 sum to 1.25");
    expect(() => rocAucScore([0, 1, 1], scores)).toThrow("There are 2 classes and 3 columns");
    expect(() => rocAucScore([0, 1, 5], scores, { labels: [0, 1, 2] })).toThrow("yTrue holds 5");
    expect(() => rocAucScore(table([[0, 2]]), table([[0, 1]]))).toThrow("yTrue holds 2");
  });
});

describe.each(values.kerasAuc)("kerasAuc is Keras's: $name", (of) => {
  const truth = oneHot(of.classes, of.columns);
  const predicted = {
    data: Float32Array.from(of.predicted),
    shape: [of.classes.length, of.columns],
  };
  test.each([true, false])("multi-label: %s", (multiLabel) => {
    for (const fromLogits of [true, false]) {
      const ours = kerasAuc(truth, predicted, { multiLabel, fromLogits });
      expectClose(ours, of.auc[`${multiLabel} ${fromLogits}`], 1e-6);
    }
  });
  test("fewer thresholds", () => {
    expectClose(kerasAuc(truth, predicted, { numThresholds: 50 }), of.auc.fifty, 1e-6);
  });
});

test("kerasAuc refuses targets of another width", () => {
  expect(() => kerasAuc(table([[0, 1]]), [0.5])).toThrow("yTrue has 2 columns and yPred 1");
});

describe("logLoss is scikit-learn's", () => {
  const { truth, binary, edges, three, absent } = values.probability;
  test("two classes, also with probabilities of 0 and 1", () => {
    expectClose(logLoss(truth, binary.p), binary.loss);
    expectClose(logLoss(truth, edges.p), edges.loss);
    expectClose(logLoss(truth, Float32Array.from(edges.p)), edges.loss32, 1e-6);
  });
  test("three classes, also with one of them absent", () => {
    expectClose(logLoss(three.truth, table(three.p)), three.loss, 1e-6);
    expectClose(logLoss(absent.truth, table(absent.p), { labels: [0, 1, 2] }), absent.loss, 1e-6);
  });
  test("bad input is told in one sentence", () => {
    expect(() => logLoss([0, 1], [0.5, 1.5])).toThrow("The probability of row 1 is 1.5");
    expect(() => logLoss(absent.truth, table(absent.p))).toThrow("There are 2 classes");
    expect(() => logLoss([0, 5, 2], table(absent.p), { labels: [0, 1, 2] })).toThrow("holds 5");
  });
});

describe("calibrationBins are scikit-learn's", () => {
  test.each(values.probability.curves)("$name, $bins bins, $strategy", (of) => {
    const { bins, strategy } = of;
    const points = calibrationBins(values.probability.truth, of.p, { bins, strategy });
    expectClose(
      points.map(({ observed }) => observed),
      of.probTrue,
    );
    expectClose(
      points.map(({ predicted }) => predicted),
      of.probPred,
    );
    expect(points.reduce((total, { count }) => total + count, 0)).toBe(of.p.length);
  });
  test("bad input is told in one sentence", () => {
    expect(() => calibrationBins([0, 2], [0.1, 0.2])).toThrow("yTrue holds 2");
    expect(() => calibrationBins([0, 1], [0.1, -0.2])).toThrow("The probability of row 1 is -0.2");
  });
});

import fc from "fast-check";
import { StarlitError } from "../lib/src/engine/errors";
import {
  accuracyScore,
  argmaxRows,
  balancedAccuracyScore,
  bootstrapInterval,
  calibrationBins,
  classificationReport,
  confusionMatrix,
  f1Score,
  formatReport,
  kerasAuc,
  logLoss,
  precisionRecallFscore,
  rocAucScore,
} from "../lib/src/metrics";
import { UndefinedScoreError } from "../lib/src/metrics/ranking";
import { expectClose, golden } from "./support";

/** What scikit-learn gave: numbers, "nan" for NaN, "refused" where it raised an error. */
type Stored = number | string | Stored[];

const numbers = (stored: Stored): unknown =>
  Array.isArray(stored) ? stored.map(numbers) : stored === "nan" ? NaN : stored;

/** Expects the stored value, or an error in one sentence where there is none. */
function expectStored(ours: () => unknown, stored: Stored): void {
  if (stored === "refused") expect(ours).toThrow(StarlitError);
  else if (typeof stored === "string" && stored !== "nan") expect(ours()).toBe(stored);
  else expectClose(ours(), numbers(stored), 1e-6);
}

/** The same for areas: where scikit-learn gives NaN with a warning, an error says why. */
function expectArea(ours: () => unknown, stored: Stored): void {
  const isUndefined = [stored].flat().includes("nan");
  if (isUndefined) expect(ours).toThrow(UndefinedScoreError);
  else expectStored(ours, stored);
}

interface ClassificationCase {
  truth: number[];
  predicted: number[];
  accuracy: Stored;
  balanced: Stored;
  reports: { labels: number[] | null; text: string }[];
  confusion: { labels: number[] | null; matrix: Stored }[];
  scores: {
    labels: number[] | null;
    average: "micro" | "macro" | "weighted" | null;
    zero: Stored;
    scores: Stored;
  }[];
  binary: { posLabel: number; f1: Stored }[];
}

interface TableCase {
  truth: number[][];
  scores: number[][];
  auc: Record<string, Stored>;
}

const values = golden<{
  classification: ClassificationCase[];
  ranking: {
    binary: { truth: number[]; scores: number[]; auc: Stored }[];
    tables: TableCase[];
    oneVsRest: (Omit<TableCase, "truth"> & { truth: number[]; logLoss: Stored })[];
  };
  calibration: {
    truth: number[];
    p: number[];
    bins: number;
    strategy: "uniform" | "quantile";
    curve: Stored;
  }[];
}>("metrics_edges");

const table = (rows: number[][]) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0].length],
});

describe("small and odd inputs are judged as by scikit-learn", () => {
  test.each(values.classification.map((of, i) => [i, of] as const))("classes %d", (_, of) => {
    const { truth, predicted } = of;
    expectStored(() => accuracyScore(truth, predicted), of.accuracy);
    expectStored(() => balancedAccuracyScore(truth, predicted), of.balanced);
    for (const { labels, text } of of.reports) {
      const ours = () => classificationReport(truth, predicted, { labels: labels ?? undefined });
      expectStored(() => formatReport(ours(), 3), text);
    }
    for (const { labels, matrix } of of.confusion) {
      expectStored(
        () => confusionMatrix(truth, predicted, { labels: labels ?? undefined }),
        matrix,
      );
    }
    for (const { labels, average, zero, scores } of of.scores) {
      expectStored(() => {
        const options = { labels: labels ?? undefined, zeroDivision: Number(numbers(zero)) };
        const { precision, recall, fscore } =
          average === null
            ? precisionRecallFscore(truth, predicted, options)
            : precisionRecallFscore(truth, predicted, { ...options, average });
        return [precision, recall, fscore];
      }, scores);
    }
    for (const { posLabel, f1 } of of.binary) {
      expectStored(() => f1Score(truth, predicted, { posLabel }), f1);
    }
  });

  test("scores of two classes, also where all rows are of one", () => {
    for (const { truth, scores, auc } of values.ranking.binary) {
      expectArea(() => rocAucScore(truth, scores), auc);
    }
  });

  test("scores of several labels, also where none is there", () => {
    for (const { truth, scores, auc } of values.ranking.tables) {
      for (const average of ["macro", "weighted", "micro"] as const) {
        expectArea(() => rocAucScore(table(truth), table(scores), { average }), auc[average]);
      }
      expectArea(() => rocAucScore(table(truth), table(scores), { average: null }), auc.None);
    }
  });

  test("one class against the rest, also where some have no rows; log loss", () => {
    const labels = [0, 1, 2];
    for (const { truth, scores, auc, logLoss: loss } of values.ranking.oneVsRest) {
      for (const average of ["macro", "weighted"] as const) {
        expectArea(() => rocAucScore(truth, table(scores), { average, labels }), auc[average]);
      }
      expectArea(() => rocAucScore(truth, table(scores), { average: null, labels }), auc.None);
      expectStored(() => logLoss(truth, table(scores), { labels }), loss);
    }
  });

  test("calibration", () => {
    for (const { truth, p, bins, strategy, curve } of values.calibration) {
      expectStored(() => {
        const points = calibrationBins(truth, p, { bins, strategy });
        return [points.map(({ observed }) => observed), points.map(({ predicted }) => predicted)];
      }, curve);
    }
  });
});

describe("options and values that a metric has not are refused", () => {
  const [truth, predicted] = [
    [0, 1, 1],
    [0, 1, 0],
  ];
  const unchecked = (options: object) => options as { average: "macro" };
  const f1OrNaN = (yTrue: number[], yPred: number[]) =>
    f1Score(yTrue, yPred, { zeroDivision: NaN });
  test.each<[string, () => unknown, string]>([
    ["an average", () => f1Score(truth, predicted, unchecked({ average: "makro" })), '"macro"'],
    ["a name", () => f1Score(truth, predicted, unchecked({ pos_label: 1 })), '"posLabel"'],
    ["zeroDivision", () => f1Score(truth, predicted, { zeroDivision: 2 }), "give 0, 1 or NaN"],
    [
      "labels twice",
      () => f1Score(truth, predicted, { labels: [0, 0], average: "macro" }),
      "twice",
    ],
    [
      "normalize",
      () => confusionMatrix(truth, predicted, { normalize: "rows" as "true" }),
      "use true, pred, all",
    ],
    ["digits", () => formatReport(classificationReport(truth, predicted), -1), "digits is -1"],
    [
      "an average of areas",
      () => rocAucScore(truth, predicted, unchecked({ average: "mean" })),
      "use",
    ],
    ["numThresholds", () => kerasAuc(truth, predicted, { numThresholds: 1 }), "from 2 on"],
    ["bins", () => calibrationBins(truth, predicted, { bins: 0 }), "bins is 0"],
    [
      "a strategy",
      () => calibrationBins(truth, predicted, { strategy: "even" as "uniform" }),
      "use",
    ],
    [
      "sums",
      () =>
        logLoss(
          [0, 1],
          table([
            [0.2, 0.2],
            [0.8, 0.8],
          ]),
        ),
      "row 0 sum to 0.4",
    ],
    ["a shape", () => argmaxRows({ data: new Float32Array(3), shape: [2, 2] }), "3 numbers"],
    ["a probability", () => accuracyScore([0, 1], [0.2, 0.8]), "which is no class"],
    [
      "the bootstrap",
      () => bootstrapInterval(truth, predicted, accuracyScore, { seed: 1, ...{ n: 5 } }),
      "use seed",
    ],
    [
      "samples of one kind",
      () => bootstrapInterval([0, 1, 1], [0, 0, 0], f1OrNaN, { seed: 1, resamples: 50 }),
      "The metric is not defined in",
    ],
  ])("%s", (_, score, sentence) => expect(score).toThrow(sentence));
});

describe("metrics are what they are defined as", () => {
  const pairs = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 30,
    })
    .map((rows) => [rows.map(([a]) => a), rows.map(([, b]) => b)] as const);
  const bounded = { seed: 20, numRuns: 200 };

  test("accuracy, recall and the confusion matrix count the same rows", () => {
    fc.assert(
      fc.property(pairs, ([truth, predicted]) => {
        const right = truth.filter((label, i) => label === predicted[i]).length;
        expect(accuracyScore(truth, predicted)).toBe(right / truth.length);
        const matrix = confusionMatrix(truth, predicted);
        expect(matrix.flat().reduce((a, b) => a + b)).toBe(truth.length);
        const { labels, recall, support } = precisionRecallFscore(truth, predicted);
        labels.forEach((label, i) => {
          const rows = truth.filter((one) => one === label).length;
          const found = truth.filter(
            (one, row) => one === label && predicted[row] === label,
          ).length;
          expect([support[i], recall[i]]).toEqual([rows, rows === 0 ? 0 : found / rows]);
        });
        expectClose(f1Score(truth, predicted, { average: "micro" }), right / truth.length);
      }),
      bounded,
    );
  });

  test("the area under the curve is the share of pairs in the right order", () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 5 })), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(rows, (drawn) => {
        const scores = (kind: boolean) => drawn.filter(([a]) => a === kind).map(([, b]) => b);
        const [high, low] = [scores(true), scores(false)];
        const truth = drawn.map(([kind]) => Number(kind));
        const ours = () =>
          rocAucScore(
            truth,
            drawn.map(([, score]) => score),
          );
        if (high.length === 0 || low.length === 0) {
          expect(ours).toThrow("not defined");
          return;
        }
        const wins = high.flatMap((a) => low.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const area = wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
        expectClose(ours(), area);
      }),
      bounded,
    );
  });
});

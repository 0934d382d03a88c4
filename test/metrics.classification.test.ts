import {
  accuracyScore,
  argmaxRows,
  balancedAccuracyScore,
  classificationReport,
  confusionMatrix,
  f1Score,
  formatReport,
  precisionRecallFscore,
  precisionScore,
  recallScore,
} from "../lib/src/metrics";
import { expectClose, golden } from "./support";

type Score = number | "NaN";

interface ClassificationCase {
  name: string;
  truth: number[];
  predicted: number[];
  labels?: number[];
  targetNames?: string[];
  confusion: Record<"None" | "true" | "pred" | "all", number[][]>;
  accuracy: number;
  balanced: number;
  scores: {
    average: "micro" | "macro" | "weighted" | null;
    zeroDivision: Score;
    values: [Score[] | Score, Score[] | Score, Score[] | Score, number[] | null];
  }[];
  reports: { digits: number; text: string }[];
}

const values = golden<{
  classification: ClassificationCase[];
  binary: {
    truth: number[];
    predicted: number[];
    posLabel: number;
    precision: number;
    recall: number;
    f1: number;
  }[];
}>("metrics_scores");

const numbers = (scores: Score[] | Score): number[] => [scores].flat().map(Number);

describe.each(values.classification)("$name, as in scikit-learn", (of) => {
  const { truth, predicted, labels } = of;
  test("confusion matrix, counts and shares", () => {
    expect(confusionMatrix(truth, predicted, { labels })).toEqual(of.confusion.None);
    for (const normalize of ["true", "pred", "all"] as const) {
      expectClose(
        confusionMatrix(truth, predicted, { labels, normalize }),
        of.confusion[normalize],
      );
    }
  });
  test("accuracy, plain and balanced", () => {
    expectClose(accuracyScore(truth, predicted), of.accuracy);
    expectClose(balancedAccuracyScore(Int32Array.from(truth), predicted), of.balanced);
  });
  test("precision, recall and F1, each and averaged", () => {
    for (const { average, zeroDivision, values: expected } of of.scores) {
      const options = { labels, zeroDivision: Number(zeroDivision) };
      const ours =
        average === null
          ? precisionRecallFscore(truth, predicted, options)
          : precisionRecallFscore(truth, predicted, { ...options, average });
      expectClose([ours.precision].flat(), numbers(expected[0]));
      expectClose([ours.recall].flat(), numbers(expected[1]));
      expectClose([ours.fscore].flat(), numbers(expected[2]));
      if ("support" in ours) expect(ours.support).toEqual(expected[3]);
    }
  });
  test("the report, letter for letter", () => {
    const rows = classificationReport(truth, predicted, { labels, targetNames: of.targetNames });
    for (const { digits, text } of of.reports) expect(formatReport(rows, digits)).toBe(text);
  });
});

test.each(values.binary)("scores of one class of two, as in scikit-learn (%#)", (of) => {
  const options = { posLabel: of.posLabel };
  expectClose(precisionScore(of.truth, of.predicted, options), of.precision);
  expectClose(recallScore(of.truth, of.predicted, options), of.recall);
  expectClose(f1Score(of.truth, of.predicted, options), of.f1);
});

test("an averaged score is the one of precisionRecallFscore", () => {
  const { truth, predicted } = values.classification[0];
  const { precision, recall, fscore } = precisionRecallFscore(truth, predicted, {
    average: "weighted",
  });
  const options = { average: "weighted" } as const;
  expect(precisionScore(truth, predicted, options)).toBe(precision);
  expect(recallScore(truth, predicted, options)).toBe(recall);
  expect(f1Score(truth, predicted, options)).toBe(fscore);
});

test("argmaxRows takes the first of equal columns", () => {
  const scores = { data: Float32Array.of(0, 2, 1, 5, 5, 4, -1, -3, -1), shape: [3, 3] };
  expect(argmaxRows(scores)).toEqual([1, 0, 0]);
});

test("bad input is told in one sentence", () => {
  expect(() => accuracyScore([1, 2, 3], [1, 2])).toThrow(
    "yTrue has 3 rows and yPred has 2: give as many of each.",
  );
  expect(() => accuracyScore([], [])).toThrow("yTrue has no rows");
  expect(() => f1Score([0, 1], [0, NaN])).toThrow("yPred is NaN in row 1: give finite numbers.");
  expect(() => f1Score([0, 1, 2], [0, 1, 2])).toThrow('choose the average "macro"');
  expect(() => f1Score([2, 3], [2, 3])).toThrow("No row is of class 1: give 2 or 3 as posLabel.");
  expect(() => confusionMatrix([1], [1], { labels: [7] })).toThrow("None of the labels 7");
  expect(() => accuracyScore({ data: Float32Array.of(1, 2), shape: [1, 2] }, [1])).toThrow(
    "yTrue has 2 columns: give one number a row.",
  );
  expect(() => classificationReport([1], [1], { targetNames: ["a", "b"] })).toThrow(
    "There are 2 names for 1 classes",
  );
});

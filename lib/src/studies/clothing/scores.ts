import { type NdArray, StarlitError } from "../../engine";
import {
  accuracyScore,
  argmaxRows,
  balancedAccuracyScore,
  f1Score,
  kerasAuc,
  meanAbsoluteError,
  recallScore,
  rocAucScore,
} from "../../metrics";
import { type Metric, type Run, unpackArray } from "../../training";
import type { Part } from "./data";

/**
 * The document's AUC: the mean over the five stars of Keras's AUC, told that softmax outputs are
 * logits. That squeezes them into [0.5, 0.73], so it is coarser than the exact AUC.
 */
export const publishedAuc: Metric = (yTrue, yPred) =>
  kerasAuc(yTrue, yPred, { multiLabel: true, fromLogits: true });

/** Further curves of a training: the exact AUC of the probabilities, and what the stars are worth. */
export const soundCurves: Record<string, Metric> = {
  rocAuc: (yTrue, yPred) => rocAucScore(yTrue, yPred),
  weightedF1: (yTrue, yPred) =>
    f1Score(argmaxRows(yTrue), argmaxRows(yPred), { average: "weighted" }),
  macroF1: (yTrue, yPred) => f1Score(argmaxRows(yTrue), argmaxRows(yPred), { average: "macro" }),
};

/** The stars with the largest probability. */
export function predictedStars(probabilities: NdArray): number[] {
  return argmaxRows(probabilities).map((label) => label + 1);
}

/** The most probable stars of each row of probabilities (N, 5), and how probable they are. */
export function surestStars(probabilities: NdArray): { stars: number; probability: number }[] {
  const width = probabilities.shape[1];
  return predictedStars(probabilities).map((star, row) => ({
    stars: star,
    probability: probabilities.data[width * row + star - 1],
  }));
}

/** How good probabilities of the five stars (N, 5) are, in all the ways the study looks at. */
export function scores(
  { ratings, y }: Pick<Part, "ratings" | "y">,
  probabilities: NdArray,
): Record<string, number> {
  const predicted = predictedStars(probabilities);
  return {
    accuracy: accuracyScore(ratings, predicted),
    weightedF1: f1Score(ratings, predicted, { average: "weighted" }),
    macroF1: f1Score(ratings, predicted, { average: "macro" }),
    balancedAccuracy: balancedAccuracyScore(ratings, predicted),
    maeStars: meanAbsoluteError(ratings, predicted),
    auc: rocAucScore(y, probabilities),
    fiveStarRecall: recallScore(ratings, predicted, { average: "macro", labels: [5] }),
  };
}

/** Mean of several models' probabilities of the same rows: their vote, as one model. */
export function meanProbabilities(probabilities: readonly NdArray[]): NdArray<Float32Array> {
  const [{ data, shape }] = probabilities;
  const mean = (_: unknown, i: number) =>
    probabilities.reduce((sum, each) => sum + each.data[i], 0) / probabilities.length;
  return { data: Float32Array.from(data, mean), shape: [...shape] };
}

/** Probabilities of the five stars that a run gives the test rows (N, 5). */
export function testProbabilities({ model, seed, predictions }: Run): NdArray {
  if (predictions?.test) return unpackArray(predictions.test);
  throw new StarlitError(`The run of ${model} with seed ${seed} holds no test predictions.`);
}

/** The stars that several runs give the test rows, a column for each run (N, runs). */
export function testStars(runs: readonly Run[]): NdArray<Int32Array> {
  const columns = runs.map((run) => predictedStars(testProbabilities(run)));
  const rows = columns[0].length;
  const data = Int32Array.from({ length: rows * columns.length }, (_, i) => {
    return columns[i % columns.length][Math.floor(i / columns.length)];
  });
  return { data, shape: [rows, columns.length] };
}

/** A score of predicted stars as the mean over the columns of such a table. */
export function meanOverRuns(
  score: (yTrue: number[], yPred: number[]) => number,
): (yTrue: number[], stars: NdArray) => number {
  return (yTrue, { data, shape: [rows, runs] }) => {
    const column = (run: number) => {
      const stars = new Array<number>(rows);
      for (let i = 0; i < rows; i++) stars[i] = data[i * runs + run];
      return stars;
    };
    return Array.from({ length: runs }, (_, run) => score(yTrue, column(run))).reduce(
      (sum, each) => sum + each / runs,
      0,
    );
  };
}

import type { NdArray } from "../../engine";
import { accuracyScore, argmaxRows, precisionRecallFscore } from "../../metrics";
import type { Curves, Metric } from "../../training";
import { prefixed } from "../../training/history";
import type { TweetData } from "./tweets";

/** The class that each row of outputs predicts: (N, 1) by one half, (N, C) by the largest. */
export function predictedLabels(outputs: NdArray): number[] {
  if (outputs.shape[1] !== 1) return argmaxRows(outputs);
  return Array.from(outputs.data, (probability) => Number(probability > 0.5));
}

/**
 * Accuracy, precision, recall and F1 of outputs: of the positive class where there are two, else the
 * plain mean over the classes.
 */
export function scores(y: NdArray, outputs: NdArray): Record<string, number> {
  const average = outputs.shape[1] === 1 ? "binary" : "macro";
  const predicted = predictedLabels(outputs);
  const { precision, recall, fscore } = precisionRecallFscore(y.data, predicted, { average });
  return { accuracy: accuracyScore(y.data, predicted), precision, recall, f1: fscore };
}

const scoreNames = ["accuracy", "precision", "recall", "f1"];

/** The scores as curves of a training. */
export const curves: Record<string, Metric> = Object.fromEntries(
  scoreNames.map((name): [string, Metric] => [name, (yTrue, yPred) => scores(yTrue, yPred)[name]]),
);

/**
 * The scores of each batch of rows by itself, and of these the plain mean, as the document of the tweets
 * has them: in a batch the mean is over the classes that occur in it.
 */
export function batchScores(y: NdArray, outputs: NdArray, batchSize: number) {
  const labels = predictedLabels(outputs);
  const batches: Record<string, number>[] = [];
  for (let from = 0; from < labels.length; from += batchSize) {
    const [truth, predicted] = [y.data, labels].map((all) => all.slice(from, from + batchSize));
    const { fscore, ...others } = precisionRecallFscore(truth, predicted, { average: "macro" });
    batches.push({ accuracy: accuracyScore(truth, predicted), ...others, f1: fscore });
  }
  const meanOf = (name: string) =>
    batches.reduce((sum, batch) => sum + batch[name], 0) / batches.length;
  return prefixed("batch", Object.fromEntries(scoreNames.map((name) => [name, meanOf(name)])));
}

/** These as curves of a training. */
export function batchCurves(batchSize: number): Record<string, Metric> {
  const names = Object.keys(prefixed("batch", Object.fromEntries(scoreNames.map((n) => [n, 0]))));
  return Object.fromEntries(
    names.map((name): [string, Metric] => [
      name,
      (yTrue, yPred) => batchScores(yTrue, yPred, batchSize)[name],
    ]),
  );
}

/** Accuracy on the test tweets that were trained on and on the others; 0 where there are none. */
export function seenAndUnseen(
  { seen, test }: Pick<TweetData, "seen" | "test">,
  outputs: NdArray,
): [seen: number, unseen: number] {
  const right = predictedLabels(outputs).map((label, row) => label === test.y.data[row]);
  const share = (of: boolean) => {
    const rows = right.filter((_, row) => seen[row] === of);
    return rows.length === 0 ? 0 : rows.filter(Boolean).length / rows.length;
  };
  return [share(true), share(false)];
}

/** How many test tweets were trained on, and what that does to the accuracy. */
export function leak(data: TweetData, outputs: NdArray): Record<string, number> {
  const seenShare = data.seen.filter(Boolean).length / data.seen.length;
  if (seenShare === 0) return { seenShare };
  const [seenAccuracy, unseenAccuracy] = seenAndUnseen(data, outputs);
  return { seenShare, seenAccuracy, unseenAccuracy };
}

/** The last line of a history: scores of the training rows in the best epoch, dropout on. */
export function bestTraining(history: Curves, epoch: number): Record<string, number> {
  const names = Object.keys(history).filter((name) => !/^val[A-Z]/.test(name));
  return Object.fromEntries(names.map((name) => [name, history[name][epoch - 1]]));
}

/** The predicted labels as an array. */
export const labelArray = (outputs: NdArray): NdArray => {
  const labels = predictedLabels(outputs);
  return { data: Int32Array.from(labels), shape: [labels.length] };
};

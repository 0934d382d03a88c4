import type { NdArray } from "../../engine";
import { accuracyScore, argmaxRows, precisionRecallFscore } from "../../metrics";
import type { Curves, Metric } from "../../training";
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

/** The scores as curves of a training. */
export const curves: Record<string, Metric> = Object.fromEntries(
  ["accuracy", "precision", "recall", "f1"].map((name): [string, Metric] => [
    name,
    (yTrue, yPred) => scores(yTrue, yPred)[name],
  ]),
);

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
  const names = ["loss", ...Object.keys(curves)];
  return Object.fromEntries(names.map((name) => [name, history[name][epoch - 1]]));
}

/** The predicted labels as an array. */
export const labelArray = (outputs: NdArray): NdArray => {
  const labels = predictedLabels(outputs);
  return { data: Int32Array.from(labels), shape: [labels.length] };
};

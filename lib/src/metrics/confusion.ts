import { StarlitError } from "../engine/errors";
import { checkOptions, knownNames } from "../engine/options";
import { checkLabels, distinct, labelPairOf, mean, sum, type Values } from "./inputs";

/** Options of `confusionMatrix`. */
export interface ConfusionMatrixOptions {
  /** The classes and their order; all that occur, ascending, where they are not given. */
  labels?: number[];
  /** Shares instead of counts: of each true class, of each predicted class, or of all rows. */
  normalize?: "true" | "pred" | "all";
}

/**
 * How many rows of true class `labels[i]` were predicted as `labels[j]`
 * (scikit-learn's `confusion_matrix`). Rows of other classes are left out.
 *
 * @returns one row for each true class, one column for each predicted class.
 */
export function confusionMatrix(
  yTrue: Values,
  yPred: Values,
  options: ConfusionMatrixOptions = {},
): number[][] {
  checkOptions("confusionMatrix", options, ["labels", "normalize"]);
  const { normalize } = options;
  if (normalize !== undefined && !shares.includes(normalize)) {
    throw new StarlitError(
      `confusionMatrix: normalize "${String(normalize)}" is unknown: ${knownNames(normalize, shares)}`,
    );
  }
  const [truth, predicted] = labelPairOf(yTrue, yPred);
  const labels = options.labels ?? distinct(truth, predicted);
  if (labels.length === 0) throw new StarlitError("labels is empty: name one class at least.");
  checkLabels(labels);
  const at = new Map(labels.map((label, i) => [label, i]));
  const matrix = labels.map(() => labels.map(() => 0));
  let counted = 0;
  for (let row = 0; row < truth.length; row++) {
    const i = at.get(truth[row]);
    const j = at.get(predicted[row]);
    if (i === undefined) continue;
    counted++;
    if (j !== undefined) matrix[i][j]++;
  }
  if (counted === 0) {
    throw new StarlitError(
      `None of the labels ${labels.join(", ")} is in yTrue: name its classes.`,
    );
  }
  return normalized(matrix, normalize);
}

const shares = ["true", "pred", "all"];

function normalized(matrix: number[][], by: ConfusionMatrixOptions["normalize"]): number[][] {
  if (by === undefined) return matrix;
  const rowSums = matrix.map(sum);
  const columnSums = matrix.map((_, j) => sum(matrix.map((row) => row[j])));
  const all = sum(rowSums);
  return matrix.map((row, i) =>
    row.map((count, j) => count / ({ true: rowSums[i], pred: columnSums[j], all }[by] || 1)),
  );
}

/**
 * The share of rows whose class was predicted right (scikit-learn's `accuracy_score`).
 *
 * @throws StarlitError if a number is no class, such as a probability: `binaryAccuracy` takes those
 */
export function accuracyScore(yTrue: Values, yPred: Values): number {
  const [truth, predicted] = labelPairOf(yTrue, yPred);
  let right = 0;
  for (let row = 0; row < truth.length; row++) if (truth[row] === predicted[row]) right++;
  return right / truth.length;
}

/**
 * The mean over the classes of the share predicted right (scikit-learn's `balanced_accuracy_score`);
 * classes that are in yPred alone do not count.
 */
export function balancedAccuracyScore(yTrue: Values, yPred: Values): number {
  const shares = confusionMatrix(yTrue, yPred).flatMap((row, i) =>
    sum(row) === 0 ? [] : [row[i] / sum(row)],
  );
  return mean(shares);
}

/**
 * Keras's accuracies, from the targets and the outputs of a network as they are: `accuracyScore` is
 * for those who have labels and predicted labels.
 */
import { argmax, type NdArray } from "../engine/arrays";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";

/**
 * The share of the outputs on the right side of the threshold (`keras.metrics.BinaryAccuracy`).
 *
 * @param yTrue (N, …) of 0 and 1; (N) will do for outputs (N, 1)
 * @param yPred (N, …) probabilities
 * @param options.threshold what a probability must exceed to count as 1; 0.5 by default
 * @throws StarlitError if the shapes differ
 */
export function binaryAccuracy(
  yTrue: NdArray,
  yPred: NdArray,
  options: { threshold?: number } = {},
): number {
  checkOptions("binaryAccuracy", options, ["threshold"]);
  const { threshold = 0.5 } = options;
  checkShapes(squeezed(yTrue.shape), squeezed(yPred.shape), yTrue.shape, yPred.shape);
  const limit = Math.fround(threshold); // Keras compares in single precision
  return shareOf(
    yPred.data.length,
    (i) => yTrue.data[i] === Number(Math.fround(yPred.data[i]) > limit),
  );
}

/**
 * The share of the rows whose largest output is that of the true class
 * (`keras.metrics.CategoricalAccuracy`); of equal outputs the first counts.
 *
 * @param yTrue (N, …, classes), one-hot
 * @param yPred (N, …, classes), probabilities or other scores
 * @throws StarlitError if the shapes differ
 */
export function categoricalAccuracy(yTrue: NdArray, yPred: NdArray): number {
  checkShapes(yTrue.shape, yPred.shape, yTrue.shape, yPred.shape);
  const classes = yPred.shape[yPred.shape.length - 1];
  return shareOf(
    yPred.data.length / classes,
    (row) =>
      argmax(yTrue.data, row * classes, classes) === argmax(yPred.data, row * classes, classes),
  );
}

/**
 * The share of the rows whose largest output is that of the true class
 * (`keras.metrics.SparseCategoricalAccuracy`); of equal outputs the first counts.
 *
 * @param yTrue (N, …) or (N, …, 1), the numbers of the classes from 0 on
 * @param yPred (N, …, classes), probabilities or other scores
 * @throws StarlitError if there is not one class for each row of outputs
 */
export function sparseCategoricalAccuracy(yTrue: NdArray, yPred: NdArray): number {
  const rows = yPred.shape.slice(0, -1);
  checkShapes(squeezed(yTrue.shape), squeezed(rows), yTrue.shape, yPred.shape);
  const classes = yPred.shape[yPred.shape.length - 1];
  return shareOf(
    yPred.data.length / classes,
    (row) => yTrue.data[row] === argmax(yPred.data, row * classes, classes),
  );
}

/**
 * The accuracy that fits the targets, chosen by their shape as Keras chooses for
 * `metrics: ["accuracy"]`: {@link binaryAccuracy} for one output,
 * {@link sparseCategoricalAccuracy} for numbers of classes, {@link categoricalAccuracy} for one-hot
 * rows.
 */
export function accuracy(yTrue: NdArray, yPred: NdArray): number {
  const last = ({ shape }: NdArray) => shape[shape.length - 1];
  if (yPred.shape.length < 2 || last(yPred) === 1) return binaryAccuracy(yTrue, yPred);
  const numbers = yTrue.shape.length < yPred.shape.length || last(yTrue) === 1;
  return numbers ? sparseCategoricalAccuracy(yTrue, yPred) : categoricalAccuracy(yTrue, yPred);
}

/** (N, 1) as (N): Keras takes one for the other. */
const squeezed = (shape: number[]) =>
  shape.length > 1 && shape[shape.length - 1] === 1 ? shape.slice(0, -1) : shape;

function checkShapes(a: number[], b: number[], yTrue: number[], yPred: number[]): void {
  if (a.length !== b.length || a.some((length, i) => length !== b[i])) {
    throw new StarlitError(
      `Targets of the shape [${yTrue.join(", ")}] do not fit outputs of the shape ` +
        `[${yPred.join(", ")}]: give as many rows, each of the classes or the number of one.`,
    );
  }
  if (b.includes(0)) throw new StarlitError("There are no rows: give at least one.");
}

function shareOf(count: number, isRight: (i: number) => boolean): number {
  let right = 0;
  for (let i = 0; i < count; i++) if (isRight(i)) right++;
  return right / count;
}

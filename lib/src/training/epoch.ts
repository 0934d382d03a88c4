import type { LayersModel, Optimizer, Scalar, Tensor, Variable } from "@tensorflow/tfjs";
import { type NdArray, numbersOf, Random, tf } from "../engine";
import { takeRows } from "../engine/arrays";
import { epochSeed, RandomStream, withStream } from "../engine/seed";
import { type Rows, toTensor } from "./examples";
import type { Loss } from "./losses";
import { measure, type Metric } from "./metrics";
import { breathe, DivergedError } from "./predict";
import type { Progress } from "./progress";

/** What stays the same from epoch to epoch of a training. */
export interface Training {
  model: LayersModel;
  rows: Rows;
  optimizer: Optimizer;
  loss: Loss;
  metrics: Record<string, Metric>;
  /** Names of metrics of which the reader was told that they are not defined. */
  noted: Set<string>;
  batchSize: number;
  seed: number;
  /** Whether each epoch has an order of its own. */
  shuffle: boolean;
  progress: Progress;
  /** Called after each batch, which counts from 0. */
  onBatchEnd: (batch: number, loss: number) => Promise<void>;
  shouldStop: () => boolean;
}

/** The rows of an epoch in training order: a permutation that depends on seed and epoch alone. */
function epochOrder(rows: number, seed: number, epoch: number): number[] {
  return new Random(epochSeed(seed, epoch)).permutation(rows);
}

/** Mean loss of a batch, a scalar, from targets and predictions. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Scalar;

/** What one training step leaves; both are the caller's to dispose. */
export interface StepResult {
  /** Mean loss of the batch before the update. */
  loss: Scalar;
  /** The model's output that the loss was taken from. */
  predictions: Tensor;
}

/**
 * One update of the model's trainable weights on one batch: forward (in training mode), backward,
 * optimizer. Nothing is read back from TensorFlow, so a caller may read the loss when it likes.
 */
export function trainStep(
  model: LayersModel,
  optimizer: Optimizer,
  loss: LossFunction,
  xs: Tensor | Tensor[],
  ys: Tensor,
): StepResult {
  return tf.tidy(() => {
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    let predictions: Tensor | undefined;
    let failed: { error: unknown } | undefined;
    const { value, grads } = tf.variableGrads(() => {
      try {
        predictions = tf.keep(model.apply(xs, { training: true }) as Tensor);
        return loss(ys, predictions);
      } catch (error) {
        // Only with a gradient does TensorFlow.js free what it saved on the way to it.
        failed = { error };
        return variables[0].sum<Scalar>();
      }
    }, variables);
    if (failed) {
      predictions?.dispose(); // kept, so that no scope would free it
      throw failed.error;
    }
    optimizer.applyGradients(grads);
    return { loss: value, predictions: predictions! };
  });
}

/** One step on the rows at these places; loss and outputs as plain numbers. */
function step(
  training: Training,
  places: number[],
): { loss: number; outputs: NdArray<Float32Array> } {
  const { model, rows, optimizer, loss } = training;
  return numbersOf(() => {
    const weight = rows.weight && tf.tensor1d(places.map((place) => rows.weight![place]));
    const batchLoss = (yTrue: Tensor, yPred: Tensor): Scalar => {
      const rowLoss = loss(yTrue, yPred);
      const mean = (weight ? rowLoss.mul(weight) : rowLoss).mean<Scalar>();
      return model.calculateLosses().reduce((sum, penalty) => sum.add(penalty), mean);
    };
    const xs = rows.x.map((array) => toTensor(takeRows(array, places)));
    const result = trainStep(model, optimizer, batchLoss, xs, toTensor(takeRows(rows.y, places)));
    const { predictions } = result;
    const outputs = { data: predictions.dataSync<"float32">(), shape: predictions.shape };
    predictions.dispose();
    return { loss: result.loss.dataSync()[0], outputs };
  });
}

/** Optimizers of TensorFlow.js keep theirs to themselves, where they have one. */
const learningRateOf = ({ optimizer }: Training) =>
  (optimizer as { learningRate?: number }).learningRate;

/** Whether all weights of a model are finite numbers. */
function hasFiniteWeights(model: LayersModel): boolean {
  return model.weights.every((weight) =>
    tf.tidy(() => Boolean(tf.isFinite(weight.read()).all().dataSync()[0])),
  );
}

/**
 * One pass over the training rows, in an order and with dropout that depend on seed and epoch alone.
 *
 * @returns mean loss, and metrics from the outputs that training itself made (dropout on, weights
 * changing from batch to batch), as Keras reports them; `null` if the reader stopped it
 * @throws DivergedError if the loss or the weights are no longer finite
 */
export async function trainEpoch(
  training: Training,
  epoch: number,
): Promise<Record<string, number> | null> {
  const { model, rows, metrics, batchSize, seed, progress, noted } = training;
  const { count, y } = rows;
  const order = training.shuffle
    ? epochOrder(count, seed, epoch)
    : Array.from({ length: count }, (_, i) => i);
  const stream = new RandomStream(epochSeed(seed, epoch), epoch);
  let outputs: NdArray<Float32Array> | undefined;
  let sum = 0;
  for (let start = 0; start < count; start += batchSize) {
    const batch = start / batchSize;
    const places = order.slice(start, start + batchSize);
    const done = withStream(stream, () => step(training, places));
    if (!Number.isFinite(done.loss)) {
      throw new DivergedError(
        `The loss became ${done.loss} in epoch ${epoch + 1}, batch ${batch + 1}`,
        learningRateOf(training),
      );
    }
    const width = done.outputs.data.length / places.length;
    outputs ??= {
      data: new Float32Array(count * width),
      shape: [count, ...done.outputs.shape.slice(1)],
    };
    outputs.data.set(done.outputs.data, start * width);
    sum += done.loss * places.length;
    progress.batch(epoch, batch, done.loss);
    await training.onBatchEnd(batch, done.loss);
    await breathe();
    if (training.shouldStop()) return null;
  }
  if (!hasFiniteWeights(model)) {
    throw new DivergedError(
      `The weights became NaN or infinite in the last batches of epoch ${epoch + 1}`,
      learningRateOf(training),
    );
  }
  return { loss: sum / count, ...measure(metrics, takeRows(y, order), outputs!, noted) };
}

import type { LayersModel, Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { type Adam, type NdArray, seedEverything, StarlitError, tf } from "../engine";
import { epochOrder, epochSeed, type Examples, gather, inputsOf, toTensor } from "./batches";
import type { Loss } from "./losses";
import { breathe, type Metric } from "./predict";
import type { Progress } from "./progress";
import { trainStep } from "./step";

/** A training whose loss is no longer a number. */
export class DivergedError extends StarlitError {
  override name = "DivergedError";
}

/** What stays the same from epoch to epoch of a training. */
export interface Course {
  model: LayersModel;
  examples: Examples;
  /** Weight of each row in the loss; `null` if all are 1. */
  rowWeight: Float32Array | null;
  optimizer: Adam;
  loss: Loss;
  metrics: Record<string, Metric>;
  batchSize: number;
  seed: number;
  progress: Progress;
  shouldStop: () => boolean;
}

/** One step on the rows at these places; loss and outputs as plain numbers. */
function step(course: Course, places: number[]): { loss: number; outputs: NdArray<Float32Array> } {
  const { model, examples, rowWeight, optimizer, loss } = course;
  return tf.tidy(() => {
    const weight = rowWeight && tf.tensor1d(places.map((place) => rowWeight[place]));
    const batchLoss = (yTrue: Tensor, yPred: Tensor): Scalar => {
      const rowLoss = loss(yTrue, yPred);
      const mean = (weight ? rowLoss.mul(weight) : rowLoss).mean<Scalar>();
      return model.calculateLosses().reduce((sum, penalty) => sum.add(penalty), mean);
    };
    const xs = inputsOf(examples.x).map((array) => toTensor(gather(array, places)));
    const result = trainStep(model, optimizer, batchLoss, xs, toTensor(gather(examples.y, places)));
    const { predictions } = result;
    const outputs = { data: predictions.dataSync<"float32">(), shape: predictions.shape };
    predictions.dispose();
    return { loss: result.loss.dataSync()[0], outputs };
  });
}

/**
 * One pass over the training rows, in an order and with dropout that depend on seed and epoch alone.
 *
 * @returns mean loss, and metrics from the outputs that training itself made (dropout on, weights
 * changing from batch to batch), as Keras reports them; `null` if the reader stopped it
 */
export async function trainEpoch(
  course: Course,
  epoch: number,
): Promise<Record<string, number> | null> {
  const { examples, metrics, batchSize, seed, optimizer, progress } = course;
  const rows = examples.y.shape[0];
  const order = epochOrder(rows, seed, epoch);
  seedEverything(epochSeed(seed, epoch));
  let outputs: NdArray<Float32Array> | undefined;
  let sum = 0;
  for (let start = 0; start < rows; start += batchSize) {
    const batch = start / batchSize;
    const places = order.slice(start, start + batchSize);
    const done = step(course, places);
    if (!Number.isFinite(done.loss)) {
      throw new DivergedError(
        `The loss became ${done.loss} in epoch ${epoch + 1}, batch ${batch + 1}: lower the learning ` +
          `rate (${optimizer.learningRate}), clip the gradients (clipNorm), or look for values in ` +
          `the data that are not numbers.`,
      );
    }
    const width = done.outputs.data.length / places.length;
    outputs ??= {
      data: new Float32Array(rows * width),
      shape: [rows, ...done.outputs.shape.slice(1)],
    };
    outputs.data.set(done.outputs.data, start * width);
    sum += done.loss * places.length;
    progress.batch(epoch, batch, done.loss);
    await breathe();
    if (course.shouldStop()) return null;
  }
  const targets = gather(examples.y, order);
  const values: Record<string, number> = { loss: sum / rows };
  for (const [name, metric] of Object.entries(metrics)) values[name] = metric(targets, outputs!);
  return values;
}

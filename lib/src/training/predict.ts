import type { LayersModel, Tensor } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, StarlitError, tf } from "../engine";
import { countRows, type Examples, gather, inputsOf, toTensor } from "./batches";
import { type Loss, lossNamed, type LossName } from "./losses";

/** A number that says how good predictions are, from plain arrays. */
export type Metric = (yTrue: NdArray, yPred: NdArray<Float32Array>) => number;

/** Options of `predict`. */
export interface PredictOptions {
  /** Rows a batch: more is faster and takes more memory. Default 256. */
  batchSize?: number;
}

/** Options of `evaluate`. */
export interface EvaluateOptions extends PredictOptions {
  loss: LossName | Loss;
  metrics?: Record<string, Metric>;
}

/** A turn of the event loop, so that interrupts, displays and the kernel's messages get through. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The model's output for all rows, dropout off.
 *
 * @param x input (N, …), or one array for each input of the model
 * @returns predictions (N, …)
 */
export async function predict(
  model: LayersModel,
  x: Examples["x"],
  { batchSize = 256 }: PredictOptions = {},
): Promise<NdArray<Float32Array>> {
  const inputs = inputsOf(x);
  const rows = inputs[0].shape[0];
  let predictions: NdArray<Float32Array> = { data: new Float32Array(0), shape: [0] };
  for (let start = 0; start < rows; start += batchSize) {
    const places = Array.from({ length: Math.min(batchSize, rows - start) }, (_, i) => start + i);
    const { data, shape } = tf.tidy(() => {
      const output = model.apply(inputs.map((array) => toTensor(gather(array, places)))) as Tensor;
      if (Array.isArray(output)) {
        throw new StarlitError("The model has several outputs: make a model of the one you want.");
      }
      return { data: output.dataSync<"float32">(), shape: output.shape };
    });
    if (start === 0) {
      const width = data.length / shape[0];
      predictions = { data: new Float32Array(rows * width), shape: [rows, ...shape.slice(1)] };
    }
    predictions.data.set(data, (start * data.length) / shape[0]);
    await breathe();
  }
  return predictions;
}

/** Mean loss of predictions, weighted by row, plus what the model's regularizers ask. */
function meanLoss(
  model: LayersModel,
  loss: Loss,
  { y, sampleWeight }: Examples,
  predictions: NdArray<Float32Array>,
): number {
  return tf.tidy(() => {
    const rowLosses = loss(toTensor(y), toTensor(predictions)).dataSync();
    let sum = 0;
    rowLosses.forEach((value, i) => (sum += value * (sampleWeight ? sampleWeight[i] : 1)));
    return model
      .calculateLosses()
      .reduce((total, penalty) => total + penalty.dataSync()[0], sum / rowLosses.length);
  });
}

/**
 * Loss and metrics of a model on these rows, dropout off.
 *
 * @returns `loss` (mean over the rows, as Keras's `evaluate`) and each metric by its name
 */
export async function evaluate(
  model: LayersModel,
  examples: Examples,
  { loss, metrics = {}, batchSize }: EvaluateOptions,
): Promise<Record<string, number>> {
  countRows(examples);
  const predictions = await predict(model, examples.x, { batchSize });
  const values: Record<string, number> = {
    loss: meanLoss(model, lossNamed(loss), examples, predictions),
  };
  for (const [name, metric] of Object.entries(metrics)) {
    values[name] = metric(examples.y, predictions);
  }
  return values;
}

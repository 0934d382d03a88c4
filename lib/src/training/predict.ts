import type { LayersModel, Tensor } from "@tensorflow/tfjs";
import { checkOptions, type NdArray, numbersOf, StarlitError, tf } from "../engine";
import { takeRows } from "../engine/arrays";
import { checkWholeNumber } from "../engine/options";
import { checkedInputs, checkedRows, type Examples, type Rows, toTensor } from "./examples";
import { type Loss, lossNamed, type LossName } from "./losses";
import { measure, type Metric, type Metrics, metricsNamed } from "./metrics";

/** A training, or a model, whose numbers are no longer finite. */
export class DivergedError extends StarlitError {
  override name = "DivergedError";

  /** @param found what was found, where; what to do about it is added */
  constructor(found: string, learningRate?: number) {
    super(
      `${found}: lower the learning rate${learningRate === undefined ? "" : ` (${learningRate})`}, ` +
        `clip the gradients (clipNorm), or look for large values in the data.`,
    );
  }
}

/** Options of `predict`. */
export interface PredictOptions {
  /** Rows a batch: more is faster and takes more memory. Default 256. */
  batchSize?: number;
}

/** Options of `evaluate`. */
export interface EvaluateOptions extends PredictOptions {
  loss: LossName | Loss;
  /** Numbers to take beside the loss, as in `fit`. */
  metrics?: Metrics;
}

/** A turn of the event loop, so that interrupts, displays and the kernel's messages get through. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The model's output for inputs that were checked. */
async function predictChecked(
  model: LayersModel,
  inputs: readonly NdArray[],
  batchSize = 256,
): Promise<NdArray<Float32Array>> {
  const rows = inputs[0].shape[0];
  let predictions: NdArray<Float32Array> = { data: new Float32Array(0), shape: [0] };
  for (let start = 0; start < rows; start += batchSize) {
    const places = Array.from({ length: Math.min(batchSize, rows - start) }, (_, i) => start + i);
    const { data, shape } = numbersOf(() => {
      const output = model.apply(
        inputs.map((array) => toTensor(takeRows(array, places))),
      ) as Tensor;
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

/**
 * The model's output for all rows, dropout off.
 *
 * @param x input (N, …), or one for each input of the model
 * @returns predictions (N, …)
 * @throws StarlitError if the input is not what the model reads
 */
export async function predict(
  model: LayersModel,
  x: Examples["x"],
  options: PredictOptions = {},
): Promise<NdArray<Float32Array>> {
  checkOptions("predict", options, ["batchSize"]);
  const { batchSize = 256 } = options;
  checkWholeNumber("batchSize", batchSize, 1);
  if (model.outputs.length !== 1) {
    throw new StarlitError("The model has several outputs: make a model of the one you want.");
  }
  return predictChecked(model, checkedInputs(model, "x", x), batchSize);
}

/** Mean loss of predictions, weighted by row, plus what the model's regularizers ask. */
function meanLoss(
  model: LayersModel,
  loss: Loss,
  { y, weight }: Rows,
  predictions: NdArray<Float32Array>,
): number {
  return tf.tidy(() => {
    const rowLosses = loss(toTensor(y), toTensor(predictions)).dataSync();
    let sum = 0;
    rowLosses.forEach((value, i) => (sum += value * (weight ? weight[i] : 1)));
    return model
      .calculateLosses()
      .reduce((total, penalty) => total + penalty.dataSync()[0], sum / rowLosses.length);
  });
}

/**
 * Loss and metrics of a model on rows that were checked.
 *
 * @throws DivergedError if predictions or loss are not finite
 */
export async function evaluateRows(
  model: LayersModel,
  rows: Rows,
  task: { loss: Loss; metrics: Record<string, Metric>; noted: Set<string>; batchSize?: number },
): Promise<Record<string, number>> {
  const predictions = await predictChecked(model, rows.x, task.batchSize);
  const place = predictions.data.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) {
    const row = Math.floor(place / (predictions.data.length / rows.count));
    throw new DivergedError(`The model predicts ${predictions.data[place]} for row ${row}`);
  }
  const loss = meanLoss(model, task.loss, rows, predictions);
  if (!Number.isFinite(loss)) throw new DivergedError(`The loss of the predictions is ${loss}`);
  return { loss, ...measure(task.metrics, rows.y, predictions, task.noted) };
}

/**
 * Loss and metrics of a model on these rows, dropout off.
 *
 * @returns `loss` (mean over the rows, as Keras's `evaluate`) and each metric by its name
 * @throws StarlitError if the rows don't fit the model or the loss
 */
export async function evaluate(
  model: LayersModel,
  examples: Examples,
  options: EvaluateOptions,
): Promise<Record<string, number>> {
  checkOptions("evaluate", options, ["loss", "metrics", "batchSize"]);
  const { loss, batchSize = 256 } = options;
  checkWholeNumber("batchSize", batchSize, 1);
  const metrics = metricsNamed(options.metrics);
  const rows = checkedRows(examples, { model, loss });
  return evaluateRows(model, rows, { loss: lossNamed(loss), metrics, noted: new Set(), batchSize });
}

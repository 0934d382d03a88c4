import type { layers, LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs";
import { type NdArray, Random, StarlitError, tf } from "../../../engine";
import { predict } from "../../../training";

/** What is measured of a model of the lab: numbers that tell what it computes, not how it is written. */
export interface ModelProbe {
  /** Whether it was made by `tf.sequential()`, or by `tf.model()` from layers that were applied. */
  api: "sequential" | "functional";
  /** Shapes of its weights, in the order of `getWeights()`. */
  weights: number[][];
  /** Of the reviews of {@link probeIds}: what the last layer with weights reads, and the output. */
  features: NdArray;
  outputs: NdArray;
}

/** Reviews of a probe, and words of each. */
const ROWS = 6;
const STEPS = 100;
/** Zeros in front of the first reviews. */
const PADDING = [60, 10];
/** A model larger than this is none of the lab's. */
const MOST_WEIGHTS = 5_000_000;

/** Weights that no training makes, the same for the same seed. */
export function probeWeights(shapes: readonly number[][], seed: number): NdArray<Float32Array>[] {
  const random = new Random(seed);
  return shapes.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    // Small for a table of many columns, so that no gate of an LSTM is shut for good.
    return { data: Float32Array.from(random.normal(0, 0.4, size)), shape };
  });
}

/** Made-up reviews (6, 100) of ids below `vocabularySize`, two of them with padding in front. */
export function probeIds(vocabularySize: number, seed: number): NdArray<Int32Array> {
  const ids = new Random(seed).randint(1, Math.max(vocabularySize, 2), ROWS * STEPS);
  PADDING.forEach((count, row) => ids.fill(0, row * STEPS, row * STEPS + count));
  return { data: Int32Array.from(ids), shape: [ROWS, STEPS] };
}

/** Told of a model that is of neither notation. */
export const wrappedFault =
  "it is a sequential model inside tf.model(), or a part of one: apply layers of its own, one after the other, to what tf.input() returns.";

/** Whether a sequential model made an input for this layer, which it names after the layer. */
function stoodFirst({ name, inboundNodes }: layers.Layer): boolean {
  return inboundNodes.some(({ inboundLayers }) =>
    inboundLayers.some((input) => input.name === `${name}_input`),
  );
}

function apiOf(model: LayersModel): ModelProbe["api"] {
  if (model instanceof tf.Sequential) return "sequential";
  if (model.layers.some((layer) => layer instanceof tf.Sequential || stoodFirst(layer)))
    throw new StarlitError(wrappedFault);
  return "functional";
}

const array = (tensor: Tensor): NdArray => ({
  data: tensor.dataSync<"float32">(),
  shape: tensor.shape,
});

/** The model that ends where the last layer with weights begins. */
function upToFeatures(model: LayersModel): LayersModel {
  const last = model.layers.filter((layer) => layer.weights.length > 0).at(-1);
  return tf.model({ inputs: model.inputs, outputs: last?.input as SymbolicTensor });
}

/**
 * Measures a model with the weights and reviews of a seed; its own weights are put back.
 *
 * @throws StarlitError if it is no model with one input and one output, or a huge one
 */
export async function probeModel(model: LayersModel, seed: number): Promise<ModelProbe> {
  if (!(model instanceof tf.LayersModel)) throw new StarlitError("it is not a model.");
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new StarlitError("the model must have one input and one output.");
  }
  const api = apiOf(model);
  const weights = model.weights.map(({ shape }) => shape as number[]);
  if (weights.length === 0) throw new StarlitError("the model has no weights.");
  if (model.countParams() > MOST_WEIGHTS) {
    throw new StarlitError(`the model has ${model.countParams().toLocaleString("en")} weights.`);
  }
  const ids = probeIds(weights[0][0], seed);
  const own = model.getWeights().map((weight) => weight.clone());
  try {
    tf.tidy(() =>
      model.setWeights(
        probeWeights(weights, seed).map(({ data, shape }) => tf.tensor(data, shape)),
      ),
    );
    return {
      api,
      weights,
      features: await predict(upToFeatures(model), ids),
      outputs: await predict(model, ids),
    };
  } finally {
    model.setWeights(own);
    tf.dispose(own);
  }
}

/** Numbers in rows, however they are held: `{ data, shape }`, a tensor, or lists; else `null`. */
export function matrixOf(value: unknown): NdArray | null {
  if (value instanceof tf.Tensor) return array(value);
  if (Array.isArray(value) && value.every((row) => ArrayBuffer.isView(row) || Array.isArray(row))) {
    const rows = value as ArrayLike<number>[];
    const width = rows[0]?.length ?? 0;
    if (rows.some((row) => row.length !== width)) return null;
    return {
      data: Float32Array.from(rows.flatMap((row) => Array.from(row))),
      shape: [rows.length, width],
    };
  }
  const { data, shape } = (value ?? {}) as Partial<NdArray>;
  return ArrayBuffer.isView(data) && Array.isArray(shape) ? { data, shape } : null;
}

/** Numbers in a row, however they are held; else `null`. */
export function vectorOf(value: unknown): number[] | null {
  const { data } = matrixOf(value) ?? { data: value };
  if (!ArrayBuffer.isView(data) && !Array.isArray(data)) return null;
  return Array.from(data as ArrayLike<number>, Number);
}

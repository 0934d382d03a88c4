import type { LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs";
import { type NdArray, tf } from "../../engine";

/** How different the rows still are after a layer. */
export interface LayerSpread {
  layer: string;
  /** Outputs a row. */
  outputs: number;
  /** Standard deviation over the rows, the mean of all outputs. */
  spread: number;
  /** Mean absolute output: beside it the spread is large or small. */
  size: number;
}

/** Layers that only lay the numbers out anew. */
const moves = new Set(["InputLayer", "Reshape", "Flatten"]);

/**
 * How far each layer of a model keeps rows apart. Where the spread vanishes beside the size, all rows
 * look alike to the layers that follow, and what they learn is a constant.
 *
 * @param x rows that the model reads (N, …)
 * @returns one row a layer that computes something, in the model's order
 */
export function layerSpreads(model: LayersModel, x: NdArray): LayerSpread[] {
  const layers = model.layers.filter((layer) => !moves.has(layer.getClassName()));
  return tf.tidy(() => {
    const outputs = layers.map((layer) => layer.output as SymbolicTensor);
    const inner = tf.model({ inputs: model.inputs, outputs: outputs });
    // One output is no list.
    const values = [inner.predict(tf.tensor(x.data as Float32Array, [...x.shape]))].flat();
    return layers.map((layer, i) => {
      const value = values[i];
      return {
        layer: layer.getClassName(),
        outputs: value.size / value.shape[0],
        spread: numberOf(tf.moments(value, 0).variance.sqrt().mean()),
        size: numberOf(value.abs().mean()),
      };
    });
  });
}

const numberOf = (scalar: Tensor) => scalar.dataSync()[0];

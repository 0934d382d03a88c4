import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, Random, tf } from "../engine";
import { epochSeed } from "../engine/seed";

/** A tensor of the array's values; Int32Array gives int32, Float32Array float32. */
export function toTensor({ data, shape }: NdArray): Tensor {
  return tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");
}

/** The rows of an epoch in training order: a permutation that depends on seed and epoch alone. */
export function epochOrder(rows: number, seed: number, epoch: number): number[] {
  return new Random(epochSeed(seed, epoch)).permutation(rows);
}

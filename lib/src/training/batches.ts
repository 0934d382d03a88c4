import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, Random, tf } from "../engine";
import { epochSeed } from "../engine/seed";

/** The rows of an array at these places, in this order. */
export function gather<T extends Float32Array | Int32Array>(
  { data, shape }: NdArray<T>,
  places: ArrayLike<number>,
): NdArray<T> {
  const [rows, ...rest] = shape;
  const width = data.length / rows;
  const taken = new (data.constructor as new (length: number) => T)(places.length * width);
  for (let i = 0; i < places.length; i++) {
    taken.set(data.subarray(places[i] * width, (places[i] + 1) * width) as never, i * width);
  }
  return { data: taken, shape: [places.length, ...rest] };
}

/** A tensor of the array's values; Int32Array gives int32, Float32Array float32. */
export function toTensor({ data, shape }: NdArray): Tensor {
  return tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");
}

/** The rows of an epoch in training order: a permutation that depends on seed and epoch alone. */
export function epochOrder(rows: number, seed: number, epoch: number): number[] {
  return new Random(epochSeed(seed, epoch)).permutation(rows);
}

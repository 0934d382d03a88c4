import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, Random, StarlitError, tf } from "../engine";

/** What a model is trained or tried on. */
export interface Examples {
  /** The model's input (N, …), or one array for each of its inputs. */
  x: NdArray | readonly NdArray[];
  /** Targets (N) or (N, …), as the loss wants them. */
  y: NdArray;
  /** Weight of each row in the loss (N); all 1 where it is not given. */
  sampleWeight?: ArrayLike<number>;
}

/** The arrays of a model's inputs as a list. */
export function inputsOf(x: Examples["x"]): readonly NdArray[] {
  return Array.isArray(x) ? (x as readonly NdArray[]) : [x as NdArray];
}

/** Number of rows, after a check that all parts have the same. */
export function countRows({ x, y, sampleWeight }: Examples): number {
  const rows = y.shape[0];
  const sizes = inputsOf(x).map((array) => array.shape[0]);
  if (sampleWeight) sizes.push(sampleWeight.length);
  if (sizes.some((size) => size !== rows)) {
    throw new StarlitError(`Inputs and targets differ in rows: ${sizes.join(", ")} and ${rows}.`);
  }
  if (rows === 0) throw new StarlitError("There are no rows to train on.");
  return rows;
}

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

/**
 * The seed of an epoch's random numbers (order of the rows, dropout). Each epoch has its own, so
 * that an epoch is the same whether the epochs before it ran in this process or in another.
 */
export function epochSeed(seed: number, epoch: number): number {
  // Weyl's sequence spreads neighbouring seeds; 0 is left out because tfjs takes it for "no seed".
  return (Math.imul(seed + 1, 0x9e3779b9) + Math.imul(epoch + 1, 0x85ebca6b)) >>> 0 || 1;
}

/** The rows of an epoch in training order: a permutation that depends on seed and epoch alone. */
export function epochOrder(rows: number, seed: number, epoch: number): number[] {
  return new Random(epochSeed(seed, epoch)).permutation(rows);
}

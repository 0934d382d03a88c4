import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { Random } from "../../lib/src/engine";
import { gru, lstm, simpleRnn } from "../../lib/src/layers";
import { golden as readGolden } from "../support";

/** An array as keras_layers.py stores it: every stride-th value, and the sum and norm of all. */
export interface Packed {
  shape: number[];
  stride: number;
  sum: number;
  norm: number;
  samples: string;
}

/** Options of one recurrent layer, named as our layers name them. */
export interface LayerSpec {
  kind: "lstm" | "gru" | "simpleRnn";
  units: number;
  activation?: "tanh" | "softmax";
  resetAfter?: boolean;
  returnSequences?: boolean;
  goBackwards?: boolean;
}

/** One forward and backward pass through a stack of layers. */
export interface LayerCase {
  name: string;
  seed: number;
  batch: number;
  steps: number;
  features: number;
  scale: number;
  layers: LayerSpec[];
  /** One string of 0 and 1 a row. */
  mask: string[] | null;
  output: Packed;
  dInput: Packed;
  /** Kernel, recurrent kernel, bias of each layer in turn. */
  dWeights: Packed[];
}

/** Three epochs of embedding → recurrent layer → dense with Adam. */
export interface CurveCase {
  name: string;
  seed: number;
  rows: number;
  steps: number;
  vocabulary: number;
  embedding: number;
  batch: number;
  epochs: number;
  learningRate: number;
  layer: LayerSpec;
  padding: "pre" | "post";
  maskZero: boolean;
  /** One loss a batch. */
  losses: number[];
  /** All weights after the last step. */
  weights: Packed[];
}

/** Adam on a matrix [3, 4] and a vector [5] with given gradients. */
export interface AdamCase {
  name: string;
  seed: number;
  learningRate: number;
  clipNorm: number | null;
  decay: number | null;
  /** Matrix and vector after each step. */
  after: Packed[][];
}

/** The values that keras_layers.py wrote. */
export const golden = readGolden<{
  layers: LayerCase[];
  curves: CurveCase[];
  adam: AdamCase[];
}>("keras_layers");

/** The draws of keras_layers.py, in the same order from the same seed. */
export class Draw {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** Uniform in [-scale, scale). */
  floats(size: number, scale = 1): Float32Array {
    return Float32Array.from({ length: size }, () => (2 * this.random.random() - 1) * scale);
  }

  /** Uniform in 0 … below - 1. */
  integers(size: number, below: number): Int32Array {
    return Int32Array.from({ length: size }, () => Math.floor(this.random.random() * below));
  }
}

/** How many gates' weights a kernel holds side by side. */
const GATES = { lstm: 4, gru: 3, simpleRnn: 1 };

/** Shapes of kernel, recurrent kernel and bias in Keras's layout. */
export function weightShapes(spec: LayerSpec, features: number): number[][] {
  const width = GATES[spec.kind] * spec.units;
  return [[features, width], [spec.units, width], spec.resetAfter ? [2, width] : [width]];
}

/** Our layer of this kind and these options. */
export function recurrentLayer({ kind, ...options }: LayerSpec): tfjs.layers.Layer {
  const makers = { lstm, gru, simpleRnn } as Record<
    LayerSpec["kind"],
    (options: Omit<LayerSpec, "kind">) => tfjs.layers.Layer
  >;
  return makers[kind](options);
}

/** Number of values in an array of this shape. */
export function sizeOf(shape: number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Largest distance of an array from the golden one: of each stored value, and of the sum and the
 * norm, which see the values that were not stored, relative to how far rounding can carry them.
 */
export function distance(actual: ArrayLike<number>, expected: Packed): number {
  const size = sizeOf(expected.shape);
  if (actual.length !== size) return Infinity;
  const bytes = Buffer.from(expected.samples, "base64");
  let [worst, sum, squares] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    sum += actual[i];
    squares += actual[i] ** 2;
    if (i % expected.stride === 0) {
      const sample = bytes.readFloatLE((i / expected.stride) * 4);
      worst = Math.max(worst, Math.abs(actual[i] - sample));
    }
  }
  const ofSum = Math.abs(sum - expected.sum) / size;
  const ofNorm = Math.abs(Math.sqrt(squares) - expected.norm) / Math.sqrt(size);
  const result = Math.max(worst, ofSum, ofNorm);
  return Number.isNaN(sum) ? Infinity : result;
}

/** The largest stored absolute value: what "relative" is relative to. */
export function magnitude(expected: Packed): number {
  const bytes = Buffer.from(expected.samples, "base64");
  let largest = 0;
  for (let i = 0; i < bytes.length; i += 4) {
    largest = Math.max(largest, Math.abs(bytes.readFloatLE(i)));
  }
  return largest;
}

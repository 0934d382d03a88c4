import type * as tfjs from "@tensorflow/tfjs";
import { checkOptions, StarlitError } from "../engine";
import { needOptions } from "../engine/options";

/** Options that every layer takes, as in `tf.layers`. */
export interface LayerOptions {
  /** Shape of the input without the batch, for the first layer of `tf.sequential()`. */
  inputShape?: (number | null)[];
  /** The same with the batch. */
  batchInputShape?: (number | null)[];
  /** Name of the layer and prefix of its weights. */
  name?: string;
  /** Whether training changes the weights, default true. */
  trainable?: boolean;
  /** First values of the weights, in the order of `getWeights()`. */
  weights?: tfjs.Tensor[];
}

const common = ["inputShape", "batchInputShape", "name", "trainable", "weights"];

/**
 * Refuses options that a layer would ignore.
 *
 * @param known the layer's own options; those of every layer come on top
 * @param absent options of Keras that the layer lacks, and what to do; `false` and null are taken, as
 * they ask for nothing
 */
export function checkLayerOptions(
  layer: string,
  options: object,
  known: readonly string[],
  absent: Readonly<Record<string, string>> = {},
): void {
  needOptions(layer, options, known);
  const given = Object.entries(options).filter(([name, value]) => !(name in absent && !value));
  const [asked] = given.find(([name]) => name in absent) ?? [];
  if (asked !== undefined) {
    throw new StarlitError(`${layer} has no option "${asked}": ${absent[asked]}.`);
  }
  checkOptions(layer, Object.fromEntries(given), [...known, ...common]);
}

/** What `super` of a tfjs layer takes: Starlit's options are a part of it. */
export type StockOptions = ConstructorParameters<typeof tfjs.layers.Layer>[0];

/** The share from 0 to below 1 that `value` is, or an error that names it. */
export function share(layer: string, name: string, value: number): number {
  if (value >= 0 && value < 1) return value;
  throw new StarlitError(`${layer}: ${name} is ${value}: give a number from 0 to below 1.`);
}

/** The whole number above 0 that `value` is, or an error that names it. */
export function positiveInteger(layer: string, name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new StarlitError(`${layer}: ${name} is ${value}: give a whole number above 0.`);
}

/** `value` where it is one of `allowed`, or an error that lists them. */
export function oneOf<T extends string>(layer: string, name: string, value: T, allowed: T[]): T {
  if (allowed.includes(value)) return value;
  throw new StarlitError(
    `${layer}: ${name} "${value}" is not supported: use ${allowed.join(" or ")}.`,
  );
}

/** A value or a list of them, as a list. */
export function listOf<T>(values: T | T[] | null | undefined): T[] {
  return values === null || values === undefined ? [] : Array.isArray(values) ? values : [values];
}

/** A layer's only input. */
export function onlyTensor(layer: string, inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
  if (!Array.isArray(inputs)) return inputs;
  if (inputs.length === 1) return inputs[0];
  throw new StarlitError(`${layer} takes one input, but got ${inputs.length}.`);
}

/** A layer's only input shape. */
export function onlyShape(shape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
  return Array.isArray(shape[0]) ? (shape[0] as tfjs.Shape) : (shape as tfjs.Shape);
}

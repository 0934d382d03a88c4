/**
 * What an option may give by name, as an object, or as it stands in a file: how the weights of a
 * layer begin, what holds them small, a layer in a layer.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { knownNames, StarlitError, tf } from "../engine";
import { type Initializer, orthogonal } from "./initializers";

/** Adds to the loss, so that weights stay small; what `tf.regularizers` makes. */
export type Regularizer = ReturnType<typeof tf.regularizers.l2>;

/** Names of initializers, those of `tf.initializers`. */
export type InitializerName = Exclude<keyof typeof tf.initializers, "constant" | "varianceScaling">;

/** Names of regularizers, those of `tf.regularizers`. */
export type RegularizerName = keyof typeof tf.regularizers;

/** An object of a class that TensorFlow.js knows, as it stands in a file. */
export interface Saved {
  className: string;
  config: tfjs.serialization.ConfigDict;
}

/** Whether it is what was saved of an object, and not the object. */
export const isSaved = (value: object): value is Saved => "className" in value && "config" in value;

/** The layer, initializer or regularizer that was saved. */
export function fromSaved<T>({ className, config }: Saved): T {
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (!known) throw new StarlitError(`There is no "${className}": update the library or the file.`);
  const [Kind, fromConfig] = known;
  return fromConfig(Kind, config) as unknown as T;
}

/** What `getConfig` writes of an option, and the functions below read again. */
export function savedForm(
  value: string | tfjs.serialization.Serializable | Saved | null | undefined,
): tfjs.serialization.ConfigDictValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || isSaved(value)) return value as Saved & string;
  return { className: value.getClassName(), config: value.getConfig() };
}

function named<T>(
  layer: string,
  option: string,
  name: string,
  known: Record<string, (options: object) => unknown>,
): T {
  if (Object.keys(known).includes(name)) return known[name]({}) as T;
  throw new StarlitError(
    `${layer}: ${option} "${name}" is unknown: ${knownNames(name, Object.keys(known))}`,
  );
}

/** The initializer that an option asks for. */
export function initializerOf(
  layer: string,
  option: string,
  value: InitializerName | Initializer,
): Initializer {
  if (value === "orthogonal") return orthogonal;
  if (typeof value !== "string") return isSaved(value) ? fromSaved(value) : value;
  return named(layer, option, value, tf.initializers as never);
}

/** The regularizer that an option asks for, if it does. */
export function regularizerOf(
  layer: string,
  option: string,
  value: RegularizerName | Regularizer | null | undefined,
): Regularizer | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "string") return isSaved(value) ? fromSaved(value) : value;
  return named(layer, option, value, tf.regularizers as never);
}

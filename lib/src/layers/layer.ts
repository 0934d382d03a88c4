import type * as tfjs from "@tensorflow/tfjs";
import { listOf } from "./options";

type Symbolic = tfjs.SymbolicTensor;
type StockApply = tfjs.layers.Layer["apply"];

/** What `apply` takes beside the inputs. */
export interface CallOptions {
  /** Whether dropout is on. */
  training?: boolean;
  /** (batch, steps): false at steps that don't count. */
  mask?: tfjs.Tensor | tfjs.Tensor[] | null;
  /** Of a recurrent layer: what it starts with, one tensor (batch, units) a state. */
  initialState?: tfjs.Tensor | tfjs.Tensor[] | Symbolic | Symbolic[];
}

/** A layer of TensorFlow.js with one output: `apply` gives what kind of tensor it gets. */
export interface Layer extends tfjs.layers.Layer {
  /** Puts the layer into the graph of a model. */
  apply(inputs: Symbolic | Symbolic[], options?: CallOptions): Symbolic;
  /** Computes the layer on values. */
  apply(inputs: tfjs.Tensor | tfjs.Tensor[], options?: CallOptions): tfjs.Tensor;
  /** What a stock layer gave may be either. */
  apply(inputs: Parameters<StockApply>[0], options?: CallOptions): tfjs.Tensor | Symbolic;
}

/** A layer of TensorFlow.js with several outputs. */
export interface LayerOfSeveral extends tfjs.layers.Layer {
  /** Puts the layer into the graph of a model. */
  apply(inputs: Symbolic | Symbolic[], options?: CallOptions): Symbolic[];
  /** Computes the layer on values. */
  apply(inputs: tfjs.Tensor | tfjs.Tensor[], options?: CallOptions): tfjs.Tensor[];
  /** What a stock layer gave may be either. */
  apply(inputs: Parameters<StockApply>[0], options?: CallOptions): tfjs.Tensor[] | Symbolic[];
}

/** States given as an option go with the inputs: a model's graph keeps nothing else. */
export function withStates(
  inputs: Parameters<StockApply>[0],
  options: CallOptions = {},
): Parameters<StockApply> {
  const { initialState, ...rest } = options;
  const states = listOf(initialState as tfjs.Tensor | tfjs.Tensor[] | undefined);
  if (states.length === 0) return [inputs, options as object];
  return [[...listOf(inputs as tfjs.Tensor | tfjs.Tensor[]), ...states], rest];
}

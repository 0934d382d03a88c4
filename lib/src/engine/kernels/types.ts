import type * as tfjs from "@tensorflow/tfjs";

/** The recurrent cell: Hochreiter and Schmidhuber's, Cho et al.'s, or Elman's. */
export type RecurrentKind = "lstm" | "gru" | "simpleRnn";

/** What one recurrent layer computes, apart from its weights. */
export interface RecurrentSpec {
  kind: RecurrentKind;
  /** Activation of the candidate, and of an LSTM's output. Softmax runs over the units. */
  activation: "tanh" | "softmax";
  /** GRU only: the reset gate multiplies the product `h·U`, and not `h` itself. */
  resetAfter: boolean;
  /** Read the steps last to first; all states then come out in that order, as in Keras. */
  goBackwards: boolean;
  /** All states `[B, T, H]`, or only the last one `[B, H]`. */
  returnSequences: boolean;
}

/** Tensors of one recurrent layer; `G` is 4 for an LSTM (i f c o), 3 for a GRU (z r h), else 1. */
export interface RecurrentInputs {
  /** `[B, T, E]`, float. */
  x: tfjs.Tensor3D;
  /** `[E, G·H]`. */
  kernel: tfjs.Tensor2D;
  /** `[H, G·H]`. */
  recurrentKernel: tfjs.Tensor2D;
  /** `[G·H]`; `[2, G·H]` (input, recurrent) for a GRU with `resetAfter`. */
  bias: tfjs.Tensor;
  /** `[B, T]`, bool: at a step that is false the states stay as they are. */
  mask?: tfjs.Tensor2D;
}

/** One way to run a recurrent layer. All agree; they differ in speed. */
export interface RecurrentKernel {
  name: "native" | "cudnn" | "block" | "javascript" | "reference";
  /** The states as `RecurrentSpec.returnSequences` says, differentiable by `x` and the weights. */
  run(spec: RecurrentSpec, inputs: RecurrentInputs): tfjs.Tensor;
}

/** Number of blocks of `H` columns in the weights of a kind of cell. */
export const gateCount: Record<RecurrentKind, number> = { lstm: 4, gru: 3, simpleRnn: 1 };

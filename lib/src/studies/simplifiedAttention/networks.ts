import type { layers, LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs";
import { tf } from "../../engine";
import {
  attentionWeights,
  dropout,
  embedding,
  gru,
  lstm,
  meanOverTime,
  positionWeights,
  simpleRnn,
  weightedSum,
} from "../../layers";

/** What makes the weights of the words: the study's LSTM, or what it is compared with. */
export type Weighting = "lstm" | "gru" | "rnn" | "constant" | "attention" | "mean";

/** Hyper-parameters of `network`; the defaults are the study's. */
export interface NetworkOptions {
  /** Words a review, and units of the LSTM: its output is one weight a position. Default 200. */
  length?: number;
  /** Number of word ids, the padding's 0 included. Default 20,000. */
  vocabularySize?: number;
  /** Length of a word's vector. Default 20. */
  embeddingDim?: number;
  /** Rate of both dropouts. Default 0.95. */
  dropout?: number;
  /** Default `lstm`. */
  weighting?: Weighting;
}

/**
 * Embedding → dropout → LSTM with softmax for tanh, whose 200 outputs are the weights of a sum of
 * the undropped word vectors → dropout → sigmoid. Word ids (B, length) in, the probability of a
 * positive review (B, 1) out. 576,821 parameters by default.
 *
 * Compared with it: `gru` and `rnn`, the last state of a GRU or of Elman's layer put through one
 * softmax (our kernels have no softmax inside of them); `constant`, one learned weight a position,
 * whatever the words; `attention`, a softmax over a learned score of each word's vector; and `mean`,
 * the plain mean of the vectors.
 */
export function network({
  length = 200,
  vocabularySize = 20_000,
  embeddingDim = 20,
  dropout: rate = 0.95,
  weighting = "lstm",
}: NetworkOptions = {}): LayersModel {
  const ids = tf.input({ shape: [length], dtype: "int32" });
  const words = embedding({ inputDim: vocabularySize, outputDim: embeddingDim });
  const vectors = words.apply(ids);
  const dropped = dropout({ rate }).apply(vectors);
  const summary = summarize(vectors, dropped, length, weighting);
  const head = tf.layers.dense({
    units: 1,
    activation: "sigmoid",
    kernelRegularizer: tf.regularizers.l1l2({ l1: 1e-5, l2: 1e-4 }),
    biasRegularizer: tf.regularizers.l2({ l2: 1e-4 }),
  });
  const output = head.apply(dropout({ rate }).apply(summary)) as SymbolicTensor;
  return tf.model({ inputs: ids, outputs: output });
}

function summarize(
  vectors: SymbolicTensor,
  dropped: SymbolicTensor,
  length: number,
  weighting: Weighting,
): SymbolicTensor {
  if (weighting === "mean") return meanOverTime().apply(vectors);
  const weights = weigh(dropped, length, weighting);
  return weightedSum().apply([vectors, weights]);
}

function weigh(
  dropped: SymbolicTensor,
  length: number,
  weighting: Exclude<Weighting, "mean">,
): SymbolicTensor {
  const name = "weights";
  const softmax = (state: layers.Layer) =>
    tf.layers.activation({ activation: "softmax", name }).apply(state.apply(dropped));
  switch (weighting) {
    case "lstm":
      return lstm({ units: length, activation: "softmax", name }).apply(dropped);
    case "gru":
      return softmax(gru({ units: length })) as SymbolicTensor;
    case "rnn":
      return softmax(simpleRnn({ units: length })) as SymbolicTensor;
    case "constant":
      return positionWeights({ name }).apply(dropped);
    case "attention":
      return attentionWeights({ name }).apply(dropped);
  }
}

/**
 * The study's loss: binary cross-entropy and an activity penalty of 1e-5 times the squared output,
 * a value a row. (The penalties of the weights belong to the model's layers.)
 */
export function crossentropyWithActivity(yTrue: Tensor, yPred: Tensor): Tensor {
  const rows = tf.metrics.binaryCrossentropy(yTrue.reshape(yPred.shape), yPred);
  return rows.add(yPred.square().sum(-1).mul(1e-5));
}

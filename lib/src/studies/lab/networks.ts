import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs";
import { tf } from "../../engine";
import { attentionWeights, embedding, gru, lstm, meanOverTime, weightedSum } from "../../layers";

/** Sizes of the lab's models; the published ones where they are not given. */
export interface Sizes {
  /** Number of word ids, those of padding, start and unknown words included (5,000). */
  vocabularySize?: number;
  /** Length of a word's vector (32). */
  embeddingDim?: number;
  /** Words of a review (100). */
  reviewLength?: number;
  /** Memory units of a recurrent layer (128). */
  units?: number;
  /** Skip the padding (no). */
  mask?: boolean;
}

type Middle = (vectors: SymbolicTensor, units: number) => SymbolicTensor;

/** Word ids (B, T) → vectors (B, T, E) → one vector a review → probability of a good one (B, 1). */
function labModel(
  {
    vocabularySize = 5000,
    embeddingDim = 32,
    reviewLength = 100,
    units = 128,
    mask = false,
  }: Sizes,
  middle: Middle,
): LayersModel {
  const inputs = tf.input({ shape: [reviewLength], dtype: "int32" });
  const table = { inputDim: vocabularySize, outputDim: embeddingDim, maskZero: mask };
  const review = middle(embedding(table).apply(inputs), units);
  const outputs = tf.layers.dense({ units: 1, activation: "sigmoid" }).apply(review);
  return tf.model({ inputs, outputs: outputs as SymbolicTensor });
}

/** The lab's first model, the mean of the words' vectors: 160,033 parameters. */
export function meanModel(sizes: Sizes = {}): LayersModel {
  return labModel(sizes, (vectors) => meanOverTime().apply(vectors));
}

/** The lab's second model, the last state of an LSTM: 242,561 parameters. */
export function lstmModel(sizes: Sizes = {}): LayersModel {
  return labModel(sizes, (vectors, units) => lstm({ units }).apply(vectors));
}

/** An extension of the lab, the last state of a GRU: 222,337 parameters. */
export function gruModel(sizes: Sizes = {}): LayersModel {
  return labModel(sizes, (vectors, units) => gru({ units }).apply(vectors));
}

/**
 * An extension of the lab, a weighted mean of all states of an LSTM, the weights being learned:
 * 242,690 parameters.
 */
export function attentionModel(sizes: Sizes = {}): LayersModel {
  return labModel(sizes, (vectors, units) => {
    const states = lstm({ units, returnSequences: true }).apply(vectors);
    const weights = attentionWeights().apply(states);
    return weightedSum().apply([states, weights]);
  });
}

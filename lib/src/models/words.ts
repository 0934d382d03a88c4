import type { SymbolicTensor } from "@tensorflow/tfjs";
import { tf } from "../engine";
import { dropout, embedding } from "../layers";

/** Sizes of a table of word vectors, and how much of them is dropped while training. */
export interface WordVectors {
  vocabularySize: number;
  embeddingDim: number;
  /** Id 0 is padding, which later layers skip. */
  mask: boolean;
  /** Rate of the dropout. */
  dropout: number;
}

/** Word ids (B, T) to their vectors (B, T, E), some values dropped while training. */
export function embedWords(ids: SymbolicTensor, options: WordVectors): SymbolicTensor {
  const { vocabularySize: inputDim, embeddingDim: outputDim, mask: maskZero } = options;
  const vectors = embedding({ inputDim, outputDim, maskZero }).apply(ids);
  return dropout({ rate: options.dropout }).apply(vectors);
}

/** Two vectors a row, one behind the other: (B, A) and (B, C) to (B, A + C). */
export function join(first: SymbolicTensor, second: SymbolicTensor): SymbolicTensor {
  return tf.layers.concatenate().apply([first, second]) as SymbolicTensor;
}

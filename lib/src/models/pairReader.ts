import type { layers, SymbolicTensor } from "@tensorflow/tfjs";
import { tf } from "../engine";
import {
  attentionWeights,
  dropout,
  embedding,
  lstm,
  meanOverTime,
  weightedSum,
  wordDropout,
  wordPairs,
} from "../layers";

/** Sizes and rates of `readPairs`. */
export interface PairReader {
  /** Number of word ids: 0 pads, 1 stands for unknown words. */
  vocabularySize: number;
  /** Length of a word's vector. */
  embeddingDim: number;
  /** Rows of the table of pairs, see `wordPairs`. */
  pairBuckets: number;
  /** Length of a pair's vector. */
  pairDim: number;
  /** Units of the LSTM that says where to look; 0 for none: the means alone. */
  units: number;
  /** Rate of the dropouts before the LSTM and before the score of its states. */
  dropout: number;
  /** Share of the words that are hidden while training. */
  wordDropout: number;
  /** Id that hidden words get, that of unknown words. Default 1. */
  unknown?: number;
}

/**
 * Sums up a text of word ids (B, T) as the vectors of its words and of its pairs of neighbouring words
 * (B, 2 · (E + P)): their plain means beside their sums weighted by attention. The LSTM's states make
 * the weights and nothing else, so that what is learned by heart is a vector a word, as in a bag of
 * words, and what is learned of order is where to look. Its layer `attention` gives the weights
 * (B, T), each row with the sum 1 and 0 on padding.
 */
export function readPairs(ids: SymbolicTensor, options: PairReader): SymbolicTensor {
  const { vocabularySize, embeddingDim, pairBuckets, pairDim, units, unknown } = options;
  const table = (inputDim: number, outputDim: number) =>
    embedding({ inputDim, outputDim, maskZero: true });
  const apply = (layer: layers.Layer, inputs: SymbolicTensor | SymbolicTensor[]) =>
    layer.apply(inputs) as SymbolicTensor;

  const shown = apply(wordDropout({ rate: options.wordDropout, unknown }), ids);
  const words = apply(table(vocabularySize, embeddingDim), shown);
  const numbers = apply(wordPairs({ buckets: pairBuckets }), shown);
  const pairs = apply(table(pairBuckets, pairDim), numbers);
  const means = [words, pairs].map((vectors) => apply(meanOverTime(), vectors));
  if (units === 0) return apply(tf.layers.concatenate(), means);

  const read = apply(dropout({ rate: options.dropout }), words);
  const states = apply(lstm({ units, returnSequences: true }), read);
  const scored = apply(dropout({ rate: options.dropout }), states);
  const weights = apply(attentionWeights({ name: "attention" }), scored);
  const sums = [words, pairs].map((vectors) => apply(weightedSum(), [vectors, weights]));
  return apply(tf.layers.concatenate(), [...means, ...sums]);
}

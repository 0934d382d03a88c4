import type { LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs";
import { tf } from "../engine";
import { attentionWeights, dropout, gru, lstm, meanOverTime, weightedSum } from "../layers";
import { type PairReader, readPairs } from "./pairReader";
import { embedWords, join } from "./words";

/** Hyper-parameters of a network that looks back at all it has read. */
export interface ReviewReader {
  recurrent: "gru" | "lstm";
  /** Memory units of the recurrent layer. */
  units: number;
  /**
   * What the choice is made from: the mean of all states beside a mean weighted by attention, or
   * the last state alone; with `pairs` the vectors of words and of pairs of words, of which an LSTM
   * says where to look (`readPairs`).
   */
  reading: "mean and attention" | "last state" | "pairs";
  /** Of the reading `pairs`: its table, and the share of the words that are hidden while training. */
  pairs?: Pick<PairReader, "pairBuckets" | "pairDim" | "wordDropout">;
  /** Padding moves no state and counts in no mean. */
  mask: boolean;
  /** Dropout rates of the words' vectors and of what was read. */
  dropout: readonly [words: number, read: number];
  vocabularySize: number;
  embeddingDim: number;
  /** Number of classes; five stars in the study. Default 5. */
  classes?: number;
}

/**
 * Embedding → dropout → one recurrent layer → its states, summed up → dropout → softmax; or, with the
 * reading `pairs`, the vectors themselves. Word ids
 * (B, T) in, probabilities of the classes (B, classes) out.
 */
export function reviewReader(options: ReviewReader): LayersModel {
  const { dropout: rates, classes = 5 } = options;
  const [wordRate, readRate] = rates;
  const ids = tf.input({ shape: [null], dtype: "int32" });
  const summary =
    options.reading === "pairs" && options.pairs
      ? readPairs(ids, { ...options, ...options.pairs, dropout: wordRate })
      : readStates(ids, options);
  const read = dropout({ rate: readRate }).apply(summary);
  const output = tf.layers.dense({ units: classes, activation: "softmax" }).apply(read);
  return tf.model({ inputs: ids, outputs: output as SymbolicTensor });
}

function readStates(ids: SymbolicTensor, options: ReviewReader): SymbolicTensor {
  const { units, reading } = options;
  const words = embedWords(ids, { ...options, dropout: options.dropout[0] });
  const returnSequences = reading !== "last state";
  const recurrent = options.recurrent === "gru" ? gru : lstm;
  const states = recurrent({ units, returnSequences }).apply(words);
  return returnSequences ? meanAndAttention(states) : states;
}

function meanAndAttention(states: SymbolicTensor): SymbolicTensor {
  const weights = attentionWeights({ name: "attention" }).apply(states);
  const attended = weightedSum().apply([states, weights]);
  const mean = meanOverTime().apply(states);
  return join(mean, attended);
}

/**
 * A loss for classes in an order: cross-entropy plus the ranked probability score (Epstein 1969),
 * the squared distance of the cumulated probabilities, so that a mass far from the true class costs
 * more than one beside it. One-hot targets and probabilities (B, classes) to one value a row (B).
 */
export function ordinalCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const distance = yTrue.cumsum(1).sub(yPred.cumsum(1)).square().sum(1);
  return tf.metrics.categoricalCrossentropy(yTrue, yPred).add(distance);
}

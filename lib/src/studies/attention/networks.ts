import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs";
import { StarlitError, tf } from "../../engine";
import {
  attentionWeights,
  dropout,
  embedding,
  lstm,
  meanOverTime,
  simpleRnn,
  weightedSum,
  wordDropout,
} from "../../layers";
import { type PairReader, readPairs } from "../../models/pairReader";
import { embedWords, join } from "../../models/words";

/** Hyper-parameters of the models that are compared on film reviews and on tweets. */
export interface ClassifierOptions {
  /** Number of word ids: 0 pads, 1 stands for unknown words. */
  vocabularySize: number;
  /** 1: a probability by sigmoid; more: probabilities of the classes by softmax. Default 1. */
  classes?: number;
  /** Length of a word's vector. Default 100. */
  embeddingDim?: number;
  /** Memory units of the LSTM or of Elman's layer, width of the hidden layer. Default 128. */
  units?: number;
  /** Rate of the dropouts after the embedding and before the output. Default 0. */
  dropout?: number;
  /** Padding gets no attention and moves no state. Default true. */
  mask?: boolean;
  /** Of the family `flat`: words a text (T). */
  length?: number;
  /** Of the family `pairs`: what it has beside the other options. */
  pairs?: Omit<PairReader, "vocabularySize" | "embeddingDim" | "units" | "dropout">;
  /**
   * Of the family `pairs`: a second input beside the ids, the numbers of the words' pieces (B, C), see
   * `spellingIds`; what is read is the mean of their vectors.
   */
  spelling?: SpellingReader;
}

/** How the pieces of words are read. */
export interface SpellingReader {
  /** Numbers of pieces: 0 is none. */
  buckets: number;
  /** Length of a piece's vector. */
  dim: number;
  /** Share of the pieces that are left out while training. */
  hidden: number;
}

/** The family of a classifier in study 4. */
export type Family = "lstm-attention" | "ffnn" | "flat" | "rnn" | "pairs";

const familyNames: readonly Family[] = ["lstm-attention", "ffnn", "flat", "rnn", "pairs"];

/**
 * The classifiers of study 4, word ids (B, T) to a probability (B, 1) or to probabilities
 * (B, classes):
 * - `lstm-attention`: embedding → LSTM → linear score a step → softmax over time → weighted sum;
 *   its layer `attention` gives the weights (B, T), see `attentionOf`.
 * - `ffnn`: embedding → mean over the words → dense layer with ReLU.
 * - `flat`: embedding → the vectors of all places side by side → dense layer with ReLU; it needs `length`.
 * - `rnn`: embedding → Elman's layer → its last state.
 * - `pairs`: vectors of words and of pairs of words, an LSTM says where to look, see `readPairs`; its
 *   padding is always masked, and with 0 units it is the plain mean of the vectors.
 * All end in a dense layer with sigmoid, or with softmax over the classes.
 */
export function classifier(family: Family, options: ClassifierOptions): LayersModel {
  const { vocabularySize, classes = 1, embeddingDim = 100, mask = true } = options;
  const { units = 128, dropout: rate = 0, pairs } = options;
  if (family === "flat" && !options.length) {
    throw new StarlitError('The family "flat" needs the option `length`: the words of each text.');
  }
  const steps = family === "flat" ? options.length! : null;
  const ids = tf.input({ shape: [steps], dtype: "int32" });
  const sizes = { vocabularySize, embeddingDim, units };
  const summarized =
    family === "pairs" && pairs
      ? readPairs(ids, { ...sizes, ...pairs, dropout: rate })
      : summarize(family, embedWords(ids, { ...sizes, mask, dropout: rate }), units);
  const pieces = options.spelling && tf.input({ shape: [null], dtype: "int32" });
  const read = pieces ? join(summarized, meanOfPieces(pieces, options.spelling!)) : summarized;
  const summary = dropout({ rate }).apply(read);
  const activation = classes === 1 ? "sigmoid" : "softmax";
  const output = tf.layers.dense({ units: classes, activation }).apply(summary) as SymbolicTensor;
  return tf.model({ inputs: pieces ? [ids, pieces] : ids, outputs: output });
}

function meanOfPieces(
  pieces: SymbolicTensor,
  { buckets, dim, hidden }: SpellingReader,
): SymbolicTensor {
  const shown = wordDropout({ rate: hidden, unknown: 0 }).apply(pieces);
  const table = embedding({ inputDim: buckets, outputDim: dim, maskZero: true });
  return meanOverTime().apply(table.apply(shown));
}

function summarize(family: Family, words: SymbolicTensor, units: number): SymbolicTensor {
  switch (family) {
    case "lstm-attention": {
      const states = lstm({ units, returnSequences: true }).apply(words);
      const weights = attentionWeights({ name: "attention" }).apply(states);
      return weightedSum().apply([states, weights]);
    }
    case "ffnn": {
      const mean = meanOverTime().apply(words);
      return tf.layers.dense({ units, activation: "relu" }).apply(mean) as SymbolicTensor;
    }
    case "flat": {
      const vectors = tf.layers.flatten().apply(words);
      return tf.layers.dense({ units, activation: "relu" }).apply(vectors) as SymbolicTensor;
    }
    case "rnn":
      return simpleRnn({ units }).apply(words);
    case "pairs":
      throw new StarlitError('The family "pairs" needs the option `pairs`: give it its sizes.');
    default:
      throw new StarlitError(
        `There is no model "${String(family)}": use ${familyNames.join(", ")}.`,
      );
  }
}

/**
 * A model that shares all weights with a classifier that attends and gives its attention:
 * word ids (B, T) to weights (B, T), each row with the sum 1 and 0 on padding.
 */
export function attentionOf(model: LayersModel): LayersModel {
  const weights = model.getLayer("attention").output as SymbolicTensor;
  return tf.model({ inputs: model.inputs[0], outputs: weights });
}

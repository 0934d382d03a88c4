import type { layers, LayersModel, SymbolicTensor, Tensor, Tensor1D } from "@tensorflow/tfjs";
import { StarlitError, tf } from "../../engine";
import {
  attentionWeights,
  dropout,
  gru,
  lstm,
  maxOverTime,
  meanOverTime,
  simpleRnn,
  weightedSum,
  wordDropout,
} from "../../layers";
import { type PairReader, readPairs } from "../../models/pairReader";
import { embedWords, join } from "../../models/words";

/** Columns of the six models' input: the words of the longest training review. */
const WIDTH = 2470;

/** PyTorch's slope below zero; Keras's is 0.3. */
const leakyRelu = () => tf.layers.leakyReLU({ alpha: 0.01 });

/** PyTorch's batch normalization: its momentum of 0.1 is Keras's of 0.9. */
const batchNorm = () => tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 });

/**
 * PyTorch's first weights of dense layers and convolutions: uniform up to 1 / √inputs. Biases begin
 * with zero, and the recurrent layers with Keras's weights.
 */
const torchUniform = () =>
  tf.initializers.varianceScaling({ scale: 1 / 3, mode: "fanIn", distribution: "uniform" });

/** A dense layer and Leaky-ReLU; with `normalized`, batch normalization after the activation. */
function dense(units: number, normalized = false): layers.Layer[] {
  const plain = [tf.layers.dense({ units, kernelInitializer: torchUniform() }), leakyRelu()];
  return normalized ? [...plain, batchNorm()] : plain;
}

const conv = (filters: number, kernelSize: number, strides: number) =>
  tf.layers.conv1d({ filters, kernelSize, strides, kernelInitializer: torchUniform() });

/** The vector as a sequence of a single step: how a recurrent layer of 2,470 inputs can read it. */
const oneStep = (width: number) => tf.layers.reshape({ targetShape: [1, width] });

function chain(stack: readonly layers.Layer[]): LayersModel {
  const inputs = tf.input({ shape: [WIDTH] });
  const outputs = stack.reduce((tensor, layer) => layer.apply(tensor) as SymbolicTensor, inputs);
  return tf.model({ inputs, outputs });
}

/** Model A, eight dense layers, the output normalized as well: (B, 2470) to (B, 1). */
export function mlp(): LayersModel {
  const normalized = [1024, 1024, 512, 64, 12, 12, 1].flatMap((units) => dense(units, true));
  return chain([...dense(2048), ...normalized]);
}

/** Model B, three of Elman's layers: (B, 2470) to (B, 1). */
export function rnn(): LayersModel {
  return chain([
    oneStep(WIDTH),
    simpleRnn({ units: 1024, returnSequences: true }),
    simpleRnn({ units: 512, returnSequences: true }),
    simpleRnn({ units: 256 }),
    ...dense(12),
    dropout({ rate: 0.01 }),
    ...dense(1),
    dropout({ rate: 0.01 }),
    leakyRelu(),
  ]);
}

const head = () => [...dense(64), ...dense(12), ...dense(1)];

/** Model C, one LSTM: (B, 2470) to (B, 1). */
export function lstm1(): LayersModel {
  return chain([oneStep(WIDTH), lstm({ units: 512 }), ...head()]);
}

const twoLstm = () => [lstm({ units: 128, returnSequences: true }), lstm({ units: 128 })];

/** Model D, two LSTMs: (B, 2470) to (B, 1). */
export function lstm2(): LayersModel {
  return chain([oneStep(WIDTH), ...twoLstm(), ...head()]);
}

/**
 * Model E, two convolutions before model D: (B, 2470) to (B, 1). Their sizes were not published. Ours
 * give the published 3,984 numbers: the first reads 7 words at a time into 8 channels (352 places),
 * the second 21 of these places into 12 channels (332 places, 12 × 332 = 3,984). As in the listing,
 * no activation follows them.
 */
export function cnnLstm(): LayersModel {
  return chain([
    tf.layers.reshape({ targetShape: [WIDTH, 1] }),
    conv(8, 7, 7),
    conv(12, 21, 1),
    tf.layers.flatten(),
    ...dense(WIDTH),
    oneStep(WIDTH),
    ...twoLstm(),
    ...head(),
  ]);
}

/** Model F, two GRUs and eight dense layers: (B, 2470) to (B, 1). */
export function gru2(): LayersModel {
  return chain([
    oneStep(WIDTH),
    gru({ units: 256, returnSequences: true }),
    gru({ units: 256 }),
    ...[200, 64, 12].flatMap((units) => dense(units, true)),
    ...dense(12),
    ...[10, 5, 5].flatMap((units) => dense(units, true)),
    ...dense(1),
  ]);
}

const layerNames: Record<string, string> = {
  Dense: "dense",
  Conv1D: "convolution",
  SimpleRnn: "rnn",
  Lstm: "lstm",
  Gru: "gru",
};

/**
 * The sizes of a chain's layers in their order, such as "lstm 128, 128; dense 64, 12, 1"; a star says
 * that batch normalization follows.
 */
export function layerSizes(model: LayersModel): string {
  const groups: { name: string; sizes: string[] }[] = [];
  for (const layer of model.layers) {
    const name = layer.getClassName();
    const { units, filters } = layer.getConfig();
    const group = groups.at(-1);
    if (name === "BatchNormalization" && group) group.sizes.push(`${group.sizes.pop()}*`);
    if (!(name in layerNames)) continue;
    const size = String(units ?? filters);
    if (group?.name === name) group.sizes.push(size);
    else groups.push({ name, sizes: [size] });
  }
  return groups.map(({ name, sizes }) => `${layerNames[name]} ${sizes.join(", ")}`).join("; ");
}

/** How a sequence of words becomes one vector, see `sequenceReader`. */
export type Encoder = "rnn-pooled" | "lstm-last" | "gru-pooled" | "attention" | "pairs";

/** What the last layer says of a review, see `sequenceReader`. */
export type Head = "classes" | "ordinal" | "number";

/** Hyper-parameters of `sequenceReader`. */
export interface SequenceReader {
  encoder: Encoder;
  head: Head;
  /** The ratings that occur, in order. */
  classes: readonly number[];
  /** Number of word ids: 0 pads, 1 stands for unknown words. */
  vocabularySize: number;
  /** Length of a word's vector. */
  embeddingDim: number;
  /** Units of the recurrent layer. */
  units: number;
  /** Rate of the dropouts after the embedding and before the head. */
  dropout: number;
  /** Share of the words that are hidden while training. Default 0. */
  wordDropout?: number;
  /** Of the encoder `pairs`: rows of the table of pairs, and length of a pair's vector. */
  pairs?: Pick<PairReader, "pairBuckets" | "pairDim">;
  /** Numbers of metadata a review, a second input beside the words; 0 for none. Default 0. */
  metadata?: number;
}

/**
 * Reads a review word by word: ids (B, T), and with `metadata` M numbers (B, M), to a rating.
 *
 * Encoders: `lstm-last`, the last state of an LSTM; `rnn-pooled` and `gru-pooled`, the mean and the
 * largest value of each unit over the words, of Elman's layer and of a GRU; `attention`, the mean of
 * a GRU's states beside their sum with learned weights; `pairs`, the vectors of words and of pairs of
 * words, of which an LSTM says where to look (`readPairs`).
 *
 * Heads: `classes`, a probability of each rating (B, K) by softmax; `ordinal`, of each rating but the
 * first the probability that it is reached (B, K − 1) by sigmoid (Frank and Hall 2001); `number`, the
 * rating itself (B, 1).
 */
export function sequenceReader(options: SequenceReader): LayersModel {
  const { encoder, dropout: rate, wordDropout: hidden = 0, pairs, metadata = 0 } = options;
  const ids = tf.input({ shape: [null], dtype: "int32" });
  const encoded =
    encoder === "pairs" && pairs
      ? readPairs(ids, { ...options, ...pairs, wordDropout: hidden })
      : encode(encoder, embedded(ids, options), options.units);
  const known = metadata > 0 ? tf.input({ shape: [metadata] }) : undefined;
  const dropped = dropout({ rate }).apply(known ? join(encoded, known) : encoded);
  const outputs = headLayer(options).apply(dropped) as SymbolicTensor;
  return tf.model({ inputs: known ? [ids, known] : ids, outputs });
}

function embedded(ids: SymbolicTensor, options: SequenceReader): SymbolicTensor {
  const shown = wordDropout({ rate: options.wordDropout ?? 0 }).apply(ids);
  return embedWords(shown, { ...options, mask: true });
}

function encode(encoder: Encoder, words: SymbolicTensor, units: number): SymbolicTensor {
  switch (encoder) {
    case "lstm-last":
      return lstm({ units }).apply(words);
    case "rnn-pooled":
      return pool(simpleRnn({ units, returnSequences: true }).apply(words));
    case "gru-pooled":
      return pool(gru({ units, returnSequences: true }).apply(words));
    case "attention": {
      const states = gru({ units, returnSequences: true }).apply(words);
      const weights = attentionWeights({ name: "attention" }).apply(states);
      const attended = weightedSum().apply([states, weights]);
      return join(meanOverTime().apply(states), attended);
    }
    case "pairs":
      throw new StarlitError('The encoder "pairs" needs the option `pairs`: give it its sizes.');
    default:
      throw new StarlitError(`There is no encoder "${String(encoder)}".`);
  }
}

function pool(states: SymbolicTensor): SymbolicTensor {
  const [mean, largest] = [meanOverTime().apply(states), maxOverTime().apply(states)];
  return join(mean, largest);
}

function headLayer({ head, classes }: SequenceReader): layers.Layer {
  switch (head) {
    case "classes":
      return tf.layers.dense({ units: classes.length, activation: "softmax" });
    case "ordinal":
      return tf.layers.dense({ units: classes.length - 1, activation: "sigmoid" });
    case "number": {
      // From 0 the first epochs would only find the middle of the scale.
      const middle = classes.reduce((sum, rating) => sum + rating, 0) / classes.length;
      return tf.layers.dense({
        units: 1,
        biasInitializer: tf.initializers.constant({ value: middle }),
      });
    }
  }
}

/**
 * The loss of a predicted distribution over ratings: the squared distance of its cumulated
 * probabilities from those of the true rating, summed over the scale, so that it is in points and a
 * probability far from the truth costs more than one beside it (the continuous ranked probability
 * score, Gneiting and Raftery 2007).
 *
 * @param classes the ratings that occur, in order
 * @returns a loss for numbers of classes (B) and probabilities (B, K): one value a row (B)
 */
export function rankedProbabilityScore(
  classes: readonly number[],
): (yTrue: Tensor, yPred: Tensor) => Tensor {
  const gaps = classes.slice(1).map((rating, k) => rating - classes[k]);
  return (yTrue, yPred) => {
    const truth = tf.oneHot(yTrue.flatten().toInt() as Tensor1D, classes.length).toFloat();
    const distance = yPred.sub(truth).cumsum(1).slice([0, 0], [-1, gaps.length]);
    return distance.square().mul(tf.tensor1d(gaps)).sum(1);
  };
}

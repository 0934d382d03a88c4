import type { layers, LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../engine";
import { dropout, gru, lstm, simpleRnn } from "../layers";

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
  const outputs = stack.reduce(
    (tensor, layer) => layer.apply(tensor) as SymbolicTensor,
    inputs as SymbolicTensor,
  );
  return tf.model({ inputs, outputs });
}

/** Model A, eight dense layers, the output normalized as well: (B, 2470) to (B, 1). */
export function ratingMlp(): LayersModel {
  const normalized = [1024, 1024, 512, 64, 12, 12, 1].flatMap((units) => dense(units, true));
  return chain([...dense(2048), ...normalized]);
}

/** Model B, three of Elman's layers: (B, 2470) to (B, 1). */
export function ratingRnn(): LayersModel {
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
export function ratingLstm1(): LayersModel {
  return chain([oneStep(WIDTH), lstm({ units: 512 }), ...head()]);
}

const twoLstm = () => [lstm({ units: 128, returnSequences: true }), lstm({ units: 128 })];

/** Model D, two LSTMs: (B, 2470) to (B, 1). */
export function ratingLstm2(): LayersModel {
  return chain([oneStep(WIDTH), ...twoLstm(), ...head()]);
}

/**
 * Model E, two convolutions before model D: (B, 2470) to (B, 1). Their sizes were not published. Ours
 * give the published 3,984 numbers: the first reads 7 words at a time into 8 channels (352 places),
 * the second 21 of these places into 12 channels (332 places, 12 × 332 = 3,984). As in the listing,
 * no activation follows them.
 */
export function ratingCnnLstm(): LayersModel {
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
export function ratingGru2(): LayersModel {
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

import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { cudnnKernel, type CudnnOptions } from "../lib/src/engine/kernels/cudnn";
import type { executeOp } from "../lib/src/engine/kernels/operations";
import { tf, usesGpu } from "../lib/src/engine/tensorflow";

/*
 * A stand-in for TensorFlow's operations on cuDNN where there is no GPU: the formulas and the order of
 * the weights as cuDNN's documentation of cudnnRNNForward and cudnnGetRNNWeightParams has them.
 */

type Mode = "lstm" | "gru" | "rnn_tanh";
type Attributes = Parameters<typeof executeOp>[1];

const gates: Record<Mode, number> = { lstm: 4, gru: 3, rnn_tanh: 1 };

/** How often each operation was called. */
export const calls = { forward: 0, backward: 0 };

/** States `[B, T, H]`, 0 after a row's end, and each row's last `h` and `c` `[B, H]`. */
function forward(mode: Mode, x: tfjs.Tensor, weights: tfjs.Tensor, units: number, ends: number[]) {
  const [batch, steps, features] = x.shape;
  const count = gates[mode];
  let start = 0;
  const take = (...shape: number[]) => {
    const size = tf.util.sizeFromShape(shape);
    start += size;
    return weights.slice([start - size], [size]).reshape<tfjs.Tensor2D>(shape);
  };
  const each = (...shape: number[]) => Array.from({ length: count }, () => take(...shape));
  const [w, r, bw, br] = [each(units, features), each(units, units), each(units), each(units)];
  if (start !== weights.size) throw new Error(`${weights.size} weights, not ${start}`);
  let h = tf.zeros([batch, units]);
  let c = tf.zeros([batch, units]);
  const states: tfjs.Tensor[] = [];
  for (let step = 0; step < steps; step++) {
    const at = x
      .slice([0, step, 0], [batch, 1, features])
      .reshape<tfjs.Tensor2D>([batch, features]);
    const ofInput = (gate: number) => tf.matMul(at, w[gate], false, true).add(bw[gate]);
    const ofState = (gate: number) => tf.matMul(h, r[gate], false, true).add(br[gate]);
    const sum = (gate: number) => ofInput(gate).add(ofState(gate));
    let next: tfjs.Tensor;
    let nextCell: tfjs.Tensor = c;
    if (mode === "lstm") {
      const [i, f, o] = [0, 1, 3].map((gate) => sum(gate).sigmoid());
      nextCell = f.mul(c).add(i.mul(sum(2).tanh()));
      next = o.mul(nextCell.tanh());
    } else if (mode === "gru") {
      const [reset, update] = [0, 1].map((gate) => sum(gate).sigmoid());
      const candidate = ofInput(2)
        .add(reset.mul(ofState(2)))
        .tanh();
      next = tf.sub(1, update).mul(candidate).add(update.mul(h));
    } else {
      next = sum(0).tanh();
    }
    const reads = tf.tensor2d(ends.map((end) => [Number(step < end)]));
    const keeps = tf.sub(1, reads);
    states.push(next.mul(reads));
    h = next.mul(reads).add(h.mul(keeps));
    c = nextCell.mul(reads).add(c.mul(keeps));
  }
  return { states: tf.stack(states, 1), h, c };
}

/** Runs `work` with a tape of its own, as TensorFlow.js knows no gradient within a gradient. */
function apart<T>(work: () => T): T {
  const { state } = tf.engine();
  const { gradientDepth, activeTape } = state;
  Object.assign(state, { gradientDepth: 0, activeTape: null });
  try {
    return work();
  } finally {
    Object.assign(state, { gradientDepth, activeTape });
  }
}

/** `executeOp` for `CudnnRNNV3` and `CudnnRNNBackpropV3`. */
export const emulated: typeof executeOp = (name, attributes, inputs, outputs) => {
  const { string: mode } = (attributes as Attributes).rnn_mode as unknown as { string: Mode };
  const timeMajor = attributes.time_major === true;
  const [given, start, , weights, lengths] = inputs;
  const turn = (sequences: tfjs.Tensor) =>
    timeMajor ? tf.transpose(sequences, [1, 0, 2]) : sequences;
  const run = (x: tfjs.Tensor, weights: tfjs.Tensor) =>
    forward(mode, turn(x), weights, start.shape[2]!, [...lengths.dataSync()]);
  if (lengths.dataSync().some((length) => length < 1)) throw new Error("a row without a step");
  if (name === "CudnnRNNV3") {
    if (inputs.length !== 5 || outputs !== 5) throw new Error(`${name}: wrong number of tensors`);
    calls.forward++;
    return apart(() => {
      const { states, h, c } = run(given, weights);
      const cell = mode === "lstm" ? c.reshape(start.shape) : tf.scalar(0);
      return [turn(states), h.reshape(start.shape), cell, tf.zeros([7]), tf.scalar(0)];
    });
  }
  if (name !== "CudnnRNNBackpropV3" || inputs.length !== 13 || outputs !== 4) {
    throw new Error(`${name}: unknown, or a wrong number of tensors`);
  }
  calls.backward++;
  const [toStates, toLast] = inputs.slice(8, 10);
  return apart(() => {
    const [toX, toWeights] = tf.grads((x: tfjs.Tensor, weights: tfjs.Tensor) => {
      const { states, h } = run(x, weights);
      return turn(states).mul(toStates).sum().add(h.reshape(start.shape).mul(toLast).sum());
    })([given, weights]);
    return [toX, tf.scalar(0), tf.scalar(0), toWeights];
  });
};

/** The kernel on cuDNN; where there is no GPU, on its formulas. */
export const cudnnHere = (options: CudnnOptions = {}) =>
  cudnnKernel(usesGpu() ? options : { ...options, execute: emulated });

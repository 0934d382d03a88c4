import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { gateCount, type RecurrentInputs, type RecurrentKernel, type RecurrentSpec } from "./types";

type States = { h: tfjs.Tensor2D; c?: tfjs.Tensor2D };

/**
 * Recurrent layers in plain TensorFlow.js operations, a step at a time, as the formulas of Keras 3
 * are written. Slow and always there: the other kernels are tested against it.
 */
export const reference: RecurrentKernel = {
  name: "reference",
  run: (spec, inputs) => tf.tidy(() => run(spec, inputs)),
};

/** What only this kernel can do beside. */
export interface StepInputs extends RecurrentInputs {
  /** What the layer starts with, `[B, H]` each: h, and c of an LSTM; zeros where not given. */
  initialState?: tfjs.Tensor2D[];
  /** What the input is multiplied by on its way into each gate, `[B, E]`: a mask of dropout. */
  inputMasks?: tfjs.Tensor2D[];
  /** What the state is multiplied by on its way into each gate, `[B, H]`. */
  stateMasks?: tfjs.Tensor2D[];
}

function run(spec: RecurrentSpec, inputs: RecurrentInputs): tfjs.Tensor {
  return runSteps(spec, inputs).output;
}

/** The output, and the states after the last step: h, and c of an LSTM. */
export function runSteps(
  spec: RecurrentSpec,
  inputs: StepInputs,
): { output: tfjs.Tensor; states: tfjs.Tensor2D[] } {
  const [batch, steps] = inputs.x.shape;
  const units = inputs.recurrentKernel.shape[0];
  const twoBiases = spec.kind === "gru" && spec.resetAfter;
  const [inputBias, recurrentBias] = twoBiases ? tf.unstack(inputs.bias) : [inputs.bias, undefined];
  const projected = project(spec, inputs).add(inputBias);
  // tfjs has no gradient for an unstack into one tensor.
  const projections = (
    steps > 1 ? tf.unstack(projected, 1) : [tf.squeeze(projected, [1])]
  ) as tfjs.Tensor2D[];
  const masks = inputs.mask && (tf.unstack(inputs.mask.toBool(), 1) as tfjs.Tensor1D[]);

  const zeros = tf.zeros([batch, units]) as tfjs.Tensor2D;
  const [h, c] = inputs.initialState ?? [zeros, zeros];
  let states: States = spec.kind === "lstm" ? { h, c } : { h };
  let output = zeros;
  const outputs: tfjs.Tensor2D[] = [];
  for (let step = 0; step < steps; step++) {
    const t = spec.goBackwards ? steps - 1 - step : step;
    const next = cell(spec, projections[t], states, inputs, recurrentBias);
    // In Keras a masked step gives the output before it, which is not the state at the beginning.
    output = masks ? where(masks[t], next.h, output) : next.h;
    states = masks ? keepWhereMasked(masks[t], next, states) : next;
    outputs.push(output);
  }
  return {
    output: spec.returnSequences ? tf.stack(outputs, 1) : output,
    states: states.c ? [states.h, states.c] : [states.h],
  };
}

/** The input times the kernel, `[B, T, G·H]`; with masks each gate has an input of its own. */
function project(spec: RecurrentSpec, { x, kernel, inputMasks }: StepInputs): tfjs.Tensor3D {
  const [batch, steps, features] = x.shape;
  const product = (values: tfjs.Tensor3D, weights: tfjs.Tensor2D) =>
    tf
      .matMul(tf.reshape(values, [batch * steps, features]), weights)
      .reshape<tfjs.Tensor3D>([batch, steps, weights.shape[1]]);
  if (!inputMasks) return product(x, kernel);
  const perGate = blocksOf(kernel, gateCount[spec.kind]);
  return tf.concat(
    inputMasks.map((mask, i) => product(tf.mul(x, tf.expandDims(mask, 1)), perGate[i])),
    2,
  );
}

/** Keras's `where(mask, new, old)`, for each state. */
function keepWhereMasked(mask: tfjs.Tensor1D, next: States, previous: States): States {
  return {
    h: where(mask, next.h, previous.h),
    c: next.c && previous.c && where(mask, next.c, previous.c),
  };
}

const where = (mask: tfjs.Tensor1D, a: tfjs.Tensor2D, b: tfjs.Tensor2D) =>
  tf.where(mask.expandDims(1).tile([1, a.shape[1]]), a, b) as tfjs.Tensor2D;

function cell(
  spec: RecurrentSpec,
  projection: tfjs.Tensor2D,
  states: States,
  inputs: StepInputs,
  recurrentBias?: tfjs.Tensor,
): States {
  if (spec.kind === "lstm") return lstmCell(spec, projection, states, inputs);
  if (spec.kind === "gru") return gruCell(projection, states, inputs, recurrentBias);
  const sum: tfjs.Tensor = tf.add(projection, recur(states.h, inputs.recurrentKernel, inputs));
  return { h: tf.tanh(sum as tfjs.Tensor2D) };
}

/** The state as a gate gets it. */
function intoGate(h: tfjs.Tensor2D, { stateMasks }: StepInputs, gate: number): tfjs.Tensor2D {
  return stateMasks ? tf.mul<tfjs.Tensor2D>(h, stateMasks[gate]) : h;
}

/** As many blocks of columns; tfjs has no gradient for a split into one. */
function blocksOf(weights: tfjs.Tensor2D, count: number): tfjs.Tensor2D[] {
  return count === 1 ? [weights] : tf.split(weights, count, 1);
}

/** The state times these columns of the recurrent kernel, a block of them for each gate. */
function recur(
  h: tfjs.Tensor2D,
  recurrentKernel: tfjs.Tensor2D,
  inputs: StepInputs,
): tfjs.Tensor2D {
  if (!inputs.stateMasks) return tf.matMul(h, recurrentKernel);
  const blocks = blocksOf(recurrentKernel, recurrentKernel.shape[1] / h.shape[1]);
  const products = blocks.map((block, gate) => tf.matMul(intoGate(h, inputs, gate), block));
  return tf.concat(products, 1) as tfjs.Tensor2D;
}

function lstmCell(
  spec: RecurrentSpec,
  projection: tfjs.Tensor2D,
  { h, c }: States,
  inputs: StepInputs,
): States {
  const activate = spec.activation === "softmax" ? tf.softmax<tfjs.Tensor> : tf.tanh<tfjs.Tensor>;
  const [i, f, candidate, o] = tf.split(
    projection.add(recur(h, inputs.recurrentKernel, inputs)),
    4,
    1,
  );
  const nextC = tf.add<tfjs.Tensor2D>(f.sigmoid().mul(c!), i.sigmoid().mul(activate(candidate)));
  return { h: tf.mul(tf.sigmoid(o), activate(nextC)), c: nextC };
}

/** With a recurrent bias the reset gate acts after the product (`resetAfter`), else before it. */
function gruCell(
  projection: tfjs.Tensor2D,
  { h }: States,
  inputs: StepInputs,
  recurrentBias?: tfjs.Tensor,
): States {
  const [xz, xr, xh] = tf.split(projection, 3, 1);
  const units = h.shape[1];
  let z: tfjs.Tensor;
  let inner: tfjs.Tensor;
  if (recurrentBias) {
    const [hz, hr, hh] = tf.split(
      recur(h, inputs.recurrentKernel, inputs).add(recurrentBias),
      3,
      1,
    );
    z = xz.add(hz).sigmoid();
    inner = xr.add(hr).sigmoid().mul(hh);
  } else {
    const [forGates, forCandidate] = tf.split(inputs.recurrentKernel, [2 * units, units], 1);
    const [hz, hr] = tf.split(recur(h, forGates as tfjs.Tensor2D, inputs), 2, 1);
    z = xz.add(hz).sigmoid();
    const state = xr
      .add(hr)
      .sigmoid()
      .mul(intoGate(h, inputs, 2));
    inner = tf.matMul(state, forCandidate as tfjs.Tensor2D);
  }
  const candidate = xh.add(inner).tanh();
  return { h: tf.add(z.mul(h), tf.sub(1, z).mul(candidate)) };
}

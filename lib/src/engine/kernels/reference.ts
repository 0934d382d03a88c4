import type * as tfjs from "@tensorflow/tfjs-node-gpu";
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

function run(spec: RecurrentSpec, inputs: RecurrentInputs): tfjs.Tensor {
  const [batch, steps, features] = inputs.x.shape;
  const units = inputs.recurrentKernel.shape[0];
  const columns = gateCount[spec.kind] * units;
  const twoBiases = spec.kind === "gru" && spec.resetAfter;
  const [inputBias, recurrentBias] = twoBiases ? tf.unstack(inputs.bias) : [inputs.bias, undefined];
  const projected = tf
    .matMul(tf.reshape(inputs.x, [batch * steps, features]), inputs.kernel)
    .add(inputBias)
    .reshape([batch, steps, columns]);
  // tfjs has no gradient for an unstack into one tensor.
  const projections = (
    steps > 1 ? tf.unstack(projected, 1) : [tf.squeeze(projected, [1])]
  ) as tfjs.Tensor2D[];
  const masks = inputs.mask && (tf.unstack(inputs.mask.toBool(), 1) as tfjs.Tensor1D[]);

  const zeros = tf.zeros([batch, units]) as tfjs.Tensor2D;
  let states: States = spec.kind === "lstm" ? { h: zeros, c: zeros } : { h: zeros };
  const outputs: tfjs.Tensor2D[] = [];
  for (let step = 0; step < steps; step++) {
    const t = spec.goBackwards ? steps - 1 - step : step;
    const next = cell(spec, projections[t], states, inputs.recurrentKernel, recurrentBias);
    states = masks ? keepWhereMasked(masks[t], next, states) : next;
    outputs.push(states.h);
  }
  return spec.returnSequences ? tf.stack(outputs, 1) : states.h;
}

/** Keras's `where(mask, new, old)`, for each state. */
function keepWhereMasked(mask: tfjs.Tensor1D, next: States, previous: States): States {
  const select = (a: tfjs.Tensor2D, b: tfjs.Tensor2D) =>
    tf.where(mask.expandDims(1).tile([1, a.shape[1]]), a, b) as tfjs.Tensor2D;
  return {
    h: select(next.h, previous.h),
    c: next.c && previous.c && select(next.c, previous.c),
  };
}

function cell(
  spec: RecurrentSpec,
  projection: tfjs.Tensor2D,
  states: States,
  recurrentKernel: tfjs.Tensor2D,
  recurrentBias?: tfjs.Tensor,
): States {
  if (spec.kind === "lstm") return lstmCell(spec, projection, states, recurrentKernel);
  if (spec.kind === "gru") return gruCell(projection, states, recurrentKernel, recurrentBias);
  const sum: tfjs.Tensor = tf.add(projection, tf.matMul(states.h, recurrentKernel));
  return { h: tf.tanh(sum as tfjs.Tensor2D) };
}

function lstmCell(
  spec: RecurrentSpec,
  projection: tfjs.Tensor2D,
  { h, c }: States,
  recurrentKernel: tfjs.Tensor2D,
): States {
  const activate = spec.activation === "softmax" ? tf.softmax<tfjs.Tensor> : tf.tanh<tfjs.Tensor>;
  const [i, f, candidate, o] = tf.split(projection.add(tf.matMul(h, recurrentKernel)), 4, 1);
  const nextC = tf.add<tfjs.Tensor2D>(f.sigmoid().mul(c!), i.sigmoid().mul(activate(candidate)));
  return { h: tf.mul(tf.sigmoid(o), activate(nextC)), c: nextC };
}

/** With a recurrent bias the reset gate acts after the product (`resetAfter`), else before it. */
function gruCell(
  projection: tfjs.Tensor2D,
  { h }: States,
  recurrentKernel: tfjs.Tensor2D,
  recurrentBias?: tfjs.Tensor,
): States {
  const [xz, xr, xh] = tf.split(projection, 3, 1);
  const units = h.shape[1];
  let z: tfjs.Tensor;
  let inner: tfjs.Tensor;
  if (recurrentBias) {
    const [hz, hr, hh] = tf.split(tf.matMul(h, recurrentKernel).add(recurrentBias), 3, 1);
    z = xz.add(hz).sigmoid();
    inner = xr.add(hr).sigmoid().mul(hh);
  } else {
    const [forGates, forCandidate] = tf.split(recurrentKernel, [2 * units, units], 1);
    const [hz, hr] = tf.split(tf.matMul(h, forGates as tfjs.Tensor2D), 2, 1);
    z = xz.add(hz).sigmoid();
    inner = tf.matMul(xr.add(hr).sigmoid().mul(h), forCandidate as tfjs.Tensor2D);
  }
  const candidate = xh.add(inner).tanh();
  return { h: tf.add(z.mul(h), tf.sub(1, z).mul(candidate)) };
}

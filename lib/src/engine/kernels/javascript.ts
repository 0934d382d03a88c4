import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { reference } from "./reference";
import { computed, together } from "./tape";
import type { RecurrentInputs, RecurrentKernel, RecurrentSpec } from "./types";

/**
 * An LSTM in plain loops, for where TensorFlow's C library is not: a step of the reference takes some
 * thirty calls of TensorFlow.js, each slower than the step itself. Other cells, and softmax, run on the
 * reference.
 */
export const javascript: RecurrentKernel = {
  name: "javascript",
  run: (spec, inputs) =>
    spec.kind === "lstm" && spec.activation === "tanh"
      ? tf.tidy(() => run(spec, inputs))
      : reference.run(spec, inputs),
};

/** Sizes and numbers of a call. */
interface Call {
  batch: number;
  steps: number;
  features: number;
  units: number;
  x: Float32Array;
  kernel: Float32Array;
  recurrent: Float32Array;
  bias: Float32Array;
  mask: ArrayLike<number> | null;
  /** The step of the input that is read at each step. */
  order: readonly number[];
}

/** What the way back needs: gates i f g o after their activation, c and h after each step. */
interface Trace {
  gates: Float32Array;
  c: Float32Array;
  h: Float32Array;
}

function run(spec: RecurrentSpec, inputs: RecurrentInputs): tfjs.Tensor {
  const { x, kernel, recurrentKernel, bias, mask } = inputs;
  const [batch, steps, features] = x.shape;
  const units = recurrentKernel.shape[0];
  const places = Array.from({ length: steps }, (_, step) => step);
  const numbers = (tensor: tfjs.Tensor) => tensor.dataSync<"float32">();
  const call: Call = {
    batch,
    steps,
    features,
    units,
    x: numbers(x),
    kernel: numbers(kernel),
    recurrent: numbers(recurrentKernel),
    bias: numbers(bias),
    mask: mask ? mask.dataSync() : null,
    order: spec.goBackwards ? places.reverse() : places,
  };
  const trace = forward(call);
  const all = tf.tensor3d(trace.h.slice(), [batch, steps, units]);
  const states = computed(all, [x, kernel, recurrentKernel, bias], [], (upstream) => {
    const gradients = together(() => backward(call, trace, numbers(upstream)));
    return [0, 1, 2, 3].map((i) => () => gradients(i));
  });
  if (spec.returnSequences) return states;
  return tf.reshape(tf.slice(states, [0, steps - 1, 0], [batch, 1, units]), [batch, units]);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** out += a row of numbers times a matrix of as many rows. */
function addProduct(
  row: Float32Array,
  at: number,
  matrix: Float32Array,
  rows: number,
  out: Float32Array,
  to: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    const value = row[at + i];
    if (value === 0) continue;
    const from = i * columns;
    for (let j = 0; j < columns; j++) out[to + j] += value * matrix[from + j];
  }
}

function forward({ batch, steps, features, units, ...call }: Call): Trace {
  const { x, kernel, recurrent, bias, mask, order } = call;
  const width = 4 * units;
  const gates = new Float32Array(batch * steps * width);
  const c = new Float32Array(batch * steps * units);
  const h = new Float32Array(batch * steps * units);
  for (let row = 0; row < batch; row++) {
    for (let step = 0; step < steps; step++) {
      const read = row * steps + order[step];
      const now = row * steps + step;
      const here = now * units;
      const before = here - units;
      if (mask && !mask[read]) {
        if (step > 0) {
          h.copyWithin(here, before, here);
          c.copyWithin(here, before, here);
        }
        continue;
      }
      const g = now * width;
      gates.set(bias, g);
      addProduct(x, read * features, kernel, features, gates, g, width);
      if (step > 0) addProduct(h, before, recurrent, units, gates, g, width);
      for (let j = 0; j < units; j++) {
        const i = sigmoid(gates[g + j]);
        const f = sigmoid(gates[g + units + j]);
        const candidate = Math.tanh(gates[g + 2 * units + j]);
        const o = sigmoid(gates[g + 3 * units + j]);
        const cell = i * candidate + (step > 0 ? f * c[before + j] : 0);
        gates[g + j] = i;
        gates[g + units + j] = f;
        gates[g + 2 * units + j] = candidate;
        gates[g + 3 * units + j] = o;
        c[here + j] = cell;
        h[here + j] = o * Math.tanh(cell);
      }
    }
  }
  return { gates, c, h };
}

/** Gradients of x, kernel, recurrent kernel and bias, from that of all states. */
function backward(
  { batch, steps, features, units, ...call }: Call,
  { gates, c, h }: Trace,
  upstream: Float32Array,
): tfjs.Tensor[] {
  const { x, kernel, recurrent, mask, order } = call;
  const width = 4 * units;
  const dx = new Float32Array(batch * steps * features);
  const dKernel = new Float32Array(features * width);
  const dRecurrent = new Float32Array(units * width);
  const dBias = new Float32Array(width);
  const dh = new Float32Array(units);
  const dc = new Float32Array(units);
  const dz = new Float32Array(width);
  /** The matrix times `dz` into `out`, and what `dz` says of the matrix. */
  const through = (
    matrix: Float32Array,
    gradient: Float32Array,
    inputs: Float32Array,
    at: number,
    rows: number,
    out: Float32Array,
    to: number,
  ) => {
    for (let i = 0; i < rows; i++) {
      const value = inputs[at + i];
      const from = i * width;
      let sum = 0;
      for (let j = 0; j < width; j++) {
        sum += matrix[from + j] * dz[j];
        gradient[from + j] += value * dz[j];
      }
      out[to + i] = sum;
    }
  };
  for (let row = 0; row < batch; row++) {
    dh.fill(0);
    dc.fill(0);
    for (let step = steps - 1; step >= 0; step--) {
      const read = row * steps + order[step];
      const now = row * steps + step;
      const here = now * units;
      for (let j = 0; j < units; j++) dh[j] += upstream[here + j];
      if (mask && !mask[read]) continue;
      const g = now * width;
      for (let j = 0; j < units; j++) {
        const i = gates[g + j];
        const f = gates[g + units + j];
        const candidate = gates[g + 2 * units + j];
        const o = gates[g + 3 * units + j];
        const bent = Math.tanh(c[here + j]);
        const cell = dc[j] + dh[j] * o * (1 - bent * bent);
        dz[j] = cell * candidate * i * (1 - i);
        dz[units + j] = step > 0 ? cell * c[here - units + j] * f * (1 - f) : 0;
        dz[2 * units + j] = cell * i * (1 - candidate * candidate);
        dz[3 * units + j] = dh[j] * bent * o * (1 - o);
        dc[j] = cell * f;
      }
      for (let j = 0; j < width; j++) dBias[j] += dz[j];
      through(kernel, dKernel, x, read * features, features, dx, read * features);
      if (step > 0) through(recurrent, dRecurrent, h, here - units, units, dh, 0);
    }
  }
  return [
    tf.tensor3d(dx, [batch, steps, features]),
    tf.tensor2d(dKernel, [features, width]),
    tf.tensor2d(dRecurrent, [units, width]),
    tf.tensor1d(dBias),
  ];
}

import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { nativeModule } from "./addon";
import { native } from "./native";
import { executeOp } from "./operations";
import { reference } from "./reference";
import { takeRows } from "./rows";
import { computed, isDifferentiating, together } from "./tape";
import type { RecurrentInputs, RecurrentKernel, RecurrentSpec } from "./types";

const modes = { lstm: "lstm", gru: "gru", simpleRnn: "rnn_tanh" };

/** How a kernel calls cuDNN. */
export interface CudnnOptions {
  /** Runs TensorFlow's operations; another one stands in for cuDNN where there is no GPU. */
  execute?: typeof executeOp;
  /** Give cuDNN the steps in the order `[T, B, …]`, and not `[B, T, …]`; default false. */
  timeMajor?: boolean;
}

/**
 * NVIDIA's recurrent layers on a GPU: each is one call forward and one backward, through the
 * operations that TensorFlow's GPU build has for them. cuDNN has no LSTM with softmax and no GRU that
 * resets before the product: those run on the CPU, on our operations where they are built, which is
 * faster than the GPU, a step at a time.
 */
export function cudnnKernel({ execute = executeOp, timeMajor = false }: CudnnOptions = {}) {
  const kernel: RecurrentKernel = {
    name: "cudnn",
    run(spec, inputs) {
      if (isInCudnn(spec)) return tf.tidy(() => run(spec, inputs, execute, timeMajor));
      return (nativeModule().module ? native : reference).run(spec, inputs);
    },
  };
  return kernel;
}

export const cudnn = cudnnKernel();

function isInCudnn({ kind, activation, resetAfter }: RecurrentSpec): boolean {
  return activation === "tanh" && (kind !== "gru" || resetAfter);
}

/** The order in which the steps of each row are read: those that count first. */
interface Reading {
  /** Place of each step in `[B · T]`, the steps that count before the others. */
  places: Int32Array;
  /** Whether that is the order in which they lie. */
  isInOrder: boolean;
  /** How many steps of each row count. */
  lengths: Int32Array;
  /** How many steps of the row count up to each one, in reading order. */
  read: Int32Array;
}

function readingOrder(mask: tfjs.Tensor2D, goBackwards: boolean): Reading {
  const [batch, steps] = mask.shape;
  const counts = mask.dataSync();
  const places = new Int32Array(batch * steps);
  const lengths = new Int32Array(batch);
  const read = new Int32Array(batch * steps);
  for (let row = 0; row < batch; row++) {
    const at = (step: number) => row * steps + (goBackwards ? steps - 1 - step : step);
    let next = row * steps;
    for (let step = 0; step < steps; step++) {
      if (counts[at(step)]) places[next++] = at(step);
      read[row * steps + step] = next - row * steps;
    }
    lengths[row] = next - row * steps;
    for (let step = 0; step < steps; step++) if (!counts[at(step)]) places[next++] = at(step);
  }
  return { places, isInOrder: places.every((place, i) => place === i), lengths, read };
}

/**
 * cuDNN reads the first steps of each row, as many as the row has. With a mask the steps that count
 * are brought to the front, and afterwards each step gets the state after the last one that counted.
 */
function run(
  spec: RecurrentSpec,
  inputs: RecurrentInputs,
  execute: typeof executeOp,
  timeMajor: boolean,
): tfjs.Tensor {
  const { x, mask } = inputs;
  const [batch, steps, features] = x.shape;
  const units = inputs.recurrentKernel.shape[0];
  const weights = pack(spec, inputs);
  const layer = (x: tfjs.Tensor3D, lengths: Int32Array, allStates: boolean) =>
    callCudnn({ spec, units, lengths, allStates, execute, timeMajor }, x, weights);
  if (!mask) {
    const ordered = spec.goBackwards ? tf.reverse(x, 1) : x;
    return layer(ordered, new Int32Array(batch).fill(steps), spec.returnSequences);
  }
  const { places, isInOrder, lengths, read } = readingOrder(mask, spec.goBackwards);
  const flat = x.reshape<tfjs.Tensor2D>([batch * steps, features]);
  const ordered = isInOrder ? flat : takeRows(flat, tf.tensor1d(places, "int32"));
  // cuDNN wants a step to read, also where none counts.
  const atLeastOne = lengths.map((length) => Math.max(length, 1));
  const states = layer(ordered.reshape<tfjs.Tensor3D>(x.shape), atLeastOne, true);
  // Before the first step that counts the state is 0.
  const first = tf.fill([batch, 1, units], 0);
  const withFirst = tf.concat([first, states], 1);
  const table = withFirst.reshape<tfjs.Tensor2D>([batch * (steps + 1), units]);
  const counted = spec.returnSequences ? read : lengths;
  const each = counted.length / batch;
  const ids = counted.map((count, i) => Math.floor(i / each) * (steps + 1) + count);
  const taken = takeRows(table, tf.tensor1d(ids, "int32"));
  return spec.returnSequences ? taken.reshape([batch, steps, units]) : taken;
}

/**
 * cuDNN's one vector of weights: for each gate the input's, units × features; then the states',
 * units × units; then two biases. It has a GRU's gates in the order r z h, Keras in the order z r h.
 */
function pack({ kind }: RecurrentSpec, { kernel, recurrentKernel, bias }: RecurrentInputs) {
  const inOrder = (weights: tfjs.Tensor) => {
    if (kind !== "gru") return weights;
    const [z, r, h] = tf.split(weights, 3, weights.rank - 1);
    return tf.concat([r, z, h], weights.rank - 1);
  };
  const biases = inOrder(bias).flatten();
  const first = bias.rank === 2 ? [] : [tf.zerosLike(biases)];
  const matrices = [kernel, recurrentKernel].map((matrix) => inOrder(matrix).transpose().flatten());
  return tf.concat([...matrices, ...first, biases]) as tfjs.Tensor1D;
}

interface Call {
  spec: RecurrentSpec;
  units: number;
  /** Steps to read of each row, from 1. */
  lengths: Int32Array;
  allStates: boolean;
  execute: typeof executeOp;
  timeMajor: boolean;
}

/** States `[B, T, H]`, 0 after a row's end, or each row's last `[B, H]`. */
function callCudnn(call: Call, x: tfjs.Tensor3D, weights: tfjs.Tensor1D): tfjs.Tensor {
  const { spec, units, lengths, allStates, execute, timeMajor } = call;
  const [batch] = x.shape;
  const attributes = {
    T: "float32",
    rnn_mode: { string: modes[spec.kind] },
    time_major: timeMajor,
  } as const;
  const turned = (sequences: tfjs.Tensor) =>
    timeMajor ? tf.transpose(sequences, [1, 0, 2]) : sequences;
  const zeros = tf.fill(timeMajor ? [1, batch, units] : [batch, 1, units], 0);
  const cells = spec.kind === "lstm" ? zeros : tf.scalar(0);
  const given = [zeros, cells, weights, tf.tensor1d(lengths, "int32")];
  const sequences = turned(x);
  const found = execute(
    "CudnnRNNV3",
    { ...attributes, is_training: isDifferentiating() },
    [sequences, ...given],
    5,
  );
  const [states, last] = found;
  const output = allStates ? states : last.reshape([batch, units]);
  const kept = [...given, ...found];
  const result = computed(output, [sequences, weights], [sequences, ...kept], (upstream, kept) => {
    const [states, last, lastCell, ...reserved] = kept.slice(5);
    const toStates = allStates ? upstream : tf.zerosLike(states);
    const toLast = allStates ? tf.zerosLike(last) : upstream.reshape(last.shape);
    const upstreams = [toStates, toLast, tf.zerosLike(lastCell)];
    const all = [...kept.slice(0, 8), ...upstreams, ...reserved];
    const gradient = together(() => {
      const [toSequences, , , toWeights] = execute("CudnnRNNBackpropV3", attributes, all, 4);
      return [toSequences, toWeights];
    });
    return [() => gradient(0), () => gradient(1)];
  });
  return allStates ? turned(result) : result;
}

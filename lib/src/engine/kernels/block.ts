import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { executeOp } from "./operations";
import { reference } from "./reference";
import { computed, together } from "./tape";
import type { RecurrentInputs, RecurrentKernel, RecurrentSpec } from "./types";

/**
 * TensorFlow's own fused LSTM, `BlockLSTMV2`: where no compiler was found. TensorFlow has nothing
 * alike for other cells, softmax or masks: those run on the reference kernel.
 */
export const block: RecurrentKernel = {
  name: "block",
  run: (spec, inputs) =>
    isFused(spec, inputs) ? tf.tidy(() => run(spec, inputs)) : reference.run(spec, inputs),
};

/** Whether TensorFlow has one operation for this. */
export function isFused(spec: RecurrentSpec, inputs: { mask?: tfjs.Tensor }): boolean {
  return spec.kind === "lstm" && spec.activation === "tanh" && !inputs.mask;
}

function int64(value: number): tfjs.Tensor {
  const { Int64Scalar } = require("@tensorflow/tfjs-node-gpu/dist/int64_tensors") as {
    Int64Scalar: new (value: number) => tfjs.Tensor;
  };
  return new Int64Scalar(value);
}

const attributes = { T: "float32", use_peephole: false } as const;

/** Inputs are time-major here; gates i, f, c, o as in Keras. */
function run(spec: RecurrentSpec, inputs: RecurrentInputs): tfjs.Tensor {
  const [batch, steps] = inputs.x.shape;
  const units = inputs.recurrentKernel.shape[0];
  const ordered = spec.goBackwards ? tf.reverse(inputs.x, 1) : inputs.x;
  const length = int64(steps);
  const zeros = tf.zeros([batch, units]);
  const peephole = tf.zeros([units]); // not used
  const x = tf.transpose(ordered, [1, 0, 2]);
  const weights = tf.concat([inputs.kernel, inputs.recurrentKernel]);
  const given = [x, zeros, zeros, weights, peephole, peephole, peephole, inputs.bias];
  const found = executeOp("BlockLSTMV2", attributes, [length, ...given], 7);
  const kept = [...given, ...found];
  const states = computed(found[6], [x, weights, inputs.bias], kept, (upstream, kept) => {
    const all = [length, ...kept, tf.zerosLike(upstream), upstream];
    const gradient = together(() => {
      const gradients = executeOp("BlockLSTMGradV2", attributes, all, 8);
      return [gradients[0], gradients[3], gradients[7]];
    });
    return [0, 1, 2].map((i) => () => gradient(i));
  });
  if (spec.returnSequences) return tf.transpose(states, [1, 0, 2]);
  return tf.reshape(tf.slice(states, [steps - 1, 0, 0], [1, batch, units]), [batch, units]);
}

import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensorflow";
import { executeOp } from "./operations";
import type { RecurrentInputs, RecurrentKernel, RecurrentSpec } from "./types";

/** The operations of `lib/native`, on a CPU: each layer is one call forward and one backward. */
export const native: RecurrentKernel = { name: "native", run };

/** Numbers of the cells in `recurrent_op.cc`. */
function cellNumber({ kind, activation, resetAfter }: RecurrentSpec): number {
  if (kind === "lstm") return activation === "softmax" ? 1 : 0;
  if (kind === "gru") return resetAfter ? 2 : 3;
  return 4;
}

function run(spec: RecurrentSpec, inputs: RecurrentInputs): tfjs.Tensor {
  const attributes = {
    kind: cellNumber(spec),
    backwards: spec.goBackwards,
    sequences: spec.returnSequences,
  };
  const mask = inputs.mask ?? tf.tensor1d([], "bool");
  const layer = tf.customGrad((...args) => {
    const [x, kernel, recurrentKernel, bias] = args as tfjs.Tensor[];
    const save = args[4] as (tensors: tfjs.Tensor[]) => void;
    const [output, saved] = executeOp(
      "StarlitRecurrent",
      { ...attributes, save: isDifferentiating() },
      [x, kernel, recurrentKernel, bias, mask],
      2,
    );
    save([x, kernel, recurrentKernel, mask, saved]);
    const gradFunc = (upstream: tfjs.Tensor, kept: tfjs.Tensor[]) =>
      executeOp("StarlitRecurrentGrad", attributes, [...kept, upstream], 4);
    return { value: output, gradFunc };
  });
  return layer(inputs.x, inputs.kernel, inputs.recurrentKernel, inputs.bias);
}

/** Whether a gradient may be asked for: only then is what it needs written down. */
function isDifferentiating(): boolean {
  const { state } = tf.engine() as unknown as { state: { gradientDepth: number } };
  return state.gradientDepth > 0;
}

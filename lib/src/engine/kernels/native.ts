import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { executeOp } from "./operations";
import { computed, isDifferentiating, together } from "./tape";
import type { RecurrentInputs, RecurrentKernel, RecurrentSpec } from "./types";

/** The operations of `lib/native`, on a CPU: each layer is one call forward and one backward. */
export const native: RecurrentKernel = {
  name: "native",
  run: (...args) => tf.tidy(() => run(...args)),
};

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
  const { x, kernel, recurrentKernel, bias } = inputs;
  const mask = inputs.mask ?? tf.tensor1d([], "bool");
  const [output, saved] = executeOp(
    "StarlitRecurrent",
    { ...attributes, save: isDifferentiating() },
    [x, kernel, recurrentKernel, bias, mask],
    2,
  );
  const kept = [x, kernel, recurrentKernel, mask, saved];
  return computed(output, [x, kernel, recurrentKernel, bias], kept, (upstream, kept) => {
    const backward = (toInput: boolean) =>
      together(() =>
        executeOp("StarlitRecurrentGrad", { ...attributes, toInput }, [...kept, upstream], 4),
      );
    // The gradient of x, where it is wanted, is asked for first.
    let part = backward(false);
    const weights = [1, 2, 3].map((i) => () => part(i));
    return [() => (part = backward(true))(0), ...weights];
  });
}

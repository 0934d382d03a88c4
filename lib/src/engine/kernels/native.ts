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
      executeOp("StarlitRecurrentGrad", { ...attributes, toInput }, [...kept, upstream], 4);
    return { value: output, gradFunc };
  });
  let toInput = true;
  const output = layer(inputs.x, inputs.kernel, inputs.recurrentKernel, inputs.bias);
  const node = engineState().activeTape?.at(-1);
  if (node?.outputs[0] === output) {
    // Called on a copy of the node that has only the inputs whose gradients are wanted: the first
    // layer of a model need not give one to its data.
    const { gradient } = node;
    node.gradient = function (upstream) {
      toInput = "0" in this.inputs;
      return gradient.call(this, upstream);
    };
  }
  return output;
}

/** The parts of tfjs's tape, on which it writes down what to differentiate. */
interface TapeNode {
  inputs: Record<string, tfjs.Tensor>;
  outputs: tfjs.Tensor[];
  gradient: (this: TapeNode, upstream: tfjs.Tensor[]) => unknown;
}

const engineState = () =>
  (tf.engine() as unknown as { state: { gradientDepth: number; activeTape: TapeNode[] | null } })
    .state;

/** Whether a gradient may be asked for: only then is what it needs written down. */
const isDifferentiating = () => engineState().gradientDepth > 0;

import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { sameValues } from "./operations";

/**
 * How a gradient goes back through a computation: from the gradient of its output, and from what was
 * kept, one function for each input. TensorFlow.js calls those whose gradients are wanted, in order.
 */
export type Backward = (upstream: tfjs.Tensor, kept: tfjs.Tensor[]) => (() => tfjs.Tensor)[];

const kernelName = "StarlitComputed";

// Its inputs are the output, which is handed through, then those of the computation, then the kept.
tf.registerKernel({
  kernelName,
  backendName: tf.getBackend(),
  kernelFunc: ({ inputs }) => sameValues(inputs[0] as tfjs.TensorInfo),
});

tf.registerGradient({
  kernelName,
  saveAllInputs: true,
  gradFunc: (upstream, saved, attributes) => {
    tf.dispose(unasked.splice(0));
    const { backward, count } = attributes as unknown as { backward: Backward; count: number };
    const gradients = backward(upstream as tfjs.Tensor, saved.slice(1 + count));
    return Object.fromEntries(gradients.map((gradient, i) => [String(i + 1), gradient]));
  },
});

/** Gradients that came with others and were not asked for. */
const unasked: tfjs.Tensor[] = [];

/**
 * The gradients that one operation makes together, for functions that give one each. It runs when the
 * first is asked for.
 */
export function together(make: () => tfjs.Tensor[]): (index: number) => tfjs.Tensor {
  let all: tfjs.Tensor[] | undefined;
  return (index) => {
    // TensorFlow.js frees what such a function makes and does not return.
    if (!all) unasked.push(...(all = make().map((gradient) => tf.keep(gradient))));
    const gradient = all[index].clone();
    unasked.splice(unasked.indexOf(all[index]), 1);
    all[index].dispose();
    return gradient;
  };
}

/** Whether a gradient may be asked for: only then is what it needs worth keeping. */
export const isDifferentiating = () => tf.engine().isTapeOn();

/**
 * `output` as the result of a computation from `inputs` that TensorFlow.js knows nothing of, with its
 * gradient. Unlike `tf.customGrad`, only the gradients that are wanted are computed: the first layer
 * of a model, for instance, need not give one to its data.
 *
 * @param kept tensors that the gradient needs
 */
export function computed(
  output: tfjs.Tensor,
  inputs: tfjs.Tensor[],
  kept: tfjs.Tensor[],
  backward: Backward,
): tfjs.Tensor {
  if (!isDifferentiating()) return output;
  // As tensors of their own: through what is kept, be it an input, no gradient goes.
  const aside = (x: tfjs.Tensor) => tf.engine().makeTensorFromTensorInfo(sameValues(x));
  const all = [aside(output), ...inputs, ...kept.map(aside)] as unknown as tfjs.NamedTensorMap;
  const attributes = { backward, count: inputs.length } as unknown as tfjs.NamedAttrMap;
  return tf.engine().runKernel(kernelName, all, attributes);
}

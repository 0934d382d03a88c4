/**
 * TensorFlow.js calls several operations where TensorFlow has one, or where nothing is to be done.
 * At the size of our models that is a large part of a training step. Its own registry lets us say
 * so: what is registered here gives the same numbers up to rounding.
 */
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { executeOp } from "./kernels/operations";
import { tf } from "./tensorflow";

type Kernel = (
  inputs: Record<string, tfjs.Tensor>,
  attributes: Record<string, unknown>,
) => tfjs.TensorInfo | undefined;

/** Replaces a kernel of the backend; where the new one has no answer the old one gives it. */
function shortcut(kernelName: string, kernel: Kernel): void {
  const stock = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) =>
      kernel(call.inputs as Record<string, tfjs.Tensor>, call.attrs ?? {}) ??
      stock.kernelFunc(call),
  });
}

/** The same values under another name. */
function same(x: tfjs.TensorInfo): tfjs.TensorInfo {
  tf.backend().incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

const equal = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((length, i) => length === b[i]);

/** Above this size `BatchMatMulV2` is faster with a transposed right factor, measured on a CPU. */
const LARGE = 1 << 16;

function registerKernels(): void {
  shortcut("Cast", ({ x }, { dtype }) => (x.dtype === dtype ? same(x) : undefined));
  shortcut("Reshape", ({ x }, { shape }) =>
    equal(x.shape, shape as number[]) ? same(x) : undefined,
  );
  shortcut("BatchMatMul", ({ a, b }, { transposeA, transposeB }) => {
    if (a.shape.length > 2 || b.shape.length > 2 || a.dtype !== "float32") return undefined;
    if (transposeB && tf.util.sizeFromShape(b.shape) > LARGE) return undefined;
    const transposed = { transpose_a: Boolean(transposeA), transpose_b: Boolean(transposeB) };
    return executeOp("MatMul", { T: "float32", ...transposed }, [a, b], 1)[0];
  });
}

/** The gradient of an activation, one operation of its output or of its input. */
function gradient(
  kernelName: string,
  from: "input" | "output",
  apply: (dy: tfjs.Tensor, saved: tfjs.Tensor, attributes: { alpha?: number }) => tfjs.Tensor[],
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: from === "input" ? ["x"] : [],
    outputsToSave: [from === "output"],
    gradFunc: (dy, [saved], attributes) => ({
      x: () => apply(dy as tfjs.Tensor, saved, attributes as { alpha?: number })[0],
    }),
  });
}

function registerGradients(): void {
  const T = "float32";
  gradient("Sigmoid", "output", (dy, y) => executeOp("SigmoidGrad", { T }, [y, dy], 1));
  gradient("Tanh", "output", (dy, y) => executeOp("TanhGrad", { T }, [y, dy], 1));
  gradient("Relu", "input", (dy, x) => executeOp("ReluGrad", { T }, [dy, x], 1));
  gradient("LeakyRelu", "input", (dy, x, { alpha = 0.2 }) =>
    executeOp("LeakyReluGrad", { T, alpha: { float: alpha } }, [dy, x], 1),
  );
}

registerKernels();
registerGradients();

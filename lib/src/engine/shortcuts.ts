/**
 * TensorFlow.js calls several operations where TensorFlow has one, or where nothing is to be done.
 * At the size of our models that is a large part of a training step. Its own registry lets us say
 * so: what is registered here gives the same numbers up to rounding.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { executeOp, sameValues } from "./kernels/operations";
import { hasTensorflow, tf, usesGpu } from "./tensorflow";

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

const equal = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((length, i) => length === b[i]);

/** Above this size `BatchMatMulV2` is faster with a transposed right factor, measured on a CPU. */
const LARGE = 1 << 16;

function registerKernels(): void {
  shortcut("Cast", ({ x }, { dtype }) => (x.dtype === dtype ? sameValues(x) : undefined));
  shortcut("Reshape", ({ x }, { shape }) =>
    equal(x.shape, shape as number[]) ? sameValues(x) : undefined,
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

/** The gradients of a sum and of a mean, repeated where TensorFlow.js multiplies with ones. */
function registerReductions(): void {
  const repeated = (dy: tfjs.Tensor, x: tfjs.Tensor, attributes: { axis: number[] }) => {
    const axes = tf.util.parseAxisParam(attributes.axis, x.shape); // all where it is undefined
    const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    return dy.reshape(kept).broadcastTo(x.shape);
  };
  for (const kernelName of ["Sum", "Mean"]) {
    tf.registerGradient({
      kernelName,
      inputsToSave: ["x"],
      gradFunc: (upstream, [x], attributes) => {
        const dy = upstream as tfjs.Tensor;
        const share = kernelName === "Mean" ? dy.div(x.size / dy.size) : dy;
        return { x: () => repeated(share, x, attributes as { axis: number[] }) };
      },
    });
  }
}

/**
 * Numbers as operands: TensorFlow.js makes a tensor of each, and on a GPU each is a copy to it, four
 * times as long as an operation. A number that comes again is kept there; a step size that changes
 * with each step does not.
 */
export function keepNumbers(): void {
  const backend = tf.backend() as tfjs.KernelBackend & {
    write(values: tfjs.BackendValues, shape: number[], dtype: tfjs.DataType): object;
  };
  const seen = new Set<number>();
  const kept = new Map<number, object>();
  const write = backend.write.bind(backend);
  backend.write = (values, shape, dtype) => {
    const value = values?.[0];
    const isNumber = dtype === "float32" && shape.length === 0 && typeof value === "number";
    if (!isNumber || Object.is(value, -0)) return write(values, shape, dtype);
    if (!seen.has(value)) {
      if (seen.size === 1000) seen.clear();
      seen.add(value);
      return write(values, shape, dtype);
    }
    // Of an array of its own: the caller's may change.
    const there = kept.get(value) ?? write(Float32Array.of(value), shape, dtype);
    kept.set(value, there);
    backend.incRef(there);
    return there;
  };
}

if (hasTensorflow) {
  registerKernels();
  registerGradients();
  registerReductions();
}
if (usesGpu()) keepNumbers();

import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node-gpu";
import { kernel, StarlitError, tf } from "../engine";
import { executeOp } from "../engine/kernels/operations";

/**
 * A loss: targets and predictions of a batch in, one value a row (B) out. It must be made of
 * differentiable operations; `fit` weighs the rows and takes the mean.
 */
export type Loss = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** The losses with a name, as in Keras. */
export type LossName =
  | "categoricalCrossentropy"
  | "sparseCategoricalCrossentropy"
  | "binaryCrossentropy"
  | "meanSquaredError";

/** Targets in the shape of the predictions: (B) becomes (B, 1); anything else would be broadcast. */
function aligned(yTrue: Tensor, yPred: Tensor): Tensor {
  if (yTrue.size !== yPred.size) {
    throw new StarlitError(
      `Targets of the shape [${yTrue.shape}] do not fit predictions of the shape [${yPred.shape}].`,
    );
  }
  return yTrue.reshape(yPred.shape);
}

type Saver = (tensors: Tensor[]) => void;

/** In one native operation: what tfjs makes of it doubles the time of a small model's step. */
function fused(categorical: boolean, yTrue: Tensor, yPred: Tensor): Tensor {
  const entropy = tf.customGrad((...args) => {
    const [p, save] = args as unknown as [Tensor, Saver];
    const [value, slope] = executeOp("StarlitCrossentropy", { categorical }, [yTrue, p], 2);
    save([slope]);
    const gradFunc = (upstream: Tensor, [slope]: Tensor[]) => upstream.expandDims(-1).mul(slope);
    return { value, gradFunc };
  });
  return entropy(yPred);
}

function categoricalCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const targets = aligned(yTrue, yPred);
  if (kernel().name === "native") return fused(true, targets, yPred);
  return tf.metrics.categoricalCrossentropy(targets, yPred);
}

function binaryCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const targets = aligned(yTrue, yPred);
  if (kernel().name === "native") return fused(false, targets, yPred);
  return tf.metrics.binaryCrossentropy(targets, yPred);
}

const losses: Record<LossName, Loss> = {
  categoricalCrossentropy,
  binaryCrossentropy,
  sparseCategoricalCrossentropy: (yTrue, yPred) => {
    const classes = yPred.shape[yPred.rank - 1];
    const oneHot = tf.oneHot(yTrue.flatten().toInt() as Tensor1D, classes).toFloat();
    return categoricalCrossentropy(oneHot, yPred);
  },
  meanSquaredError: (yTrue, yPred) => tf.metrics.meanSquaredError(aligned(yTrue, yPred), yPred),
};

/**
 * The loss of a name; a function is returned as it is.
 *
 * @throws StarlitError if there is no loss of this name
 */
export function lossNamed(loss: LossName | Loss): Loss {
  if (typeof loss === "function") return loss;
  if (loss in losses) return losses[loss];
  throw new StarlitError(
    `There is no loss "${String(loss)}": use ${Object.keys(losses).join(", ")}.`,
  );
}

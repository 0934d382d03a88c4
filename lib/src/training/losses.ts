import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node-gpu";
import { StarlitError, tf } from "../engine";

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

/** Probabilities are kept this far from 0 and 1, as in Keras. */
const epsilon = 1e-7;

/** In a dozen operations; with those that tfjs makes of it, a small model's step takes twice as long. */
function binaryCrossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const entropy = tf.customGrad((...args) => {
    const [p, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const clipped = tf.clipByValue(p, epsilon, 1 - epsilon);
    const happened = yTrue.mul(clipped.log());
    const not = tf.sub(1, yTrue).mul(tf.sub(1, clipped).log());
    save([yTrue, p, clipped]);
    const gradFunc = (upstream: Tensor, saved: Tensor[]) => {
      const [y, p, clipped] = saved;
      const inside = tf
        .equal(p, clipped)
        .toFloat()
        .div(y.shape[y.rank - 1]);
      const slope = clipped
        .sub(y)
        .div(clipped.mul(tf.sub(1, clipped)))
        .mul(inside);
      return upstream.expandDims(-1).mul(slope);
    };
    return { value: happened.add(not).mean(-1).neg(), gradFunc };
  });
  return entropy(yPred);
}

const losses: Record<LossName, Loss> = {
  categoricalCrossentropy: (yTrue, yPred) =>
    tf.metrics.categoricalCrossentropy(aligned(yTrue, yPred), yPred),
  sparseCategoricalCrossentropy: (yTrue, yPred) => {
    const classes = yPred.shape[yPred.rank - 1];
    const oneHot = tf.oneHot(yTrue.flatten().toInt() as Tensor1D, classes).toFloat();
    return tf.metrics.categoricalCrossentropy(aligned(oneHot, yPred), yPred);
  },
  binaryCrossentropy: (yTrue, yPred) => binaryCrossentropy(aligned(yTrue, yPred), yPred),
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

import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../engine";
import { executeOp } from "../engine/kernels/operations";
import { hasTensorflow } from "../engine/tensorflow";

/** Makes the first values of a weight; what `addWeight` of a tfjs layer asks for. */
export type Initializer = ReturnType<typeof tf.initializers.zeros>;

function initializer(apply: (shape: number[]) => tfjs.Tensor): Initializer {
  return { apply: (shape: number[]) => tf.tidy(() => apply(shape)) } as Initializer;
}

/**
 * Rows (or columns, where there are fewer) of a random rotation, uniform over all rotations: Saxe
 * et al. 2013, `keras.initializers.Orthogonal`.
 */
export const orthogonal = initializer((shape) => {
  const [rows, columns] = shape;
  const normal = tf.randomNormal([Math.max(rows, columns), Math.min(rows, columns)]);
  const [q, r] = hasTensorflow
    ? executeOp("Qr", { T: "float32", full_matrices: false }, [normal], 2)
    : tf.linalg.qr(normal);
  const diagonal = tf.sum(tf.mul(r, tf.eye(r.shape[0])), 1);
  const uniform = tf.mul(q, tf.where(tf.less(diagonal, 0), -1, 1));
  return rows < columns ? tf.transpose(uniform) : uniform;
});

/** The biases of an LSTM as given, but ones for the forget gate (Jozefowicz et al. 2015). */
export const unitForgetBias = (given: Initializer) =>
  initializer(([columns]) => {
    const units = columns / 4;
    const [input, rest] = [given.apply([units]), given.apply([2 * units])];
    return tf.concat([input, tf.ones([units]), rest]);
  });

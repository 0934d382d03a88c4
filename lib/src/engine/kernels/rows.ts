import type * as tfjs from "@tensorflow/tfjs";
import { hasTensorflow, tf } from "../tensorflow";
import { executeOp } from "./operations";
import { computed } from "./tape";

/**
 * Rows of a matrix by their numbers, by TensorFlow's or TensorFlow.js's own operations: `[V, E]` and ids of any shape to
 * `[…ids, E]`. The ids must be in 0 … V − 1: on a GPU nobody checks them.
 */
export function takeRows(matrix: tfjs.Tensor2D, ids: tfjs.Tensor): tfjs.Tensor {
  const [height, width] = matrix.shape;
  if (!hasTensorflow) {
    // Its own gradient goes through all rows for each id.
    return computed(tf.gather(matrix, ids), [matrix], [ids], (upstream, [ids]) => [
      () => {
        const rows = upstream.reshape<tfjs.Tensor2D>([ids.size, width]);
        return tf.scatterND(ids.reshape([ids.size, 1]), rows, [height, width]);
      },
    ]);
  }
  const types = { Tparams: "float32", Tindices: "int32", Taxis: "int32" } as const;
  const axis = tf.scalar(0, "int32");
  const [rows] = executeOp("GatherV2", { ...types, batch_dims: 0 }, [matrix, ids, axis], 1);
  return computed(rows, [matrix], [ids], (upstream, [ids]) => [
    () => tf.unsortedSegmentSum(upstream.reshape([ids.size, width]), ids.flatten(), height),
  ]);
}

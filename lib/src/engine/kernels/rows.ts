import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensorflow";
import { executeOp } from "./operations";
import { computed } from "./tape";

/**
 * Rows of a matrix by their numbers, by TensorFlow's own operations: `[V, E]` and ids of any shape to
 * `[…ids, E]`. The ids must be in 0 … V − 1: on a GPU nobody checks them.
 */
export function takeRows(matrix: tfjs.Tensor2D, ids: tfjs.Tensor): tfjs.Tensor {
  const types = { Tparams: "float32", Tindices: "int32", Taxis: "int32" } as const;
  const axis = tf.scalar(0, "int32");
  const [rows] = executeOp("GatherV2", { ...types, batch_dims: 0 }, [matrix, ids, axis], 1);
  const [height, width] = matrix.shape;
  return computed(rows, [matrix], [ids], (upstream, [ids]) => [
    () => tf.unsortedSegmentSum(upstream.reshape([ids.size, width]), ids.flatten(), height),
  ]);
}

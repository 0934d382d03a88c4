import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { StarlitError } from "./errors";
import { kernel } from "./kernels";
import { executeOp } from "./kernels/operations";
import { tf } from "./tensorflow";

/**
 * Rows of a table by their number: `[V, E]` and ids of any shape to `[…ids, E]`. The gradient sums
 * by id in the order of the ids, so it is the same at each run.
 *
 * @throws StarlitError if an id is not in 0 … V − 1 (on a GPU TensorFlow gives zeros instead)
 */
export function lookUp(table: tfjs.Tensor2D, ids: tfjs.Tensor): tfjs.Tensor {
  const look = tf.customGrad((...args) => {
    const [values, save] = args as unknown as [tfjs.Tensor2D, (tensors: tfjs.Tensor[]) => void];
    save([ids]);
    const gradFunc = (upstream: tfjs.Tensor, saved: tfjs.Tensor[]) =>
      sumById(saved[0], upstream, table.shape);
    return { value: gather(values, ids), gradFunc };
  });
  return look(table);
}

function gather(table: tfjs.Tensor2D, ids: tfjs.Tensor): tfjs.Tensor {
  try {
    if (kernel().name === "native") return executeOp("StarlitEmbedding", {}, [table, ids], 1)[0];
    const types = { Tparams: "float32", Tindices: "int32", Taxis: "int32" } as const;
    const axis = tf.scalar(0, "int32");
    return executeOp("GatherV2", { ...types, batch_dims: 0 }, [table, ids, axis], 1)[0];
  } catch (error) {
    const known = /indices\S* = (-?\d+) is not in/.exec((error as Error).message);
    if (!known) throw error;
    throw new StarlitError(
      `An embedding of ${table.shape[0]} ids got the id ${known[1]}: give it a larger inputDim, or ` +
        `keep fewer words.`,
    );
  }
}

function sumById(ids: tfjs.Tensor, values: tfjs.Tensor, [rows, width]: number[]): tfjs.Tensor {
  if (kernel().name === "native") {
    const shape = tf.tensor1d([rows, width], "int32");
    return executeOp("StarlitEmbeddingGrad", {}, [ids, values, shape], 1)[0];
  }
  return tf.unsortedSegmentSum(values.reshape([ids.size, width]), ids.flatten(), rows);
}

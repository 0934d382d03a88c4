import type * as tfjs from "@tensorflow/tfjs";
import { StarlitError } from "./errors";
import { kernel } from "./kernels";
import { executeOp } from "./kernels/operations";
import { takeRows } from "./kernels/rows";
import { computed } from "./kernels/tape";
import { tf } from "./tensorflow";

/**
 * Rows of a table by their number: `[V, E]` and ids of any shape to `[…ids, E]`. The gradient sums
 * by id in the order of the ids, so it is the same at each run.
 *
 * @throws StarlitError if an id is not in 0 … V − 1
 */
export function lookUp(table: tfjs.Tensor2D, ids: tfjs.Tensor): tfjs.Tensor {
  checkIds(ids, table.shape[0]);
  return tf.tidy(() => {
    if (kernel().name !== "native") return takeRows(table, ids);
    const [rows] = executeOp("StarlitEmbedding", {}, [table, ids], 1);
    return computed(rows, [table], [ids], (upstream, [ids]) => [
      () => {
        const shape = tf.tensor1d(table.shape, "int32");
        return executeOp("StarlitEmbeddingGrad", {}, [ids, upstream, shape], 1)[0];
      },
    ]);
  });
}

/** On the host, where ids lie: a GPU would give zeros for those that are not in the table. */
function checkIds(ids: tfjs.Tensor, count: number): void {
  const unknown = ids.dataSync<"int32">().find((id) => id < 0 || id >= count);
  if (unknown === undefined) return;
  throw new StarlitError(
    `An embedding of ${count} ids got the id ${unknown}: give it a larger inputDim, or ` +
      `keep fewer words.`,
  );
}

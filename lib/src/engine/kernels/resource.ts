import { randomUUID } from "node:crypto";
import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";
import { executeOp } from "./operations";

const dtype = "float32";

/** A variable of TensorFlow's own, which its operations change in place. */
export class Resource {
  /** What operations take. */
  readonly handle: tfjs.Tensor;
  /** Whose values it holds, as long as no operation changes them. */
  private holds?: object;

  constructor(value: tfjs.Tensor) {
    const attributes = {
      dtype,
      shape: { shape: value.shape },
      container: { string: "" },
      shared_name: { string: randomUUID() },
    } as const;
    this.handle = tf.keep(executeOp("VarHandleOp", attributes, [], 1)[0]);
    this.assign(value);
  }

  /** Takes the values of a tensor, unless it is the one that was read last. */
  assign(value: tfjs.Tensor): void {
    if (this.holds === value.dataId) return;
    executeOp("AssignVariableOp", { dtype }, [this.handle, value], 0);
    this.holds = value.dataId;
  }

  /** A tensor of the values; later changes do not reach it. */
  read(): tfjs.Tensor {
    const [value] = executeOp("ReadVariableOp", { dtype }, [this.handle], 1);
    this.holds = value.dataId;
    return value;
  }

  dispose(): void {
    executeOp("DestroyResourceOp", {}, [this.handle], 0);
    this.handle.dispose();
  }
}

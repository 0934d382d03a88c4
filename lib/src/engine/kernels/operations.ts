import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensorflow";

type Attribute = number | boolean | { float: number } | "float32" | "int32";

/** The part of tfjs-node's backend that runs any operation TensorFlow knows. */
interface NodeBackend {
  binding: Record<string, number>;
  executeMultipleOutputs(
    name: string,
    attributes: { name: string; type: number; value: unknown }[],
    inputs: tfjs.Tensor[],
    outputs: number,
  ): tfjs.Tensor[];
}

const backend = () => tf.backend() as unknown as NodeBackend;

/** Runs a TensorFlow operation by name. Attributes: whole number, boolean, `{float}` or a type. */
export function executeOp(
  name: string,
  attributes: Record<string, Attribute>,
  inputs: tfjs.Tensor[],
  outputs: number,
): tfjs.Tensor[] {
  const { binding } = backend();
  const encoded = Object.entries(attributes).map(([key, value]) => {
    if (typeof value === "number") return { name: key, type: binding.TF_ATTR_INT, value };
    if (typeof value === "boolean") return { name: key, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === "object") {
      return { name: key, type: binding.TF_ATTR_FLOAT, value: value.float };
    }
    const type = value === "float32" ? binding.TF_FLOAT : binding.TF_INT32;
    return { name: key, type: binding.TF_ATTR_TYPE, value: type };
  });
  return backend().executeMultipleOutputs(name, encoded, inputs, outputs);
}

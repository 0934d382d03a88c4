import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../tensorflow";

/** A whole number, a boolean, a type of tensors, or one of the other kinds by its name. */
export type Attribute =
  | number
  | boolean
  | "float32"
  | "int32"
  | { float: number }
  | { string: string }
  | { shape: number[] };

type Encoded = { name: string; type: number; value: unknown };
type Output = { id: number; dtype: number; shape: number[] };

/** The part of tfjs-node's backend that runs any operation TensorFlow knows. */
interface NodeBackend {
  binding: Record<string, number> & {
    executeOp(name: string, attributes: Encoded[], inputs: number[], outputs: number): Output[];
  };
  tensorMap: { set(dataId: object, info: Output & { values: null; refCount: number }): void };
  getInputTensorIds(inputs: tfjs.Tensor[]): number[];
  createOutputTensor(output: Output): tfjs.Tensor;
}

const backend = () => tf.backend() as unknown as NodeBackend;

/** Runs a TensorFlow operation by name. */
export function executeOp(
  name: string,
  attributes: Record<string, Attribute>,
  inputs: tfjs.Tensor[],
  outputs: number,
): tfjs.Tensor[] {
  const { binding } = backend();
  const encoded = Object.entries(attributes).map(([key, value]) => encode(key, value));
  const ids = backend().getInputTensorIds(inputs);
  return binding.executeOp(name, encoded, ids, outputs).map(tensorOf);
}

function encode(name: string, value: Attribute): Encoded {
  const { binding } = backend();
  if (value === "float32") return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  if (value === "int32") return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 };
  if (typeof value === "number") return { name, type: binding.TF_ATTR_INT, value };
  if (typeof value === "boolean") return { name, type: binding.TF_ATTR_BOOL, value };
  if ("float" in value) return { name, type: binding.TF_ATTR_FLOAT, value: value.float };
  if ("string" in value) return { name, type: binding.TF_ATTR_STRING, value: value.string };
  return { name, type: binding.TF_ATTR_SHAPE, value: value.shape };
}

/** TensorFlow's number of a type that TensorFlow.js does not know. */
const INT8 = 6;

/** An int8 tensor is passed on unread, under the name of a type that TensorFlow.js knows. */
function tensorOf(output: Output): tfjs.Tensor {
  if (output.dtype !== INT8) return backend().createOutputTensor(output);
  const dataId = {};
  backend().tensorMap.set(dataId, { ...output, values: null, refCount: 1 });
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape: output.shape, dtype: "int32" });
}

/** The same values as those of a tensor, as the result of a kernel. */
export function sameValues(x: tfjs.TensorInfo): tfjs.TensorInfo {
  tf.backend().incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/**
 * How tensors, models and layers look where they are printed or are the last line of a cell: values,
 * shapes and a summary in place of TensorFlow.js's internals.
 */
import * as util from "node:util";
import { DISPLAY } from "./display";
import { tf } from "./tensorflow";

type Tensor = InstanceType<typeof tf.Tensor>;
type Model = InstanceType<typeof tf.LayersModel>;
type Layer = InstanceType<typeof tf.layers.Layer>;
type Symbolic = InstanceType<typeof tf.SymbolicTensor>;

const INLINE = 6; // values of a tensor that are told inside an array or object

const shapeOf = (shape: readonly unknown[]) => `[${shape.map((n) => n ?? "null").join(", ")}]`;

/** The values, of large ones the first and last of each axis. */
function tensorText(tensor: Tensor): string {
  const kind = tensor instanceof tf.Variable ? `Variable ${tensor.name}` : "Tensor";
  const head = `${kind} ${shapeOf(tensor.shape)} ${tensor.dtype}`;
  if (tensor.isDisposed) return `${head}, disposed`;
  const [, ...values] = tensor.toString().split("\n"); // the first line says "Tensor"
  return [head, ...values].join("\n");
}

/** Inside another value: on one line. */
function tensorLine(tensor: Tensor): string {
  const text = tensorText(tensor);
  if (!tensor.isDisposed && tensor.size <= INLINE) return text.replace(/\s*\n\s*/g, " ");
  return text.split("\n")[0];
}

/** Layers, their output and their number of weights, as Keras's `summary()`. */
function modelText(model: Model): string {
  const head = `${model.getClassName()} ${model.name}`;
  if (model.layers.length === 0) return `${head}, no layers yet`;
  const lines: string[] = [];
  try {
    model.summary(88, undefined, (line: string) => lines.push(line));
  } catch {
    return `${head}, ${model.layers.length} layers, not built yet: give the first one an inputShape`;
  }
  return [head, ...lines].join("\n");
}

const layerText = (layer: Layer) =>
  `${layer.getClassName()} ${layer.name}, ${layer.built ? `${layer.countParams()} weights` : "not built yet"}`;

const symbolicText = ({ shape, dtype, name }: Symbolic) =>
  `SymbolicTensor ${shapeOf(shape)} ${dtype} ${name}`;

function look<Value>(
  prototype: object,
  whole: (value: Value) => string,
  line: (value: Value) => string,
) {
  const isHidden = { enumerable: false, configurable: true, writable: true };
  Object.defineProperty(prototype, DISPLAY, {
    ...isHidden,
    value(this: Value) {
      return { "text/plain": whole(this) };
    },
  });
  Object.defineProperty(prototype, util.inspect.custom, {
    ...isHidden,
    value(this: Value, depth: number, options: util.InspectOptions) {
      return depth === options.depth ? whole(this) : line(this);
    },
  });
}

const first = (text: string) => text.split("\n")[0];

look<Tensor>(tf.Tensor.prototype, tensorText, tensorLine);
look<Layer>(tf.layers.Layer.prototype, layerText, layerText);
look<Model>(tf.LayersModel.prototype, modelText, (model) => first(modelText(model)));
look<Symbolic>(tf.SymbolicTensor.prototype, symbolicText, symbolicText);

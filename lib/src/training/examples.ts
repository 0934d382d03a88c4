/**
 * What a model is trained and tried on. A reader's numbers come in many forms; they are checked once,
 * where they enter `fit`, `evaluate` or `predict`, and from there on are plain arrays of the type and
 * shape that the model reads.
 */
import type { LayersModel, Shape, Tensor } from "@tensorflow/tfjs";
import { checkOptions, type NdArray, StarlitError, tf } from "../engine";
import { checkTargets, type Loss, type LossName } from "./losses";
import { type ClassWeight, rowWeights } from "./rowWeights";

/** Numbers in arrays of any depth, rows first; an innermost array may be a typed one. */
export type NestedNumbers = ArrayLike<number | boolean> | readonly NestedNumbers[];

/** Numbers with a shape, rows first: data and shape, a tensor, a typed array, or nested arrays. */
export type Numbers =
  { data: ArrayLike<number>; shape: readonly number[] } | Tensor | NestedNumbers;

/** What a model is trained or tried on. */
export interface Examples {
  /** The model's input (N, …), or one for each of its inputs. */
  x: Numbers | readonly Numbers[];
  /** Targets (N) or (N, …), as the loss wants them. */
  y: Numbers;
  /** Weight of each row in the loss (N), not negative; all 1 where it is not given. */
  sampleWeight?: Numbers;
}

/** Examples after the checks. */
export interface Rows {
  /** Number of rows. */
  count: number;
  /** One array for each input of the model. */
  x: NdArray[];
  y: NdArray;
  /** Weight of each row in the loss; `null` if all are 1. */
  weight: Float32Array | null;
}

/** A tensor of the array's values; Int32Array gives int32, Float32Array float32. */
export function toTensor({ data, shape }: NdArray): Tensor {
  return tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");
}

type AnyArray = { data: ArrayLike<number>; shape: number[] };

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const written = (shape: readonly (number | null)[]) =>
  `[${shape.map((length) => length ?? "any").join(", ")}]`;

/** Arrays of any depth as one, their shape read off the first of each. */
function flattened(name: string, nested: NestedNumbers): AnyArray {
  const shape: number[] = [];
  for (let part: unknown = nested; isList(part); part = part[0]) shape.push(part.length);
  const data = new Float64Array(sizeOf(shape));
  let filled = 0;
  const fill = (part: unknown, depth: number, row: number) => {
    if (depth === shape.length) {
      if (typeof part !== "number" && typeof part !== "boolean") {
        throw new StarlitError(`${name} is ${JSON.stringify(part)} in row ${row}: give numbers.`);
      }
      data[filled++] = Number(part);
      return;
    }
    if (!isList(part) || part.length !== shape[depth]) {
      const length = isList(part) ? `${part.length} values` : "one value";
      throw new StarlitError(
        `${name} has ${length} in row ${row} and ${shape[depth]} in row 0: give rows of one ` +
          `length (padSequences makes them so).`,
      );
    }
    for (let i = 0; i < part.length; i++) fill(part[i], depth + 1, depth === 0 ? i : row);
  };
  fill(nested, 0, 0);
  return { data, shape };
}

const isTyped = (value: unknown): value is Float32Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || isTyped(value);

const isShaped = (value: unknown): value is { data: ArrayLike<number>; shape: readonly number[] } =>
  typeof value === "object" && value !== null && "data" in value && "shape" in value;

/** Numbers of any form as data and shape. */
function arrayOf(name: string, numbers: Numbers): AnyArray {
  if (numbers instanceof tf.Tensor) {
    if (numbers.dtype === "string" || numbers.dtype === "complex64") {
      throw new StarlitError(
        `${name} is a tensor of the type ${numbers.dtype}: give real numbers.`,
      );
    }
    return { data: numbers.dataSync<"float32">(), shape: numbers.shape };
  }
  if (isTyped(numbers)) return { data: numbers, shape: [numbers.length] };
  if (isList(numbers)) return flattened(name, numbers);
  if (!isShaped(numbers) || !isList(numbers.data) || !Array.isArray(numbers.shape)) {
    throw new StarlitError(
      `${name} is ${numbers === undefined ? "missing" : "no array"}: give { data, shape }, a ` +
        `tensor, a typed array or nested arrays.`,
    );
  }
  const { data, shape } = numbers as AnyArray;
  if (data.length !== sizeOf(shape)) {
    throw new StarlitError(
      `${name} has ${data.length} numbers, which do not fit its shape ${written(shape)}.`,
    );
  }
  return { data, shape };
}

/** Refuses NaN and infinite values. */
function checkFinite(name: string, { data, shape }: AnyArray): void {
  if (data instanceof Int32Array) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const row = Math.floor(i / (data.length / shape[0]));
    throw new StarlitError(`${name} is ${data[i]} in row ${row}: give finite numbers.`);
  }
}

function asFloats({ data, shape }: AnyArray): NdArray {
  return { data: data instanceof Float32Array ? data : Float32Array.from(data), shape };
}

function asWholeNumbers(name: string, { data, shape }: AnyArray): NdArray {
  if (data instanceof Int32Array) return { data, shape };
  const whole = Int32Array.from(data);
  for (let i = 0; i < data.length; i++) {
    if (whole[i] === data[i]) continue;
    const row = Math.floor(i / (data.length / shape[0]));
    throw new StarlitError(
      `${name} is ${data[i]} in row ${row}, but the model reads whole numbers (int32): give ids.`,
    );
  }
  return { data: whole, shape };
}

/** One input in the type and shape that the model reads. */
function checkedInput(name: string, numbers: Numbers, input: { shape: Shape; dtype: string }) {
  const given = arrayOf(name, numbers);
  const [, ...wanted] = input.shape;
  const [count, ...found] = given.shape;
  // Keras, too, takes (N) for (N, 1).
  const shape =
    found.length === 0 && wanted.length === 1 && wanted[0] === 1 ? [count, 1] : given.shape;
  const row = shape.slice(1);
  if (row.length !== wanted.length || row.some((n, i) => wanted[i] !== null && wanted[i] !== n)) {
    throw new StarlitError(
      `${name} has the shape ${written(given.shape)}, but the model reads ` +
        `${written([null, ...wanted])}, rows first.`,
    );
  }
  const array = { data: given.data, shape };
  checkFinite(name, array);
  return input.dtype === "int32" ? asWholeNumbers(name, array) : asFloats(array);
}

/** Whether this is a list of arrays and not one array: only a list holds shapes of its own. */
const isListOfArrays = (x: Examples["x"]): x is readonly Numbers[] =>
  Array.isArray(x) && (isShaped(x[0]) || x[0] instanceof tf.Tensor);

/**
 * What a model reads, one array for each of its inputs.
 *
 * @throws StarlitError if an array is missing, or has another shape or numbers that are not fit
 */
export function checkedInputs(model: LayersModel, name: string, x: Examples["x"]): NdArray[] {
  if (!model.inputs?.length) {
    throw new StarlitError("The model reads nothing yet: give its first layer an inputShape.");
  }
  const several = model.inputs.length > 1;
  const arrays =
    (several && Array.isArray(x)) || isListOfArrays(x) ? (x as Numbers[]) : [x as Numbers];
  if (arrays.length !== model.inputs.length) {
    throw new StarlitError(
      `The model has ${model.inputs.length} inputs, but ${name} holds ${arrays.length}: give a ` +
        `list with an array for each input.`,
    );
  }
  const nameOf = (i: number) => (several ? `${name}[${i}]` : name);
  const checked = arrays.map((array, i) => checkedInput(nameOf(i), array, model.inputs[i]));
  const [{ shape }, ...others] = checked;
  if (others.some((other) => other.shape[0] !== shape[0])) {
    const rows = checked.map((each) => each.shape[0]).join(", ");
    throw new StarlitError(`The inputs of ${name} differ in rows: ${rows}.`);
  }
  return checked;
}

/** What the rows are checked for, and what they are called in errors. */
export interface RowsTask {
  model: LayersModel;
  loss: LossName | Loss;
  classWeight?: ClassWeight;
  /** Put before `x`, `y` and `sampleWeight`, e.g. `validation.`. */
  prefix?: string;
}

/**
 * Examples that fit the model and the loss, in the types that they read.
 *
 * @throws StarlitError, naming the number and its row, if they don't
 */
export function checkedRows(
  examples: Examples,
  { model, loss, classWeight, prefix = "" }: RowsTask,
): Rows {
  if (model.outputs.length !== 1) {
    throw new StarlitError(
      `The model has ${model.outputs.length} outputs, but only one can be trained or tried: make a ` +
        `model of the one you want.`,
    );
  }
  // Rows may come with more than is read here, such as their texts; with other weights they don't.
  const weights = Object.keys(examples).filter((name) => /weight/i.test(name));
  checkOptions("examples", Object.fromEntries(weights.map((name) => [name, 0])), ["sampleWeight"]);
  const x = checkedInputs(model, `${prefix}x`, examples.x);
  const given = arrayOf(`${prefix}y`, examples.y);
  const count = given.shape[0] ?? 0;
  if (x[0].shape[0] !== count) {
    throw new StarlitError(
      `${prefix}x and ${prefix}y differ in rows: ${x[0].shape[0]} and ${count}.`,
    );
  }
  if (count === 0) throw new StarlitError(`There are no rows in ${prefix}x: give at least one.`);
  checkFinite(`${prefix}y`, given);
  checkTargets(loss, `${prefix}y`, given, model.outputs[0].shape);
  // A loss of one's own may want labels as whole numbers: they stay what they are.
  const isWhole = isTyped(given.data) && !/^Float/.test(given.data.constructor.name);
  const y = isWhole ? asWholeNumbers(`${prefix}y`, given) : asFloats(given);
  const sampleWeight =
    examples.sampleWeight && arrayOf(`${prefix}sampleWeight`, examples.sampleWeight);
  return {
    count,
    x,
    y,
    weight: rowWeights(`${prefix}sampleWeight`, { y, sampleWeight, classWeight }),
  };
}

/** The rows from one to before another. */
function rowsBetween({ x, y, weight }: Rows, start: number, end: number): Rows {
  const cut = ({ data, shape }: NdArray): NdArray => {
    const width = data.length / shape[0];
    return {
      data: data.subarray(start * width, end * width),
      shape: [end - start, ...shape.slice(1)],
    };
  };
  const cutWeight = weight && weight.subarray(start, end);
  return { count: end - start, x: x.map(cut), y: cut(y), weight: cutWeight };
}

/** The first rows, and the last ones to validate on, as Keras's `validation_split`. */
export function splitRows(rows: Rows, validationSplit: number): [train: Rows, validation: Rows] {
  const { count } = rows;
  const place = Math.floor(count * (1 - validationSplit));
  if (!(place > 0 && place < count)) {
    throw new StarlitError(
      `validationSplit is ${validationSplit}: give a share between 0 and 1 that leaves rows to ` +
        `train on and rows to validate on (there are ${count}).`,
    );
  }
  return [rowsBetween(rows, 0, place), rowsBetween(rows, place, count)];
}

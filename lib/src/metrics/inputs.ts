import { argmax, type NdArray } from "../engine/arrays";
import { StarlitError } from "../engine/errors";

/** Labels or scores: one a row, or a table with one row for each row. */
export type Values = ArrayLike<number> | NdArray;

/** A table of shape [rows, columns]. */
export interface Columns {
  data: ArrayLike<number>;
  rows: number;
  columns: number;
}

/** Whether the values have a shape. */
export const isTable = (values: Values): values is NdArray => "shape" in values;

/** Values as a table; what has one number a row has one column. */
export function columnsOf(name: string, values: Values): Columns {
  const [rows, columns = 1, ...more] = isTable(values) ? values.shape : [values.length];
  if (more.length > 0) {
    throw new StarlitError(
      `${name} has the shape [${(values as NdArray).shape.join(", ")}]: give rows and columns.`,
    );
  }
  const data = isTable(values) ? values.data : values;
  if (data.length !== rows * columns) {
    throw new StarlitError(
      `${name} has ${data.length} numbers and the shape [${rows}, ${columns}]: give as many as fit.`,
    );
  }
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const row = Math.floor(i / columns);
    throw new StarlitError(`${name} is ${data[i]} in row ${row}: give finite numbers.`);
  }
  return { data, rows, columns };
}

/** Values of one number a row. */
export function vectorOf(name: string, values: Values): ArrayLike<number> {
  const { data, columns } = columnsOf(name, values);
  if (columns === 1) return data;
  throw new StarlitError(`${name} has ${columns} columns: give one number a row.`);
}

/** Refuses empty input and input of two lengths. */
export function checkRows(names: [string, string], first: number, second: number): void {
  if (first !== second) {
    throw new StarlitError(
      `${names[0]} has ${first} rows and ${names[1]} has ${second}: give as many of each.`,
    );
  }
  if (first === 0) throw new StarlitError(`${names[0]} has no rows: give at least one.`);
}

/** True and predicted values of one number a row, as many of each. */
export function pairOf(yTrue: Values, yPred: Values): [ArrayLike<number>, ArrayLike<number>] {
  const pair: [ArrayLike<number>, ArrayLike<number>] = [
    vectorOf("yTrue", yTrue),
    vectorOf("yPred", yPred),
  ];
  checkRows(["yTrue", "yPred"], pair[0].length, pair[1].length);
  return pair;
}

/** Classes of one number a row. */
export function labelsOf(name: string, values: Values): ArrayLike<number> {
  const labels = vectorOf(name, values);
  for (let row = 0; row < labels.length; row++) {
    if (Number.isInteger(labels[row])) continue;
    throw new StarlitError(
      `${name} is ${labels[row]} in row ${row}, which is no class: give whole numbers (of ` +
        "probabilities argmaxRows gives the class, and binaryAccuracy takes them as they are).",
    );
  }
  return labels;
}

/** True and predicted classes of one number a row, as many of each. */
export function labelPairOf(yTrue: Values, yPred: Values): [ArrayLike<number>, ArrayLike<number>] {
  const pair: [ArrayLike<number>, ArrayLike<number>] = [
    labelsOf("yTrue", yTrue),
    labelsOf("yPred", yPred),
  ];
  checkRows(["yTrue", "yPred"], pair[0].length, pair[1].length);
  return pair;
}

/** Refuses a list of classes in which one is twice. */
export function checkLabels(labels: readonly number[]): void {
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice === undefined) return;
  throw new StarlitError(`labels holds ${twice} twice: leave one of them out.`);
}

/** Refuses a table of which a row does not sum to 1. */
export function checkSums({ data, rows, columns }: Columns, name: string): void {
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (let c = 0; c < columns; c++) total += data[row * columns + c];
    if (Math.abs(total - 1) <= 1e-5) continue;
    throw new StarlitError(
      `The ${name} of row ${row} sum to ${total}: give probabilities, which sum to 1.`,
    );
  }
}

/** The different values, in ascending order. */
export function distinct(...values: ArrayLike<number>[]): number[] {
  const seen = new Set<number>();
  for (const vector of values) for (let i = 0; i < vector.length; i++) seen.add(vector[i]);
  return [...seen].sort((a, b) => a - b);
}

/** Of each row the number of the column with the largest value, the first of equals. */
export function argmaxRows(scores: NdArray): number[] {
  const { data, rows, columns } = columnsOf("scores", scores);
  return Array.from({ length: rows }, (_, row) => argmax(data, row * columns, columns));
}

/** The sum of numbers. */
export const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** The mean of numbers. */
export const mean = (values: number[]): number => sum(values) / values.length;

import type { NdArray } from "../../engine";
import { type Csr, LogisticRegression, type LogisticOptions } from "../../models";
import { ofSecond } from "./bag";

/** Probabilities are kept this far from 0 and 1. */
const LEAST = 1e-6;

/** The log-probabilities of a row less their mean, of two classes the log-odds of the second. */
function logits({ data, shape: [rows, width] }: NdArray): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const given = Array.from(data.slice(row * width, (row + 1) * width));
    const kept = given.map((p) => Math.min(Math.max(p, LEAST), 1 - LEAST));
    if (width === 1) return [Math.log(kept[0] / (1 - kept[0]))];
    const logs = kept.map(Math.log);
    const mean = logs.reduce((sum, each) => sum + each, 0) / width;
    return logs.map((each) => each - mean);
  });
}

/** What several models say of the same rows, side by side. */
function features(outputs: readonly NdArray[]): Csr {
  const parts = outputs.map(logits);
  const rows = parts[0].map((_, row) => parts.flatMap((part) => part[row]));
  const columns = rows[0].length;
  return {
    shape: [rows.length, columns],
    indptr: Int32Array.from({ length: rows.length + 1 }, (_, row) => row * columns),
    indices: Int32Array.from({ length: rows.length * columns }, (_, i) => i % columns),
    data: Float64Array.from(rows.flat()),
  };
}

/**
 * Several models as one (stacking, Wolpert 1992): a logistic regression of their log-odds, learnt on rows
 * that none of them was trained on.
 *
 * @param validation probabilities of the models, (N, C) or of two classes (N, 1), and the classes (N)
 * @param others by name, the models' probabilities of other rows, in the same order
 * @returns their probabilities by the stacked model, in the shapes in which they came
 */
export function stack<Name extends string>(
  validation: { outputs: readonly NdArray[]; labels: ArrayLike<number> },
  others: Readonly<Record<Name, readonly NdArray[]>>,
  options: Pick<LogisticOptions, "classWeight"> = {},
): Record<Name, NdArray<Float32Array>> {
  const model = new LogisticRegression({ ...options, maxIter: 300 });
  model.fit(features(validation.outputs), validation.labels);
  const stacked = Object.entries<readonly NdArray[]>(others).map(([name, outputs]) => [
    name,
    ofSecond(model.predictProba(features(outputs))),
  ]);
  return Object.fromEntries(stacked) as Record<Name, NdArray<Float32Array>>;
}

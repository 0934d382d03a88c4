import { type NdArray, StarlitError } from "../engine";
import { argmax } from "../engine/arrays";

/** Weight of each class in the loss, by the class's number; every class must have one. */
export type ClassWeight = Readonly<Record<number, number>>;

/** The class of each row: of one-hot rows the place of the largest number, else the number itself. */
function classes({ data, shape }: NdArray): number[] {
  const width = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => {
    return width === 1 ? data[i] : argmax(data, i * width, width);
  });
}

/**
 * Weights of the classes that occur: to the power 1 each class counts the same, whatever its number of
 * rows (scikit-learn's `class_weight="balanced"`), to the power 0 each row does.
 */
export function balancedClassWeight(labels: ArrayLike<number>, power = 1): Record<number, number> {
  const counts = new Map<number, number>();
  for (const label of Array.from(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const weight = (count: number) => (labels.length / (counts.size * count)) ** power;
  return Object.fromEntries(Array.from(counts, ([label, count]) => [label, weight(count)]));
}

const isWeight = (value: unknown) => Number.isFinite(value) && (value as number) >= 0;

function checkSampleWeight(name: string, rows: number, { data, shape }: Weights): void {
  if (data.length !== rows || shape[0] !== rows) {
    throw new StarlitError(`${name} and y differ in rows: ${shape[0]} and ${rows}.`);
  }
  const row = Array.from(data).findIndex((weight) => !isWeight(weight));
  if (row < 0) return;
  throw new StarlitError(`${name} is ${data[row]} in row ${row}: give a number from 0 on.`);
}

type Weights = { data: ArrayLike<number>; shape: number[] };

/**
 * Weight of each row in the loss: its own times its class's. `null` if all are 1.
 *
 * @param name what the rows' own weights are called in errors
 * @throws StarlitError if a weight is missing, or no number from 0 on
 */
export function rowWeights(
  name: string,
  {
    y,
    sampleWeight,
    classWeight,
  }: { y: NdArray; sampleWeight?: Weights; classWeight?: ClassWeight },
): Float32Array | null {
  if (sampleWeight) checkSampleWeight(name, y.shape[0], sampleWeight);
  if (!classWeight) return sampleWeight ? Float32Array.from(sampleWeight.data) : null;
  return Float32Array.from(classes(y), (label, i) => {
    if (!(label in classWeight)) {
      throw new StarlitError(`classWeight has no weight for class ${label}: give every class one.`);
    }
    if (!isWeight(classWeight[label])) {
      throw new StarlitError(
        `classWeight is ${classWeight[label]} for class ${label}: give a number from 0 on.`,
      );
    }
    return classWeight[label] * (sampleWeight ? sampleWeight.data[i] : 1);
  });
}

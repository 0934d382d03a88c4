import { StarlitError } from "../engine";
import type { Examples } from "./batches";

/** Weight of each class in the loss, by the class's number; every class must have one. */
export type ClassWeight = Readonly<Record<number, number>>;

/** The class of each row: of one-hot rows the place of the largest number, else the number itself. */
function classes({ data, shape }: Examples["y"]): number[] {
  const width = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => {
    const row = data.subarray(i * width, (i + 1) * width);
    return width === 1 ? row[0] : row.indexOf(Math.max(...row));
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

/** Weight of each row in the loss: its own times its class's. `null` if all are 1. */
export function rowWeights(
  { y, sampleWeight }: Examples,
  classWeight: ClassWeight | undefined,
): Float32Array | null {
  if (!classWeight) return sampleWeight ? Float32Array.from(sampleWeight) : null;
  return Float32Array.from(classes(y), (label, i) => {
    if (!(label in classWeight)) {
      throw new StarlitError(`classWeight has no weight for class ${label}: give every class one.`);
    }
    return classWeight[label] * (sampleWeight ? sampleWeight[i] : 1);
  });
}

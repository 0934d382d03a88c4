/** A number for each epoch, by name: `loss`, `auc`, `valLoss`, `valAuc` … */
export type Curves = Record<string, number[]>;

/** What `fit` tells about a training, as Keras's `History`. */
export interface History {
  /** Loss and metrics by epoch; those of the validation data begin with `val`. */
  history: Curves;
  /** Seconds of each epoch, its validation included. */
  seconds: number[];
  /** Number of the best epoch, from 1, if early stopping watched; else of the last one. */
  bestEpoch: number;
  /** Why it ended: all epochs done, early stopping, or an interrupt of the reader. */
  ended: "epochs" | "earlyStopping" | "interrupt";
}

/** Numbers with a part before their names: `auc` of the part `val` is `valAuc`. */
export function prefixed(part: string, values: Record<string, number>): Record<string, number> {
  const named = (name: string) => `${part}${name[0].toUpperCase()}${name.slice(1)}`;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [named(name), value]));
}

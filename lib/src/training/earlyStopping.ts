import { StarlitError } from "../engine";
import type { Curves } from "./history";

/** Ends a training that no longer improves, as Keras's `EarlyStopping`. */
export interface EarlyStopping {
  /** Name of the curve to watch, e.g. `valLoss`. */
  monitor: string;
  /** Epochs without improvement after which the training ends. */
  patience: number;
  /** Whether smaller or larger is better; read from the name where it is not given. */
  mode?: "min" | "max";
  /** Whether the model ends with the weights of its best epoch instead of its last. */
  restoreBestWeights?: boolean;
}

/** Whether smaller or larger values of the watched curve are better. */
function direction({ monitor, mode }: EarlyStopping): "min" | "max" {
  if (mode) return mode;
  if (/loss|error/i.test(monitor)) return "min";
  if (/acc|auc|f1|precision|recall/i.test(monitor)) return "max";
  throw new StarlitError(
    `Whether a larger "${monitor}" is better is not known: give earlyStopping a mode, "min" or "max".`,
  );
}

/** Refuses, before anything is trained, a curve that there will not be or whose sense is unknown. */
export function checkEarlyStopping(options: EarlyStopping, curves: readonly string[]): void {
  direction(options);
  if (!curves.includes(options.monitor)) {
    throw new StarlitError(
      `Early stopping watches "${options.monitor}", but there is only ${curves.join(", ")}.`,
    );
  }
}

/**
 * Which epoch was the best so far, from 0, and whether the training should end. It reads the curves
 * alone, so that a resumed training decides as an uninterrupted one.
 */
export function judge(options: EarlyStopping, curves: Curves): { best: number; stop: boolean } {
  const curve = curves[options.monitor];
  const sign = direction(options) === "min" ? 1 : -1;
  let best = 0;
  curve.forEach((value, epoch) => {
    if (sign * value < sign * curve[best]) best = epoch;
  });
  return { best, stop: curve.length - 1 - best >= options.patience };
}

import { checkOptions, knownNames, StarlitError } from "../engine";
import { checkWholeNumber } from "../engine/options";
import type { Curves } from "./history";

/** Ends a training that no longer improves, as Keras's `EarlyStopping`, with its defaults. */
export interface EarlyStopping {
  /** Name of the curve to watch. Default `valLoss`. */
  monitor?: string;
  /** The training ends after so many epochs without improvement; 0 and 1 mean the first. Default 0. */
  patience?: number;
  /** Whether smaller or larger is better; `auto`, the default, reads it from the curve's name. */
  mode?: "auto" | "min" | "max";
  /** An epoch improves only if it is better by more than this. Default 0. */
  minDelta?: number;
  /** Patience begins anew only with an improvement that is also better than this. */
  baseline?: number;
  /** So many epochs at the beginning are not watched. Default 0. */
  startFromEpoch?: number;
  /** Whether the model ends with the weights of its best epoch instead of its last. */
  restoreBestWeights?: boolean;
}

const known: readonly (keyof EarlyStopping)[] = [
  "monitor",
  "patience",
  "mode",
  "minDelta",
  "baseline",
  "startFromEpoch",
  "restoreBestWeights",
];

const modes = ["auto", "min", "max"];

/** Whether smaller or larger values of the watched curve are better. */
function direction({ monitor = "valLoss", mode = "auto" }: EarlyStopping): "min" | "max" {
  if (mode !== "auto") return mode;
  if (/loss|error|mse|mae/i.test(monitor)) return "min";
  if (/acc|auc|f1|precision|recall/i.test(monitor)) return "max";
  throw new StarlitError(
    `Whether a larger "${monitor}" is better is not known: give earlyStopping a mode, "min" or "max".`,
  );
}

/** Refuses, before anything is trained, options that cannot be followed. */
export function checkEarlyStopping(options: EarlyStopping, curves: readonly string[]): void {
  checkOptions("earlyStopping", options, known);
  const { monitor = "valLoss", patience = 0, startFromEpoch = 0, mode = "auto" } = options;
  checkWholeNumber("earlyStopping: patience", patience, 0);
  checkWholeNumber("earlyStopping: startFromEpoch", startFromEpoch, 0);
  for (const name of ["minDelta", "baseline"] as const) {
    if (options[name] === undefined || Number.isFinite(options[name])) continue;
    throw new StarlitError(`earlyStopping: ${name} is ${options[name]}: give a number.`);
  }
  if (!modes.includes(mode)) {
    throw new StarlitError(`earlyStopping has no mode "${mode}": ${knownNames(mode, modes)}`);
  }
  direction(options);
  if (!curves.includes(monitor)) {
    throw new StarlitError(
      `Early stopping watches "${monitor}", but there is only ${curves.join(", ")}.`,
    );
  }
}

/**
 * Which epoch was the best so far, from 0 (`undefined` before one was watched), and whether the
 * training should end. It reads the curves alone, so that a resumed training decides as an
 * uninterrupted one. Beside an epoch that is no number every other is an improvement.
 */
export function watchCurve(
  options: EarlyStopping,
  curves: Curves,
): { best: number | undefined; stop: boolean } {
  const { monitor = "valLoss", patience = 0, minDelta = 0, baseline, startFromEpoch = 0 } = options;
  const sign = direction(options) === "min" ? 1 : -1;
  const improves = (value: number, on: number) => sign * value + Math.abs(minDelta) < sign * on;
  let best: number | undefined;
  let bestValue = sign * Infinity;
  let waited = 0;
  let stop = false;
  curves[monitor].forEach((value, epoch) => {
    if (epoch < startFromEpoch) return;
    best ??= epoch;
    waited++;
    if (improves(value, bestValue)) {
      [best, bestValue] = [epoch, value];
      if (baseline === undefined || improves(value, baseline)) waited = 0;
    } else if (waited >= patience && epoch > 0) {
      stop = true;
    }
  });
  return { best, stop };
}

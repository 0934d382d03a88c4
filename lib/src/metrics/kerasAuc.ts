import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { checkRows, columnsOf, mean, type Values } from "./inputs";

/** Options of `kerasAuc`, with Keras's defaults. */
export interface KerasAucOptions {
  /** The mean of the columns' areas; otherwise all numbers count as one column. */
  multiLabel?: boolean;
  /** Puts the predictions through a sigmoid first, as Keras does when told that they are logits. */
  fromLogits?: boolean;
  /** How finely the predictions are told apart; 200 by default. */
  numThresholds?: number;
}

/**
 * The area under the ROC curve as `keras.metrics.AUC` has it: predictions fall into 199 steps of
 * equal width in [0, 1], the curve is drawn through their edges. What lies within one step is not
 * told apart, so it differs from `rocAucScore`, most of all where `fromLogits` squeezes
 * probabilities into [0.5, 0.73].
 *
 * @param yTrue [rows] or [rows, labels] of 0 and 1.
 * @param yPred of the same shape, in [0, 1] or any numbers with `fromLogits`.
 */
export function kerasAuc(yTrue: Values, yPred: Values, options: KerasAucOptions = {}): number {
  checkOptions("kerasAuc", options, ["multiLabel", "fromLogits", "numThresholds"]);
  const { multiLabel = false, fromLogits = false, numThresholds = 200 } = options;
  if (!(Number.isInteger(numThresholds) && numThresholds > 1)) {
    throw new StarlitError(`numThresholds is ${numThresholds}: give a whole number from 2 on.`);
  }
  const truth = columnsOf("yTrue", yTrue);
  const predicted = columnsOf("yPred", yPred);
  checkRows(["yTrue", "yPred"], truth.rows, predicted.rows);
  if (truth.columns !== predicted.columns) {
    throw new StarlitError(
      `yTrue has ${truth.columns} columns and yPred ${predicted.columns}: give as many of each.`,
    );
  }
  const columns = multiLabel ? truth.columns : 1;
  const areas = Array.from({ length: columns }, (_, column) => {
    const positives = new Float64Array(numThresholds);
    const negatives = new Float64Array(numThresholds);
    for (let i = column; i < truth.data.length; i += columns) {
      const step = stepOf(predicted.data[i], fromLogits, numThresholds);
      (truth.data[i] === 0 ? negatives : positives)[step]++;
    }
    return areaOf(positives, negatives);
  });
  return mean(areas);
}

/** The step of a prediction, found in single precision as Keras does. */
function stepOf(prediction: number, fromLogits: boolean, numThresholds: number): number {
  const p = Math.fround(fromLogits ? 1 / (1 + Math.exp(-prediction)) : prediction);
  const scaled = Math.fround(Math.min(1, Math.max(0, p)) * (numThresholds - 1));
  return Math.max(0, Math.ceil(scaled) - 1);
}

function areaOf(positives: Float64Array, negatives: Float64Array): number {
  const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);
  const allPositives = total(positives);
  const allNegatives = total(negatives);
  // Keras takes a share of nothing for 0.
  if (allPositives === 0 || allNegatives === 0) return 0;
  let area = 0;
  let above = 0;
  for (let step = positives.length - 1; step >= 0; step--) {
    area += negatives[step] * (above + positives[step] / 2);
    above += positives[step];
  }
  return area / (allPositives * allNegatives);
}

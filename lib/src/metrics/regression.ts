import { StarlitError } from "../engine/errors";
import { mean, pairOf, sum, type Values } from "./inputs";

function errorsOf(yTrue: Values, yPred: Values): number[] {
  const [truth, predicted] = pairOf(yTrue, yPred);
  return Array.from(truth, (value, i) => predicted[i] - value);
}

/** The mean squared error, in squared units of the values (scikit-learn's `mean_squared_error`). */
export function meanSquaredError(yTrue: Values, yPred: Values): number {
  return mean(errorsOf(yTrue, yPred).map((error) => error ** 2));
}

/** The root of the mean squared error, in units of the values. */
export function rootMeanSquaredError(yTrue: Values, yPred: Values): number {
  return Math.sqrt(meanSquaredError(yTrue, yPred));
}

/** The mean absolute error, in units of the values (scikit-learn's `mean_absolute_error`). */
export function meanAbsoluteError(yTrue: Values, yPred: Values): number {
  return mean(errorsOf(yTrue, yPred).map(Math.abs));
}

/**
 * The share of the variance that the predictions explain (scikit-learn's `r2_score`): 1 is perfect,
 * 0 is no better than the mean. Where the true values are all equal: 1 if all are met, else 0.
 */
export function r2Score(yTrue: Values, yPred: Values): number {
  const [truth, predicted] = pairOf(yTrue, yPred).map((values) => Array.from(values));
  if (truth.length < 2) throw new StarlitError("R² of one row is not defined: give two or more.");
  const squares = sum(truth.map((value, i) => (predicted[i] - value) ** 2));
  const centre = mean(truth);
  const variation = sum(truth.map((value) => (value - centre) ** 2));
  if (variation === 0) return squares === 0 ? 1 : 0;
  return 1 - squares / variation;
}

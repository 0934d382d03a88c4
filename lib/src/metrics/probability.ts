import { StarlitError } from "../engine/errors";
import { checkOptions, knownNames } from "../engine/options";
import {
  checkLabels,
  checkRows,
  checkSums,
  columnsOf,
  distinct,
  labelsOf,
  type Values,
  vectorOf,
} from "./inputs";
import { quantile } from "./summary";

/**
 * The mean negative logarithm of the probability given to the true class (scikit-learn's
 * `log_loss`). Probabilities of 0 and 1 are moved by the precision of their numbers.
 *
 * @param yTrue [rows] with labels.
 * @param yProba [rows, classes], or [rows] with the probability of the larger of two labels.
 * @param options.labels the class of each column; those that occur, ascending, by default.
 */
export function logLoss(
  yTrue: Values,
  yProba: Values,
  options: { labels?: number[] } = {},
): number {
  checkOptions("logLoss", options, ["labels"]);
  const truth = labelsOf("yTrue", yTrue);
  const proba = probabilities(yProba);
  checkRows(["yTrue", "yProba"], truth.length, proba.rows);
  const labels = options.labels ?? distinct(truth);
  if (labels.length !== Math.max(2, proba.columns)) {
    throw new StarlitError(
      `There are ${labels.length} classes and probabilities of ${Math.max(2, proba.columns)}: ` +
        "name the class of each column in labels.",
    );
  }
  checkLabels(labels);
  if (proba.columns > 1) checkSums(proba, "probabilities");
  const places = new Map(labels.map((label, i) => [label, i]));
  const epsilon = proba.data instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  let loss = 0;
  for (let row = 0; row < truth.length; row++) {
    const at = places.get(truth[row]);
    if (at === undefined) {
      throw new StarlitError(`yTrue holds ${truth[row]}, which is not in labels: add it.`);
    }
    const p =
      proba.columns > 1
        ? proba.data[row * proba.columns + at]
        : at === 1
          ? proba.data[row]
          : 1 - proba.data[row];
    loss -= Math.log(Math.min(1 - epsilon, Math.max(epsilon, p)));
  }
  return loss / truth.length;
}

/** Options of `calibrationBins`. */
export interface CalibrationOptions {
  /** How many bins; 5 by default. */
  bins?: number;
  /** Bins of equal width (the default) or of equally many rows. */
  strategy?: "uniform" | "quantile";
}

/** Rows that were given about the same probability. */
export interface CalibrationBin {
  /** The mean probability given to them. */
  predicted: number;
  /** The share of them that is of the class. */
  observed: number;
  /** How many they are. */
  count: number;
}

/**
 * Whether of the rows given 70 % about 70 % are of the class (scikit-learn's `calibration_curve`).
 *
 * @param yTrue [rows] of 0 and 1.
 * @param yProb [rows] with the probability of 1.
 * @returns the bins that hold rows, from low to high.
 */
export function calibrationBins(
  yTrue: Values,
  yProb: Values,
  options: CalibrationOptions = {},
): CalibrationBin[] {
  checkOptions("calibrationBins", options, ["bins", "strategy"]);
  const { bins = 5, strategy = "uniform" } = options;
  if (!(Number.isInteger(bins) && bins > 0)) {
    throw new StarlitError(`bins is ${bins}: give a whole number above 0.`);
  }
  if (!strategies.includes(strategy)) {
    throw new StarlitError(
      `calibrationBins: strategy "${String(strategy)}" is unknown: ${knownNames(strategy, strategies)}`,
    );
  }
  const truth = vectorOf("yTrue", yTrue);
  const { data: proba, rows, columns } = probabilities(yProb);
  if (columns > 1) throw new StarlitError("yProb has several columns: give those of one class.");
  checkRows(["yTrue", "yProb"], truth.length, rows);
  const stranger = distinct(truth).find((label) => label !== 0 && label !== 1);
  if (stranger !== undefined) {
    throw new StarlitError(`yTrue holds ${stranger}: give 1 for the class and 0 for the rest.`);
  }
  const edges = innerEdges(proba, bins, strategy);
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }));
  for (let row = 0; row < rows; row++) {
    const bin = edges.findIndex((edge) => edge >= proba[row]);
    const sum = sums[bin < 0 ? bins - 1 : bin];
    sum.predicted += proba[row];
    sum.observed += truth[row];
    sum.count++;
  }
  return sums
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => ({
      predicted: predicted / count,
      observed: observed / count,
      count,
    }));
}

const strategies = ["uniform", "quantile"];

/** The edges between the bins; the shares are multiples of 1 / bins as NumPy's `linspace` rounds them. */
function innerEdges(proba: ArrayLike<number>, bins: number, strategy: "uniform" | "quantile") {
  const shares = Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins));
  if (strategy === "uniform") return shares;
  const sorted = Float64Array.from(proba).sort();
  return shares.map((share) => quantile(sorted, (share * 100) / 100));
}

function probabilities(values: Values) {
  const table = columnsOf("probabilities", values);
  for (let i = 0; i < table.data.length; i++) {
    const p = table.data[i];
    if (p >= 0 && p <= 1) continue;
    const row = Math.floor(i / table.columns);
    throw new StarlitError(`The probability of row ${row} is ${p}: give numbers from 0 to 1.`);
  }
  return table;
}

import { StarlitError } from "../engine/errors";
import { checkOptions, knownNames } from "../engine/options";
import {
  checkLabels,
  checkRows,
  checkSums,
  type Columns,
  columnsOf,
  distinct,
  labelsOf,
  mean,
  sum,
  type Values,
} from "./inputs";

/** A score that is not defined for these rows, whatever was predicted. */
export class UndefinedScoreError extends StarlitError {
  override name = "UndefinedScoreError";
}

/** Options of `rocAucScore`. */
export interface AucOptions {
  /** `macro` (the default) is the plain mean of the classes, `weighted` by their rows; `null` gives each. */
  average?: "macro" | "weighted" | "micro" | null;
  /** With classes as numbers: the class of each column; those that occur, ascending, by default. */
  labels?: number[];
}

/**
 * Area under the ROC curve (scikit-learn's `roc_auc_score`): how often a row of the class scores
 * higher than one that is not, ties counted half.
 *
 * Three kinds of input:
 * - two classes: yTrue [rows] with two different labels, yScore [rows], high for the larger label;
 * - one-vs-rest: yTrue [rows] with labels, yScore [rows, classes], probabilities that sum to 1;
 * - several labels: yTrue [rows, labels] of 0 and 1, such as one-hot targets, yScore of the same shape.
 *
 * @throws UndefinedScoreError where a class has all rows or none, so that nothing is ranked; with
 * `weighted` a class without rows counts nothing
 * @throws StarlitError if an option is unknown or the input is none of the three kinds
 */
export function rocAucScore(
  yTrue: Values,
  yScore: Values,
  options: AucOptions & { average: null },
): number[];
export function rocAucScore(
  yTrue: Values,
  yScore: Values,
  options?: AucOptions & { average?: "macro" | "weighted" | "micro" },
): number;
export function rocAucScore(
  yTrue: Values,
  yScore: Values,
  options: AucOptions = {},
): number | number[] {
  checkOptions("rocAucScore", options, ["average", "labels"]);
  const { average = "macro", labels } = options;
  if (average !== null && !averages.includes(average)) {
    throw new StarlitError(
      `rocAucScore has no average "${String(average)}": ${knownNames(average, averages)}`,
    );
  }
  if (labels) checkLabels(labels);
  const truth = columnsOf("yTrue", yTrue);
  const scores = columnsOf("yScore", yScore);
  checkRows(["yTrue", "yScore"], truth.rows, scores.rows);
  if (truth.columns === 1) labelsOf("yTrue", yTrue);
  if (scores.columns === 1) return binaryAuc(twoClasses(truth), scores.data, "yTrue");
  const { indicators, names } =
    truth.columns === 1 ? oneVsRest(truth.data, scores, labels) : severalLabels(truth, scores);
  return averaged(indicators, scores, names, average);
}

const averages = ["macro", "weighted", "micro"];

/** One column of 0 and 1 for each column of the scores, and what each column is called. */
interface Indicators {
  indicators: Uint8Array[];
  names: string[];
}

function twoClasses({ data, columns }: Columns): Uint8Array {
  if (columns > 1) {
    throw new StarlitError(`yTrue has ${columns} columns and yScore one: give as many of each.`);
  }
  const classes = distinct(data);
  if (classes.length > 2) {
    throw new StarlitError(
      `yTrue has ${classes.length} classes: give scores with a column for each of them.`,
    );
  }
  return Uint8Array.from(data, (label) => Number(label === classes[classes.length - 1]));
}

function oneVsRest(truth: ArrayLike<number>, scores: Columns, given?: number[]): Indicators {
  const labels = given ?? distinct(truth);
  if (labels.length !== scores.columns) {
    throw new StarlitError(
      `There are ${labels.length} classes and ${scores.columns} columns of scores: ` +
        "name the class of each column in labels.",
    );
  }
  if (labels.length === 2) {
    throw new StarlitError("There are two classes: give the scores of the larger label alone.");
  }
  const known = new Set(labels);
  const stranger = distinct(truth).find((label) => !known.has(label));
  if (stranger !== undefined) {
    throw new StarlitError(`yTrue holds ${stranger}, which is not in labels: add it.`);
  }
  checkSums(scores, "scores");
  return {
    indicators: labels.map((label) => Uint8Array.from(truth, (value) => Number(value === label))),
    names: labels.map((label) => `class ${label}`),
  };
}

function severalLabels(truth: Columns, scores: Columns): Indicators {
  if (truth.columns !== scores.columns) {
    throw new StarlitError(
      `yTrue has ${truth.columns} columns and yScore ${scores.columns}: give as many of each.`,
    );
  }
  const stranger = distinct(truth.data).find((value) => value !== 0 && value !== 1);
  if (stranger !== undefined) {
    throw new StarlitError(`yTrue holds ${stranger}: with several columns give 0 and 1.`);
  }
  const numbers = Array.from({ length: truth.columns }, (_, c) => c);
  return {
    indicators: numbers.map((c) => Uint8Array.from(columnOf(truth, c))),
    names: numbers.map((c) => `column ${c}`),
  };
}

function columnOf({ data, rows, columns }: Columns, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]);
}

function averaged(
  indicators: Uint8Array[],
  scores: Columns,
  names: string[],
  average: AucOptions["average"],
): number | number[] {
  if (average === "micro") {
    const all = new Uint8Array(scores.rows * scores.columns);
    const flat = all.map((_, i) => indicators[i % scores.columns][Math.floor(i / scores.columns)]);
    return binaryAuc(flat, scores.data, "yTrue");
  }
  const areaOf = (c: number) => binaryAuc(indicators[c], columnOf(scores, c), names[c]);
  if (average === "weighted") {
    const rows = indicators.map((column) => column.reduce((total, value) => total + value, 0));
    if (sum(rows) === 0) return 0; // as in scikit-learn
    return sum(rows.map((weight, c) => (weight === 0 ? 0 : weight * areaOf(c)))) / sum(rows);
  }
  const areas = indicators.map((_, c) => areaOf(c));
  return average === null ? areas : mean(areas);
}

/** The Mann-Whitney statistic of the positive rows' ranks; equal scores share their mean rank. */
function binaryAuc(positive: Uint8Array, scores: ArrayLike<number>, name: string): number {
  const n = positive.length;
  const positives = positive.reduce((total, value) => total + value, 0);
  if (positives === 0 || positives === n) {
    const only = positives === 0 ? "no row" : "every row";
    throw new UndefinedScoreError(
      `${name}: ${only} is of the class, so the AUC is not defined: give rows of both kinds.`,
    );
  }
  const order = Uint32Array.from(positive, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let rankSum = 0;
  for (let start = 0, end: number; start < n; start = end) {
    let inTie = 0;
    for (end = start; end < n && scores[order[end]] === scores[order[start]]; end++) {
      inTie += positive[order[end]];
    }
    rankSum += inTie * ((start + 1 + end) / 2);
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (n - positives));
}

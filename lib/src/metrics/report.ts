import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { precisionRecallFscore, type ScoreOptions } from "./classification";
import { accuracyScore } from "./confusion";
import { distinct, labelPairOf, sum, type Values } from "./inputs";

/** A line of a classification report: a class or an average. */
export interface ReportRow {
  name: string;
  /** Empty for the accuracy. */
  precision?: number;
  /** Empty for the accuracy. */
  recall?: number;
  /** F1, or the accuracy. */
  f1Score: number;
  /** How many rows are of the class or counted. */
  support: number;
  /** Set where no row at all was predicted right: scikit-learn then prints supports as "3.0". */
  noneRight?: true;
}

/** Options of `classificationReport`. */
export interface ReportOptions extends Pick<ScoreOptions, "labels" | "zeroDivision"> {
  /** What the classes are called, in the order of the labels. */
  targetNames?: string[];
}

/**
 * Precision, recall and F1 of each class, the accuracy (micro averages where some classes are left
 * out) and the averages over the classes (scikit-learn's `classification_report`).
 */
export function classificationReport(
  yTrue: Values,
  yPred: Values,
  options: ReportOptions = {},
): ReportRow[] {
  checkOptions("classificationReport", options, ["labels", "targetNames", "zeroDivision"]);
  const present = distinct(...labelPairOf(yTrue, yPred));
  const { labels = present, zeroDivision, targetNames = labels.map(String) } = options;
  if (labels.length === 0) throw new StarlitError("labels is empty: name one class at least.");
  if (targetNames.length !== labels.length) {
    throw new StarlitError(
      `There are ${targetNames.length} names for ${labels.length} classes: give as many of each.`,
    );
  }
  const scores = precisionRecallFscore(yTrue, yPred, { labels, zeroDivision });
  const support = sum(scores.support);
  const average = (name: string, kind: "micro" | "macro" | "weighted") => {
    const { fscore, ...rest } = precisionRecallFscore(yTrue, yPred, {
      labels,
      zeroDivision,
      average: kind,
    });
    return { name, ...rest, f1Score: fscore, support };
  };
  const reported = new Set(labels);
  const whole = present.every((label) => reported.has(label));
  const accuracy = accuracyScore(yTrue, yPred);
  const rows: ReportRow[] = [
    ...labels.map((_, i) => ({
      name: targetNames[i],
      precision: scores.precision[i],
      recall: scores.recall[i],
      f1Score: scores.fscore[i],
      support: scores.support[i],
    })),
    whole ? { name: "accuracy", f1Score: accuracy, support } : average("micro avg", "micro"),
    average("macro avg", "macro"),
    average("weighted avg", "weighted"),
  ];
  return accuracy === 0 ? rows.map((row) => ({ ...row, noneRight: true })) : rows;
}

/** A classification report as text, letter for letter as scikit-learn prints it. */
export function formatReport(rows: ReportRow[], digits = 2): string {
  if (!(Number.isInteger(digits) && digits >= 0 && digits <= 100)) {
    throw new StarlitError(`digits is ${digits}: give a whole number from 0 to 100.`);
  }
  const width = Math.max(...rows.map(({ name }) => name.length), "weighted avg".length, digits);
  const line = (name: string, cells: string[]) =>
    `${name.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join("")}\n`;
  const number = (value?: number) => (value === undefined ? "" : fixed(value, digits));
  const count = ({ support, noneRight }: ReportRow) => (noneRight ? `${support}.0` : `${support}`);
  const lines = rows.map((row) => {
    const { name, precision, recall, f1Score } = row;
    return line(name, [number(precision), number(recall), number(f1Score), count(row)]);
  });
  const classes = rows.length - 3;
  const head = line("", ["precision", "recall", "f1-score", "support"]);
  return [head, ...lines.slice(0, classes), ...lines.slice(classes)].reduce(
    (text, next, i) => text + (i === 1 || i === classes + 1 ? "\n" : "") + next,
    "",
  );
}

/** Python's `f"{value:.2f}"`: half-way cases go to the even digit, where `toFixed` goes up. */
function fixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return "nan";
  const halfWay = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  const floor = Math.floor(value * 10 ** digits);
  return (halfWay && floor % 2 === 0 ? floor / 10 ** digits : value).toFixed(digits);
}

import { StarlitError } from "../engine/errors";
import { precisionRecallFscore, type ScoreOptions } from "./classification";
import { accuracyScore } from "./confusion";
import { distinct, pairOf, sum, type Values } from "./inputs";

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
}

/** Options of `classificationReport`. */
export interface ReportOptions extends ScoreOptions {
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
  const present = distinct(...pairOf(yTrue, yPred));
  const { labels = present, zeroDivision, targetNames = labels.map(String) } = options;
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
  const whole = present.every((label) => labels.includes(label));
  return [
    ...labels.map((_, i) => ({
      name: targetNames[i],
      precision: scores.precision[i],
      recall: scores.recall[i],
      f1Score: scores.fscore[i],
      support: scores.support[i],
    })),
    whole
      ? { name: "accuracy", f1Score: accuracyScore(yTrue, yPred), support }
      : average("micro avg", "micro"),
    average("macro avg", "macro"),
    average("weighted avg", "weighted"),
  ];
}

/** A classification report as text, letter for letter as scikit-learn prints it. */
export function formatReport(rows: ReportRow[], digits = 2): string {
  const width = Math.max(...rows.map(({ name }) => name.length), "weighted avg".length, digits);
  const line = (name: string, cells: string[]) =>
    `${name.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join("")}\n`;
  const number = (value?: number) => (value === undefined ? "" : fixed(value, digits));
  const lines = rows.map(({ name, precision, recall, f1Score, support }) =>
    line(name, [number(precision), number(recall), number(f1Score), String(support)]),
  );
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

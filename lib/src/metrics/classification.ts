import { StarlitError } from "../engine/errors";
import { checkOptions, knownNames } from "../engine/options";
import { checkLabels, distinct, labelPairOf, sum, type Values } from "./inputs";

/** How the scores of the classes become one. */
export type Average = "binary" | "micro" | "macro" | "weighted";

/** Options of the scores of classes. */
export interface ScoreOptions {
  /** The classes and their order; all that occur, ascending, where they are not given. */
  labels?: number[];
  /** The class that counts with `average: "binary"`; 1 by default. */
  posLabel?: number;
  /** The score where nothing was to be found or nothing was predicted; 0 by default. */
  zeroDivision?: 0 | 1 | typeof NaN;
}

/** Scores of each class. */
export interface ClassScores {
  labels: number[];
  precision: number[];
  recall: number[];
  fscore: number[];
  /** How many rows are of the class. */
  support: number[];
}

/** Scores over all classes. */
export interface AveragedScores {
  precision: number;
  recall: number;
  fscore: number;
}

/**
 * Precision, recall and F1 of each class or, with `average`, over all classes
 * (scikit-learn's `precision_recall_fscore_support`).
 *
 * `micro` counts over all classes together, `macro` is the plain mean, `weighted` the mean by the
 * number of rows, `binary` is the score of the class `posLabel`.
 */
export function precisionRecallFscore(
  yTrue: Values,
  yPred: Values,
  options: ScoreOptions & { average: Average },
): AveragedScores;
export function precisionRecallFscore(
  yTrue: Values,
  yPred: Values,
  options?: ScoreOptions,
): ClassScores;
export function precisionRecallFscore(
  yTrue: Values,
  yPred: Values,
  options: ScoreOptions & { average?: Average | null } = {},
): ClassScores | AveragedScores {
  checkScoreOptions("precisionRecallFscore", options);
  const [truth, predicted] = labelPairOf(yTrue, yPred);
  const { average, zeroDivision = 0 } = options;
  const present = () => distinct(truth, predicted);
  const labels =
    average === "binary" ? [positiveOf(present(), options)] : (options.labels ?? present());
  const counts = countsOf(labels, truth, predicted);
  const { precision, recall, fscore } = scoresOf(
    average === "micro" ? [counts.reduce(added, noCounts)] : counts,
    zeroDivision,
  );
  const support = counts.map(({ there }) => there);
  if (average === undefined || average === null)
    return { labels, precision, recall, fscore, support };
  const weights = average === "weighted" ? support : undefined;
  return {
    precision: averageOf(precision, weights),
    recall: averageOf(recall, weights),
    fscore: averageOf(fscore, weights),
  };
}

const averages = ["binary", "micro", "macro", "weighted"];

/** Refuses options that the scores of classes don't have, and values that an option has not. */
function checkScoreOptions(where: string, options: ScoreOptions & { average?: Average | null }) {
  checkOptions(where, options, ["average", "labels", "posLabel", "zeroDivision"]);
  const { average, labels, zeroDivision } = options;
  if (average !== undefined && average !== null && !averages.includes(average)) {
    throw new StarlitError(
      `${where} has no average "${String(average)}": ${knownNames(average, averages)}`,
    );
  }
  if (labels) checkLabels(labels);
  if (zeroDivision !== undefined && ![0, 1, NaN].includes(zeroDivision)) {
    throw new StarlitError(`zeroDivision is ${zeroDivision}: give 0, 1 or NaN.`);
  }
}

/** Options of one averaged score; `binary` is the default, as in scikit-learn. */
export type AveragedOptions = ScoreOptions & { average?: Average };

/** Of the rows predicted as a class, the share that is of it (scikit-learn's `precision_score`). */
export function precisionScore(
  yTrue: Values,
  yPred: Values,
  options: AveragedOptions = {},
): number {
  checkScoreOptions("precisionScore", options);
  return precisionRecallFscore(yTrue, yPred, { average: "binary", ...options }).precision;
}

/** Of the rows of a class, the share predicted as it (scikit-learn's `recall_score`). */
export function recallScore(yTrue: Values, yPred: Values, options: AveragedOptions = {}): number {
  checkScoreOptions("recallScore", options);
  return precisionRecallFscore(yTrue, yPred, { average: "binary", ...options }).recall;
}

/** The harmonic mean of precision and recall (scikit-learn's `f1_score`). */
export function f1Score(yTrue: Values, yPred: Values, options: AveragedOptions = {}): number {
  checkScoreOptions("f1Score", options);
  return precisionRecallFscore(yTrue, yPred, { average: "binary", ...options }).fscore;
}

/** Of one class: rows predicted right, rows predicted as it, rows that are of it. */
interface Counts {
  right: number;
  predicted: number;
  there: number;
}

function countsOf(
  labels: number[],
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Counts[] {
  const counts = labels.map(() => ({ right: 0, predicted: 0, there: 0 }));
  const of = new Map(labels.map((label, i) => [label, counts[i]]));
  for (let row = 0; row < truth.length; row++) {
    const here = of.get(truth[row]);
    const there = of.get(predicted[row]);
    if (here) here.there++;
    if (there) there.predicted++;
    if (here && here === there) here.right++;
  }
  return counts;
}

const noCounts: Counts = { right: 0, predicted: 0, there: 0 };

const added = (a: Counts, b: Counts): Counts => ({
  right: a.right + b.right,
  predicted: a.predicted + b.predicted,
  there: a.there + b.there,
});

function scoresOf(counts: Counts[], zeroDivision: number) {
  const share = (part: number, whole: number) => (whole === 0 ? zeroDivision : part / whole);
  return {
    precision: counts.map(({ right, predicted }) => share(right, predicted)),
    recall: counts.map(({ right, there }) => share(right, there)),
    fscore: counts.map(({ right, predicted, there }) => share(2 * right, predicted + there)),
  };
}

/** The mean of those scores that are numbers. */
function averageOf(scores: number[], weights: number[] = scores.map(() => 1)): number {
  const there = scores.map((_, i) => i).filter((i) => !Number.isNaN(scores[i]));
  if (there.length === 0) return NaN;
  const weighted = sum(there.map((i) => weights[i])) > 0;
  const weightOf = (i: number) => (weighted ? weights[i] : 1);
  return sum(there.map((i) => scores[i] * weightOf(i))) / sum(there.map(weightOf));
}

function positiveOf(present: number[], { posLabel = 1 }: ScoreOptions): number {
  if (present.length > 2) {
    throw new StarlitError(
      `There are ${present.length} classes: choose the average "macro", "micro" or "weighted".`,
    );
  }
  if (present.length === 2 && !present.includes(posLabel)) {
    throw new StarlitError(
      `No row is of class ${posLabel}: give ${present.join(" or ")} as posLabel.`,
    );
  }
  return posLabel;
}

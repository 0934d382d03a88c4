/** Rows of the notebook's tables and what they are made of, from stored runs: a column a property. */
import type { TableRow } from "../../data";
import { meanAndSd, summarize } from "../../metrics/summary";
import { type Run, unpackArray } from "../../training";
import { published } from "./published";
import type { ErrorRow } from "./scores";

/** The runs of each model, one a seed, by its name. */
export type Runs = ReadonlyMap<string, readonly Run[]>;

const mean = (values: readonly number[]) => summarize(values).mean;

/** A squared error of ratings divided by 10. */
const digits = (value: number) => value.toFixed(3);

/** Published models with their runs under a reading: those that there are. */
function modelsOf(runs: Runs, readings: readonly string[]) {
  return published.models.flatMap((model) =>
    readings.flatMap((reading) => {
      const found = runs.get(`${model.family}-${reading}`);
      return found ? [{ ...model, title: `${model.letter} ${model.name}`, reading, found }] : [];
    }),
  );
}

/**
 * The document's figure 12: the published errors of each model beside the lowest and the last of ours,
 * mean ± standard deviation over the seeds.
 */
export function lowestErrors(runs: Runs, readings: readonly string[]): TableRow[] {
  return modelsOf(runs, readings).map(({ title, reading, found, train, validation }) => {
    const ours = (metric: string) => meanAndSd(found.map(({ metrics }) => metrics[metric]));
    return {
      model: title,
      reading,
      "published: training": train,
      "published: validation": validation,
      "lowest training": ours("bestTrain"),
      "lowest validation": ours("bestValidation"),
      "last training": ours("lastTrain"),
      "last validation": ours("lastValidation"),
    };
  });
}

/** Mean of the last fifth of a curve less that of the fourth: below zero while it falls. */
export function lateChange(values: readonly number[]): number {
  const fifth = Math.max(Math.floor(values.length / 5), 1);
  const before = values.slice(-2 * fifth, -fifth);
  return mean(values.slice(-fifth)) - mean(before.length > 0 ? before : values);
}

/** Mean distance of neighbouring values: 0 of a flat curve. */
export function wiggle(values: readonly number[]): number {
  return values.length > 1
    ? mean(values.slice(1).map((value, i) => Math.abs(value - values[i])))
    : 0;
}

/** What the learning curves of each model tell, means over its runs. */
export function curveFacts(runs: Runs): TableRow[] {
  return [...runs].map(([name, found]) => {
    const over = (of: (run: Run) => number) => mean(found.map(of));
    const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
    const below = ({ history: { loss, valLoss } }: Run) =>
      valLoss.filter((value, i) => value < loss[i]).length;
    return {
      network: name,
      "lowest validation": digits(over(({ metrics }) => metrics.bestValidation)),
      "in epoch": found.map(({ metrics }) => metrics.bestEpoch).join(", "),
      "last validation": digits(over(({ metrics }) => metrics.lastValidation)),
      "late change, training": signed(over(({ history }) => lateChange(history.loss))),
      "late change, validation": signed(over(({ history }) => lateChange(history.valLoss))),
      wiggle: over(({ history }) => wiggle(history.valLoss)).toFixed(4),
      "epochs with validation below training": found.map(below).join(", "),
    };
  });
}

/**
 * The training error of an epoch as it is measured while the network learns and after the epoch, beside
 * the validation error.
 *
 * @param watched a training whose validation rows are the training rows
 * @param plain the same training with the validation rows
 * @param epochs from 1; those that were not trained are left out
 */
export function whenMeasured(watched: Run, plain: Run, epochs: readonly number[]): TableRow[] {
  return epochs
    .filter((epoch) => epoch <= Math.min(watched.history.loss.length, plain.history.loss.length))
    .map((epoch) => ({
      network: plain.model,
      epoch,
      "training, while learning": digits(watched.history.loss[epoch - 1]),
      "training, after the epoch": digits(watched.history.valLoss[epoch - 1]),
      validation: digits(plain.history.valLoss[epoch - 1]),
    }));
}

/** The mean errors by true rating that a run of a published model has stored, in points. */
export function storedErrors({ predictions = {} }: Run): ErrorRow[] {
  const [ratings, errors, sds, counts] = ["Ratings", "Means", "Sds", "Counts"].map((name) =>
    Array.from(unpackArray(predictions[`error${name}`]).data),
  );
  return ratings.map((rating, i) => ({
    rating: Math.round(rating),
    error: errors[i],
    sd: sds[i],
    count: Math.round(counts[i]),
  }));
}

/** Mean error (bias) and squared error of reviews, from those of each true rating. */
function together(errors: readonly ErrorRow[]) {
  const rows = errors.reduce((sum, { count }) => sum + count, 0);
  const over = (of: (row: ErrorRow) => number) =>
    errors.reduce((sum, row) => sum + of(row) * row.count, 0) / rows;
  return { bias: over(({ error }) => error), mse: over(({ error, sd }) => error ** 2 + sd ** 2) };
}

/** Mean error and squared error of the negative and of the positive reviews, in points; first seeds. */
export function errorsBySide(runs: Runs, reading: string): TableRow[] {
  return modelsOf(runs, [reading]).map(({ title, found }) => {
    const errors = storedErrors(found[0]);
    const negative = together(errors.filter(({ rating }) => rating < 5.5));
    const positive = together(errors.filter(({ rating }) => rating > 5.5));
    return {
      model: title,
      "negative: mean error": negative.bias.toFixed(2),
      "negative: squared error": negative.mse.toFixed(2),
      "positive: mean error": positive.bias.toFixed(2),
      "positive: squared error": positive.mse.toFixed(2),
    };
  });
}

const percent = (share: number) => 100 * share;

/** Scores of the test folder in points, mean ± standard deviation over the seeds. */
export function soundScores(runs: Runs, names: readonly string[]): TableRow[] {
  return names.map((name) => {
    const scores = (metric: string) => runs.get(name)!.map(({ metrics }) => metrics[metric]);
    return {
      model: name,
      "squared error": meanAndSd(scores("mse")),
      "absolute error": meanAndSd(scores("mae")),
      "R²": meanAndSd(scores("r2")),
      "right side of 5.5": `${meanAndSd(scores("side").map(percent), 1)} %`,
      "squared error of ratings ÷ 10": meanAndSd(
        scores("mse").map((mse) => mse / 100),
        4,
      ),
    };
  });
}

/** Scores of a run as a classification: a class a rating. */
export function classScores({ metrics }: Pick<Run, "metrics">): TableRow {
  const share = (metric: string) => `${percent(metrics[metric]).toFixed(1)} %`;
  return {
    exact: share("accuracy"),
    "within one point": share("withinOne"),
    "macro-F1": digits(metrics.macroF1),
    "squared error": metrics.mse.toFixed(2),
    "inside the 80 % interval": "coverage" in metrics ? share("coverage") : "–",
  };
}

/** Ratings that were predicted for the reviews of the test folder, in points: the mean over the runs. */
export function predictedRatings(runs: readonly Run[]): number[] {
  const each = runs.map(({ predictions }) => unpackArray(predictions!.test).data);
  return Array.from(each[0], (_, i) => mean(each.map((data) => data[i])));
}

/** The class, one of the ratings that occur, that a run says of each review of the test folder. */
export function predictedClasses({ predictions }: Run): number[] {
  return Array.from(unpackArray(predictions!.classes).data);
}

// What the study's notebook shows in tables and figures: plain rows, made of plain data.
import type { TableRow } from "../../data";
import { meanAndSd } from "../../metrics";
import type { LearningModel, PositionSeries } from "../../plots";
import { type Run, unpackArray } from "../../training";
import { type ResultRow, resultRow } from "../experiment/resultRow";
import type { ReviewRows } from "./data";
import { published, publishedCurves } from "./published";
import { publishedSchedule } from "./schedule";

/** Runs by the names of their models. */
export type RunsByName = Readonly<Record<string, readonly Run[]>>;

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/** Which share of all positions holds 0 for a rare word, and which for the space after a review's end. */
export function zeroShares({ x: { data, shape } }: ReviewRows): TableRow {
  const [reviews, steps] = shape;
  let [inside, after] = [0, 0];
  for (let row = 0; row < reviews; row++) {
    const ids = data.subarray(row * steps, (row + 1) * steps);
    let end = steps;
    while (end > 0 && ids[end - 1] === 0) end--;
    after += steps - end;
    inside += ids.subarray(0, end).filter((id) => id === 0).length;
  }
  const all = reviews * steps;
  return { "rare words": percent(inside / all), "after the end": percent(after / all) };
}

/** What the published schedule says after so many epochs of an accuracy's log. */
export function scheduleRows(log: readonly number[], epochs: readonly number[]): TableRow[] {
  return epochs.map((done) => {
    const { learningRate, decay, finished } = publishedSchedule(log.slice(0, done));
    return {
      "epochs done": done,
      accuracy: log[done - 1],
      "learning rate": learningRate.toExponential(0),
      decay: decay.toExponential(0),
      finished,
    };
  });
}

/** The epochs, from 1, whose watched accuracy is below that of the epoch before. */
export function fallsOf({ history: { valAccuracy } }: Run): number[] {
  return valAccuracy.flatMap((accuracy, i) => (accuracy < valAccuracy[i - 1] ? [i + 1] : []));
}

/** Each training beside the published curve, for `learningCurves`. */
export function curvesOf(runs: readonly Run[]): LearningModel[] {
  return runs.map(({ seed, history }) => ({
    name: `seed ${seed}`,
    runs: [history],
    published: publishedCurves,
  }));
}

/** A difference of shares in points: "−0.4 points". */
function points(share: number): string {
  const text = (100 * share).toFixed(1);
  return `${Number(text) === 0 ? "0.0" : text.replace("-", "−")} points`;
}

/** How far the test accuracies of trainings are from the published log. */
export function distanceRows(runs: readonly Run[]): TableRow[] {
  const log = published.history.testAccuracy;
  return runs.map((run) => {
    const { valAccuracy } = run.history;
    const distances = log.flatMap((accuracy, i) =>
      valAccuracy[i] === undefined ? [] : [Math.abs(valAccuracy[i] - accuracy)],
    );
    const best = Math.max(...valAccuracy) - Math.max(...log);
    return {
      seed: run.seed,
      epochs: valAccuracy.length,
      "falls in epoch": fallsOf(run).join(", "),
      "furthest from the published curve": points(Math.max(...distances)),
      "from epoch 8 on": points(Math.max(0, ...distances.slice(7))),
      "best less published best": points(best),
    };
  });
}

/** Losses and accuracies of the last epoch, published and ours, and of the training reviews without dropout. */
export function lastEpochRows(runs: readonly Run[]): TableRow[] {
  const last = (curve: string) => runs.map(({ history }) => history[curve].at(-1)!);
  const metric = (name: string) => runs.map(({ metrics }) => metrics[name]);
  const { loss, accuracy, testLoss, testAccuracy } = published.history;
  const row = (
    reviews: string,
    [pLoss, pAccuracy]: readonly [number?, number?],
    losses: readonly number[],
    accuracies: readonly number[],
  ) => ({
    reviews,
    "loss, published": pLoss ?? "–",
    "loss, ours": meanAndSd(losses, 4),
    "accuracy, published": pAccuracy ?? "–",
    "accuracy, ours": meanAndSd(accuracies, 4),
  });
  return [
    row("training, dropout on", [loss.at(-1), accuracy.at(-1)], last("loss"), last("accuracy")),
    row("training, dropout off", [], metric("trainLoss"), metric("trainAccuracy")),
    row("test", [testLoss.at(-1), testAccuracy.at(-1)], metric("loss"), metric("accuracy")),
  ];
}

/**
 * The mean weight of each position over the test reviews and its standard deviation, as shares of the sum
 * of all weights, for `weightByPosition`.
 */
export function positionShares(name: string, run: Run): PositionSeries {
  const { data, shape } = unpackArray(run.predictions!.weights);
  const mean = Array.from(data.subarray(0, shape[1]));
  const sum = mean.reduce((a, b) => a + b);
  const share = (weight: number) => weight / sum;
  return { name, mean: mean.map(share), deviation: Array.from(data.subarray(shape[1]), share) };
}

/** How much the weights of a position differ between reviews, as a share of their size. */
export function spreadOfWeights(run: Run): number {
  const { deviation } = positionShares("", run);
  return Array.from(deviation!).reduce((a, b) => a + b);
}

const accuracies = (runs: readonly Run[], metric: string) =>
  runs.every(({ metrics }) => metric in metrics)
    ? meanAndSd(
        runs.map(({ metrics }) => metrics[metric]),
        4,
      )
    : "–";

/** Test accuracy as it is, with shuffled words, and with the weights' means in their place. */
export function wordTestRows(models: RunsByName): TableRow[] {
  return Object.entries(models).map(([model, runs]) => ({
    model,
    seeds: runs.length,
    "test accuracy": accuracies(runs, "accuracy"),
    "words shuffled": accuracies(runs, "shuffledAccuracy"),
    "constant weights": accuracies(runs, "constantAccuracy"),
  }));
}

/**
 * Ablations, seed by seed: the test accuracy at the end by the published schedule, and by one with
 * patience that watches validation rows; and the epoch after which the rate was first cut.
 *
 * @param patient the runs of `gru` by the name `gru-patient`, and so on
 */
export function ablationRows(published: RunsByName, patient: RunsByName): TableRow[] {
  const bySeed = (runs: readonly Run[], text: (run: Run) => string) => runs.map(text).join(", ");
  const percents = (runs: readonly Run[]) =>
    bySeed(runs, ({ metrics }) => (100 * metrics.accuracy).toFixed(1));
  const cuts = (runs: readonly Run[]) =>
    bySeed(runs, ({ history: { valAccuracy }, hyperParameters: { patience } }) => {
      const chosen = typeof patience === "number" ? patience : undefined;
      return `${publishedSchedule(valAccuracy, undefined, chosen).starts[1] ?? "–"}`;
    });
  return Object.entries(published).map(([model, runs]) => {
    const waited = patient[`${model}-patient`] ?? [];
    return {
      model,
      "published: first cut after epoch": cuts(runs),
      "test accuracy in %": percents(runs),
      "patient: first cut": waited.length > 0 ? cuts(waited) : "–",
      "test accuracy in % ": waited.length > 0 ? percents(waited) : "–",
    };
  });
}

/** Mean ± standard deviation of the test accuracy, in percent. */
export function percentOf(runs: readonly Run[]): string {
  return `${meanAndSd(
    runs.map(({ metrics }) => 100 * metrics.accuracy),
    2,
  )} %`;
}

/** What each training loses when the words of the test reviews are shuffled, in points. */
export function shuffleRows(models: RunsByName): TableRow[] {
  return Object.entries(models).map(([model, runs]) => ({
    model,
    accuracy: percentOf(runs),
    ...Object.fromEntries(
      runs.map(({ seed, metrics }) => [
        `lost, seed ${seed}`,
        points(metrics.accuracy - metrics.shuffledAccuracy),
      ]),
    ),
  }));
}

/**
 * The rows of the study in the report.
 *
 * @param lstms runs of the published network by the published protocol
 * @param sounds the same by the sound protocol
 * @param others test accuracies of further models, by their names
 */
export function results(
  lstms: readonly Run[],
  sounds: readonly Run[],
  others: RunsByName,
): ResultRow[] {
  const { accuracy, testAccuracy, testLoss } = published.history;
  const lastWatched = ({ history }: Run) => history.accuracy.at(-1)!;
  return [
    resultRow(
      "Best test accuracy, as published",
      Math.max(...testAccuracy),
      { runs: lstms, metric: "bestWatched", kind: "share" },
      "the test reviews chose the epoch",
    ),
    resultRow("Last test accuracy, as published", testAccuracy.at(-1)!, {
      runs: lstms,
      metric: "accuracy",
      kind: "share",
    }),
    resultRow(
      "Test loss of the last epoch",
      testLoss.at(-1)!,
      { runs: lstms, metric: "loss", kind: "loss" },
      "the summary prints 0.33, which is not in the log",
    ),
    resultRow("Training accuracy, dropout on", accuracy.at(-1)!, {
      runs: lstms,
      metric: lastWatched,
      kind: "share",
    }),
    resultRow(
      "Training accuracy, dropout off",
      null,
      { runs: lstms, metric: "trainAccuracy" },
      "announced there, not done",
    ),
    resultRow("Test accuracy, sound protocol", null, { runs: sounds, metric: "accuracy" }),
    ...Object.entries(others).map(([name, runs]) =>
      resultRow(`Test accuracy, ${name}`, null, { runs, metric: "accuracy" }),
    ),
  ];
}

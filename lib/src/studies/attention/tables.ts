/** Rows of the notebook's tables, from stored runs: a column a property. */
import type { TableRow } from "../../data";
import type { NdArray } from "../../engine";
import { meanAndSd, summarize } from "../../metrics/summary";
import type { DeletionPoint } from "../../plots";
import { type Run, unpackArray } from "../../training";
import { published, type PublishedParts, type PublishedScores } from "./published";
import { deletionCounts } from "./run";

/** The runs of each model, one a seed, by its name. */
export type Runs = ReadonlyMap<string, readonly Run[]>;

const after = (part: string, name: string) => `${part}${name[0].toUpperCase()}${name.slice(1)}`;

const mean = (values: readonly number[]) => summarize(values).mean;

/** Mean ± standard deviation of a metric over runs. */
const over = (runs: readonly Run[], metric: string) =>
  meanAndSd(
    runs.map(({ metrics }) => metrics[metric]),
    4,
  );

/** The published accuracy of a model on its test rows, by its name. */
const publishedAccuracy: Readonly<Record<string, number>> = {
  "imdb-lstm-attention": published.imdb.models["lstm-attention"].test.accuracy,
  "imdb-ffnn": published.imdb.models.ffnn.test.accuracy,
  "imdb-rnn-no-mask": published.imdb.models.rnn.test.accuracy,
};

/** The published scores by the names of the curves of `fit`; none of them is a whole curve. */
export function publishedCurves({ train, validation }: PublishedParts): Record<string, number> {
  const named = Object.entries(validation).map(([name, value]) => [after("val", name), value]);
  return { ...train, ...Object.fromEntries(named) };
}

/** The named models that have runs. */
const withRuns = (runs: Runs, names: readonly string[]) =>
  names.flatMap((name) => {
    const found = runs.get(name);
    return found ? [{ name, model: name.replace(/^(imdb|tweets)-/, ""), found }] : [];
  });

/** Scores on film reviews: accuracy and F1 on the 2,500 test reviews, accuracy on the test folder. */
export function filmScores(runs: Runs, names: readonly string[]): TableRow[] {
  return withRuns(runs, names).map(({ name, model, found }) => ({
    model,
    published: publishedAccuracy[name] ?? "–",
    accuracy: over(found, "accuracy"),
    F1: over(found, "f1"),
    "test folder": over(found, "extraAccuracy"),
  }));
}

/** Scores on test tweets, and the accuracy on validation tweets. */
export function tweetScores(runs: Runs, names: readonly string[]): TableRow[] {
  return withRuns(runs, names).map(({ model, found }) => ({
    model,
    "macro recall": over(found, "recall"),
    accuracy: over(found, "accuracy"),
    F1: over(found, "f1"),
    "validation accuracy": over(found, "validationAccuracy"),
  }));
}

/** Accuracy on the test tweets that were trained on, on the others, and on all of them. */
export function leaked(runs: readonly Run[]): TableRow[] {
  const row = (tweets: string, metric: string) => ({ tweets, accuracy: over(runs, metric) });
  return [
    row("test tweets that were trained on", "seenAccuracy"),
    row("test tweets that were not", "unseenAccuracy"),
    row("all test tweets", "accuracy"),
  ];
}

const scoreNames = ["loss", "accuracy", "precision", "recall", "f1"] as const;

/**
 * A score of a run on a part of the data, in the epoch that was kept or after the last one; on test rows
 * it is that of the epoch that was kept. Means of batches where the run has them, as the document does.
 */
function scoreOf(
  { history, metrics }: Run,
  part: keyof PublishedParts,
  score: keyof PublishedScores,
  epoch: "kept" | "last",
): number | undefined {
  const batch = after("batch", score);
  const name = batch in history ? batch : score;
  if (part === "test") return metrics[name];
  const curve = history[part === "train" ? name : after("val", name)];
  return curve[epoch === "last" ? curve.length - 1 : metrics.bestEpoch - 1];
}

/** The published scores of a network and ours below them, part by part; ours are means over the runs. */
export function besidePublished(
  network: string,
  parts: PublishedParts,
  runs: readonly Run[],
  epoch: "kept" | "last" = "kept",
): TableRow[] {
  const names = ["train", "validation", "test"] as const;
  return names.flatMap((part) => {
    const row = (whose: string, of: (score: keyof PublishedScores) => number | undefined) => ({
      network,
      part,
      whose,
      ...Object.fromEntries(scoreNames.map((score) => [score, of(score) ?? "–"])),
    });
    return [
      row("published", (score) => parts[part][score]),
      row("ours", (score) => {
        const values = runs.flatMap((run) => scoreOf(run, part, score, epoch) ?? []);
        return values.length > 0 ? mean(values) : undefined;
      }),
    ];
  });
}

/** What deleting words does to a run's predictions: (way, count) to mean change and share that flips. */
function deletionOf(
  run: Run,
  way: number,
  place: number,
): Pick<DeletionPoint, "change" | "flipped"> {
  const { data } = unpackArray(run.predictions!.deletion);
  const at = (way * deletionCounts.length + place) * 2;
  return { change: data[at], flipped: data[at + 1] };
}

const ways = ["most attended", "random"] as const;

/** The deletion test of a network's runs, the mean over them: a line for each way to choose words. */
export function deletions(runs: readonly Run[], network: string): DeletionPoint[] {
  return ways.flatMap((words, way) =>
    deletionCounts.map((count, place) => {
      const found = runs.map((run) => deletionOf(run, way, place));
      return {
        words: `${words}, ${network}`,
        count,
        change: mean(found.map(({ change }) => change)),
        flipped: mean(found.map(({ flipped }) => flipped)),
      };
    }),
  );
}

/** The share of predictions that flip when most words are deleted, run by run. */
export function flippedBySeed(runs: readonly Run[], network: string): TableRow[] {
  const last = deletionCounts.length - 1;
  return runs.map((run) => ({
    network,
    seed: run.seed,
    "most attended": deletionOf(run, 0, last).flipped,
    random: deletionOf(run, 1, last).flipped,
  }));
}

/** The mean of the probabilities that runs give to the test rows: their vote. */
export function vote(runs: readonly Run[]): NdArray {
  const each = runs.map(({ predictions }) => unpackArray(predictions!.probabilities));
  const data = Float32Array.from(each[0].data, (_, i) => mean(each.map(({ data }) => data[i])));
  return { data, shape: each[0].shape };
}

import { type ResultRow, resultRow } from "../experiment/resultRow";
import { published } from "./published";
import { scores } from "./scores";
import { type Runs, vote } from "./tables";
import type { Data } from "./data";

/** What is read of a model's runs. */
const share = (runs: Runs, name: string, metric: string, reading?: string) =>
  ({ runs: runs.get(name)!, metric, reading, kind: "share" }) as const;

function filmRows(runs: Runs): ResultRow[] {
  const { models } = published.imdb;
  const attention = "Film reviews, LSTM with attention";
  const own = (name: string, metric: string) => share(runs, `imdb-${name}`, metric);
  return [
    resultRow(
      `${attention}: test accuracy`,
      models["lstm-attention"].test.accuracy,
      own("lstm-attention", "accuracy"),
    ),
    resultRow(
      `${attention}: test F1`,
      models["lstm-attention"].test.f1,
      own("lstm-attention", "f1"),
      "there a mean over batches",
    ),
    resultRow(
      `${attention}: test folder`,
      null,
      own("lstm-attention", "extraAccuracy"),
      "never used there",
    ),
    resultRow(
      "Film reviews, FFNN: test accuracy",
      models.ffnn.test.accuracy,
      own("ffnn", "accuracy"),
      "its sizes were not published",
    ),
    resultRow(
      "Film reviews, RNN: test accuracy",
      models.rnn.test.accuracy,
      share(runs, "imdb-rnn-no-mask", "accuracy", "no mask"),
      "last state of padding",
    ),
    resultRow("Film reviews, RNN with mask: test accuracy", null, own("rnn", "accuracy")),
    resultRow("Film reviews, own: test accuracy", null, own("own", "accuracy"), "words and pairs"),
    resultRow("Film reviews, own: test folder", null, own("own", "extraAccuracy")),
    resultRow(
      "Film reviews, own without LSTM: test folder",
      null,
      own("own-mean", "extraAccuracy"),
    ),
    resultRow("Film reviews, linear: test accuracy", null, own("linear", "accuracy")),
    resultRow("Film reviews, linear: test folder", null, own("linear", "extraAccuracy")),
  ];
}

function tweetRows(runs: Runs, test: Data["test"]): ResultRow[] {
  const { models } = published.tweets;
  const pooled = (name: string, reading: string) =>
    share(runs, `tweets-pooled-${name}`, "accuracy", reading);
  const honest = ["lstm-attention", "ffnn", "rnn", "rnn-no-mask", "own", "own-spelling", "linear"];
  const voters = runs.get("tweets-own-spelling")!;
  return [
    resultRow(
      "Tweets, LSTM: test accuracy",
      models["lstm-attention"].test.accuracy,
      pooled("lstm-attention", "pooled"),
      "a leak: the test tweets were trained on",
    ),
    resultRow(
      "Tweets, FFNN: test accuracy",
      models.ffnn.test.accuracy,
      pooled("ffnn", "pooled"),
      "the same leak; sizes not published",
    ),
    resultRow(
      "Tweets, RNN: test accuracy",
      models.rnn.test.accuracy,
      pooled("rnn-no-mask", "pooled, no mask"),
      "the same leak; the published network says neutral of every tweet",
    ),
    resultRow(
      "Tweets, honest, LSTM with attention: test accuracy",
      null,
      share(runs, "tweets-lstm-attention", "accuracy"),
    ),
    ...honest.map((name) =>
      resultRow(
        `Tweets, honest, ${name}: macro recall`,
        null,
        share(runs, `tweets-${name}`, "recall"),
      ),
    ),
    resultRow("Tweets, honest, own-spelling, vote of the seeds: macro recall", null, {
      runs: voters,
      value: scores(test.y, vote(voters)).recall,
    }),
  ];
}

/**
 * The study's published numbers beside ours, for the report.
 *
 * @param runs of all its models that the rows name
 * @param test the test tweets of the honest protocol
 */
export function results(runs: Runs, test: Data["test"]): ResultRow[] {
  return [...filmRows(runs), ...tweetRows(runs, test)];
}

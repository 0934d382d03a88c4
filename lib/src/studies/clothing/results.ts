// The rows of the study in the report.
import type { ClothingReview } from "../../data";
import { summarize } from "../../metrics";
import type { Run } from "../../training";
import { type ResultRow, resultRow } from "../experiment/resultRow";
import { countStars, type Data } from "./data";
import { networks } from "./networks";
import { published } from "./published";
import { atBestEpoch, type NetworkRuns } from "./tables";

/** All that was published and can be compared, beside ours by the published protocol. */
export function publishedResults(
  reviews: readonly ClothingReview[],
  { test }: Data,
  runs: NetworkRuns,
): ResultRow[] {
  const { data, textLength, split } = published;
  const { mean } = summarize(reviews.map(({ text }) => text.length));
  const { model, weightedF1, fiveStarRecall } = published.test;
  const chosen = runs[model];
  const title = model.toUpperCase();
  return [
    resultRow("reviews with text", data.withText, reviews.length),
    resultRow("mean length of a review, characters", textLength.mean, mean),
    resultRow("test reviews with five stars", split.test[4], countStars(test.ratings)[4]),
    ...networks.flatMap((name) => {
      const { history, bestEpoch } = published.models[name];
      const at = (curve: "valLoss" | "valAuc", what: string, kind: "loss" | "share") =>
        resultRow(
          `${name.toUpperCase()}, ${what}`,
          history[curve][bestEpoch - 1],
          { runs: runs[name], metric: (run) => atBestEpoch(curve, [run])[0], kind },
          name === "gru-1" ? "a lottery of the first weights" : undefined,
        );
      return [
        at("valLoss", "best validation loss", "loss"),
        at("valAuc", "validation AUC there", "share"),
      ];
    }),
    resultRow(
      `${title}, weighted F1, test`,
      weightedF1,
      { runs: chosen, metric: "weightedF1", kind: "share" },
      "a linear model gets more",
    ),
    resultRow(
      `${title}, five stars found`,
      fiveStarRecall,
      { runs: chosen, metric: "fiveStarRecall", kind: "share" },
      "best epoch varies",
    ),
    resultRow(
      `${title}, macro-F1, test`,
      null,
      { runs: chosen, metric: "macroF1" },
      "all ratings alike",
    ),
  ];
}

/** What the sound protocol gives: the runs, their votes, and the linear models. */
export interface SoundScores {
  sound: readonly Run[];
  pairs: readonly Run[];
  soundVote: Readonly<Record<string, number>>;
  pairsVote: Readonly<Record<string, number>>;
  /** Words and pairs of words of the review. */
  linear: Readonly<Record<string, number>>;
  /** The same with the headline, each rating counting the same. */
  linearBalanced: Readonly<Record<string, number>>;
}

const soundMetrics = {
  weightedF1: "weighted F1, test",
  macroF1: "macro-F1, test",
  auc: "AUC, test",
  maeStars: "mean error in stars",
};

/** The numbers of the sound protocol. */
export function soundResults(scores: SoundScores): ResultRow[] {
  const { sound, pairs, soundVote, pairsVote, linear, linearBalanced } = scores;
  const ofRuns = (name: string, runs: readonly Run[]) =>
    Object.entries(soundMetrics).map(([metric, what]) =>
      resultRow(`${name}, ${what}`, null, { runs, metric }),
    );
  const ofVote = (what: string, runs: readonly Run[], value: number) =>
    resultRow(`vote of the ${what}`, null, { runs, value }, "the same runs");
  return [
    ...ofRuns("sound", sound),
    ...ofRuns("pairs", pairs),
    resultRow("linear, weighted F1, test", null, linear.weightedF1, "plain, words and pairs"),
    resultRow("linear, balanced, with headline", null, linearBalanced.weightedF1, "weighted F1"),
    ofVote("sound runs, weighted F1", sound, soundVote.weightedF1),
    ofVote("sound runs, macro-F1", sound, soundVote.macroF1),
    ofVote("pairs runs, weighted F1", pairs, pairsVote.weightedF1),
    ofVote("pairs runs, macro-F1", pairs, pairsVote.macroF1),
    ofVote("pairs runs, error in stars", pairs, pairsVote.maeStars),
  ];
}

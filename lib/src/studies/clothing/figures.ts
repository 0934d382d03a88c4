// What the notebooks of the study draw: data of the figures in `plots`.
import type { ClothingReview } from "../../data";
import { type NdArray } from "../../engine";
import { type CalibrationBin, calibrationBins } from "../../metrics";
import type {
  ComparisonPanel,
  ConfusionPanel,
  HistogramRow,
  LearningModel,
  ProportionPanel,
} from "../../plots";
import { type Run, unpackArray } from "../../training";
import { countStars, type Data, type Part, stars } from "./data";
import { networks } from "./networks";
import { published } from "./published";
import { predictedStars, surestStars, testProbabilities } from "./scores";
import { atBestEpoch, type NetworkRuns, starNames, testScores } from "./tables";

/** Lengths of reviews, a group a rating, for `histograms`. */
export function lengthsByStars(
  name: string,
  reviews: readonly ClothingReview[],
  length: (review: ClothingReview) => number,
): HistogramRow {
  const groups = stars.map((star, i) => ({
    name: starNames[i],
    values: reviews.filter(({ rating }) => rating === star).map(length),
  }));
  return { name, groups };
}

/** The curves of the four networks beside the published ones, for `learningCurves`. */
export function curvesOf(runs: NetworkRuns): LearningModel[] {
  return networks.map((name) => ({
    name: name.toUpperCase(),
    runs: runs[name].map(({ history }) => history),
    published: published.models[name].history,
  }));
}

/** The stars that a run gave to the reviews of a part. */
export function starsOf(run: Run, part: "train" | "validation" | "test"): number[] {
  if (part === "test") return predictedStars(testProbabilities(run));
  return Array.from(unpackArray(run.predictions![`${part}Stars`]).data);
}

/** True and predicted stars of a run, for `confusionMatrices`. */
export function confusionOf(
  run: Run,
  part: "train" | "validation" | "test",
  data: Data,
): ConfusionPanel {
  return {
    name: `${run.model.toUpperCase()}, ${part}`,
    yTrue: data[part].ratings,
    yPred: starsOf(run, part),
  };
}

/** How often a run gives each rating to the reviews of some parts, beside the truth of the first of them. */
export function proportionsOf(
  run: Run,
  parts: readonly ("train" | "validation" | "test")[],
  data: Data,
): ProportionPanel {
  const [first] = parts;
  const truth = { name: `true, ${first}`, counts: countStars(data[first].ratings) };
  return {
    name: run.model.toUpperCase(),
    series: [
      { ...truth, role: "truth" },
      ...parts.map((part) => ({
        name: `predicted, ${part}`,
        counts: countStars(starsOf(run, part)),
        role: part,
      })),
    ],
  };
}

/** Published numbers beside ours: loss and AUC of the validation reviews, F1 of the test reviews. */
export function publishedPanels(runs: NetworkRuns): ComparisonPanel[] {
  const panel = (value: string, curve: "valLoss" | "valAuc") => ({
    value,
    rows: networks.map((name) => ({
      name: name.toUpperCase(),
      published: published.models[name].history[curve][published.models[name].bestEpoch - 1],
      ours: atBestEpoch(curve, runs[name]),
    })),
  });
  const { model, weightedF1 } = published.test;
  const ours = testScores("weightedF1", runs[model]);
  const f1 = { name: model.toUpperCase(), published: weightedF1, ours };
  return [
    panel("best validation loss (low is good)", "valLoss"),
    panel("validation AUC", "valAuc"),
    { value: "weighted F1, test", rows: [f1] },
  ];
}

/** A model's test scores, and those of a linear model that reads the same. */
export interface Scored {
  name: string;
  /** Its runs, or the scores of one model. */
  from: readonly Run[] | Readonly<Record<string, number>>;
  linear?: Readonly<Record<string, number>>;
}

/** Models by some scores, a panel each, for `publishedVersusOurs`. */
export function scorePanels(
  models: readonly Scored[],
  values: Readonly<Record<string, string>>,
): ComparisonPanel[] {
  return Object.entries(values).map(([score, value]) => ({
    value,
    rows: models.map(({ name, from, linear }) => ({
      name,
      ours: Array.isArray(from)
        ? testScores(score, from as readonly Run[])
        : [(from as Readonly<Record<string, number>>)[score]],
      reference: linear?.[score],
    })),
  }));
}

/**
 * How sure a model is of the rating it gives, and how often it is right: ten bins, and the expected
 * calibration error, the mean distance of the two where each prediction counts once.
 */
export function calibrationOf(
  { ratings }: Pick<Part, "ratings">,
  probabilities: NdArray,
): { bins: CalibrationBin[]; error: number } {
  const surest = surestStars(probabilities);
  const right = surest.map((one, row) => Number(one.stars === ratings[row]));
  const sure = surest.map(({ probability }) => probability);
  const bins = calibrationBins(right, sure, { bins: 10 });
  const gaps = bins.map((bin) => bin.count * Math.abs(bin.observed - bin.predicted));
  return { bins, error: gaps.reduce((a, b) => a + b, 0) / surest.length };
}

import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import type { NdArray } from "../../engine";
import { rankedProbabilityScore, ratingSequence } from "./networks";
import { fit, type History } from "../../training";
import { WeightAverage } from "../experiment/weightAverage";
import { ratingMse, ratingTargets } from "./scores";
import type { RatingSequenceSettings } from "./settings";
import type { RatingWords, WordRows } from "./words";

/** A new model that reads words, for this vocabulary and these classes. */
export function buildRatingSequence(
  settings: RatingSequenceSettings,
  {
    vocabulary,
    classes,
    train,
  }: Pick<RatingWords, "vocabulary" | "classes"> & Partial<RatingWords>,
): LayersModel {
  return ratingSequence({
    ...settings,
    ...{ classes, vocabularySize: vocabulary.size },
    metadata: settings.metadata && train ? train.metadata.shape[1] : 0,
  });
}

/** The arrays that a model of these settings reads. */
export function sequenceInputs(
  rows: Pick<WordRows, "x" | "metadata">,
  { metadata }: RatingSequenceSettings,
): NdArray | NdArray[] {
  return metadata ? [rows.x, rows.metadata] : rows.x;
}

const lossNames = {
  classes: "sparseCategoricalCrossentropy",
  ordinal: "binaryCrossentropy",
  number: "meanSquaredError",
} as const;

/**
 * Trains a model that reads words, and gives it the mean of its weights over the epochs from
 * `averageFrom` on.
 */
export async function fitRatingSequence(
  model: LayersModel,
  { train, validation, classes }: RatingWords,
  settings: RatingSequenceSettings,
  options: { seed: number; checkpoint: string; progress?: string | false },
): Promise<History> {
  const { head, loss, epochs, batchSize, learningRate, decay } = settings;
  const examples = (rows: WordRows) => ({
    x: sequenceInputs(rows, settings),
    y: ratingTargets(rows.ratings, classes, head),
  });
  const average = new WeightAverage(model, options.checkpoint, settings.averageFrom);
  const history = await fit(model, examples(train), {
    ...{ ...options, epochs, batchSize, optimizer: { learningRate, decay } },
    loss: loss === "rankedProbability" ? rankedProbabilityScore(classes) : lossNames[head],
    validation: examples(validation),
    metrics: { mse: ratingMse(classes, head) },
    onEpochEnd: average.note,
  });
  if (history.ended !== "interrupt") average.apply(epochs);
  return history;
}

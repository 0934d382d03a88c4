import type { LayersModel } from "@tensorflow/tfjs";
import type { NdArray } from "../../engine";
import { rankedProbabilityScore, sequenceReader } from "./networks";
import { fit, type History } from "../../training";
import { WeightAverage } from "../experiment/weightAverage";
import { mseOf, targets } from "./scores";
import type { SequenceSettings } from "./settings";
import type { Words, WordRows } from "./words";

/** A new model that reads words, for this vocabulary and these classes. */
export function buildSequence(
  settings: SequenceSettings,
  { vocabulary, classes, train }: Pick<Words, "vocabulary" | "classes"> & Partial<Words>,
): LayersModel {
  return sequenceReader({
    ...settings,
    classes,
    vocabularySize: vocabulary.size,
    metadata: settings.metadata && train ? train.metadata.shape[1] : 0,
  });
}

/** The arrays that a model of these settings reads. */
export function sequenceInputs(
  rows: Pick<WordRows, "x" | "metadata">,
  { metadata }: SequenceSettings,
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
export async function fitSequence(
  model: LayersModel,
  { train, validation, classes }: Words,
  settings: SequenceSettings,
  options: { seed: number; checkpoint: string; progress?: string | false },
): Promise<History> {
  const { head, loss, epochs, batchSize, learningRate, decay } = settings;
  const examples = (rows: WordRows) => ({
    x: sequenceInputs(rows, settings),
    y: targets(rows.ratings, classes, head),
  });
  const average = new WeightAverage(model, options.checkpoint, settings.averageFrom);
  const history = await fit(model, examples(train), {
    ...options,
    epochs,
    batchSize,
    optimizer: { learningRate, decay },
    loss: loss === "rankedProbability" ? rankedProbabilityScore(classes) : lossNames[head],
    validation: examples(validation),
    metrics: { mse: mseOf(classes, head) },
    callbacks: { onEpochEnd: (epoch) => average.note(epoch + 1) },
  });
  if (history.ended !== "interrupt") average.apply(epochs);
  return history;
}

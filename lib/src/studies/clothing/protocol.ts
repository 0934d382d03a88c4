import type { Profile } from "../../engine";
import { balancedClassWeight, type FitOptions, type Run } from "../../training";
import { type ClothingData, type ClothingTexts, prepareClothing } from "./data";
import { publishedAuc } from "./scores";
import { buildClothingModel, clothingModel, type ModelHyperParameters } from "./networks";
import { publishedClothing } from "./published";
import { storedClothingRun } from "./run";

/** All that is chosen for a run of the clothing study by the published protocol. */
export interface ClothingSettings extends ModelHyperParameters, Required<ClothingTexts> {
  epochs: number;
  batchSize: number;
  /** Epochs without a better validation loss after which training ends. */
  patience: number;
  /** `balanced` gives each class the same weight in the loss, whatever its number of rows. */
  classWeight: "none" | "balanced";
}

/** Options of `runClothing`. */
export interface ClothingRunOptions {
  profile: Profile;
  /** Seed of first weights, order, dropout and validation rows. */
  seed: number;
  /** What differs from the published settings. */
  settings?: Partial<ClothingSettings>;
}

/** What the document did with its model; the quick profile trains on fewer rows, else the same. */
export function publishedSettings(model: string): ClothingSettings {
  const { batchSize, epochs, patience } = publishedClothing.training;
  return {
    ...publishedClothing.models[clothingModel(model)].hyperParameters,
    ...{ epochs, batchSize, patience },
    stopWords: "removed",
    text: "review",
    classWeight: "none",
  };
}

/** Weights of the stars' classes in the loss, see `balancedClassWeight`. */
export function classWeights(ratings: readonly number[], power = 1): Record<number, number> {
  return balancedClassWeight(
    ratings.map((rating) => rating - 1),
    power,
  );
}

/** How `fit` trains by the published protocol; without `patience` it trains all epochs. */
export function publishedFit(
  data: ClothingData,
  settings: Omit<ClothingSettings, "patience"> & { patience?: number },
): FitOptions {
  const { epochs, batchSize, learningRate, patience, classWeight } = settings;
  const { monitor } = publishedClothing.training;
  return {
    epochs,
    batchSize,
    optimizer: { learningRate },
    loss: "categoricalCrossentropy",
    metrics: { auc: publishedAuc },
    earlyStopping: patience ? { monitor, patience, restoreBestWeights: true } : undefined,
    classWeight: classWeight === "balanced" ? classWeights(data.train.ratings) : undefined,
  };
}

/**
 * Trains a model of the study by the published protocol, or loads the run if it was made before:
 * up to 15 epochs of batches of 32, Adam, early stopping on the validation loss, best weights.
 * The run's history has `loss`, `auc`, `valLoss`, `valAuc`; for the rest see `storedClothingRun`.
 *
 * @param model `lstm-2`, `gru-1`, `gru-2` or `gru-4`
 * @throws StarlitError if there is no such model
 */
export async function runClothing(
  model: string,
  { profile, seed, settings: own = {} }: ClothingRunOptions,
): Promise<Run> {
  const settings = { ...publishedSettings(model), ...own };
  const data = await prepareClothing({ ...settings, profile, seed });
  return storedClothingRun({ model, settings: { ...settings }, seed, profile }, data, {
    build: () => buildClothingModel(clothingModel(model), settings),
    options: publishedFit(data, settings),
  });
}

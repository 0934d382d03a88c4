import { balancedClassWeight, type FitOptions, type Metric } from "../../training";
import { modelNamed } from "../experiment/settings";
import type { Data, Texts } from "./data";
import { type HyperParameters, networks } from "./networks";
import { published } from "./published";
import { publishedAuc } from "./scores";

/** All that is chosen for a run of the clothing study by the published protocol. */
export interface Settings extends HyperParameters, Required<Texts> {
  epochs: number;
  batchSize: number;
  /** Epochs without a better validation loss after which training ends. */
  patience: number;
  /** `balanced` gives each class the same weight in the loss, whatever its number of rows. */
  classWeight: "none" | "balanced";
}

/**
 * What the document did with its model; the quick profile trains on fewer rows, else the same.
 *
 * @param model `lstm-2`, `gru-1`, `gru-2` or `gru-4`
 * @throws StarlitError if there is no such network
 */
export function publishedSettings(model: string): Settings {
  const { batchSize, epochs, patience } = published.training;
  return {
    ...published.models[modelNamed("clothing", model, networks)].hyperParameters,
    epochs,
    batchSize,
    patience,
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
  data: Data,
  settings: Omit<Settings, "patience"> & { patience?: number },
): Omit<FitOptions, "metrics"> & { metrics: Record<string, Metric> } {
  const { epochs, batchSize, learningRate, patience, classWeight } = settings;
  const { monitor } = published.training;
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

import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, type Profile, seedEverything } from "../engine";
import {
  accuracyScore,
  argmaxRows,
  balancedAccuracyScore,
  f1Score,
  kerasAuc,
  meanAbsoluteError,
  recallScore,
  rocAucScore,
} from "../metrics";
import {
  fit,
  type FitOptions,
  type History,
  type Metric,
  predict,
  type Run,
  storedRun,
} from "../training";
import {
  type ClothingData,
  type ClothingPart,
  type ClothingTexts,
  countStars,
  prepareClothing,
} from "./clothingData";
import { buildClothingModel, clothingModel, type ModelHyperParameters } from "./clothingModels";
import { publishedClothing } from "./clothingPublished";

/** All that is chosen for a run of the clothing study. */
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

/**
 * The document's AUC: the mean over the five stars of Keras's AUC, told that softmax outputs are
 * logits. That squeezes them into [0.5, 0.73], so it is coarser than the exact AUC.
 */
export const publishedAuc: Metric = (yTrue, yPred) =>
  kerasAuc(yTrue, yPred, { multiLabel: true, fromLogits: true });

/** Further curves of a training: the exact AUC of the probabilities, and what the stars are worth. */
export const soundCurves: Record<string, Metric> = {
  rocAuc: (yTrue, yPred) => rocAucScore(yTrue, yPred),
  weightedF1: (yTrue, yPred) =>
    f1Score(argmaxRows(yTrue), argmaxRows(yPred), { average: "weighted" }),
  macroF1: (yTrue, yPred) => f1Score(argmaxRows(yTrue), argmaxRows(yPred), { average: "macro" }),
};

/** Weights with which each class counts the same (scikit-learn's `class_weight="balanced"`). */
function balancedWeights(ratings: readonly number[]): Record<number, number> {
  const counts = countStars(ratings);
  return Object.fromEntries(
    counts.map((count, label) => [label, ratings.length / (counts.length * count)]),
  );
}

/** The stars with the largest probability. */
export function predictedStars(probabilities: NdArray): number[] {
  return argmaxRows(probabilities).map((label) => label + 1);
}

/** How good probabilities of the five stars (N, 5) are, in all the ways the study looks at. */
export function clothingMetrics(
  { ratings, y }: Pick<ClothingPart, "ratings" | "y">,
  probabilities: NdArray,
): Record<string, number> {
  const predicted = predictedStars(probabilities);
  return {
    accuracy: accuracyScore(ratings, predicted),
    weightedF1: f1Score(ratings, predicted, { average: "weighted" }),
    macroF1: f1Score(ratings, predicted, { average: "macro" }),
    balancedAccuracy: balancedAccuracyScore(ratings, predicted),
    maeStars: meanAbsoluteError(ratings, predicted),
    auc: rocAucScore(y, probabilities),
    fiveStarRecall: recallScore(ratings, predicted, { average: "macro", labels: [5] }),
  };
}

/** Trains a model of the study; `patience` ends it early and keeps the best weights. */
export function fitClothing(
  model: LayersModel,
  data: ClothingData,
  settings: Omit<ClothingSettings, "patience"> & { patience?: number },
  { metrics, ...options }: Pick<FitOptions, "seed" | "checkpoint" | "progress" | "metrics">,
): Promise<History> {
  const { epochs, batchSize, learningRate, patience, classWeight } = settings;
  const { monitor } = publishedClothing.training;
  return fit(model, data.train, {
    epochs,
    batchSize,
    optimizer: { learningRate },
    loss: "categoricalCrossentropy",
    metrics: { auc: publishedAuc, ...metrics },
    validation: data.validation,
    earlyStopping: patience ? { monitor, patience, restoreBestWeights: true } : undefined,
    classWeight: classWeight === "balanced" ? balancedWeights(data.train.ratings) : undefined,
    ...options,
  });
}

async function train(
  name: string,
  data: ClothingData,
  settings: ClothingSettings,
  seed: number,
  checkpoint: string,
) {
  seedEverything(seed);
  const model = buildClothingModel(clothingModel(name), settings);
  try {
    const progress = `${name}, seed ${seed}`;
    const history = await fitClothing(model, data, settings, { seed, checkpoint, progress });
    const outputs = {
      train: await predict(model, data.train.x),
      validation: await predict(model, data.validation.x),
      test: await predict(model, data.test.x),
    };
    return { history, outputs };
  } finally {
    model.dispose();
  }
}

const labels = (probabilities: NdArray): NdArray => {
  const predicted = predictedStars(probabilities);
  return { data: Int32Array.from(predicted), shape: [predicted.length] };
};

/**
 * Trains a model of the study by the published protocol, or loads the run if it was made before:
 * up to 15 epochs of batches of 32, Adam, early stopping on the validation loss, best weights.
 *
 * The run's history has `loss`, `auc`, `valLoss`, `valAuc`; its metrics are those of the test rows,
 * `validation…` of the validation rows, and `bestEpoch`; its predictions are the probabilities of
 * the test rows (`test`) and the stars predicted for the training and validation rows.
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
  const spec = {
    study: "clothing",
    model,
    hyperParameters: { ...settings },
    seed,
    profile,
    dataFingerprint: data.fingerprint,
    standIn: false,
  };
  return storedRun(spec, async (checkpoint) => {
    const { history, outputs } = await train(model, data, settings, seed, checkpoint);
    const validation = Object.entries(clothingMetrics(data.validation, outputs.validation)).map(
      ([name, value]) => [`validation${name[0].toUpperCase()}${name.slice(1)}`, value] as const,
    );
    return {
      history,
      metrics: {
        ...clothingMetrics(data.test, outputs.test),
        ...Object.fromEntries(validation),
        bestEpoch: history.bestEpoch,
      },
      predictions: {
        test: outputs.test,
        trainStars: labels(outputs.train),
        validationStars: labels(outputs.validation),
      },
    };
  });
}

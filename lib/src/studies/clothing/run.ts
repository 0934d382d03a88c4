import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, type Profile, seedEverything } from "../../engine";
import { fit, type FitOptions, type Json, predict, type Run, storedRun } from "../../training";
import type { ClothingData } from "./data";
import { clothingMetrics, predictedStars } from "./scores";

/** What names a stored run of the study. */
export interface ClothingTask {
  model: string;
  /** All that was chosen. */
  settings: { readonly [name: string]: Json };
  seed: number;
  profile: Profile;
}

/** How the model of a run is made and trained. */
export interface ClothingTraining {
  /** A new model, word ids (B, T) in, probabilities of the five stars (B, 5) out. */
  build: () => LayersModel;
  options: Omit<FitOptions, "seed" | "checkpoint" | "progress" | "validation">;
}

const labels = (probabilities: NdArray): NdArray => {
  const predicted = predictedStars(probabilities);
  return { data: Int32Array.from(predicted), shape: [predicted.length] };
};

async function train(
  { model: name, seed }: ClothingTask,
  data: ClothingData,
  { build, options }: ClothingTraining,
  checkpoint: string,
) {
  seedEverything(seed);
  const model = build();
  try {
    const { validation } = data;
    const progress = `${name}, seed ${seed}`;
    const history = await fit(model, data.train, {
      ...{ ...options, validation, seed, checkpoint, progress },
    });
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

/**
 * Trains a model on the study's data and measures it, or loads the run if it was made before.
 *
 * The run's metrics are those of the test rows, `validation…` of the validation rows, and
 * `bestEpoch`; its predictions are the probabilities of the test rows (`test`) and the stars
 * predicted for the training and validation rows (`trainStars`, `validationStars`).
 */
export function storedClothingRun(
  task: ClothingTask,
  data: ClothingData,
  training: ClothingTraining,
): Promise<Run> {
  const { model, settings, seed, profile } = task;
  const spec = {
    ...{ study: "clothing", model, hyperParameters: settings, seed, profile },
    ...{ dataFingerprint: data.fingerprint, standIn: false },
  };
  return storedRun(spec, async (checkpoint) => {
    const { history, outputs } = await train(task, data, training, checkpoint);
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

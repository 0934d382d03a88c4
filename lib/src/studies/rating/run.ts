import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type Profile, seedEverything } from "../../engine";
import {
  ratingCnnLstm,
  ratingGru2,
  ratingLstm1,
  ratingLstm2,
  ratingMlp,
  ratingRnn,
} from "./networks";
import {
  fit,
  type History,
  predict,
  type Run,
  type RunSpec,
  storedRun,
  type Trained,
} from "../../training";
import { prepareRatingVectors, type RatingVectors, tenths } from "./data";
import { fitRatingLinear, prepareRatingTexts } from "./linear";
import type { RatingFamily } from "./published";
import { RATER_MODEL, raterOf, saveRater } from "./rater";
import {
  errorsByRating,
  intervalCoverage,
  type RatingOutputs,
  ratingScores,
  readOutputs,
} from "./scores";
import { buildRatingSequence, fitRatingSequence, sequenceInputs } from "./sequence";
import { ratingSettings, type RatingSequenceSettings, type RatingVectorSettings } from "./settings";
import { prepareRatingWords, type RatingWords, type WordRows } from "./words";

/** Options of `runRating`. */
export interface RatingRunOptions {
  profile: Profile;
  /** Seed of the validation rows, first weights, order and dropout. */
  seed: number;
  /** As in `loadRatedReviews`. */
  standIn?: boolean;
}

const builders: Record<RatingFamily, () => LayersModel> = {
  mlp: ratingMlp,
  rnn: ratingRnn,
  "lstm-1": ratingLstm1,
  "lstm-2": ratingLstm2,
  "cnn-lstm": ratingCnnLstm,
  "gru-2": ratingGru2,
};

/** A new published model, with weights drawn at random. */
export function buildRatingModel(family: RatingFamily): LayersModel {
  return builders[family]();
}

/** Mean error, its standard deviation and the number of reviews of each true rating, to be stored. */
function errorArrays(ratings: readonly number[], predicted: ArrayLike<number>) {
  const rows = errorsByRating(ratings, predicted);
  const array = (values: number[]) => ({ data: Float32Array.from(values), shape: [rows.length] });
  return {
    errorRatings: array(rows.map(({ rating }) => rating)),
    errorMeans: array(rows.map(({ error }) => error)),
    errorSds: array(rows.map(({ sd }) => sd)),
    errorCounts: array(rows.map(({ count }) => count)),
  };
}

interface Task {
  name: string;
  seed: number;
  profile: Profile;
  checkpoint: string;
}

/**
 * Trains a published model, ratings divided by 10; the test folder validates as published, or what it
 * is trained on, where that is watched.
 */
async function fitVectors(
  { train, test }: RatingVectors,
  settings: RatingVectorSettings,
  { name, seed, checkpoint }: Task,
): Promise<Trained> {
  const { family, epochs, batchSize, learningRate, validatesOnTrain } = settings;
  const held = validatesOnTrain ? train : test;
  seedEverything(seed);
  const model = buildRatingModel(family);
  try {
    const validation = { x: held.x, y: tenths(held.ratings) };
    const history = await fit(
      model,
      { x: train.x, y: tenths(train.ratings) },
      {
        ...{ epochs, batchSize, seed, checkpoint, validation, optimizer: { learningRate } },
        loss: "meanSquaredError",
        progress: `${name}, seed ${seed}`,
      },
    );
    if (history.ended === "interrupt") return { history, metrics: {} };
    const outputs = await predict(model, test.x);
    const { loss, valLoss } = history.history;
    const metrics = {
      ...{ bestTrain: Math.min(...loss), bestValidation: Math.min(...valLoss) },
      ...{ lastTrain: loss[epochs - 1], lastValidation: valLoss[epochs - 1] },
      bestEpoch: valLoss.indexOf(Math.min(...valLoss)) + 1,
    };
    const ratings = outputs.data.map((value) => 10 * value);
    return { history, metrics, predictions: errorArrays(test.ratings, ratings) };
  } finally {
    model.dispose();
  }
}

/** Scores of the test rows, and what figures and intervals need. */
function measured(ratings: readonly number[], outputs: RatingOutputs, classes: readonly number[]) {
  const { probabilities } = outputs;
  const metrics = ratingScores(ratings, outputs);
  if (probabilities) metrics.coverage = intervalCoverage(ratings, probabilities, classes);
  const predictions = {
    test: { data: outputs.ratings, shape: [ratings.length] },
    classes: { data: Int32Array.from(outputs.classes), shape: [ratings.length] },
    ...errorArrays(ratings, outputs.ratings),
  };
  return { metrics, predictions };
}

async function fitWords(
  data: RatingWords,
  settings: RatingSequenceSettings,
  { name, seed, profile, checkpoint }: Task,
): Promise<Trained> {
  seedEverything(seed);
  const model = buildRatingSequence(settings, data);
  try {
    const progress = `${name}, seed ${seed}`;
    const history = await fitRatingSequence(model, data, settings, { seed, checkpoint, progress });
    if (history.ended === "interrupt") return { history, metrics: {} };
    if (name === RATER_MODEL && seed === 1) saveRater(raterOf(model, data, settings, profile));
    const { test, validation, classes } = data;
    const read = async (rows: WordRows) =>
      readOutputs(await predict(model, sequenceInputs(rows, settings)), classes, settings.head);
    const onTest = measured(test.ratings, await read(test), classes);
    const { mse: validationMse } = ratingScores(validation.ratings, await read(validation));
    const bestEpochMse = Math.min(...history.history.valMse);
    const metrics = { ...onTest.metrics, validationMse, bestEpochMse };
    return { history, metrics, predictions: onTest.predictions };
  } finally {
    model.dispose();
  }
}

/**
 * Trains a model of the study, or loads the run if it was made before.
 *
 * Published models: the history has `loss` and `valLoss`, squared errors of ratings divided by 10;
 * metrics are the best and the last of both (`bestTrain`, `bestValidation`, `lastTrain`,
 * `lastValidation`) and `bestEpoch`. The others: the history has `loss`, `mse` on the scale from 1
 * to 10, and the same with `val`; metrics are `ratingScores` of the test folder, `coverage` (see
 * `intervalCoverage`), `validationMse`, and `bestEpochMse`, the validation error of the best epoch
 * before the weights are averaged. Linear models have no history. Seed 1 of the model that `npx
 * starlit rate` asks is saved for it, see `saveRater`.
 *
 * Predictions: `errorRatings`, `errorMeans`, `errorSds` and `errorCounts`, one value for each true
 * rating; but for the published models also `test`, the predicted ratings, and `classes`.
 *
 * @param name one of `ratingModels`
 * @throws StarlitError if there is no such model
 */
export async function runRating(
  name: string,
  { profile, seed, standIn }: RatingRunOptions,
): Promise<Run> {
  const settings = ratingSettings(name, profile);
  const options = { profile, seed, standIn };
  const task = { name, seed, profile };
  const spec = (data: { fingerprint: string; standIn: boolean }): RunSpec => ({
    ...{ study: "rating", model: name, hyperParameters: { ...settings }, seed, profile },
    ...{ dataFingerprint: data.fingerprint, standIn: data.standIn },
  });
  switch (settings.kind) {
    case "vector": {
      const data = await prepareRatingVectors(settings.reading, options);
      const train = (checkpoint: string) => fitVectors(data, settings, { ...task, checkpoint });
      return storedRun(spec(data), train);
    }
    case "sequence": {
      const data = await prepareRatingWords(settings, options);
      const train = (checkpoint: string) => fitWords(data, settings, { ...task, checkpoint });
      return storedRun(spec(data), train);
    }
    case "linear": {
      const data = await prepareRatingTexts(options);
      return storedRun(spec(data), () => {
        const outputs = fitRatingLinear(data, settings);
        const history: History = { history: {}, seconds: [], bestEpoch: 0, ended: "epochs" };
        return Promise.resolve({ history, ...measured(data.test.ratings, outputs, data.classes) });
      });
    }
  }
}

import type { LayersModel } from "@tensorflow/tfjs";
import type { NdArray } from "../../engine";
import { takeRows } from "../../engine/arrays";
import { fit, type History, predict, type Run } from "../../training";
import {
  type Measured,
  runNetwork,
  runWithoutEpochs,
  type TrainingOptions,
} from "../experiment/network";
import { inTurn } from "../../training/progress";
import { checkRunOptions, type RunOptions } from "../experiment/settings";
import { drawTorchWeights } from "../experiment/torchWeights";
import { batchNotes, BatchWatch, readBatches } from "./batches";
import { prepareVectors, type Rows, tenths, type Vectors } from "./data";
import { fitBag, fitLinear, prepareTexts, prepareValidatedTexts } from "./linear";
import { cnnLstm, gru2, lstm1, lstm2, mlp, rnn } from "./networks";
import type { Family } from "./published";
import { errorsByRating, intervalCoverage, type Outputs, readOutputs, scores } from "./scores";
import { buildSequence, fitSequence, sequenceInputs } from "./sequence";
import { type SequenceSettings, settingsOf, type VectorSettings } from "./settings";
import { prepareWords, type WordRows, type Words } from "./words";

const builders: Record<Family, () => LayersModel> = {
  mlp,
  rnn,
  "lstm-1": lstm1,
  "lstm-2": lstm2,
  "cnn-lstm": cnnLstm,
  "gru-2": gru2,
};

/** A new published model, with weights drawn at random. */
export function build(family: Family): LayersModel {
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

/** Rows with the negative reviews first, as the folders have them; a sample has them mixed. */
function sideBySide({ x, ratings }: Rows<NdArray<Float32Array>>): Rows<NdArray<Float32Array>> {
  const isPositive = (row: number) => Number(ratings[row] > 5);
  const places = ratings.map((_, row) => row).sort((a, b) => isPositive(a) - isPositive(b));
  return { x: takeRows(x, places), ratings: places.map((row) => ratings[row]) };
}

/**
 * Trains a published model, ratings divided by 10; the test folder validates as published, or what it
 * is trained on, where that is watched.
 */
function trainVectors(
  model: LayersModel,
  { train: rows, test }: Vectors,
  { epochs, batchSize, learningRate, validatesOnTrain, inOrder, watchesBatches }: VectorSettings,
  options: TrainingOptions,
): Promise<History> {
  const train = inOrder ? sideBySide(rows) : rows;
  const held = validatesOnTrain ? train : test;
  const watch =
    watchesBatches && new BatchWatch(model, sideBySide(test), batchSize, options.checkpoint);
  return fit(
    model,
    { x: train.x, y: tenths(train.ratings) },
    {
      ...options,
      epochs,
      batchSize,
      optimizer: { learningRate },
      loss: "meanSquaredError",
      shuffle: !inOrder,
      validation: { x: held.x, y: tenths(held.ratings) },
      ...(watch && { callbacks: watch.callback }),
    },
  );
}

/** What was noted of the batches of a training that watched them, and the lowest of each. */
function measureBatches(folder: string, epochs: number): Required<Measured> {
  const batches = readBatches(folder, epochs);
  const column = (i: number) => batches.data.filter((_, at) => at % batchNotes.length === i);
  const lowest = batchNotes.map((name, i): [string, number] => [
    `batch${name[0].toUpperCase()}${name.slice(1)}`,
    Math.min(...column(i)),
  ]);
  return { metrics: Object.fromEntries(lowest), predictions: { batches } };
}

async function measureVectors(
  model: LayersModel,
  { test }: Vectors,
  { history: { loss, valLoss } }: History,
  batches?: Required<Measured>,
): Promise<Measured> {
  const outputs = await predict(model, test.x);
  const bestValidation = Math.min(...valLoss);
  return {
    metrics: {
      bestTrain: Math.min(...loss),
      bestValidation,
      lastTrain: loss[loss.length - 1],
      lastValidation: valLoss[valLoss.length - 1],
      bestEpoch: valLoss.indexOf(bestValidation) + 1,
      ...batches?.metrics,
    },
    predictions: {
      ...errorArrays(
        test.ratings,
        outputs.data.map((value) => 10 * value),
      ),
      ...batches?.predictions,
    },
  };
}

/** Scores of the test rows, and what figures and intervals need. */
function measureOutputs(
  ratings: readonly number[],
  outputs: Outputs,
  classes: readonly number[],
): Measured {
  const { probabilities } = outputs;
  const metrics = scores(ratings, outputs);
  if (probabilities) metrics.coverage = intervalCoverage(ratings, probabilities, classes);
  const predictions = {
    test: { data: outputs.ratings, shape: [ratings.length] },
    classes: { data: Int32Array.from(outputs.classes), shape: [ratings.length] },
    ...errorArrays(ratings, outputs.ratings),
  };
  return { metrics, predictions };
}

async function measureWords(
  model: LayersModel,
  { test, validation, classes }: Words,
  settings: SequenceSettings,
  { history }: History,
): Promise<Measured> {
  const read = async (rows: WordRows) =>
    readOutputs(await predict(model, sequenceInputs(rows, settings)), classes, settings.head);
  const { metrics, predictions } = measureOutputs(test.ratings, await read(test), classes);
  const { mse: validationMse } = scores(validation.ratings, await read(validation));
  const bestEpochMse = Math.min(...history.valMse);
  return { metrics: { ...metrics, validationMse, bestEpochMse }, predictions };
}

/**
 * Trains a model of the study, or loads the run if it was made before.
 *
 * Published models: the history has `loss` and `valLoss`, squared errors of ratings divided by 10;
 * metrics are the best and the last of both (`bestTrain`, `bestValidation`, `lastTrain`,
 * `lastValidation`) and `bestEpoch`; of those that watch their batches also the lowest of all epochs of
 * what is noted (`batchNotes`, as `batchValidation` and so on), and as prediction `batches` all of it. The
 * others: the history has `loss`, `mse` on the scale from 1
 * to 10, and the same with `val`; metrics are `scores` of the test folder, `coverage` (see
 * `intervalCoverage`), `validationMse`, and `bestEpochMse`, the validation error of the best epoch
 * before the weights are averaged. Linear models have no history.
 *
 * Predictions: `errorRatings`, `errorMeans`, `errorSds` and `errorCounts`, one value for each true
 * rating; but for the published models also `test`, the predicted ratings, and `classes`.
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model, or the reader stops the training
 */
export async function run(model: string, options: RunOptions): Promise<Run> {
  const settings = settingsOf(model, options.profile);
  checkRunOptions("rating", options, ["standIn"]);
  const { profile, seed, standIn } = options;
  const newFilms = "newFilms" in settings ? settings.newFilms : undefined;
  const dataOptions = { profile, seed, standIn, newFilms };
  const experiment = { study: "rating", model, settings, seed, profile };
  switch (settings.kind) {
    case "vector": {
      const data = await prepareVectors(settings.reading, dataOptions);
      return runNetwork({
        ...experiment,
        data,
        build: () => {
          const network = build(settings.family);
          if (settings.firstWeights === "pytorch") drawTorchWeights(network);
          return network;
        },
        train: (network, training) => trainVectors(network, data, settings, training),
        measure: (network, history, checkpoint) =>
          measureVectors(
            network,
            data,
            history,
            settings.watchesBatches && measureBatches(checkpoint, history.seconds.length),
          ),
      });
    }
    case "sequence": {
      const data = await prepareWords(settings, dataOptions);
      return runNetwork({
        ...experiment,
        data,
        build: () => buildSequence(settings, data),
        train: (network, training) => fitSequence(network, data, settings, training),
        measure: (network, history) => measureWords(network, data, settings, history),
      });
    }
    case "bag": {
      const data = await prepareValidatedTexts(dataOptions);
      return runWithoutEpochs({ ...experiment, data }, () => {
        const { test, validation, choice } = fitBag(data);
        const measured = measureOutputs(data.test.ratings, test, data.classes);
        const validationMse = scores(data.validation.ratings, validation).mse;
        return {
          metrics: { ...measured.metrics, validationMse, ...choice.metrics },
          predictions: { ...measured.predictions, ...choice.predictions },
        };
      });
    }
    case "linear": {
      const data = await prepareTexts(dataOptions);
      return runWithoutEpochs({ ...experiment, data }, () =>
        measureOutputs(data.test.ratings, fitLinear(data, settings), data.classes),
      );
    }
  }
}

/** The runs of several models, each from all the seeds, by the models' names; see `run`. */
export async function runAll(
  names: readonly string[],
  { seeds, ...options }: Omit<RunOptions, "seed"> & { seeds: readonly number[] },
): Promise<Map<string, Run[]>> {
  const tasks = names.flatMap((name) => seeds.map((seed) => ({ name, seed })));
  const runs = await inTurn(tasks, ({ name, seed }) => run(name, { ...options, seed }));
  return new Map(
    names.map((name) => [name, runs.filter((_run, i) => tasks[i].name === name)] as const),
  );
}

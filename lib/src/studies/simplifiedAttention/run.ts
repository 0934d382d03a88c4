import type { LayersModel } from "@tensorflow/tfjs";
import type { NdArray } from "../../engine";
import { accuracyScore, argmaxRows, binaryAccuracy } from "../../metrics";
import { evaluate, fit, type History, predict, type Run } from "../../training";
import { classifier } from "../attention/networks";
import { settingsOf as attentionSettingsOf } from "../attention/settings";
import { bags, strongestBag } from "../experiment/bag";
import { linearReference } from "../experiment/linearReference";
import {
  type Measured,
  runNetwork,
  runWithoutEpochs,
  type TrainingOptions,
} from "../experiment/network";
import { checkRunOptions, modelNamed, type Named, type RunOptions } from "../experiment/settings";
import { type Data, prepare, type ReviewRows } from "./data";
import { crossentropyWithActivity, network } from "./networks";
import { published, publishedCurves } from "./published";
import { fitBySchedule } from "./schedule";
import { changedSettings, isClassifier, models, type Settings, type Model } from "./settings";
import { shuffleWords, weightsByPosition, weightsOf, withConstantWeights } from "./weights";

/** The settings of study 4 that such a model takes over. */
function ofStudy4(weighting: Settings["weighting"]) {
  return attentionSettingsOf(weighting === "pairs" ? "imdb-own" : "imdb-lstm-attention", "full");
}

type Network = Settings & {
  weighting: Exclude<Settings["weighting"], "linear" | "bag">;
};

function build({ weighting, dropout, length }: Network): LayersModel {
  const { vocabularySize } = published.sequences;
  if (weighting === "states") {
    return classifier("lstm-attention", { vocabularySize, dropout });
  }
  if (weighting === "pairs") {
    const { embeddingDim, units, pairs } = ofStudy4(weighting);
    const sizes = { vocabularySize, embeddingDim, units, dropout };
    // Keras's id of unknown words is 2.
    return classifier("pairs", { ...sizes, pairs: { ...pairs!, unknown: 2 } });
  }
  return network({ weighting, dropout, length, vocabularySize });
}

function train(
  model: LayersModel,
  data: Data,
  settings: Network,
  options: TrainingOptions,
): Promise<History> {
  const { epochs, batchSize, protocol, weighting, patience } = settings;
  if (!isClassifier(weighting)) {
    const isSound = protocol === "sound";
    const [rows, watched] = isSound ? [data.fitted, data.validation] : [data.train, data.test];
    const schedule = { batchSize, minEpochs: epochs, patience };
    return fitBySchedule(model, rows, watched, { ...options, ...schedule });
  }
  return fit(model, data.fitted, {
    ...options,
    batchSize,
    epochs,
    optimizer: { learningRate: ofStudy4(weighting).learningRate },
    loss: "binaryCrossentropy",
    metrics: { accuracy: binaryAccuracy },
    validation: data.validation,
    earlyStopping: { monitor: "valAccuracy", patience: 3, restoreBestWeights: true },
  });
}

const scores = (model: LayersModel, rows: ReviewRows) =>
  evaluate(model, rows, { loss: crossentropyWithActivity, metrics: { accuracy: binaryAccuracy } });

/** What the weights have learned: by position, without the words, and with the words shuffled. */
async function examine(
  model: LayersModel,
  { test }: Data,
  weighting: Network["weighting"],
  seed: number,
): Promise<Required<Measured>> {
  const shuffled = await scores(model, { ...test, x: shuffleWords(test.x, seed) });
  const metrics: Record<string, number> = { shuffledAccuracy: shuffled.accuracy };
  if (weighting === "mean" || isClassifier(weighting)) return { metrics, predictions: {} };
  const weights = weightsByPosition(await weightsOf(model, test.x));
  const constant = withConstantWeights(model, weights.data.subarray(0, weights.shape[1]));
  try {
    metrics.constantAccuracy = (await scores(constant, test)).accuracy;
  } finally {
    constant.dispose();
  }
  return { metrics, predictions: { weights } };
}

/** The ids of each row as a text: 0, rare words and padding, is left out. */
function idTexts({ data, shape }: NdArray<Int32Array>): string[] {
  const [rows, steps] = shape;
  return Array.from({ length: rows }, (_, row) =>
    data
      .subarray(row * steps, (row + 1) * steps)
      .filter((id) => id !== 0)
      .join(" "),
  );
}

/** The linear model on the same ids: all training reviews, as it needs no validation rows. */
function fitLinear({ train, test }: Data): Measured {
  const texts = idTexts(train.x);
  const outputs = linearReference({
    texts,
    labels: train.y.data,
    tokenizer: (text) => text.split(" "),
    others: { train: texts, test: idTexts(test.x) },
  });
  return {
    metrics: {
      accuracy: binaryAccuracy(test.y, outputs.test),
      trainAccuracy: binaryAccuracy(train.y, outputs.train),
    },
    predictions: { test: outputs.test },
  };
}

/** The strongest bag of the same ids, chosen on the validation rows. */
function fitBag({ fitted, validation, test }: Data): Measured {
  const labelled = ({ x, y }: ReviewRows) => ({ texts: idTexts(x), labels: y.data });
  const { outputs, choice } = strongestBag(
    {
      candidates: bags({ triples: true, tokenizer: (text) => text.split(" ") }),
      train: labelled(fitted),
      validation: labelled(validation),
      score: (labels, probabilities) => accuracyScore(labels, argmaxRows(probabilities)),
    },
    { test: idTexts(test.x), validation: idTexts(validation.x) },
  );
  return {
    metrics: {
      accuracy: binaryAccuracy(test.y, outputs.test),
      validationAccuracy: binaryAccuracy(validation.y, outputs.validation),
      ...choice.metrics,
    },
    predictions: { test: outputs.test, ...choice.predictions },
  };
}

/** Measures a network, and looks at what it learned. */
async function measure(
  model: LayersModel,
  data: Data,
  weighting: Network["weighting"],
  seed: number,
  { history, seconds }: History,
): Promise<Measured> {
  const [test, trained] = [await scores(model, data.test), await scores(model, data.train)];
  const examined = await examine(model, data, weighting, seed);
  return {
    metrics: {
      accuracy: test.accuracy,
      loss: test.loss,
      bestWatched: Math.max(...history.valAccuracy),
      trainAccuracy: trained.accuracy,
      trainLoss: trained.loss,
      ...examined.metrics,
      epochs: seconds.length,
    },
    predictions: { test: await predict(model, data.test.x), ...examined.predictions },
  };
}

/**
 * Trains a model of the study, or loads the run if it was made before.
 *
 * The history has `loss`, `accuracy` (dropout on), `valLoss` and `valAccuracy`; in the published
 * protocol the watched rows are the test rows. Metrics: `accuracy` and `loss` of the test rows when
 * training has ended, `bestWatched` the best accuracy watched, `trainAccuracy` and `trainLoss` with
 * dropout off, `shuffledAccuracy` with each test review's words in random order, `constantAccuracy`
 * with the mean weight of each position in place of the model's own. The linear models have
 * `accuracy` and `trainAccuracy` alone, the bags what `strongestBag` chose beside them. Predictions: `test`, and
 * `weights` (2, length), their mean and standard deviation at each position.
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model or setting, or the reader stops the training
 */
export async function run(model: Named<Model>, options: RunOptions<Settings>): Promise<Run> {
  const name = modelNamed("simplified-attention", model, models);
  checkRunOptions("simplifiedAttention", options, ["settings", "standIn"]);
  const { profile, seed, standIn } = options;
  const settings = changedSettings(name, profile, options.settings);
  const { from, length, weighting } = settings;
  const data = await prepare({ profile, seed, from, length, standIn });
  const experiment = { study: "simplified-attention", model: name, settings, seed, profile, data };
  if (weighting === "linear") return runWithoutEpochs(experiment, () => fitLinear(data));
  if (weighting === "bag") return runWithoutEpochs(experiment, () => fitBag(data));
  const chosen = { ...settings, weighting };
  return runNetwork({
    ...experiment,
    published: name === "lstm" && !options.settings ? publishedCurves : undefined,
    build: () => build(chosen),
    train: (built, training) => train(built, data, chosen, training),
    measure: (built, history) => measure(built, data, weighting, seed, history),
  });
}

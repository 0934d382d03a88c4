import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, type Profile, seedEverything, StarlitError } from "../../engine";
import { attentionClassifier } from "../attention/networks";
import {
  evaluate,
  fit,
  type History,
  predict,
  type Run,
  storedRun,
  type Trained,
} from "../../training";
import { attentionSettings } from "../attention/settings";
import { binaryAccuracy } from "../../metrics";
import { linearReference } from "../experiment/linearReference";
import {
  prepareSimplifiedAttention,
  type ReadWords,
  type ReviewRows,
  type SimplifiedAttentionData,
} from "./data";
import { crossentropyWithActivity, simplifiedAttention, type Weighting } from "./networks";
import { publishedSimplifiedAttention } from "./published";
import { fitBySchedule } from "./schedule";
import { shuffleWords, weightsByPosition, weightsOf, withConstantWeights } from "./weights";

/** All that is chosen for a run of the study. */
export interface SimplifiedAttentionSettings extends ReadWords {
  /**
   * What makes the weights; `states` is true attention over the states of an LSTM; `pairs` is our own
   * model, words and pairs of words, see `readPairs`; `linear` is no network but the reference, a bag
   * of the same words.
   */
  weighting: Weighting | "states" | "pairs" | "linear";
  dropout: number;
  /** `published`: test rows drive the schedule; `sound`: validation rows from the training reviews. */
  protocol: "published" | "sound";
  /** With `states` and `pairs`: how many at most. */
  epochs: number;
  batchSize: number;
}

const { sequences, model: publishedModel, training } = publishedSimplifiedAttention;

const published: SimplifiedAttentionSettings = {
  ...{ weighting: "lstm", dropout: publishedModel.dropout, protocol: "published" },
  ...{ from: "start", length: sequences.length },
  ...{ epochs: training.minEpochs, batchSize: training.batchSize },
};
const sound = { ...published, protocol: "sound" } as const;
// The sizes of study 4's network as published, and a usual dropout.
const states = { ...sound, weighting: "states", dropout: 0.5, epochs: 8, batchSize: 64 } as const;
// The sizes of study 4's own model, which were chosen on its validation rows.
const own = { ...sound, weighting: "pairs", dropout: 0.4, epochs: 8, batchSize: 64 } as const;

/** The study's models: the published one, it under the sound protocol, ablations, and our own. */
const settingsOf = {
  lstm: published,
  gru: { ...published, weighting: "gru" },
  rnn: { ...published, weighting: "rnn" },
  mean: { ...published, weighting: "mean" },
  constant: { ...published, weighting: "constant" },
  attention: { ...published, weighting: "attention" },
  "no-dropout": { ...published, dropout: 0 },
  "lstm-sound": sound,
  "lstm-sound-last": { ...sound, from: "end" },
  "states-first": states,
  "own-first": own,
  "own-last": { ...own, from: "end" },
  // 98 of 100 reviews are no longer than this.
  "own-whole": { ...own, length: 800 },
  "linear-first": { ...sound, weighting: "linear" },
  "linear-last": { ...sound, weighting: "linear", from: "end" },
  "linear-whole": { ...sound, weighting: "linear", length: 800 },
} satisfies Record<string, SimplifiedAttentionSettings>;

/** Names of the study's models. */
export type SimplifiedAttentionModel = keyof typeof settingsOf;

/** Names of the study's models: the published one first, our own and the linear last. */
export const simplifiedAttentionModels = Object.keys(
  settingsOf,
) as readonly SimplifiedAttentionModel[];

/** Options of `runSimplifiedAttention`. */
export interface SimplifiedAttentionRunOptions {
  profile: Profile;
  /** Seed of first weights, order, dropout and validation rows. */
  seed: number;
  /** What differs from the model's settings. */
  settings?: Partial<SimplifiedAttentionSettings>;
  /** As in `loadKerasImdb`. */
  standIn?: boolean;
}

/**
 * What is chosen for a model of the study. The quick profile makes few epochs of small batches: on
 * 2,000 reviews two batches of 1,000 would teach nothing.
 *
 * @throws StarlitError if there is no such model
 */
export function simplifiedAttentionSettings(
  model: string,
  profile: Profile,
): SimplifiedAttentionSettings {
  if (!(model in settingsOf)) {
    const known = simplifiedAttentionModels.join(", ");
    throw new StarlitError(`The study has no model "${model}": use ${known}.`);
  }
  const settings = settingsOf[model as SimplifiedAttentionModel];
  if (profile === "full") return settings;
  if (isClassifier(settings.weighting)) return { ...settings, epochs: 2 };
  return { ...settings, epochs: 4, batchSize: 50 };
}

/** Whether a model is one of study 4's, trained as usual, and not by the published schedule. */
function isClassifier(weighting: SimplifiedAttentionSettings["weighting"]) {
  return weighting === "states" || weighting === "pairs";
}

/** The settings of study 4 that such a model takes over. */
function ofStudy4(weighting: SimplifiedAttentionSettings["weighting"]) {
  return attentionSettings(weighting === "pairs" ? "imdb-own" : "imdb-lstm-attention", "full");
}

type Network = SimplifiedAttentionSettings & {
  weighting: Exclude<SimplifiedAttentionSettings["weighting"], "linear">;
};

function build({ weighting, dropout, length }: Network): LayersModel {
  const { vocabularySize } = sequences;
  if (weighting === "states") {
    return attentionClassifier("lstm-attention", { vocabularySize, dropout });
  }
  if (weighting === "pairs") {
    const { embeddingDim, units, pairs } = ofStudy4(weighting);
    const sizes = { vocabularySize, embeddingDim, units, dropout };
    // Keras's id of unknown words is 2.
    return attentionClassifier("pairs", { ...sizes, pairs: { ...pairs!, unknown: 2 } });
  }
  return simplifiedAttention({ weighting, dropout, length, vocabularySize });
}

interface Task {
  name: string;
  seed: number;
  checkpoint: string;
}

function train(
  model: LayersModel,
  data: SimplifiedAttentionData,
  settings: Network,
  { name, seed, checkpoint }: Task,
): Promise<History> {
  const { epochs, batchSize, protocol } = settings;
  const options = { batchSize, seed, checkpoint, progress: `${name}, seed ${seed}` };
  if (!isClassifier(settings.weighting)) {
    const isSound = protocol === "sound";
    const [rows, watched] = isSound ? [data.fitted, data.validation] : [data.train, data.test];
    return fitBySchedule(model, rows, watched, { ...options, minEpochs: epochs });
  }
  return fit(model, data.fitted, {
    ...{ ...options, epochs },
    optimizer: { learningRate: ofStudy4(settings.weighting).learningRate },
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
  { test }: SimplifiedAttentionData,
  weighting: Network["weighting"],
  seed: number,
): Promise<{ metrics: Record<string, number>; predictions: Record<string, NdArray> }> {
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
function fitLinear({ train, test }: SimplifiedAttentionData): Trained {
  const texts = idTexts(train.x);
  const outputs = linearReference({
    ...{ texts, labels: train.y.data, tokenizer: (text) => text.split(" ") },
    others: { train: texts, test: idTexts(test.x) },
  });
  return {
    history: { history: {}, seconds: [], bestEpoch: 0, ended: "epochs" },
    metrics: {
      accuracy: binaryAccuracy(test.y, outputs.test),
      trainAccuracy: binaryAccuracy(train.y, outputs.train),
    },
    predictions: { test: outputs.test },
  };
}

/** Trains a network of the study and looks at what it learned. */
async function fitNetwork(data: SimplifiedAttentionData, settings: Network, task: Task) {
  seedEverything(task.seed);
  const model = build(settings);
  try {
    const history = await train(model, data, settings, task);
    // Nothing more is measured: the caller says that the training was stopped.
    if (history.ended === "interrupt") return { history, metrics: {} };
    const [test, trained] = [await scores(model, data.test), await scores(model, data.train)];
    const examined = await examine(model, data, settings.weighting, task.seed);
    const metrics = {
      ...{ accuracy: test.accuracy, loss: test.loss },
      bestWatched: Math.max(...history.history.valAccuracy),
      ...{ trainAccuracy: trained.accuracy, trainLoss: trained.loss },
      ...{ ...examined.metrics, epochs: history.seconds.length },
    };
    const probabilities = await predict(model, data.test.x);
    return { history, metrics, predictions: { test: probabilities, ...examined.predictions } };
  } finally {
    model.dispose();
  }
}

/**
 * Trains a model of the study, or loads the run if it was made before.
 *
 * The history has `loss`, `accuracy` (dropout on), `valLoss` and `valAccuracy`; in the published
 * protocol the watched rows are the test rows. Metrics: `accuracy` and `loss` of the test rows when
 * training has ended, `bestWatched` the best accuracy watched, `trainAccuracy` and `trainLoss` with
 * dropout off, `shuffledAccuracy` with each test review's words in random order, `constantAccuracy`
 * with the mean weight of each position in place of the model's own. The linear models have
 * `accuracy` and `trainAccuracy` alone. Predictions: `test`, and
 * `weights` (2, length), their mean and standard deviation at each position.
 *
 * @param name one of `simplifiedAttentionModels`
 * @throws StarlitError if there is no such model
 */
export async function runSimplifiedAttention(
  name: string,
  { profile, seed, settings: changed = {}, standIn }: SimplifiedAttentionRunOptions,
): Promise<Run> {
  const settings = { ...simplifiedAttentionSettings(name, profile), ...changed };
  const { from, length } = settings;
  const data = await prepareSimplifiedAttention({ profile, seed, from, length, standIn });
  const spec = {
    study: "simplified-attention",
    model: name,
    hyperParameters: { ...settings },
    ...{ seed, profile, dataFingerprint: data.fingerprint, standIn: data.standIn },
  };
  return storedRun(spec, async (checkpoint) => {
    const { weighting } = settings;
    if (weighting === "linear") return fitLinear(data);
    return fitNetwork(data, { ...settings, weighting }, { name, seed, checkpoint });
  });
}

import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, type Profile, seedEverything, StarlitError } from "../../engine";
import { attentionClassifier, attentionOf } from "./networks";
import {
  balancedClassWeight,
  fit,
  type History,
  predict,
  type Run,
  storedRun,
  type Trained,
} from "../../training";
import {
  type AttentionData,
  type AttentionDataOptions,
  encodeSpelling,
  encodeTokens,
  lowerTokens,
  prepareImdbAttention,
  tokenInputs,
  type TokenOptions,
  type TokenPart,
} from "./data";
import { deletionTest } from "./deletion";
import { publishedAttention } from "./published";
import {
  attentionCurves,
  attentionScores,
  bestTraining,
  labelArray,
  leak,
  named,
  seenAndUnseen,
} from "./scores";
import { attentionSettings, type AttentionSettings } from "./settings";
import { EpochNotes } from "../experiment/epochNotes";
import { linearReference } from "../experiment/linearReference";
import { prepareTweets, type TweetAttentionData } from "./tweets";

/** Options of `runAttention`. */
export interface AttentionRunOptions {
  profile: Profile;
  /** Seed of the split, first weights, order and dropout. */
  seed: number;
  /** What differs from the model's settings. */
  settings?: Partial<AttentionSettings>;
  /** As in `loadImdbReviews` and `loadTweets`. */
  standIn?: boolean;
}

/** How many words the deletion test deletes. */
export const deletionCounts = [1, 2, 5, 10, 20] as const;

/** Rows that the deletion test looks at: each is read eleven times. */
const DELETION_ROWS = { quick: 150, full: 2500 };

/** Data of a run: film reviews, or tweets by the protocol of the settings. */
export function prepareAttention(
  settings: AttentionSettings,
  options: Omit<AttentionDataOptions, keyof TokenOptions>,
): Promise<AttentionData | TweetAttentionData> {
  const { data, protocol, length, minFrequency, links, spelling } = settings;
  const all = { ...options, length, minFrequency, links, spelling };
  return data === "imdb" ? prepareImdbAttention(all) : prepareTweets(protocol, all);
}

/** A new network of the study, with weights drawn at random. */
export function buildAttentionModel(
  { data, family, embeddingDim, units, dropout, mask, pairs, spelling }: AttentionSettings,
  vocabularySize: number,
): LayersModel {
  if (family === "linear") throw new StarlitError("The linear model is no network to be built.");
  const classes = data === "imdb" ? 1 : 3;
  return attentionClassifier(family, {
    ...{ vocabularySize, classes, embeddingDim, units, dropout, mask, pairs, spelling },
  });
}

/** The published texts as rows. */
function sentenceRows({ data, spelling }: AttentionSettings, prepared: AttentionData) {
  const { sentences } = publishedAttention[data];
  const tokens = sentences.map(({ text }) => lowerTokens(text));
  const pieces = spelling && { spelling: encodeSpelling(tokens, spelling) };
  return { x: encodeTokens(tokens, prepared), ...pieces };
}

const examples = (part: TokenPart) => ({ x: tokenInputs(part), y: part.y });

function train(
  model: LayersModel,
  { train: rows, validation }: AttentionData,
  settings: AttentionSettings,
  options: { seed: number; checkpoint: string; progress: string; notes: EpochNotes[] },
): Promise<History> {
  const { epochs, batchSize, learningRate, data, classWeight } = settings;
  const { notes, ...rest } = options;
  return fit(model, examples(rows), {
    ...{
      ...rest,
      epochs,
      batchSize,
      optimizer: { learningRate },
      metrics: attentionCurves,
      validation: examples(validation),
    },
    loss: data === "imdb" ? "binaryCrossentropy" : "sparseCategoricalCrossentropy",
    classWeight: classWeight === "balanced" ? balancedClassWeight(rows.y.data) : undefined,
    // All epochs are trained; the weights of the best are kept.
    earlyStopping: { monitor: "valF1", patience: epochs, restoreBestWeights: true },
    onEpochEnd: async (epoch) => {
      for (const each of notes) await each.note(epoch);
    },
  });
}

/** Mean share of a row's attention that lies on PAD. */
function onPadding(x: NdArray<Int32Array>, attention: NdArray<Float32Array>): number {
  const sum = attention.data.reduce((all, weight, i) => (x.data[i] === 0 ? all + weight : all), 0);
  return sum / x.shape[0];
}

/** The first rows of a part's ids. */
function firstRows({ x }: TokenPart, most: number): NdArray<Int32Array> {
  const rows = Math.min(most, x.shape[0]);
  return { data: x.data.subarray(0, rows * x.shape[1]), shape: [rows, x.shape[1]] };
}

/** Attention on PAD, and the deletion test as an array (2, counts, 2), see `runAttention`. */
async function examine(
  model: LayersModel,
  test: TokenPart,
  profile: Profile,
  seed: number,
): Promise<Pick<Trained, "metrics" | "predictions">> {
  const rows = firstRows(test, DELETION_ROWS[profile]);
  const paddingAttention = onPadding(rows, await predict(attentionOf(model), rows));
  // The pieces of a deleted word would have to go as well.
  if (test.spelling) return { metrics: { paddingAttention } };
  const found = await deletionTest(model, rows, { counts: deletionCounts, seed });
  const data = Float32Array.from(found.flatMap(({ change, flipped }) => [change, flipped]));
  const deletion: NdArray = { data, shape: [2, deletionCounts.length, 2] };
  return { metrics: { paddingAttention }, predictions: { deletion } };
}

/** The linear model on the whole texts. */
async function fitLinear(data: AttentionData, settings: AttentionSettings): Promise<Trained> {
  const { train: rows, validation, test, extra } = data;
  const outputs = linearReference({
    ...{ texts: rows.texts, labels: rows.y.data, pairs: settings.data === "tweets" },
    others: {
      ...{ validation: validation.texts, test: test.texts },
      ...(extra && { extra: extra.texts }),
    },
    classWeight: settings.classWeight === "balanced" ? "balanced" : undefined,
  });
  return {
    history: { history: {}, seconds: [], bestEpoch: 0, ended: "epochs" },
    metrics: {
      ...attentionScores(test.y, outputs.test),
      ...named("validation", attentionScores(validation.y, outputs.validation)),
      ...(extra && named("extra", attentionScores(extra.y, outputs.extra))),
    },
    predictions: { test: labelArray(outputs.test) },
  };
}

interface Task {
  name: string;
  profile: Profile;
  seed: number;
  checkpoint: string;
}

/** Trains a network of the study and looks at what it learned. */
async function fitNetwork(
  data: AttentionData | TweetAttentionData,
  settings: AttentionSettings,
  { name, profile, seed, checkpoint }: Task,
): Promise<Trained> {
  seedEverything(seed);
  const model = buildAttentionModel(settings, data.vocabulary.size);
  const { family, units } = settings;
  const attends = family === "lstm-attention" || (family === "pairs" && units > 0);
  const sentences = sentenceRows(settings, data);
  const ids = sentences.x;
  const tweets = "seen" in data ? data : undefined;
  const attention =
    attends &&
    new EpochNotes(checkpoint, "attention", async () => {
      return (await predict(attentionOf(model), ids)).data;
    });
  const byEpoch =
    tweets &&
    new EpochNotes(checkpoint, "test", async () => {
      return seenAndUnseen(tweets, await predict(model, tokenInputs(tweets.test)));
    });
  const notes = [attention, byEpoch].filter((each) => each instanceof EpochNotes);
  try {
    const progress = `${name}, seed ${seed}`;
    const history = await train(model, data, settings, { seed, checkpoint, progress, notes });
    if (history.ended === "interrupt") return { history, metrics: {} };
    const outputs = await predict(model, tokenInputs(data.test));
    const validation = await predict(model, tokenInputs(data.validation));
    const extra = data.extra && (await predict(model, tokenInputs(data.extra)));
    const examined = attends ? await examine(model, data.test, profile, seed) : undefined;
    const epochs = history.seconds.length;
    return {
      history,
      metrics: {
        ...attentionScores(data.test.y, outputs),
        ...named("train", bestTraining(history.history, history.bestEpoch)),
        ...named("validation", attentionScores(data.validation.y, validation)),
        ...(extra && named("extra", attentionScores(data.extra!.y, extra))),
        ...(tweets && leak(tweets, outputs)),
        ...{ ...examined?.metrics, bestEpoch: history.bestEpoch },
      },
      predictions: {
        test: labelArray(outputs),
        ...(tweets && family === "pairs" && { probabilities: outputs }),
        sentences: await predict(model, tokenInputs(sentences)),
        ...(attention && { attention: attention.read(epochs, ids.shape) }),
        ...(byEpoch && { testByEpoch: byEpoch.read(epochs, [2]) }),
        ...examined?.predictions,
      },
    };
  } finally {
    model.dispose();
  }
}

/**
 * Trains a model of the study for 15 epochs and keeps the epoch with the best F1 on the validation
 * rows, or loads the run if it was made before.
 *
 * The history has `loss`, `accuracy`, `precision`, `recall` and `f1`, and the same with `val`.
 * Metrics: these on the test rows, `train…` and `validation…` of the best epoch, `extra…` on the
 * test folder of the film reviews, `bestEpoch`; of tweets `seenShare`, how many test tweets were
 * trained on, and the accuracy on these and on the others; of attention models `paddingAttention`.
 * Predictions: `test` (labels), `sentences` (outputs for the published texts), of our own models
 * of tweets `probabilities` of the test rows; of all models of tweets
 * `testByEpoch` (epochs, 2), the accuracy on test tweets that were trained on and on the others,
 * which no choice looks at; of attention models `attention` (epochs, texts, T) and `deletion` (most attended or random, count, mean change
 * or share of rows that flip).
 *
 * @param name one of `attentionModels`
 * @throws StarlitError if there is no such model
 */
export async function runAttention(
  name: string,
  { profile, seed, settings: changed = {}, standIn }: AttentionRunOptions,
): Promise<Run> {
  const settings = { ...attentionSettings(name, profile), ...changed };
  const data = await prepareAttention(settings, { profile, seed, standIn });
  const spec = {
    study: "attention",
    model: name,
    hyperParameters: { ...settings },
    ...{ seed, profile, dataFingerprint: data.fingerprint, standIn: data.standIn },
  };
  return storedRun(spec, (checkpoint) =>
    settings.family === "linear"
      ? fitLinear(data, settings)
      : fitNetwork(data, settings, { name, profile, seed, checkpoint }),
  );
}

import type { LayersModel, Tensor1D } from "@tensorflow/tfjs";
import type { StandInOptions } from "../../data";
import { type NdArray, type Profile, StarlitError, tf } from "../../engine";
import { accuracyScore, argmaxRows, recallScore } from "../../metrics";
import {
  balancedClassWeight,
  fit,
  type History,
  type Loss,
  type LossName,
  predict,
  type Run,
} from "../../training";
import { bags, strongestBag } from "../experiment/bag";
import { EpochNotes } from "../experiment/epochNotes";
import { linearReference } from "../experiment/linearReference";
import { memo } from "../experiment/memo";
import {
  type Measured,
  runNetwork,
  runWithoutEpochs,
  type TrainingOptions,
} from "../experiment/network";
import { stack } from "../experiment/stack";
import { prefixed } from "../../training/history";
import { checkRunOptions, modelNamed, type Named, type RunOptions } from "../experiment/settings";
import { drawTorchWeights } from "../experiment/torchWeights";
import {
  type Data,
  type DataOptions,
  type EncodeOptions,
  encodeSpelling,
  encodeTokens,
  lowerTokens,
  prepareImdb,
  tokenInputs,
  type TokenOptions,
  type TokenPart,
} from "./data";
import { deletionTest } from "./deletion";
import { attentionOf, classifier } from "./networks";
import { published } from "./published";
import {
  batchCurves,
  batchScores,
  bestTraining,
  curves,
  labelArray,
  leak,
  scores,
  seenAndUnseen,
} from "./scores";
import { changedSettings, models, type Settings, settingsOf, type Model } from "./settings";
import { prepareTweets, type TweetData } from "./tweets";

/** How many words the deletion test deletes. */
export const deletionCounts = [1, 2, 5, 10, 20] as const;

/** Rows that the deletion test looks at: each is read eleven times. */
const DELETION_ROWS = { quick: 150, full: 2500 };

/** Data of a run: film reviews, or tweets by the protocol of the settings. */
export function prepare(
  settings: Settings,
  options: Omit<DataOptions, keyof TokenOptions>,
): Promise<Data | TweetData> {
  const { data, protocol, length, minFrequency, links, spelling } = settings;
  const all = { ...options, length, minFrequency, links, spelling };
  return data === "imdb" ? imdb(all) : tweets(protocol, all);
}

/** Three seeds by one reading of the texts: a study trains model by model, each from three seeds. */
const imdb = memo(prepareImdb, 3);
const tweets = memo(prepareTweets, 3);

/** Options of `firstTokens`. */
export interface FirstTokensOptions extends EncodeOptions, StandInOptions {
  profile: Profile;
  seed: number;
  /** Film reviews in the quick profile, see `prepareImdb`. */
  reviews?: number;
}

/**
 * Film reviews for a small training: the first tokens of each review, so many, in rows of the length that
 * the study has. All but these is padding.
 */
export async function firstTokens(
  count: number,
  { padding, ...options }: FirstTokensOptions,
): Promise<
  Pick<Data, "vocabulary" | "standIn"> & Record<"train" | "test", Pick<TokenPart, "x" | "y">>
> {
  const data = await prepare(settingsOf("imdb-rnn", options.profile), options);
  const part = ({ texts, y }: TokenPart) => {
    const tokens = texts.map((text) => lowerTokens(text).slice(0, count));
    return { x: encodeTokens(tokens, data, { padding }), y };
  };
  const { train, test, vocabulary, standIn } = data;
  return { train: part(train), test: part(test), vocabulary, standIn };
}

/**
 * A new network of the study, with weights drawn at random.
 *
 * @param length words a text, which the family `flat` must know
 */
export function build(
  { data, family, embeddingDim, units, dropout, mask, pairs, spelling, firstWeights }: Settings,
  vocabularySize: number,
  length?: number,
): LayersModel {
  if (family === "linear" || family === "bag") {
    throw new StarlitError(`The model "${family}" is no network to be built.`);
  }
  const classes = data === "imdb" ? 1 : 3;
  const model = classifier(family, {
    vocabularySize,
    classes,
    length,
    embeddingDim,
    units,
    dropout,
    mask,
    pairs,
    spelling,
  });
  if (firstWeights === "pytorch") drawTorchWeights(model);
  return model;
}

/** The published texts as rows. */
function sentenceRows({ data, spelling }: Settings, prepared: Data) {
  const { sentences } = published[data];
  const tokens = sentences.map(({ text }) => lowerTokens(text));
  const pieces = spelling && { spelling: encodeSpelling(tokens, spelling) };
  return { x: encodeTokens(tokens, prepared), ...pieces };
}

const examples = (part: TokenPart) => ({ x: tokenInputs(part), y: part.y });

/** Whether a model of these settings gives its words attention. */
const attends = ({ family, units }: Settings) =>
  family === "lstm-attention" || (family === "pairs" && units > 0);

/** What is written down after each epoch: attention on the published texts, scores of test tweets. */
function notesOf(model: LayersModel, data: Data | TweetData, settings: Settings, folder: string) {
  const { x } = sentenceRows(settings, data);
  const attention =
    attends(settings) &&
    new EpochNotes(folder, "attention", async () => (await predict(attentionOf(model), x)).data);
  const test =
    "seen" in data &&
    new EpochNotes(folder, "test", async () =>
      seenAndUnseen(data, await predict(model, tokenInputs(data.test))),
    );
  return { attention, test, attentionShape: x.shape };
}

/**
 * Cross-entropy of a softmax of the outputs, as PyTorch's `CrossEntropyLoss` takes it of outputs that
 * went through a softmax already: of a network that is sure and right it is ln(e + 2) − 1, not 0.
 */
const crossentropyOfSoftmax: Loss = (yTrue, yPred) => {
  const classes = yPred.shape[yPred.rank - 1];
  const oneHot = tf.oneHot(yTrue.flatten().toInt() as Tensor1D, classes).toFloat();
  return tf.neg(tf.sum(tf.mul(oneHot, tf.logSoftmax(yPred)), -1));
};

function lossOf({ data, loss }: Settings): Loss | LossName {
  if (loss === "crossentropyOfSoftmax") return crossentropyOfSoftmax;
  return data === "imdb" ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
}

function train(
  model: LayersModel,
  data: Data | TweetData,
  settings: Settings,
  options: TrainingOptions,
): Promise<History> {
  const { epochs, batchSize, learningRate, classWeight } = settings;
  const notes = notesOf(model, data, settings, options.checkpoint);
  // The document of the tweets chose by the means of batches.
  const byBatch = settings.protocol === "published";
  return fit(model, examples(data.train), {
    ...options,
    epochs,
    batchSize,
    optimizer: { learningRate },
    metrics: byBatch ? { ...curves, ...batchCurves(batchSize) } : curves,
    validation: examples(data.validation),
    loss: lossOf(settings),
    classWeight: classWeight === "balanced" ? balancedClassWeight(data.train.y.data) : undefined,
    // All epochs are trained; the weights of the best are kept.
    earlyStopping: {
      monitor: byBatch ? "valBatchF1" : "valF1",
      patience: epochs,
      restoreBestWeights: true,
    },
    callbacks: {
      onEpochEnd: async (epoch) => {
        if (notes.attention) await notes.attention.note(epoch + 1);
        if (notes.test) await notes.test.note(epoch + 1);
      },
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

/** Attention on PAD, and the deletion test as an array (2, counts, 2), see `run`. */
async function examine(
  model: LayersModel,
  test: TokenPart,
  profile: Profile,
  seed: number,
): Promise<Measured> {
  const rows = firstRows(test, DELETION_ROWS[profile]);
  const paddingAttention = onPadding(rows, await predict(attentionOf(model), rows));
  // The pieces of a deleted word would have to go as well.
  if (test.spelling) return { metrics: { paddingAttention } };
  const found = await deletionTest(model, rows, { counts: deletionCounts, seed });
  const data = Float32Array.from(found.flatMap(({ change, flipped }) => [change, flipped]));
  const deletion: NdArray = { data, shape: [2, deletionCounts.length, 2] };
  return { metrics: { paddingAttention }, predictions: { deletion } };
}

/** Scores of the references on each part, and the labels that they give the test rows. */
function measureReference(
  { validation, test, extra }: Data,
  outputs: Record<string, NdArray>,
): Measured {
  return {
    metrics: {
      ...scores(test.y, outputs.test),
      ...prefixed("validation", scores(validation.y, outputs.validation)),
      ...(extra && prefixed("extra", scores(extra.y, outputs.extra))),
    },
    predictions: {
      test: labelArray(outputs.test),
      ...(outputs.extra && { extra: labelArray(outputs.extra) }),
    },
  };
}

/** The texts of the parts that are not trained on. */
function otherTexts({ validation, test, extra }: Data): Record<string, readonly string[]> {
  const others = { validation: validation.texts, test: test.texts };
  return extra ? { ...others, extra: extra.texts } : others;
}

/** What the strongest bag on the validation rows says: by accuracy, of tweets by their recall. */
function bagOutputs(data: Data, { classWeight, data: name }: Settings) {
  const labelled = ({ texts, y }: TokenPart) => ({ texts, labels: y.data });
  const reviews = bags({ triples: true });
  const tweets = [...bags(), ...bags({ characters: [2, 5] })];
  return strongestBag(
    {
      candidates: name === "imdb" ? reviews : tweets,
      train: labelled(data.train),
      validation: labelled(data.validation),
      score: (labels, probabilities) => {
        const predicted = argmaxRows(probabilities);
        if (name === "imdb") return accuracyScore(labels, predicted);
        return recallScore(labels, predicted, { average: "macro" });
      },
      classWeight: classWeight === "balanced" ? classWeight : undefined,
    },
    otherTexts(data),
  );
}

function fitBag(data: Data, settings: Settings): Measured {
  const { outputs, choice } = bagOutputs(data, settings);
  const { metrics, predictions } = measureReference(data, outputs);
  return {
    metrics: { ...metrics, ...choice.metrics },
    predictions: { ...predictions, ...choice.predictions },
  };
}

/** The linear model on the whole texts. */
function fitLinear(data: Data, settings: Settings): Measured {
  const outputs = linearReference({
    texts: data.train.texts,
    labels: data.train.y.data,
    pairs: settings.data === "tweets",
    others: otherTexts(data),
    classWeight: settings.classWeight === "balanced" ? "balanced" : undefined,
  });
  return measureReference(data, outputs);
}

interface Measuring {
  profile: Profile;
  seed: number;
  history: History;
  checkpoint: string;
}

/** What a network says of the rows that it was not trained on, together with the bag where it has one. */
async function outputsOf(model: LayersModel, data: Data | TweetData, settings: Settings) {
  const { validation, test, extra } = data;
  const outputs: Record<string, NdArray> = {};
  for (const [name, part] of Object.entries({ validation, test, extra })) {
    if (part) outputs[name] = await predict(model, tokenInputs(part));
  }
  if (!settings.withBag) return { outputs };
  const bag = bagOutputs(data, settings);
  const both = Object.fromEntries(
    Object.keys(outputs).map((name) => [name, [outputs[name], bag.outputs[name]]]),
  );
  const labelled = { outputs: both.validation, labels: validation.y.data };
  const stacked = stack(labelled, both, {
    classWeight: settings.classWeight === "balanced" ? "balanced" : undefined,
  });
  return { outputs: stacked, choice: bag.choice };
}

/** Looks at what a network has learned. */
async function measure(
  model: LayersModel,
  data: Data | TweetData,
  settings: Settings,
  { profile, seed, history, checkpoint }: Measuring,
): Promise<Measured> {
  const { outputs, choice } = await outputsOf(model, data, settings);
  const { validation, test, extra } = outputs;
  const examined = attends(settings) ? await examine(model, data.test, profile, seed) : undefined;
  const isTweets = "seen" in data;
  const byBatch = settings.protocol === "published";
  const { batchSize } = settings;
  const notes = notesOf(model, data, settings, checkpoint);
  const epochs = history.seconds.length;
  return {
    metrics: {
      ...scores(data.test.y, test),
      ...prefixed("train", bestTraining(history.history, history.bestEpoch)),
      ...prefixed("validation", scores(data.validation.y, validation)),
      ...(extra && prefixed("extra", scores(data.extra!.y, extra))),
      ...(byBatch && {
        ...batchScores(data.test.y, test, batchSize),
        ...prefixed("validation", batchScores(data.validation.y, validation, batchSize)),
        validationLoss: history.history.valLoss[history.bestEpoch - 1],
      }),
      ...(isTweets && leak(data, test)),
      ...examined?.metrics,
      ...choice?.metrics,
      bestEpoch: history.bestEpoch,
    },
    predictions: {
      ...choice?.predictions,
      test: labelArray(test),
      ...(choice && extra && { extra: labelArray(extra) }),
      ...(isTweets && settings.family === "pairs" && { probabilities: test }),
      sentences: await predict(model, tokenInputs(sentenceRows(settings, data))),
      ...(notes.attention && { attention: notes.attention.read(epochs, notes.attentionShape) }),
      ...(notes.test && { testByEpoch: notes.test.read(epochs, [2]) }),
      ...examined?.predictions,
    },
  };
}

/**
 * Trains a model of the study for 15 epochs and keeps the epoch with the best F1 on the validation
 * rows, or loads the run if it was made before.
 *
 * The history has `loss`, `accuracy`, `precision`, `recall` and `f1`, and the same with `val`.
 * Metrics: these on the test rows, `train…` and `validation…` of the best epoch, `extra…` on the
 * test folder of the film reviews, `bestEpoch`; of tweets `seenShare`, how many test tweets were
 * trained on, and the accuracy on these and on the others; of attention models `paddingAttention`;
 * of the published protocol `batch…`, `trainBatch…` and `validationBatch…`, the means of batches, and
 * `validationLoss`; with a bag what `strongestBag` tells of its choice. The validation rows have chosen
 * the epoch and the bag, so their scores are too good.
 * Predictions: `test` (labels), with a bag and of the references `extra` (labels of the test folder of
 * the film reviews), `sentences` (outputs for the published texts), of our own models
 * of tweets `probabilities` of the test rows; of all models of tweets `testByEpoch` (epochs, 2), the
 * accuracy on test tweets that were trained on and on the others, which no choice looks at; of
 * attention models `attention` (epochs, texts, T) and `deletion` (most attended or random, count,
 * mean change or share of rows that flip).
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model or setting, or the reader stops the training
 */
export async function run(model: Named<Model>, options: RunOptions<Settings>): Promise<Run> {
  const name = modelNamed("attention", model, models);
  checkRunOptions("attention", options, ["settings", "standIn"]);
  const { profile, seed, standIn } = options;
  const settings = changedSettings(name, profile, options.settings);
  const data = await prepare(settings, { profile, seed, standIn });
  const experiment = { study: "attention", model: name, settings, seed, profile, data };
  if (settings.family === "linear") {
    return runWithoutEpochs(experiment, () => fitLinear(data, settings));
  }
  if (settings.family === "bag") {
    return runWithoutEpochs(experiment, () => fitBag(data, settings));
  }
  return runNetwork({
    ...experiment,
    build: () => build(settings, data.vocabulary.size, data.length),
    train: (network, training) => train(network, data, settings, training),
    measure: (network, history, checkpoint) =>
      measure(network, data, settings, { profile, seed, history, checkpoint }),
  });
}

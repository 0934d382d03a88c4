import type { Profile } from "../../engine";
import { modelNamed } from "../experiment/settings";
import type { Encoder, Head } from "./networks";
import type { VectorReading } from "./data";
import { published, type Family } from "./published";
import type { ReadTokens } from "./words";

/** A published model under one of the readings of its input. */
export interface VectorSettings {
  kind: "vector";
  family: Family;
  reading: VectorReading;
  epochs: number;
  batchSize: number;
  learningRate: number;
  /** Whose first weights the network has, see `drawTorchWeights`; Keras's in recurrent layers unless told. */
  firstWeights?: "pytorch";
  /** Whether the training reviews validate, so that their error is seen at the end of each epoch. */
  validatesOnTrain?: true;
  /** Whether rows come folder by folder, negative reviews first; else in a new order in each epoch. */
  inOrder?: true;
  /** Whether single batches are watched, see `BatchWatch`. */
  watchesBatches?: true;
}

/** A model of our own that reads sequences of words. */
export interface SequenceSettings extends ReadTokens {
  kind: "sequence";
  encoder: Encoder;
  head: Head;
  /** Of the head `classes` one of the first two, of `ordinal` the second, of `number` the third. */
  loss: "rankedProbability" | "crossentropy" | "squaredError";
  /** Of the encoder `pairs`, see `sequenceReader`. */
  pairs?: { pairBuckets: number; pairDim: number };
  /** Year, runtime and genres beside the words. */
  metadata: boolean;
  embeddingDim: number;
  units: number;
  dropout: number;
  /** Share of the words that are hidden while training. */
  wordDropout: number;
  epochs: number;
  /** The epoch, from 1, from which on the weights are averaged. */
  averageFrom: number;
  batchSize: number;
  learningRate: number;
  /** The learning rate of step t is divided by 1 + decay · t. */
  decay: number;
  /** Whether films of the training folder judge, see `DataOptions`. */
  newFilms?: true;
}

/** A reference: a bag of words, tf-idf. */
export interface LinearSettings {
  kind: "linear";
  /** Ridge regression, or the expected rating of a logistic regression with a class a rating. */
  model: "ridge" | "logistic";
  /** Words and pairs of words, or words alone. */
  pairs: boolean;
}

/** The strongest bag on validation reviews, of films of which none is trained on. */
export interface BagSettings {
  kind: "bag";
  /** As with a network. */
  newFilms?: true;
}

/** All that is chosen for a run of the study. */
export type Settings = VectorSettings | SequenceSettings | LinearSettings | BagSettings;

// Batch and learning rate were not published; 0.001 is PyTorch's default.
const vector = { kind: "vector", epochs: published.epochs, batchSize: 256 } as const;
const learningRate = 1e-3;

function vectorModels(reading: VectorReading): [string, VectorSettings][] {
  const all = published.models.map(({ family }): [string, VectorSettings] => [
    `${family}-${reading}`,
    { ...vector, family, reading, learningRate },
  ]);
  // The study holds that model D would gain from a lower rate.
  const slow: VectorSettings = { ...vector, family: "lstm-2", reading, learningRate: 1e-4 };
  return [...all, [`lstm-2-${reading}-slow`, slow]];
}

// What may have given the published numbers: a numbering that gives the side of a review away.
const firstSeen = vectorModels("first-seen").map(([name, settings]): [string, VectorSettings] => [
  name,
  { ...settings, firstWeights: "pytorch" },
]);

// What gives the published numbers: rows folder by folder, and a batch of test rows after each training
// batch. The lowest errors come in the first epochs.
const inOrder = published.models.map(({ family }): [string, VectorSettings] => [
  `${family}-in-order`,
  {
    ...vector,
    family,
    reading: "ids",
    learningRate,
    epochs: 10,
    firstWeights: "pytorch",
    inOrder: true,
    watchesBatches: true,
  },
]);

// The training error after each epoch, of the models with dropout or batch normalization.
const watched = (["mlp", "rnn", "gru-2"] as const).map((family): [string, VectorSettings] => [
  `${family}-bag-watched`,
  { ...vector, family, reading: "bag", learningRate, epochs: 15, validatesOnTrain: true },
]);

// Chosen on the validation reviews.
const attention: SequenceSettings = {
  kind: "sequence",
  encoder: "attention",
  head: "classes",
  loss: "rankedProbability",
  metadata: false,
  length: 300,
  vocabularySize: 20_000,
  embeddingDim: 48,
  units: 32,
  dropout: 0.3,
  wordDropout: 0.3,
  epochs: 6,
  averageFrom: 3,
  batchSize: 64,
  learningRate: 4e-3,
  decay: 3e-3,
};

// The reader of study 4's own model, with the head of `attention`.
const pairs: SequenceSettings = {
  ...attention,
  encoder: "pairs",
  length: 600,
  embeddingDim: 32,
  units: 32,
  dropout: 0.4,
  wordDropout: 0.4,
  learningRate: 3e-3,
  decay: 0,
  epochs: 5,
  averageFrom: 3,
  pairs: { pairBuckets: 2 ** 18, pairDim: 16 },
};

const sequenceModels: Record<string, SequenceSettings> = {
  pairs,
  attention,
  gru: { ...attention, encoder: "gru-pooled" },
  lstm: { ...attention, encoder: "lstm-last" },
  rnn: { ...attention, encoder: "rnn-pooled" },
  "attention-crossentropy": { ...attention, loss: "crossentropy" },
  "attention-ordinal": { ...attention, head: "ordinal", loss: "crossentropy" },
  "attention-number": { ...attention, head: "number", loss: "squaredError" },
  "pairs-mean": { ...pairs, units: 0 },
  "pairs-metadata": { ...pairs, metadata: true },
  "pairs-mean-random-split": { ...pairs, units: 0, splitAtRandom: true },
  "pairs-new-films": { ...pairs, newFilms: true },
};

const linearModels: Record<string, LinearSettings> = {
  ridge: { kind: "linear", model: "ridge", pairs: false },
  "ridge-pairs": { kind: "linear", model: "ridge", pairs: true },
  logistic: { kind: "linear", model: "logistic", pairs: true },
};

const presets = new Map<string, Settings>([
  ...Object.entries(linearModels),
  ["bag", { kind: "bag" }],
  ["bag-new-films", { kind: "bag", newFilms: true }],
  ...Object.entries(sequenceModels),
  ...vectorModels("bag"),
  ...vectorModels("ids"),
  ...firstSeen,
  ...inOrder,
  ...watched,
]);

/** Names of the study's models: references, our own, the published under either reading. */
export const models: readonly string[] = [...presets.keys()];

/**
 * What is chosen for a model of the study; the quick profile makes few epochs of small batches.
 *
 * @throws StarlitError if there is no such model
 */
export function settingsOf(model: string, profile: Profile): Settings {
  const settings = presets.get(modelNamed("rating", model, models))!;
  if (profile === "full" || settings.kind === "linear" || settings.kind === "bag") return settings;
  if (settings.kind === "vector") return { ...settings, epochs: 3, batchSize: 100 };
  return { ...settings, epochs: 3, batchSize: 32, length: 200, vocabularySize: 8000 };
}

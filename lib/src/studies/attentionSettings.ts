import { type Profile, StarlitError } from "../engine";
import type { AttentionFamily } from "../models";
import type { TokenOptions } from "./attentionData";
import { publishedAttention } from "./attentionPublished";
import type { TweetProtocol } from "./tweetsData";

/** All that is chosen for a run of the study; the document gives no sizes. */
export interface AttentionSettings extends TokenOptions {
  data: "imdb" | "tweets";
  /** Matters for tweets alone. */
  protocol: TweetProtocol;
  /** `linear` is no network but the reference, a bag of words. */
  family: AttentionFamily | "linear";
  /** PAD gets no attention and moves no state. */
  mask: boolean;
  embeddingDim: number;
  units: number;
  dropout: number;
  learningRate: number;
  epochs: number;
  batchSize: number;
  /** `balanced` gives each class the same weight in the loss, whatever its number of rows. */
  classWeight: "none" | "balanced";
}

const { training, vocabulary } = publishedAttention;

const imdb: AttentionSettings = {
  ...{ data: "imdb", protocol: "honest", family: "lstm-attention", mask: true },
  ...{ embeddingDim: 100, units: 128, dropout: 0, learningRate: 1e-3 },
  ...{ epochs: training.epochs, batchSize: training.batchSize, classWeight: "none" },
  ...{ length: "mean", minFrequency: vocabulary.minFrequency },
};
const tweets: AttentionSettings = { ...imdb, data: "tweets" };
const pooled: AttentionSettings = { ...tweets, protocol: "pooled" };

const settingsOf = {
  "imdb-lstm-attention": imdb,
  "imdb-lstm-attention-no-mask": { ...imdb, mask: false },
  "imdb-ffnn": { ...imdb, family: "ffnn" },
  "imdb-rnn": { ...imdb, family: "rnn" },
  "imdb-rnn-no-mask": { ...imdb, family: "rnn", mask: false },
  "imdb-own": { ...imdb, dropout: 0.5, length: 500, epochs: 8 },
  "imdb-linear": { ...imdb, family: "linear" },
  "tweets-pooled-lstm-attention": pooled,
  "tweets-pooled-ffnn": { ...pooled, family: "ffnn" },
  "tweets-pooled-rnn-no-mask": { ...pooled, family: "rnn", mask: false },
  "tweets-lstm-attention": tweets,
  "tweets-ffnn": { ...tweets, family: "ffnn" },
  "tweets-rnn": { ...tweets, family: "rnn" },
  "tweets-rnn-no-mask": { ...tweets, family: "rnn", mask: false },
  // A tweet is short enough to be read whole; rare words and rare classes count.
  "tweets-own": {
    ...{ ...tweets, dropout: 0.5, length: 60, minFrequency: 2, epochs: 10 },
    classWeight: "balanced",
  },
  "tweets-linear": { ...tweets, family: "linear", classWeight: "balanced" },
} satisfies Record<string, AttentionSettings>;

/** Names of the study's models: the data, then the family. */
export type AttentionModel = keyof typeof settingsOf;

/** Names of the study's models: film reviews, tweets pooled as published, tweets honestly. */
export const attentionModels = Object.keys(settingsOf) as readonly AttentionModel[];

/**
 * What is chosen for a model of the study; the quick profile trains 3 epochs on fewer rows.
 *
 * @throws StarlitError if there is no such model
 */
export function attentionSettings(model: string, profile: Profile): AttentionSettings {
  if (!(model in settingsOf)) {
    throw new StarlitError(`The study has no model "${model}": use ${attentionModels.join(", ")}.`);
  }
  const settings = settingsOf[model as AttentionModel];
  return profile === "full" ? settings : { ...settings, epochs: 3 };
}

import type { Profile } from "../../engine";
import { changeSettings, modelNamed } from "../experiment/settings";
import type { Family } from "./networks";
import type { TokenOptions } from "./data";
import { published } from "./published";
import type { TweetProtocol } from "./tweets";

/** All that is chosen for a run of the study; the document gives no sizes. */
export interface Settings extends TokenOptions {
  data: "imdb" | "tweets";
  /** Matters for tweets alone. */
  protocol: TweetProtocol;
  /**
   * `linear` and `bag` are no networks but the references, bags of words: the plain one, and the
   * strongest on the validation rows.
   */
  family: Family | "linear" | "bag";
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
  /**
   * Cross-entropy, or as of the published LSTM of tweets that of a softmax of the outputs, which went
   * through one already. Default `crossentropy`.
   */
  loss?: "crossentropy" | "crossentropyOfSoftmax";
  /** Whose first weights the network has, see `drawTorchWeights`. Default `keras`. */
  firstWeights?: "keras" | "pytorch";
  /**
   * The network and the strongest bag as one: a logistic regression of what both say, learnt on the
   * validation rows. Default false.
   */
  withBag?: boolean;
  /** Of the family `pairs`. */
  pairs?: { pairBuckets: number; pairDim: number; wordDropout: number };
  /** Of the family `pairs`: how the pieces of words are read, where they are. */
  spelling?: { buckets: number; dim: number; hidden: number; length: number };
}

const { training, vocabulary } = published;

const imdb: Settings = {
  data: "imdb",
  protocol: "honest",
  family: "lstm-attention",
  mask: true,
  embeddingDim: 100,
  units: 128,
  dropout: 0,
  learningRate: 1e-3,
  epochs: training.epochs,
  batchSize: training.batchSize,
  classWeight: "none",
  length: "mean",
  minFrequency: vocabulary.minFrequency,
};
const tweets: Settings = { ...imdb, data: "tweets" };
const pooled: Settings = { ...tweets, protocol: "pooled" };
// What gives the published numbers; it was written in PyTorch, and nothing was masked.
const asPublished: Settings = {
  ...tweets,
  protocol: "published",
  mask: false,
  firstWeights: "pytorch",
};

// Chosen on the validation rows.
const ours: Settings = {
  ...imdb,
  family: "pairs",
  embeddingDim: 32,
  units: 32,
  dropout: 0.4,
  learningRate: 3e-3,
  length: 600,
  epochs: 8,
  pairs: { pairBuckets: 2 ** 18, pairDim: 16, wordDropout: 0.4 },
};

// A tweet is short enough to be read whole; rare words and rare classes count.
const oursForTweets: Settings = {
  ...ours,
  data: "tweets",
  length: 60,
  minFrequency: 3,
  classWeight: "balanced",
  embeddingDim: 64,
  units: 64,
  dropout: 0.5,
  learningRate: 2e-3,
  epochs: 6,
  pairs: { pairBuckets: 2 ** 15, pairDim: 8, wordDropout: 0.5 },
};

// Half of what is written in tweets stands in no vocabulary.
const withSpelling: Settings = {
  ...oursForTweets,
  links: "one",
  spelling: { buckets: 2 ** 16, dim: 32, hidden: 0.4, length: 500 },
};

const presets = {
  "imdb-lstm-attention": imdb,
  "imdb-lstm-attention-no-mask": { ...imdb, mask: false },
  "imdb-ffnn": { ...imdb, family: "ffnn" },
  "imdb-rnn": { ...imdb, family: "rnn" },
  "imdb-rnn-no-mask": { ...imdb, family: "rnn", mask: false },
  // As it was written in PyTorch, which draws other first weights.
  "imdb-published-rnn": { ...imdb, family: "rnn", mask: false, firstWeights: "pytorch" },
  "imdb-own": ours,
  // What the LSTM of our own model is worth: the same without it.
  "imdb-own-mean": { ...ours, units: 0 },
  "imdb-own-with-bag": { ...ours, withBag: true },
  "imdb-linear": { ...imdb, family: "linear" },
  "imdb-bag": { ...imdb, family: "bag" },
  "tweets-published-lstm-attention": { ...asPublished, loss: "crossentropyOfSoftmax" },
  "tweets-published-ffnn": { ...asPublished, family: "flat" },
  "tweets-published-rnn": { ...asPublished, family: "rnn", length: "longest" },
  "tweets-pooled-lstm-attention": pooled,
  "tweets-pooled-ffnn": { ...pooled, family: "ffnn" },
  "tweets-pooled-rnn-no-mask": { ...pooled, family: "rnn", mask: false },
  "tweets-lstm-attention": tweets,
  "tweets-ffnn": { ...tweets, family: "ffnn" },
  "tweets-rnn": { ...tweets, family: "rnn" },
  "tweets-rnn-no-mask": { ...tweets, family: "rnn", mask: false },
  "tweets-own": oursForTweets,
  "tweets-own-spelling": withSpelling,
  "tweets-own-with-bag": { ...withSpelling, withBag: true },
  "tweets-linear": { ...tweets, family: "linear", classWeight: "balanced" },
  "tweets-bag": { ...tweets, family: "bag", classWeight: "balanced" },
} satisfies Record<string, Settings>;

/** Names of the study's models: the data, then the family. */
export type Model = keyof typeof presets;

/** Names of the study's models: film reviews, tweets pooled as published, tweets honestly. */
export const models = Object.keys(presets) as readonly Model[];

/**
 * What is chosen for a model of the study; the quick profile trains 3 epochs on fewer rows.
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model
 */
export function settingsOf(model: string, profile: Profile): Settings {
  const settings: Settings = presets[modelNamed("attention", model, models)];
  return profile === "full" ? settings : { ...settings, epochs: 3 };
}

/**
 * The settings of a model with what differs from them.
 *
 * @throws StarlitError if there is no such setting, or its value is none that it can have
 */
export function changedSettings(
  model: Model,
  profile: Profile,
  changes: Partial<Settings> | undefined,
): Settings {
  return changeSettings<Settings>({
    model,
    settings: settingsOf(model, profile),
    changes,
    presets: Object.values(presets),
    words: {
      data: ["imdb", "tweets"],
      protocol: ["published", "pooled", "honest"],
      family: ["lstm-attention", "ffnn", "flat", "rnn", "pairs", "linear", "bag"],
      classWeight: ["none", "balanced"],
      length: ["mean", "longest"],
      loss: ["crossentropy", "crossentropyOfSoftmax"],
      firstWeights: ["keras", "pytorch"],
      links: ["kept", "one"],
    },
  });
}

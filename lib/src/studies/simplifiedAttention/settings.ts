import type { Profile } from "../../engine";
import { changeSettings, modelNamed } from "../experiment/settings";
import type { ReadWords } from "./data";
import type { Weighting } from "./networks";
import { published } from "./published";

/** All that is chosen for a run of the study. */
export interface Settings extends ReadWords {
  /**
   * What makes the weights; `states` is true attention over the states of an LSTM; `pairs` is our own
   * model, words and pairs of words, see `readPairs`; `linear` and `bag` are no networks but the
   * references, bags of the same words: single words, and the strongest on the validation rows.
   */
  weighting: Weighting | "states" | "pairs" | "linear" | "bag";
  dropout: number;
  /** `published`: test rows drive the schedule; `sound`: validation rows from the training reviews. */
  protocol: "published" | "sound";
  /** With `states` and `pairs`: how many at most. */
  epochs: number;
  /** Epochs in a row below the best after which the schedule cuts the rate; without it as published. */
  patience?: number;
  batchSize: number;
}

const { sequences, model, training } = published;

const asPublished: Settings = {
  weighting: "lstm",
  dropout: model.dropout,
  protocol: "published",
  from: "start",
  length: sequences.length,
  epochs: training.minEpochs,
  batchSize: training.batchSize,
};
const sound = { ...asPublished, protocol: "sound" } as const;
// One dip says nothing; two in a row are the least that patience can mean.
const patient = { ...sound, patience: 2 } as const;
// The sizes of study 4's network as published, and a usual dropout.
const states = { ...sound, weighting: "states", dropout: 0.5, epochs: 8, batchSize: 64 } as const;
// The sizes of study 4's own model, which were chosen on its validation rows.
const ours = { ...sound, weighting: "pairs", dropout: 0.4, epochs: 8, batchSize: 64 } as const;

/** The study's models: the published one, it under the sound protocol, ablations, and our own. */
const presets = {
  lstm: asPublished,
  gru: { ...asPublished, weighting: "gru" },
  rnn: { ...asPublished, weighting: "rnn" },
  mean: { ...asPublished, weighting: "mean" },
  constant: { ...asPublished, weighting: "constant" },
  attention: { ...asPublished, weighting: "attention" },
  "no-dropout": { ...asPublished, dropout: 0 },
  "lstm-patient": patient,
  "gru-patient": { ...patient, weighting: "gru" },
  "rnn-patient": { ...patient, weighting: "rnn" },
  "mean-patient": { ...patient, weighting: "mean" },
  "constant-patient": { ...patient, weighting: "constant" },
  "attention-patient": { ...patient, weighting: "attention" },
  "lstm-sound": sound,
  "lstm-sound-last": { ...sound, from: "end" },
  "states-first": states,
  "own-first": ours,
  "own-last": { ...ours, from: "end" },
  // 98 of 100 reviews are no longer than this.
  "own-whole": { ...ours, length: 800 },
  "linear-first": { ...sound, weighting: "linear" },
  "linear-last": { ...sound, weighting: "linear", from: "end" },
  "linear-whole": { ...sound, weighting: "linear", length: 800 },
  "bag-first": { ...sound, weighting: "bag" },
  "bag-last": { ...sound, weighting: "bag", from: "end" },
  "bag-whole": { ...sound, weighting: "bag", length: 800 },
} satisfies Record<string, Settings>;

/** Names of the study's models. */
export type Model = keyof typeof presets;

/** Names of the study's models: the published one first, our own and the linear last. */
export const models = Object.keys(presets) as readonly Model[];

/** Whether a model is one of study 4's, trained as usual, and not by the published schedule. */
export function isClassifier(weighting: Settings["weighting"]) {
  return weighting === "states" || weighting === "pairs";
}

/**
 * What is chosen for a model of the study. The quick profile makes few epochs of small batches: on
 * 2,000 reviews two batches of 1,000 would teach nothing.
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model
 */
export function settingsOf(model: string, profile: Profile): Settings {
  const settings = presets[modelNamed("simplified-attention", model, models)];
  if (profile === "full") return settings;
  if (isClassifier(settings.weighting)) return { ...settings, epochs: 2 };
  return { ...settings, epochs: 4, batchSize: 50 };
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
      from: ["start", "end"],
      protocol: ["published", "sound"],
      weighting: [
        "lstm",
        "gru",
        "rnn",
        "constant",
        "attention",
        "mean",
        "states",
        "pairs",
        "linear",
        "bag",
      ],
    },
  });
}

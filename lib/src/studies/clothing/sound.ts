import type { LayersModel } from "@tensorflow/tfjs";
import { ordinalCrossentropy, type ReviewReader, reviewReader } from "../../models";
import type { FitOptions } from "../../training";
import type { Data, Texts } from "./data";
import { classWeights } from "./protocol";
import { publishedAuc, soundCurves } from "./scores";

/** All that is chosen for a run by the sound protocol. */
export interface SoundSettings extends Omit<ReviewReader, "classes" | "dropout">, Required<Texts> {
  wordDropout: number;
  readDropout: number;
  /** Share of the rows beside the test rows that validate, and are not learned from. */
  validationShare: number;
  /** `ordinal` also asks how far from the truth a probability lies. */
  loss: "crossentropy" | "ordinal";
  /** Power of the inverse frequency that weighs a class in the loss: 0 not at all, 1 balanced. */
  balance: number;
  learningRate: number;
  batchSize: number;
  epochs: number;
  /** Epochs without a better validation loss after which training ends. */
  patience: number;
}

/** The sound protocol: chosen on validation rows, never on test rows. */
export const soundSettings: SoundSettings = {
  stopWords: "kept",
  text: "title and review",
  vocabularySize: 10_000,
  embeddingDim: 100,
  recurrent: "gru",
  units: 64,
  reading: "mean and attention",
  mask: true,
  wordDropout: 0.3,
  readDropout: 0.3,
  validationShare: 0.1,
  loss: "crossentropy",
  balance: 0.5,
  learningRate: 1e-3,
  batchSize: 64,
  epochs: 15,
  patience: 2,
};

/** Words and pairs of words, of which an LSTM says where to look. */
const pairs = {
  reading: "pairs",
  recurrent: "lstm",
  units: 32,
  embeddingDim: 32,
  learningRate: 3e-3,
  pairs: { pairBuckets: 2 ** 17, pairDim: 16, wordDropout: 0.3 },
} as const satisfies Partial<SoundSettings>;

/** The sound protocol, and what each row of the ablation changes: one thing each. */
export const soundVariants = {
  sound: {},
  "sound-without-headline": { text: "review" },
  "sound-without-stop-words": { stopWords: "removed" },
  "sound-5000-words": { vocabularySize: 5000 },
  "sound-last-state": { reading: "last state" },
  "sound-unmasked": { mask: false },
  "sound-without-dropout": { wordDropout: 0, readDropout: 0 },
  "sound-unweighted": { balance: 0 },
  "sound-balanced": { balance: 1 },
  "sound-ordinal": { loss: "ordinal" },
  "sound-fewer-reviews": { validationShare: 0.3 },
  "sound-pairs": pairs,
  "sound-pairs-mean": { ...pairs, units: 0 },
} as const satisfies Record<string, Partial<SoundSettings>>;

/** Names of the variants; the first is the sound protocol itself. */
export type SoundVariant = keyof typeof soundVariants;

/** Whether the study trains a model of this name by the sound protocol. */
export function isSoundVariant(name: string): name is SoundVariant {
  return Object.hasOwn(soundVariants, name);
}

/** The settings of a variant. */
export function soundSettingsOf(variant: SoundVariant): SoundSettings {
  return { ...soundSettings, ...soundVariants[variant] };
}

/** A new network of the sound protocol, with weights drawn at random. */
export function buildSound(settings: SoundSettings): LayersModel {
  const { wordDropout, readDropout } = settings;
  return reviewReader({ ...settings, dropout: [wordDropout, readDropout] });
}

/** How `fit` trains by the sound protocol. */
export function soundFit(data: Data, settings: SoundSettings): FitOptions {
  const { epochs, batchSize, patience, learningRate, loss, balance } = settings;
  return {
    epochs,
    batchSize,
    optimizer: { learningRate },
    loss: loss === "ordinal" ? ordinalCrossentropy : "categoricalCrossentropy",
    metrics: { auc: publishedAuc, ...soundCurves },
    earlyStopping: { monitor: "valLoss", patience, restoreBestWeights: true },
    classWeight: classWeights(data.train.ratings, balance),
  };
}

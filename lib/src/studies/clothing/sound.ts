import { type Profile, StarlitError } from "../../engine";
import { ordinalCrossentropy, type ReviewReader, reviewReader } from "../../models";
import type { Run } from "../../training";
import { classWeights } from "./protocol";
import { type ClothingTexts, prepareClothing } from "./data";
import { publishedAuc, soundCurves } from "./scores";
import { storedClothingRun } from "./run";

/** All that is chosen for a run by the sound protocol. */
export interface SoundSettings
  extends Omit<ReviewReader, "classes" | "dropout">, Required<ClothingTexts> {
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
  ...({ reading: "pairs", recurrent: "lstm", units: 32, embeddingDim: 32 } as const),
  ...{ learningRate: 3e-3, pairs: { pairBuckets: 2 ** 17, pairDim: 16, wordDropout: 0.3 } },
} satisfies Partial<SoundSettings>;

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
  return name in soundVariants;
}

/** Options of `runSoundClothing`. */
export interface SoundRunOptions {
  profile: Profile;
  /** Seed of first weights, order, dropout and validation rows. */
  seed: number;
  /** What else differs from the sound protocol. */
  settings?: Partial<SoundSettings>;
}

/**
 * Trains a variant of the sound protocol, or loads the run if it was made before. The run's history
 * has `loss`, `auc`, `rocAuc`, `weightedF1`, `macroF1` and the same of the validation rows
 * (`valLoss` …); for the rest see `storedClothingRun`.
 *
 * @throws StarlitError if there is no such variant
 */
export async function runSoundClothing(
  variant: string,
  { profile, seed, settings: own = {} }: SoundRunOptions,
): Promise<Run> {
  if (!isSoundVariant(variant)) {
    const known = Object.keys(soundVariants).join(", ");
    throw new StarlitError(`The sound protocol has no variant "${variant}": use ${known}.`);
  }
  const settings: SoundSettings = { ...soundSettings, ...soundVariants[variant], ...own };
  const data = await prepareClothing({ ...settings, profile, seed });
  const { wordDropout, readDropout, loss, balance, learningRate } = settings;
  const { epochs, batchSize, patience } = settings;
  return storedClothingRun({ model: variant, settings: { ...settings }, seed, profile }, data, {
    build: () => reviewReader({ ...settings, dropout: [wordDropout, readDropout] }),
    options: {
      ...{ epochs, batchSize, optimizer: { learningRate } },
      loss: loss === "ordinal" ? ordinalCrossentropy : "categoricalCrossentropy",
      metrics: { auc: publishedAuc, ...soundCurves },
      earlyStopping: { monitor: "valLoss", patience, restoreBestWeights: true },
      classWeight: classWeights(data.train.ratings, balance),
    },
  });
}

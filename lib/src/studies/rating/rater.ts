import * as fs from "node:fs";
import * as path from "node:path";
import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type Profile, StarlitError, withSeed } from "../../engine";
import { cacheFolder } from "../../engine/environment";
import type { WordEffect } from "./figuresOfModels";
import { Vocabulary } from "../../text";
import { predict } from "../../training";
import { readWeights, restoreWeights } from "../../training/checkpoint";
import { readTensors, writeTensors } from "../../training/tensorFile";
import { fromProbabilities, intervalOf } from "./scores";
import { buildSequence, fitSequence } from "./sequence";
import { settingsOf, type SequenceSettings } from "./settings";
import { encodeReviews, prepareWords, tokenize, type Words, startAndEnd } from "./words";

/** The model of the study that rates what a reader writes. */
export const RATER_MODEL = "pairs";

/** A trained model with all that it takes to rate a text. */
export interface Rater {
  model: LayersModel;
  vocabulary: Vocabulary;
  /** The ratings that it knows, in order. */
  classes: number[];
  settings: SequenceSettings;
  profile: Profile;
  /** Whether it learned from reviews that stand in for the study's. */
  standIn: boolean;
}

/** What a rater says of a text. */
export interface Rated {
  /** From 1 to 10: the expected rating. */
  rating: number;
  /** Between these the rating lies with a probability of at least 80 %. */
  interval: [low: number, high: number];
  /** Probability of each rating that the rater knows. */
  probabilities: { rating: number; probability: number }[];
  /** The words that moved the rating, those that moved it most first. */
  words: WordEffect[];
}

interface Note extends Omit<Rater, "model" | "vocabulary"> {
  tokens: readonly string[];
}

/** Raters of stand-in reviews have files of their own, so that they replace no real one. */
function raterFile(profile: Profile, standIn: boolean): string {
  return path.join(cacheFolder(), `rater-${profile}${standIn ? "-stand-in" : ""}.safetensors`);
}

/** Saves a rater in the cache folder, for `loadRater`. */
export function saveRater({ model, vocabulary, ...rest }: Rater): void {
  const tensors = new Map(readWeights(model).map((weight, i) => [`weight/${i}`, weight]));
  writeTensors<Note>(raterFile(rest.profile, rest.standIn), {
    tensors,
    note: { ...rest, tokens: vocabulary.tokens },
  });
}

/**
 * The rater that was saved: that of the full profile where there is one, else of the quick profile;
 * one of stand-in reviews only where there is no other.
 *
 * @throws StarlitError saying how to make one if there is none, or it is damaged
 */
export function loadRater(): Rater {
  const files = [false, true].flatMap((standIn) =>
    (["full", "quick"] as const).map((profile) => raterFile(profile, standIn)),
  );
  const file = files.find((each) => fs.existsSync(each));
  if (!file) {
    throw new StarlitError(
      "No model to rate with is saved yet: make one with `npx starlit train-rater` (a minute; with " +
        "`--profile full` a better one, in five minutes).",
    );
  }
  const { tensors, note } = readTensors<Note>(file, "`npx starlit train-rater` makes it again");
  const { tokens, ...rest } = note;
  const vocabulary = new Vocabulary(tokens);
  const model = buildSequence(rest.settings, { ...rest, vocabulary });
  restoreWeights(model, [...tensors.values()]);
  return { ...rest, model, vocabulary };
}

/** A rater of a trained model. */
export function raterOf(
  model: LayersModel,
  { vocabulary, classes, standIn }: Words,
  settings: SequenceSettings,
  profile: Profile,
): Rater {
  return { model, vocabulary, classes, standIn, settings, profile };
}

/** Trains a rater and saves it. */
export async function trainRater(profile: Profile): Promise<Rater> {
  const settings = settingsOf(RATER_MODEL, profile) as SequenceSettings;
  const seed = 1;
  const data = await prepareWords(settings, { profile, seed });
  const model = withSeed(seed, () => buildSequence(settings, data));
  const checkpoint = path.join(cacheFolder(), "training", `rater-${profile}`);
  const history = await fitSequence(model, data, settings, { seed, checkpoint });
  if (history.ended === "interrupt") {
    throw new StarlitError("The training was stopped; the same command goes on from there.");
  }
  const rater = raterOf(model, data, settings, profile);
  saveRater(rater);
  fs.rmSync(checkpoint, { recursive: true, force: true });
  return rater;
}

/**
 * Rates a text from 1 to 10, and tells which words moved the rating: each in turn is left out,
 * wherever it stands, and the rating taken again.
 *
 * @param most so many words are told at most
 * @throws StarlitError if the text holds no word that the rater knows
 */
export async function rateReview(rater: Rater, text: string, most = 10): Promise<Rated> {
  const { model, vocabulary, classes, settings } = rater;
  const tokens = startAndEnd(tokenize(text), settings.length);
  const known = tokens.filter((token) => /[\p{L}\p{N}]/u.test(token) && vocabulary.has(token));
  if (known.length === 0) {
    throw new StarlitError("The text holds no word that the model knows: write an English review.");
  }
  const words = [...new Set(known)];
  const without = words.map((word) => tokens.filter((token) => token !== word));
  const x = encodeReviews([tokens, ...without], vocabulary, settings.length);
  const { ratings, probabilities } = fromProbabilities(await predict(model, x), classes);
  const first = probabilities!.data.subarray(0, classes.length);
  const effects = words.map((word, i) => ({ word, effect: ratings[0] - ratings[i + 1] }));
  return {
    rating: ratings[0],
    interval: intervalOf(first, classes),
    probabilities: classes.map((rating, k) => ({ rating, probability: first[k] })),
    words: effects.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, most),
  };
}

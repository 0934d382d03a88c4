import { createHash } from "node:crypto";
import type { NdArray } from "../engine/arrays";
import { StarlitError } from "../engine/errors";
import { Random } from "../engine/random";
import { KERAS_FILTERS, Tokenizer } from "../text/tokenizer";
import { wordCutter } from "../text/wordCutter";
import { UnreachableError } from "./download";
import { type ImdbReview, loadImdbReviews } from "./imdb";
import type { DataOrigin } from "./origin";
import type { StandInOptions } from "./standIn";
import { loadImdbWordIndex } from "./wordIndex";

/** Options of `loadKerasImdb`, with the names and defaults of `keras.datasets.imdb.load_data`. */
export interface KerasImdbOptions extends StandInOptions {
  /** Ids from here on become `oovChar`; all words are kept where it is not given. */
  numWords?: number;
  /** Id of the start of every review. */
  startChar?: number;
  /** Id of the words that are left out. */
  oovChar?: number;
  /** Added to a word's rank to make its id: the ids below are free for special marks. */
  indexFrom?: number;
}

/** One half of the reviews, row by row in the same order. */
export interface KerasImdbPart {
  /** Each review as the ids of its words, of any length. */
  sequences: number[][];
  /** 0 negative, 1 positive (N). */
  labels: NdArray<Float32Array>;
  /** Which review each row is, e.g. "train/pos/127_9". */
  reviewIds: string[];
}

/** The reviews as Keras hands them out. */
export interface KerasImdb extends DataOrigin {
  train: KerasImdbPart;
  test: KerasImdbPart;
  /** Each word's rank by frequency, from 1: its id less `indexFrom` (`get_word_index`). */
  wordIndex: ReadonlyMap<string, number>;
}

/**
 * Keras's first two training reviews. Its order of all rows is lost, since it was drawn before the
 * file was made; these two are known from its documentation, so they open ours as well.
 */
const FIRST = ["train/pos/576_10", "train/neg/10654_1"];

/** The seed with which Keras shuffles; here too, but from another order. */
const SEED = 113;

/**
 * The film reviews as lists of word ids, id for id as `keras.datasets.imdb.load_data` makes them:
 * ranks of Keras's own word index, one mark at the start, one for words that are left out. Only the
 * order of the rows is our own. Where the index cannot be had, and for the stand-in, ranks are
 * counted in the training reviews.
 *
 * @throws StarlitError if what is found is damaged, or a number among the options is none
 * @throws UnreachableError if `standIn` is false and the reviews are nowhere to be had
 */
export async function loadKerasImdb(options: KerasImdbOptions = {}): Promise<KerasImdb> {
  const { numWords = Infinity, startChar = 1, oovChar = 2, indexFrom = 3, standIn } = options;
  for (const [name, value] of Object.entries({ startChar, oovChar, indexFrom })) {
    if (!Number.isInteger(value) || value < 0) {
      throw new StarlitError(`${name} is ${value}: give a whole number from 0 on.`);
    }
  }
  if (!(numWords > oovChar)) {
    throw new StarlitError(`numWords is ${numWords}: give a number above oovChar, ${oovChar}.`);
  }
  const { reviews, ...origin } = await loadImdbReviews({ standIn });
  const own = origin.standIn ? undefined : await kerasIndex();
  const wordIndex = own ?? countedIndex(reviews);
  const encode = encoder(wordIndex, { numWords, startChar, oovChar, indexFrom });
  const part = (split: ImdbReview["split"]): KerasImdbPart => {
    const rows = ordered(reviews.filter((review) => review.split === split));
    return {
      sequences: rows.map((review) => encode(review.text)),
      labels: { data: Float32Array.from(rows, (review) => review.label), shape: [rows.length] },
      reviewIds: rows.map((review) => review.id),
    };
  };
  return {
    ...origin,
    fingerprint: createHash("sha256")
      .update(`${origin.fingerprint} ${own ? "Keras's index" : "counted index"}`)
      .digest("hex"),
    train: part("train"),
    test: part("test"),
    wordIndex,
  };
}

/** Keras's word index, if it can be had. */
async function kerasIndex(): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    return await loadImdbWordIndex();
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
}

/** Ranks by frequency in the training reviews, as those of Keras but for words equally frequent. */
function countedIndex(reviews: ImdbReview[]): ReadonlyMap<string, number> {
  const tokenizer = new Tokenizer({ lower: false });
  const train = reviews.filter(({ split }) => split === "train");
  tokenizer.fitOnTexts(train.map(({ text }) => lowerCase(text)));
  return tokenizer.wordIndex;
}

/** Keras's index was made when lower case was a matter of A to Z: it has "Åmål", not "åmål". */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function encoder(
  wordIndex: ReadonlyMap<string, number>,
  { numWords, startChar, oovChar, indexFrom }: Required<Omit<KerasImdbOptions, "standIn">>,
) {
  const cut = wordCutter(KERAS_FILTERS, " ");
  return (text: string): number[] => {
    const ids = [startChar];
    const lower = lowerCase(text);
    cut(lower, (_, start, end) => {
      const rank = wordIndex.get(lower.slice(start, end));
      // A word that the index does not have was left out before ids were given.
      if (rank !== undefined) ids.push(rank + indexFrom < numWords ? rank + indexFrom : oovChar);
    });
    return ids;
  };
}

/** The rows shuffled, the known first ones in front. */
function ordered(rows: ImdbReview[]): ImdbReview[] {
  const shuffled = new Random(SEED).shuffle([...rows]);
  const first = FIRST.flatMap((id) => shuffled.find((row) => row.id === id) ?? []);
  return [...first, ...shuffled.filter((row) => !first.includes(row))];
}

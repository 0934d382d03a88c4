import type { NdArray } from "../engine/arrays";
import { StarlitError } from "../engine/errors";
import { Random } from "../engine/random";
import { sha256 } from "../files/sum.cjs";
import { kerasImdbIds, type KerasImdbOptions } from "../text/kerasImdb";
import { Tokenizer } from "../text/tokenizer";
import { UnreachableError } from "./download";
import { loadImdbReviews } from "./imdb";
import type { DataOrigin } from "./origin";
import type { ImdbReview } from "./rows";
import type { StandInOptions } from "./standIn";
import { loadImdbWordIndex } from "./wordIndex";

/** Options of `loadKerasImdb`: those of the encoding, and whether a stand-in will do. */
export type KerasImdbLoadOptions = KerasImdbOptions & StandInOptions;

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

const COUNTED =
  "Keras's word index could not be had: ranks are counted in the training reviews, and the ids of words that are equally frequent differ from Keras's.";

/**
 * The film reviews as lists of word ids, id for id as `keras.datasets.imdb.load_data` makes them:
 * ranks of Keras's own word index, one mark at the start, one for words that are left out. Only the
 * order of the rows is our own. Where the index cannot be had, which the banner says, and for the
 * stand-in, ranks are counted in the training reviews.
 *
 * @throws StarlitError if what is found is damaged, or a number among the options is none
 * @throws UnreachableError if `standIn` is false and the reviews are nowhere to be had
 */
export async function loadKerasImdb(options: KerasImdbLoadOptions = {}): Promise<KerasImdb> {
  const { standIn, ...encoding } = options;
  for (const [name, value] of Object.entries(encoding)) {
    if (value === null || value === undefined) continue;
    if (Number.isInteger(value) && value >= 0) continue;
    throw new StarlitError(`${name} is ${value}: give a whole number from 0 on.`);
  }
  const { reviews, ...origin } = await loadImdbReviews({ standIn });
  const found = origin.standIn ? undefined : await indexOrReason();
  const own = typeof found === "string" ? undefined : found;
  const wordIndex = own ?? countedIndex(reviews);
  const part = (split: ImdbReview["split"]): KerasImdbPart => {
    const rows = ordered(reviews.filter((review) => review.split === split));
    return {
      sequences: rows.map(({ text }) => kerasImdbIds(text, wordIndex, encoding)),
      labels: { data: Float32Array.from(rows, (review) => review.label), shape: [rows.length] },
      reviewIds: rows.map((review) => review.id),
    };
  };
  return {
    ...origin,
    ...(typeof found === "string" && { banner: COUNTED, reason: found }),
    fingerprint: sha256(`${origin.fingerprint} ${own ? "Keras's index" : "counted index"}`),
    train: part("train"),
    test: part("test"),
    wordIndex,
  };
}

/** Keras's word index, or why it could not be had. */
async function indexOrReason(): Promise<ReadonlyMap<string, number> | string> {
  try {
    return await loadImdbWordIndex();
  } catch (error) {
    if (error instanceof UnreachableError) return error.message;
    throw error;
  }
}

/** Ranks by frequency in the training reviews, as those of Keras but for words equally frequent. */
function countedIndex(reviews: ImdbReview[]): ReadonlyMap<string, number> {
  const tokenizer = new Tokenizer();
  tokenizer.fitOnTexts(reviews.filter(({ split }) => split === "train").map(({ text }) => text));
  return tokenizer.wordIndex;
}

/** The rows shuffled, the known first ones in front. */
function ordered(rows: ImdbReview[]): ImdbReview[] {
  const shuffled = new Random(SEED).shuffle([...rows]);
  const first = FIRST.flatMap((id) => shuffled.find((row) => row.id === id) ?? []);
  return [...first, ...shuffled.filter((row) => !first.includes(row))];
}

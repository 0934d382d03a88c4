import {
  type DataOrigin,
  type KerasImdbPart,
  loadKerasImdb,
  type StandInOptions,
} from "../../data";
import type { NdArray, Profile } from "../../engine";
import { padSequences, trainTestSplit } from "../../text";
import { fingerprint } from "../../training";
import { memo } from "../experiment/memo";
import { published } from "./published";

/** Which words of a review are read. */
export interface ReadWords {
  /** `start`: the first words, as published; `end`: the last. */
  from: "start" | "end";
  /** How many at most. */
  length: number;
}

/** Options of `prepareSimplifiedAttention`. */
export interface DataOptions extends ReadWords, StandInOptions {
  profile: Profile;
  /** Seed of the validation rows, and of the subset of the quick profile. */
  seed: number;
}

/** Word ids (N, length), zeros after the end, and 0 or 1 for each review (N). */
export interface ReviewRows {
  x: NdArray<Int32Array>;
  y: NdArray<Float32Array>;
}

/** The reviews, ready for the models. */
export interface Data extends DataOrigin {
  /** All training reviews: the published protocol has no validation rows. */
  train: ReviewRows;
  /** Nine tenths of them, and the rest: the sound protocol's. */
  fitted: ReviewRows;
  validation: ReviewRows;
  test: ReviewRows;
  /** Word of each id. */
  words: ReadonlyMap<number, string>;
}

/** Share of the training reviews that the sound protocol watches. */
const VALIDATION_SHARE = 0.1;

/** Reviews of each part in the quick profile. */
const QUICK = { train: 300, test: 150 };

/** The reviews with all their ids, encoded once. */
const allIds = memo((standIn?: boolean) => loadKerasImdb({ standIn }));

/**
 * A review's ids as the document pads them: the words that are read, every id from 20,000 on as 0,
 * zeros after the end.
 */
export function readIds(
  sequences: readonly (readonly number[])[],
  { from, length }: ReadWords,
): NdArray<Int32Array> {
  const { vocabularySize } = published.sequences;
  const known = sequences.map((ids) => {
    const read = from === "start" ? ids.slice(0, length) : ids.slice(-length);
    return read.map((id) => (id < vocabularySize ? id : 0));
  });
  return padSequences(known, { maxlen: length, padding: "post", truncating: "post" });
}

interface Row {
  ids: number[];
  label: number;
}

function rowsOf({ sequences, labels }: KerasImdbPart, most: number | undefined): Row[] {
  // The rows come shuffled: their first ones are a sample.
  const rows = sequences.map((ids, i) => ({ ids, label: labels.data[i] }));
  return rows.slice(0, most);
}

/**
 * Prepares the study's data: Keras's ids of all words, of which each review keeps 200 and each id
 * below 20,000. The sound protocol gets validation rows from the training reviews.
 *
 * @throws StarlitError if the reviews are damaged, or nowhere to be had and no stand-in is wanted
 */
export async function prepare({ profile, seed, standIn, ...read }: DataOptions): Promise<Data> {
  const { train, test, wordIndex, ...origin } = await allIds(standIn);
  const quick = profile === "quick";
  const trainRows = rowsOf(train, quick ? QUICK.train : undefined);
  const parts = trainTestSplit(trainRows, { testSize: VALIDATION_SHARE, seed });
  const reviewRows = (rows: Row[]): ReviewRows => ({
    x: readIds(
      rows.map(({ ids }) => ids),
      read,
    ),
    y: { data: Float32Array.from(rows, ({ label }) => label), shape: [rows.length] },
  });
  const data = {
    train: reviewRows(trainRows),
    fitted: reviewRows(parts.train),
    validation: reviewRows(parts.test),
    test: reviewRows(rowsOf(test, quick ? QUICK.test : undefined)),
  };
  const arrays = Object.values(data).flatMap(({ x, y }) => [x, y]);
  const words = new Map(Array.from(wordIndex, ([word, rank]) => [rank + 3, word]));
  return { ...origin, ...data, words, fingerprint: fingerprint(...arrays) };
}

import type { DataOrigin, RatedReview } from "../../data";
import type { NdArray } from "../../engine";
import {
  buildVocabulary,
  padSequences,
  tokenizeEnglish,
  trainTestSplit,
  type Vocabulary,
} from "../../text";
import { fingerprint } from "../../training";
import { type DataOptions, folders, splitByFilm, tenths } from "./data";
import { memo } from "../experiment/memo";
import { metadataRows, metadataScale } from "./metadata";

/** How texts become rows of ids. */
export interface ReadTokens {
  /** Tokens a row; of a longer review the first quarter of them and the rest from its end. */
  length: number;
  /** Number of ids: those of padding, of unknown words and of the most frequent words. */
  vocabularySize: number;
  /** Whether reviews of the training films validate, to see what that hides. */
  splitAtRandom?: true;
}

/** One part of the data; everything is row by row in the same order. */
export interface WordRows {
  texts: string[];
  /** Word ids (N, length), zeros after the end. */
  x: NdArray<Int32Array>;
  /** Year, runtime and genres (N, M), see `metadataRows`. */
  metadata: NdArray<Float32Array>;
  /** Ratings (N), 1–4 and 7–10. */
  ratings: number[];
}

/** The reviews as sequences of words; the test folder is left alone until the end. */
export interface Words extends DataOrigin {
  train: WordRows;
  /** A tenth of the training reviews, of films of which none is in `train` unless asked for. */
  validation: WordRows;
  test: WordRows;
  /** Of the words in `train`. */
  vocabulary: Vocabulary;
  /** The ratings that occur, in order. */
  classes: number[];
}

/** Share of the training reviews that validate. */
export const VALIDATION_SHARE = 0.1;

/** A review's tokens: spaCy's, in lower case, without the marks of paragraphs. */
export function tokenize(text: string): string[] {
  const plain = text.replace(/<br \/>/g, " ").toLowerCase();
  return tokenizeEnglish(plain).filter((token) => token.trim() !== "");
}

/** The first quarter of `length` tokens and the rest from the end, or all where they fit. */
export function startAndEnd<T>(tokens: readonly T[], length: number): T[] {
  if (tokens.length <= length) return [...tokens];
  const start = Math.floor(length / 4);
  return [...tokens.slice(0, start), ...tokens.slice(start - length)];
}

/** Lists of tokens as rows of ids, zeros after the end; of longer ones `startAndEnd`. */
export function encodeReviews(
  tokens: readonly (readonly string[])[],
  vocabulary: Vocabulary,
  length: number,
): NdArray<Int32Array> {
  const ids = tokens.map((each) => vocabulary.encode(startAndEnd(each, length)));
  return padSequences(ids, { maxlen: length, padding: "post" });
}

/** Splits reviews at random, whatever film they are of. */
function splitByReview<T>(reviews: readonly T[], share: number, seed: number): [T[], T[]] {
  const { train, test } = trainTestSplit(reviews, { testSize: share, seed });
  return [train, test];
}

/**
 * Prepares the reviews as sequences of words, with validation rows from the training folder.
 *
 * @throws StarlitError if the reviews are damaged, or nowhere to be had and no stand-in is wanted
 */
export function prepareWords(
  { length, vocabularySize, splitAtRandom }: ReadTokens,
  options: DataOptions,
): Promise<Words> {
  return prepared({ length, vocabularySize, splitAtRandom }, options);
}

const prepared = memo(makeWords);

async function makeWords(
  { length, vocabularySize, splitAtRandom }: ReadTokens,
  options: DataOptions,
): Promise<Words> {
  const { train: all, test, origin } = await folders(options);
  const split = splitAtRandom ? splitByReview : splitByFilm;
  const [train, validation] = split(all, VALIDATION_SHARE, options.seed);
  const cut = (rows: readonly RatedReview[]) => rows.map(({ text }) => tokenize(text));
  const tokens = cut(train);
  const vocabulary = buildVocabulary(tokens, { maxSize: vocabularySize });
  const scale = metadataScale(train);
  const part = (rows: readonly RatedReview[], tokens: string[][]): WordRows => ({
    texts: rows.map(({ text }) => text),
    x: encodeReviews(tokens, vocabulary, length),
    metadata: metadataRows(rows, scale),
    ratings: rows.map(({ rating }) => rating),
  });
  const parts = {
    train: part(train, tokens),
    validation: part(validation, cut(validation)),
    test: part(test, cut(test)),
  };
  const classes = [...new Set(all.map(({ rating }) => rating))].sort((a, b) => a - b);
  const arrays = Object.values(parts).flatMap(({ x, metadata, ratings }) => [
    x,
    metadata,
    tenths(ratings),
  ]);
  return { ...origin, ...parts, vocabulary, classes, fingerprint: fingerprint(...arrays) };
}

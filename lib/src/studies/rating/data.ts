import { type DataOrigin, loadRatedReviews, type StandInOptions } from "../../data";
import type { NdArray, Profile } from "../../engine";
import { splitByGroup, trainTestSplit } from "../../text";
import { fingerprint } from "../../training";
import { memo } from "../experiment/memo";
import { published } from "./published";

/**
 * What the published vector of 2,470 numbers may hold: `ids`, the number of each word, the most
 * frequent being 1, divided by the number of words, zeros after the end; `bag`, how often each of
 * the 2,470 most frequent words occurs; `first-seen`, the number of each word in the order in which the
 * words first occur in a folder, that of the positive reviews before that of the negative, divided by
 * the number of words: a word that only negative reviews have has a high number.
 */
export type VectorReading = "ids" | "bag" | "first-seen";

/** Options of `prepareVectors` and `prepareWords`. */
export interface DataOptions extends StandInOptions {
  profile: Profile;
  /** Seed of the validation rows, and of the subset of the quick profile. */
  seed: number;
  /**
   * Whether films of the training folder, drawn by the seed, stand in place of the test folder: those
   * have not been looked at together before, and the test folder has.
   */
  newFilms?: true;
}

/** One part of the data. */
export interface Rows<X> {
  /** Input of the models (N, …). */
  x: X;
  /** Ratings (N), 1–4 and 7–10. */
  ratings: number[];
}

/** The reviews as the published models read them; the test folder validates, as published. */
export interface Vectors extends DataOrigin {
  train: Rows<NdArray<Float32Array>>;
  test: Rows<NdArray<Float32Array>>;
}

/** Reviews of each part in the quick profile. */
const QUICK = { train: 300, test: 150 };

/** Share of the training folder's reviews whose films are drawn in place of the test folder. */
const NEW_FILMS_SHARE = 0.2;

/** The reviews with their titles, loaded once. */
export const loadReviews = memo((standIn?: boolean) => loadRatedReviews({ standIn }));

/**
 * Splits reviews so that no film is in both parts, as of all films but one none is in both folders:
 * what is learned of a film must not help.
 *
 * @param share of the reviews that the second part gets, at least
 */
export function splitByFilm<T extends { titleId: string }>(
  reviews: readonly T[],
  share: number,
  seed: number,
): [T[], T[]] {
  return splitByGroup(reviews, ({ titleId }) => titleId, share, seed);
}

/**
 * The reviews of both folders: all of them, or in the quick profile a sample. With `newFilms` both parts
 * are of the training folder.
 */
export async function folders({ profile, seed, standIn, newFilms }: DataOptions) {
  const { reviews, coverage, ...origin } = await loadReviews(standIn);
  const part = (name: "train" | "test") => {
    const rows = reviews.filter(({ split }) => split === name);
    if (profile === "full") return rows;
    const stratify = rows.map(({ rating }) => rating);
    return trainTestSplit(rows, { trainSize: QUICK[name], seed, stratify }).train;
  };
  if (!newFilms) return { origin, coverage, train: part("train"), test: part("test") };
  // A seed of its own: with that of the validation films they would begin with the same films.
  const [train, test] = splitByFilm(part("train"), NEW_FILMS_SHARE, 1000 + seed);
  return { origin, coverage, train, test };
}

/** A text in lower case, cut at white space: the document's words. */
export function plainWords(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Words by frequency: the most frequent is 1, the first seen of equals comes first. */
export function frequencyRanks(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of plainWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return new Map(sorted.map(([word], i) => [word, i + 1]));
}

/** Words in the order in which they first occur: the first is 1. */
export function appearanceRanks(texts: readonly string[]): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const text of texts) {
    for (const word of plainWords(text)) if (!ranks.has(word)) ranks.set(word, ranks.size + 1);
  }
  return ranks;
}

/** Texts as rows of `width` numbers under one of the readings. */
export function readVectors(
  texts: readonly string[],
  ranks: ReadonlyMap<string, number>,
  reading: VectorReading,
  width: number = published.width,
): NdArray<Float32Array> {
  const data = new Float32Array(texts.length * width);
  texts.forEach((text, row) => {
    const numbers = plainWords(text).map((word) => ranks.get(word) ?? 0);
    const into = data.subarray(row * width, (row + 1) * width);
    if (reading !== "bag") {
      numbers.slice(0, width).forEach((rank, i) => (into[i] = rank / ranks.size));
    } else {
      for (const rank of numbers) if (rank >= 1 && rank <= width) into[rank - 1]++;
    }
  });
  return { data, shape: [texts.length, width] };
}

/** Ratings as the published models learn them (N): divided by 10. */
export function tenths(ratings: readonly number[]): NdArray<Float32Array> {
  return { data: Float32Array.from(ratings, (rating) => rating / 10), shape: [ratings.length] };
}

/**
 * The mean squared error of a constant that always says the mean of these ratings, the best one: what a
 * model gets that has read nothing. In points; a hundredth of it for ratings divided by 10.
 */
export function constantError(ratings: readonly number[]): number {
  const mean = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
  return ratings.reduce((sum, rating) => sum + (rating - mean) ** 2, 0) / ratings.length;
}

/** The options that data depend on which hold no rows to validate: all rows, or a sample by the seed. */
export function sampleOptions({ profile, seed, standIn, newFilms }: DataOptions): DataOptions {
  const isDrawn = profile === "quick" || newFilms;
  return { profile, seed: isDrawn ? seed : 0, standIn, newFilms };
}

/**
 * Prepares the reviews as vectors of 2,470 numbers.
 *
 * @throws StarlitError if the reviews are damaged, or nowhere to be had and no stand-in is wanted
 */
export function prepareVectors(reading: VectorReading, options: DataOptions): Promise<Vectors> {
  return vectors(reading, sampleOptions(options));
}

/** One reading alone: it takes half a gigabyte. */
const vectors = memo(makeVectors);

async function makeVectors(reading: VectorReading, options: DataOptions): Promise<Vectors> {
  const { train, test, origin } = await folders(options);
  type Row = { text: string; rating: number };
  const textsOf = (rows: readonly Row[]) => rows.map(({ text }) => text);
  const ranksOfTrain = reading === "first-seen" ? undefined : frequencyRanks(textsOf(train));
  const part = (rows: readonly Row[]) => {
    const [positive, negative] = [true, false].map((side) =>
      rows.filter(({ rating }) => rating > 5 === side),
    );
    const ranks = ranksOfTrain ?? appearanceRanks(textsOf([...positive, ...negative]));
    return {
      x: readVectors(textsOf(rows), ranks, reading),
      ratings: rows.map(({ rating }) => rating),
    };
  };
  const data = { train: part(train), test: part(test) };
  const arrays = Object.values(data).flatMap(({ x, ratings }) => [x, tenths(ratings)]);
  return { ...origin, ...data, fingerprint: fingerprint(...arrays) };
}

import type { RatedReview } from "../../data";
import type { NdArray } from "../../engine";

/** Which metadata there are: made of the training reviews, used for all. */
export interface MetadataScale {
  /** The genres that occur, in alphabetical order. */
  genres: string[];
  year: { mean: number; sd: number };
  /** Of the minutes' logarithm. */
  runtime: { mean: number; sd: number };
}

function scaleOf(values: readonly (number | null)[]): MetadataScale["year"] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { mean: 0, sd: 1 };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / known.length) || 1 };
}

/** The runtime's logarithm: half an hour more is much for a short film and little for a long one. */
const logRuntime = ({ runtimeMinutes }: RatedReview) =>
  runtimeMinutes ? Math.log(runtimeMinutes) : null;

/** Learns from the training reviews which genres there are, and the spread of years and runtimes. */
export function metadataScale(reviews: readonly RatedReview[]): MetadataScale {
  const genres = [...new Set(reviews.flatMap((review) => review.genres))].sort();
  const year = scaleOf(reviews.map(({ startYear }) => startYear));
  return { genres, year, runtime: scaleOf(reviews.map(logRuntime)) };
}

/**
 * What a recommender knows of the film, as numbers (N, 4 + genres): year and logarithm of the
 * runtime, each standardized and 0 where not known, whether each is known, and 1 for each genre.
 */
export function metadataRows(
  reviews: readonly RatedReview[],
  { genres, year, runtime }: MetadataScale,
): NdArray<Float32Array> {
  const width = 4 + genres.length;
  const standard = (value: number | null, { mean, sd }: MetadataScale["year"]) =>
    value === null ? [0, 0] : [(value - mean) / sd, 1];
  const data = new Float32Array(reviews.length * width);
  reviews.forEach((review, row) => {
    const numbers = [
      ...standard(review.startYear, year),
      ...standard(logRuntime(review), runtime),
      ...genres.map((genre) => Number(review.genres.includes(genre))),
    ];
    data.set(numbers, row * width);
  });
  return { data, shape: [reviews.length, width] };
}

/** What is chosen for a training by the number of reviews that it learns from. */
export interface Sizes {
  /** Word ids at most, those of padding and of unknown words included. */
  vocabularySize: number;
  /** Rows of the table of pairs of words. */
  pairBuckets: number;
  batchSize: number;
  epochs: number;
  patience: number;
  /** The linear model learns from so many reviews at most. */
  bagRows: number;
}

/** Lengths of the vectors, units of the LSTM and dropout of study 2's best reader. */
export const network = {
  embeddingDim: 32,
  pairDim: 16,
  units: 32,
  dropout: 0.3,
  wordDropout: 0.3,
  learningRate: 3e-3,
  /** Power of the inverse frequency that weighs a rating in the loss. */
  balance: 0.5,
} as const;

/** A longer text is read from its start and its end: so many tokens at most. */
export const LONGEST_TEXT = 400;

/** More reviews than these are not learned from unless asked for: they take hours. */
export const MOST_REVIEWS = 300_000;

/** Fewer cannot be trained, validated and tested on. */
export const FEWEST_REVIEWS = 100;

/** Sizes for so many reviews to learn from: study 2's for some twenty thousand, and what was found to fit beside them. */
export function sizesFor(reviews: number): Sizes {
  if (reviews < 2000) {
    return {
      vocabularySize: 3000,
      pairBuckets: 2 ** 14,
      batchSize: 16,
      epochs: 30,
      patience: 4,
      bagRows: 1e5,
    };
  }
  if (reviews < 8000) {
    return {
      vocabularySize: 6000,
      pairBuckets: 2 ** 16,
      batchSize: 32,
      epochs: 20,
      patience: 3,
      bagRows: 1e5,
    };
  }
  if (reviews < 60_000) {
    return {
      vocabularySize: 10_000,
      pairBuckets: 2 ** 17,
      batchSize: 64,
      epochs: 15,
      patience: 2,
      bagRows: 1e5,
    };
  }
  return {
    vocabularySize: 20_000,
    pairBuckets: 2 ** 17,
    batchSize: 128,
    epochs: 6,
    patience: 1,
    bagRows: 1e5,
  };
}

/** A film review. */
export interface ImdbReview {
  /** Folder, number and rating, as in the archive: e.g. "train/pos/127_9". */
  id: string;
  /** IMDb's number of the film or series, e.g. "tt0406816". */
  titleId: string;
  split: "train" | "test";
  /** 1–4 or 7–10 of 10. */
  rating: number;
  /** 0 negative, 1 positive. */
  label: 0 | 1;
  /** The review as written, with `<br />` between paragraphs. */
  text: string;
}

/** A tweet with the sentiment that annotators gave it. */
export interface Tweet {
  /** Twitter's number; some tweets were annotated twice and have two rows. */
  id: string;
  /** Place of the class in `tweetLabels`: 0 negative, 1 neutral, 2 positive. */
  label: 0 | 1 | 2;
  text: string;
  /** `train`: the collections of 2013–2016; `test`: the test set of 2017. */
  split: "train" | "test";
  /** The file it came from, e.g. "twitter-2013train-A". */
  file: string;
}

/** Pieces of a file, in order. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

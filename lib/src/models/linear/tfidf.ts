import { checkOptions } from "../../engine/options";
import { type CountOptions, countOptionNames, CountVectorizer } from "./counts";
import type { Csr } from "./csr";

/** Options of `TfidfVectorizer`, with the names and defaults of scikit-learn. */
export interface TfidfOptions extends CountOptions {
  /** Counts become 1 + ln(count). */
  sublinearTf?: boolean;
}

/**
 * Turns texts into rows of term weights: count × idf with idf = ln((1 + n) / (1 + df)) + 1, each row
 * of length 1. As scikit-learn's `TfidfVectorizer`.
 */
export class TfidfVectorizer {
  /** Inverse document frequency of each term. */
  idf = new Float64Array(0);

  private readonly counter: CountVectorizer;
  private readonly sublinearTf: boolean;

  /** @throws StarlitError for an option that there is not, or that is out of its range */
  constructor({ sublinearTf = false, ...counting }: TfidfOptions = {}) {
    checkOptions("TfidfVectorizer", counting, [...countOptionNames, "sublinearTf"]);
    this.counter = new CountVectorizer(counting);
    this.sublinearTf = sublinearTf;
  }

  /** The terms in order of their columns, which is that of their characters. */
  get featureNames(): string[] {
    return this.counter.featureNames;
  }

  /**
   * Learns the terms of `texts` and returns the rows of these texts.
   *
   * @throws StarlitError if no term is left
   */
  fitTransform(texts: readonly string[]): Csr {
    const counts = this.counter.fitTransform(texts);
    const df = new Int32Array(counts.shape[1]);
    for (const column of counts.indices) df[column]++;
    this.idf = Float64Array.from(df, (times) => Math.log((1 + texts.length) / (1 + times)) + 1);
    return this.weigh(counts);
  }

  /**
   * Learns the terms of `texts`.
   *
   * @throws StarlitError if no term is left
   */
  fit(texts: readonly string[]): this {
    this.fitTransform(texts);
    return this;
  }

  /** Rows of texts in the terms learnt; terms that are new are left out. */
  transform(texts: readonly string[]): Csr {
    return this.weigh(this.counter.transform(texts));
  }

  /** Counts become weights, in their place. */
  private weigh(counts: Csr): Csr {
    const { shape, indptr, indices, data } = counts;
    for (let row = 0; row < shape[0]; row++) {
      let squares = 0;
      for (let i = indptr[row]; i < indptr[row + 1]; i++) {
        data[i] = (this.sublinearTf ? 1 + Math.log(data[i]) : data[i]) * this.idf[indices[i]];
        squares += data[i] * data[i];
      }
      const norm = Math.sqrt(squares);
      for (let i = indptr[row]; i < indptr[row + 1]; i++) data[i] /= norm;
    }
    return counts;
  }
}

import { StarlitError } from "../../engine/errors";
import { compareCodePoints, type CompareStrings } from "../../text/order";
import type { Csr } from "./csr";
import { countTexts, gatherTerms, type Occurrences, renumber } from "./occurrences";
import { TermIndex } from "./termIndex";

/** Options of `TfidfVectorizer`, with the names and defaults of scikit-learn. */
export interface TfidfOptions {
  /** Terms are runs of this many words, from least to most. */
  ngramRange?: [least: number, most: number];
  /** A term is kept if it is in this many texts at least. */
  minDf?: number;
  /** At most so many terms are kept, the most frequent. */
  maxFeatures?: number;
  /** Counts become 1 + ln(count). */
  sublinearTf?: boolean;
  /** Cuts a text, in lower case, into words; unless told, runs of two or more letters and digits. */
  tokenizer?: (text: string) => string[];
  /** Order of the columns by their terms; `compareCodePoints`, Python's, by default. */
  compare?: CompareStrings;
}

const words = /[\p{L}\p{N}_]{2,}/gu;

/**
 * Turns texts into rows of term weights: count × idf with idf = ln((1 + n) / (1 + df)) + 1, each row
 * of length 1. As scikit-learn's `TfidfVectorizer`.
 */
export class TfidfVectorizer {
  /** The terms in order of their columns, which is that of their characters. */
  featureNames: string[] = [];
  /** Inverse document frequency of each term. */
  idf = new Float64Array(0);

  private index = new TermIndex();
  /** Column of each term of the index, −1 where it is dropped. */
  private columns = new Int32Array(0);

  constructor(private readonly options: TfidfOptions = {}) {}

  /**
   * Learns the terms of `texts` and returns the rows of these texts.
   *
   * @throws StarlitError if no term is left
   */
  fitTransform(texts: readonly string[]): Csr {
    this.index = new TermIndex();
    const occurrences = this.gather(texts, true);
    this.choose(occurrences);
    return this.weigh(renumber(occurrences, this.columns));
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
    return this.weigh(renumber(this.gather(texts, false), this.columns));
  }

  private gather(texts: readonly string[], learn: boolean): Occurrences {
    const { tokenizer, ngramRange = [1, 1] } = this.options;
    return gatherTerms(texts, (text, take) => {
      const lower = text.toLowerCase();
      const inText = tokenizer?.(lower) ?? lower.match(words) ?? [];
      this.index.forEachTerm(inText, ngramRange, learn, take);
    });
  }

  /** Chooses the terms to keep, and gives them columns. */
  private choose(occurrences: Occurrences): void {
    const { minDf = 1, maxFeatures = Infinity, compare = compareCodePoints } = this.options;
    const texts = occurrences.indptr.length - 1;
    const { df, total } = countTexts(occurrences, this.index.size);
    const found: { term: number; name: string }[] = [];
    // A beginning of longer terms, that is no term itself, is in no text.
    for (let term = 0; term < df.length; term++) {
      if (df[term] >= Math.max(minDf, 1)) found.push({ term, name: this.index.nameOf(term) });
    }
    if (found.length === 0) {
      throw new StarlitError(
        `No term is in ${minDf} of ${texts} texts: lower minDf or give more texts.`,
      );
    }
    const byName = (a: { name: string }, b: { name: string }) => compare(a.name, b.name);
    let kept = found.sort(byName);
    if (kept.length > maxFeatures) {
      // The sort is stable: of terms equally frequent the first in the alphabet stay.
      kept.sort((a, b) => total[b.term] - total[a.term]);
      kept = kept.slice(0, maxFeatures).sort(byName);
    }
    this.featureNames = kept.map(({ name }) => name);
    this.idf = Float64Array.from(kept, ({ term }) => Math.log((1 + texts) / (1 + df[term])) + 1);
    this.columns = new Int32Array(df.length).fill(-1);
    kept.forEach(({ term }, column) => (this.columns[term] = column));
  }

  private weigh({ indptr: starts, terms }: Occurrences): Csr {
    const rows = starts.length - 1;
    const indptr = new Int32Array(rows + 1);
    const indices = new Int32Array(terms.length);
    const data = new Float64Array(terms.length);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      const sorted = terms.slice(starts[row], starts[row + 1]).sort();
      let squares = 0;
      for (let i = 0; i < sorted.length;) {
        const column = sorted[i];
        const first = i;
        while (i < sorted.length && sorted[i] === column) i++;
        const count = i - first;
        const weight = (this.options.sublinearTf ? 1 + Math.log(count) : count) * this.idf[column];
        indices[at] = column;
        data[at++] = weight;
        squares += weight * weight;
      }
      const norm = Math.sqrt(squares);
      for (let i = indptr[row]; i < at; i++) data[i] /= norm;
      indptr[row + 1] = at;
    }
    return {
      shape: [rows, this.featureNames.length],
      indptr,
      indices: indices.slice(0, at),
      data: data.slice(0, at),
    };
  }
}

import { StarlitError } from "../../engine/errors";
import { checkOptions } from "../../engine/options";
import { compareCodePoints, type CompareStrings } from "../../text/order";
import { splitWords } from "../../text/whitespace";
import type { Csr } from "./csr";
import { countTexts, gatherTerms, type Occurrences, renumber } from "./occurrences";
import { TermIndex } from "./termIndex";

/** Options of `CountVectorizer`, with the names and defaults of scikit-learn. */
export interface CountOptions {
  /**
   * Terms are runs of words (`word`), or runs of characters inside a word with a blank before and after
   * it (`charWb`, scikit-learn's `char_wb`), so that "go" has "g" and "o" at the edges. Default `word`.
   */
  analyzer?: "word" | "charWb";
  /** Terms are runs of this many words or characters, from least to most. Default [1, 1]. */
  ngramRange?: [least: number, most: number];
  /** A term is kept if it is in this many texts at least. Default 1. */
  minDf?: number;
  /** At most so many terms are kept, the most frequent. */
  maxFeatures?: number;
  /** Every count above 0 becomes 1: whether a term is there. */
  binary?: boolean;
  /** Cuts a text, in lower case, into words; unless told, runs of two or more letters and digits. */
  tokenizer?: (text: string) => string[];
  /** Order of the columns by their terms; `compareCodePoints`, Python's, by default. */
  compare?: CompareStrings;
}

/** The names of `CountOptions`. */
export const countOptionNames = [
  "analyzer",
  "ngramRange",
  "minDf",
  "maxFeatures",
  "binary",
  "tokenizer",
  "compare",
] as const satisfies readonly (keyof CountOptions)[];

const words = /[\p{L}\p{N}_]{2,}/gu;

/** Turns texts into rows of counts of terms. As scikit-learn's `CountVectorizer`. */
export class CountVectorizer {
  /** The terms in order of their columns, see the option `compare`. */
  featureNames: string[] = [];

  private index = new TermIndex();
  /** Column of each term of the index, −1 where it is dropped. */
  private columns = new Int32Array(0);

  /** @throws StarlitError for an option that there is not, or that is out of its range */
  constructor(private readonly options: CountOptions = {}) {
    checkOptions("CountVectorizer", options, countOptionNames);
    const { analyzer = "word", ngramRange: [least, most] = [1, 1] } = options;
    if (analyzer !== "word" && analyzer !== "charWb") {
      throw new StarlitError(`analyzer is "${String(analyzer)}": use "word" or "charWb".`);
    }
    if (!Number.isInteger(least) || !Number.isInteger(most) || least < 1 || most < least) {
      throw new StarlitError(
        `ngramRange is [${least}, ${most}]: give two whole numbers above 0, the smaller first.`,
      );
    }
    if (analyzer === "charWb" && options.tokenizer) {
      throw new StarlitError(
        'analyzer "charWb" reads characters: leave the tokenizer out, or use the analyzer "word".',
      );
    }
  }

  /**
   * Learns the terms of `texts` and returns the rows of these texts.
   *
   * @throws StarlitError if no term is left
   */
  fitTransform(texts: readonly string[]): Csr {
    this.index = new TermIndex(this.options.analyzer === "charWb" ? "" : " ");
    const occurrences = this.gather(texts, true);
    this.choose(occurrences);
    return this.count(renumber(occurrences, this.columns));
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
    return this.count(renumber(this.gather(texts, false), this.columns));
  }

  private gather(texts: readonly string[], learn: boolean): Occurrences {
    const { analyzer, tokenizer, ngramRange = [1, 1] } = this.options;
    if (analyzer !== "charWb") {
      return gatherTerms(texts, (text, take) => {
        const lower = text.toLowerCase();
        const inText = tokenizer?.(lower) ?? lower.match(words) ?? [];
        this.index.forEachTerm(inText, ngramRange, learn, take);
      });
    }
    // Words come again and again: each is cut into runs of characters once.
    const termsOf = new Map<string, number[]>();
    return gatherTerms(texts, (text, take) => {
      for (const word of splitWords(text.toLowerCase())) {
        let terms = termsOf.get(word);
        if (!terms) termsOf.set(word, (terms = this.runsOfCharacters(word, ngramRange, learn)));
        terms.forEach(take);
      }
    });
  }

  private runsOfCharacters(
    word: string,
    [least, most]: [number, number],
    learn: boolean,
  ): number[] {
    const characters = [" ", ...word, " "];
    const terms: number[] = [];
    // A word shorter than the shortest run is a term itself.
    const range: [number, number] = [Math.min(least, characters.length), most];
    this.index.forEachTerm(characters, range, learn, (term) => terms.push(term));
    return terms;
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
    this.columns = new Int32Array(df.length).fill(-1);
    kept.forEach(({ term }, column) => (this.columns[term] = column));
  }

  private count({ indptr: starts, terms }: Occurrences): Csr {
    const { binary = false } = this.options;
    const rows = starts.length - 1;
    const indptr = new Int32Array(rows + 1);
    const indices = new Int32Array(terms.length);
    const data = new Float64Array(terms.length);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      const sorted = terms.slice(starts[row], starts[row + 1]).sort();
      for (let i = 0; i < sorted.length;) {
        const column = sorted[i];
        const first = i;
        while (i < sorted.length && sorted[i] === column) i++;
        indices[at] = column;
        data[at++] = binary ? 1 : i - first;
      }
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

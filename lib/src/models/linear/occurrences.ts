/** Terms of texts as numbers, text after text, with repetitions. */
export interface Occurrences {
  /** Where each text begins, and the end. */
  indptr: Int32Array;
  terms: Int32Array;
}

/**
 * Gathers the terms of texts.
 *
 * @param forEachTerm calls its second argument with the number of each term of a text
 */
export function gatherTerms(
  texts: readonly string[],
  forEachTerm: (text: string, take: (term: number) => void) => void,
): Occurrences {
  const indptr = new Int32Array(texts.length + 1);
  let terms = new Int32Array(1 << 16);
  let length = 0;
  const take = (term: number) => {
    if (length === terms.length) {
      const larger = new Int32Array(2 * length);
      larger.set(terms);
      terms = larger;
    }
    terms[length++] = term;
  };
  texts.forEach((text, row) => {
    forEachTerm(text, take);
    indptr[row + 1] = length;
  });
  return { indptr, terms: terms.subarray(0, length) };
}

/** In how many texts each of `size` terms is, and how often in all. */
export function countTexts(
  { indptr, terms }: Occurrences,
  size: number,
): { df: Int32Array; total: Int32Array } {
  const df = new Int32Array(size);
  const total = new Int32Array(size);
  const lastText = new Int32Array(size).fill(-1);
  for (let row = 0; row + 1 < indptr.length; row++) {
    for (let i = indptr[row]; i < indptr[row + 1]; i++) {
      const term = terms[i];
      total[term]++;
      if (lastText[term] === row) continue;
      lastText[term] = row;
      df[term]++;
    }
  }
  return { df, total };
}

/** The same occurrences under other numbers, those of −1 left out. */
export function renumber({ indptr, terms }: Occurrences, numbers: Int32Array): Occurrences {
  const starts = new Int32Array(indptr.length);
  const renumbered = new Int32Array(terms.length);
  let at = 0;
  for (let row = 0; row + 1 < indptr.length; row++) {
    for (let i = indptr[row]; i < indptr[row + 1]; i++) {
      const number = numbers[terms[i]];
      if (number >= 0) renumbered[at++] = number;
    }
    starts[row + 1] = at;
  }
  return { indptr: starts, terms: renumbered.subarray(0, at) };
}

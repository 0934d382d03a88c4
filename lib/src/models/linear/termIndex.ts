/** Larger than any number of terms: a JavaScript Map holds 2^24 entries. */
const MANY = 2 ** 24;

/**
 * Numbers terms, which are runs of words (or of characters), in order of appearance. A run is known by
 * the number of all its words but the last, and the last: so texts are not joined and hashed anew for
 * every run, which would take most of the time.
 */
export class TermIndex {
  private readonly words = new Map<string, number>();
  private readonly longer = new Map<number, number>();
  /** The term without its last word (−1 for a single word), and that word. */
  private readonly parts: { before: number[]; last: string[] } = { before: [], last: [] };

  /** @param separator what stands between the words of a term's name */
  constructor(private readonly separator = " ") {}

  /** How many terms are known, among them the beginnings of longer ones. */
  get size(): number {
    return this.parts.last.length;
  }

  /** The words of a term, joined by the separator. */
  nameOf(term: number): string {
    const before = this.parts.before[term];
    const last = this.parts.last[term];
    return before < 0 ? last : this.nameOf(before) + this.separator + last;
  }

  /**
   * Calls `take` with the number of each run of `least` to `most` words.
   *
   * @param learn whether runs that are not known get a number, or are passed over
   */
  forEachTerm(
    words: readonly string[],
    [least, most]: [least: number, most: number],
    learn: boolean,
    take: (term: number) => void,
  ): void {
    const singles = words.map((word) => this.words.get(word) ?? (learn ? this.addWord(word) : -1));
    for (let start = 0; start < singles.length; start++) {
      let term = singles[start];
      for (let length = 1; term >= 0; length++) {
        if (length >= least) take(term);
        const next = start + length;
        if (length === most || next === singles.length || singles[next] < 0) break;
        const key = term * MANY + singles[next];
        term = this.longer.get(key) ?? (learn ? this.addLonger(key, term, words[next]) : -1);
      }
    }
  }

  private addWord(word: string): number {
    this.words.set(word, this.size);
    return this.add(-1, word);
  }

  private addLonger(key: number, before: number, last: string): number {
    this.longer.set(key, this.size);
    return this.add(before, last);
  }

  private add(before: number, last: string): number {
    this.parts.before.push(before);
    return this.parts.last.push(last) - 1;
  }
}

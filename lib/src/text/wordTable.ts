/**
 * Numbers words 0, 1, 2 … in the order they are first added. A word is told as a piece of a text
 * and kept as letters in one long array, so that looking up millions of words neither makes a string
 * nor touches one: several times as fast as a `Map`.
 */
export class WordTable {
  /** How many words there are. */
  size = 0;
  /** In pairs the hash of a word and its number + 1, which is 0 where the slot is free. */
  private slots = new Int32Array(2 ** 13);
  private letters = new Uint16Array(2 ** 14);
  /** Where the letters of each word begin, and where those of the last one end. */
  private starts = new Int32Array(2 ** 12);

  /**
   * The number of the word `text.slice(start, end)`, or −1.
   *
   * @param code the word's hash, if it was made on the way: `hashUnit` of its units from `NO_HASH`.
   */
  find(text: string, start = 0, end = text.length, code = hash(text, start, end)): number {
    return this.slots[this.slotOf(text, start, end, code) + 1] - 1;
  }

  /** The number of the word `text.slice(start, end)`, which is added where it is new. */
  add(text: string, start = 0, end = text.length, code = hash(text, start, end)): number {
    const slot = this.slotOf(text, start, end, code);
    if (this.slots[slot + 1] > 0) return this.slots[slot + 1] - 1;
    const number = this.size++;
    this.slots[slot] = code;
    this.slots[slot + 1] = this.size;
    this.keepLetters(text, start, end);
    // At most half of the slots are taken, so that a free one is near.
    if (this.size * 4 > this.slots.length) this.grow();
    return number;
  }

  /** The word of this number; a string of its own, which keeps no text in memory. */
  word(number: number): string {
    let word = "";
    for (let i = this.starts[number]; i < this.starts[number + 1]; i++) {
      word += String.fromCharCode(this.letters[i]);
    }
    return word;
  }

  /** All words by number. */
  words(): string[] {
    return Array.from({ length: this.size }, (_, number) => this.word(number));
  }

  /** Where in the slots the word is, or would be. */
  private slotOf(text: string, start: number, end: number, code: number): number {
    const { slots, letters, starts } = this;
    const mask = slots.length - 1;
    for (let slot = slotAt(code, mask); ; slot = (slot + 2) & mask) {
      const next = slots[slot + 1];
      if (next === 0) return slot;
      if (slots[slot] !== code) continue;
      let letter = starts[next - 1];
      if (starts[next] - letter !== end - start) continue;
      let i = start;
      while (i < end && letters[letter] === text.charCodeAt(i)) {
        letter++;
        i++;
      }
      if (i === end) return slot;
    }
  }

  private keepLetters(text: string, start: number, end: number): void {
    const place = this.starts[this.size - 1];
    const next = place + end - start;
    if (this.size >= this.starts.length) this.starts = enlarged(this.starts, this.size + 1);
    if (next > this.letters.length) this.letters = enlarged(this.letters, next);
    this.starts[this.size] = next;
    for (let i = start; i < end; i++) this.letters[place + i - start] = text.charCodeAt(i);
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let slot = slotAt(old[from], mask);
      while (this.slots[slot + 1] > 0) slot = (slot + 2) & mask;
      this.slots[slot] = old[from];
      this.slots[slot + 1] = old[from + 1];
    }
  }
}

/** The same numbers with room for at least `needed`. */
function enlarged<T extends Int32Array | Uint16Array>(array: T, needed: number): T {
  const larger = new (array.constructor as new (length: number) => T)(2 * needed);
  larger.set(array);
  return larger;
}

const { imul } = Math;

/** The hash of no units. */
export const NO_HASH = 0x811c9dc5 | 0;

/** The hash of a word that is longer by this 16-bit unit (FNV-1a). */
export function hashUnit(code: number, unit: number): number {
  return imul(code ^ unit, 0x01000193);
}

function hash(text: string, start: number, end: number): number {
  let code = NO_HASH;
  for (let i = start; i < end; i++) code = hashUnit(code, text.charCodeAt(i));
  return code;
}

/** Low bits alone tell little of a product, so the high ones are folded in. */
function slotAt(code: number, mask: number): number {
  return ((code ^ (code >>> 15)) * 2) & mask;
}

/**
 * Numbers words 0, 1, 2 … in the order they are first added. A word is told as a piece of a text,
 * so that counting millions of words does not make millions of strings; this and an open hash table
 * are several times as fast as a `Map`.
 */
export class WordTable {
  /** The words by number. */
  readonly words: string[] = [];
  /** Number + 1 of the word in each slot, 0 where it is free; the length is a power of two. */
  private slots = new Int32Array(2 ** 12);
  private hashes = new Int32Array(2 ** 11);

  /** The number of the word `text.slice(start, end)`, or −1. */
  find(text: string, start = 0, end = text.length): number {
    return this.slots[this.slotOf(text, start, end, hash(text, start, end))] - 1;
  }

  /** The number of the word `text.slice(start, end)`, which is added where it is new. */
  add(text: string, start = 0, end = text.length): number {
    const code = hash(text, start, end);
    const slot = this.slotOf(text, start, end, code);
    if (this.slots[slot] > 0) return this.slots[slot] - 1;
    const number = this.words.push(copy(text, start, end)) - 1;
    this.slots[slot] = number + 1;
    this.hashes[number] = code;
    if (this.words.length === this.hashes.length) this.grow();
    return number;
  }

  private slotOf(text: string, start: number, end: number, code: number): number {
    const mask = this.slots.length - 1;
    for (let slot = code & mask; ; slot = (slot + 1) & mask) {
      const number = this.slots[slot] - 1;
      if (number < 0) return slot;
      if (this.hashes[number] === code && equals(this.words[number], text, start, end)) return slot;
    }
  }

  private grow(): void {
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let number = 0; number < this.words.length; number++) {
      let slot = hashes[number] & mask;
      while (this.slots[slot] > 0) slot = (slot + 1) & mask;
      this.slots[slot] = number + 1;
    }
  }
}

/** FNV-1a over the 16-bit units, its high bits folded into the low ones. */
function hash(text: string, start: number, end: number): number {
  let code = 0x811c9dc5;
  for (let i = start; i < end; i++) code = Math.imul(code ^ text.charCodeAt(i), 0x01000193);
  return code ^ (code >>> 15);
}

function equals(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) {
    if (word.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  }
  return true;
}

/** A slice would keep the whole text in memory as long as the word. */
function copy(text: string, start: number, end: number): string {
  let word = "";
  for (let i = start; i < end; i++) word += text[i];
  return word;
}

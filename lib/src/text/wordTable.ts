import { emptyHash, extendHash, slotOf } from "./hash";

/**
 * Numbers words 0, 1, 2 … in the order they are first added. A word is told by its 16-bit units and
 * kept as such in one long array, so that millions of look-ups make no string and touch none:
 * several times as fast as a `Map`.
 */
export class WordTable {
  /** How many words there are. */
  size = 0;
  /** A record a word: its number, how many units, the units. */
  private data: Int32Array = new Int32Array(2 ** 12);
  private used = 0;
  /** In pairs the hash of a word and the place of its record + 1, which is 0 in a free slot. */
  private slots: Int32Array = new Int32Array(2 ** 10);

  /** The number of the word that the units from `start` to `end` make, or −1. */
  find(units: Uint16Array, start: number, end: number): number {
    return this.findHashed(units, start, end, hashOf(units, start, end));
  }

  /** The number of the word that the units from `start` to `end` make; a new one is added. */
  add(units: Uint16Array, start: number, end: number): number {
    const hash = hashOf(units, start, end);
    const number = this.findHashed(units, start, end, hash);
    if (number >= 0) return number;
    const place = this.used;
    this.used += 2 + end - start;
    if (this.used > this.data.length) this.enlarge();
    this.data[place] = this.size;
    this.data[place + 1] = end - start;
    this.data.set(units.subarray(start, end), place + 2);
    this.size++;
    // At most half of the slots are taken, so that a free one is near.
    if (this.size * 4 > this.slots.length) this.spread();
    this.take(hash, place + 1);
    return this.size - 1;
  }

  /** The words by number. */
  words(): string[] {
    const words: string[] = [];
    for (let place = 0; place < this.used; place += 2 + this.data[place + 1]) {
      let word = "";
      for (let i = 0; i < this.data[place + 1]; i++) {
        word += String.fromCharCode(this.data[place + 2 + i]);
      }
      words.push(word);
    }
    return words;
  }

  private findHashed(units: Uint16Array, start: number, end: number, hash: number): number {
    const { slots, data } = this;
    const mask = slots.length - 1;
    for (let slot = slotOf(hash, 2) & mask; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot] !== hash) continue;
      const place = slots[slot + 1] - 1;
      if (data[place + 1] !== end - start) continue;
      let i = start;
      while (i < end && data[place + 2 + i - start] === units[i]) i++;
      if (i === end) return data[place];
    }
    return -1;
  }

  private enlarge(): void {
    const data = new Int32Array(2 * this.used);
    data.set(this.data);
    this.data = data;
  }

  private spread(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) this.take(old[i], old[i + 1]);
  }

  private take(hash: number, place: number): void {
    const mask = this.slots.length - 1;
    let slot = slotOf(hash, 2) & mask;
    while (this.slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    this.slots[slot] = hash;
    this.slots[slot + 1] = place;
  }
}

function hashOf(units: Uint16Array, start: number, end: number): number {
  let hash = emptyHash;
  for (let i = start; i < end; i++) hash = extendHash(hash, units[i]);
  return hash;
}

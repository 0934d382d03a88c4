import { hashOf, WordRecords } from "./wordRecords";

/** Numbers words 0, 1, 2 … in the order they are first added. */
export class WordTable {
  private readonly records = new WordRecords();

  /** How many words there are. */
  get size(): number {
    return this.records.size;
  }

  /** The number of the word that the units from `start` to `end` make, or −1. */
  find(units: Uint16Array, start: number, end: number): number {
    const at = this.records.find(units, start, end, hashOf(units, start, end));
    return at < 0 ? -1 : this.records.data[at + 1];
  }

  /** The number of the word that the units from `start` to `end` make; a new one is added. */
  add(units: Uint16Array, start: number, end: number): number {
    const code = hashOf(units, start, end);
    const at = this.records.find(units, start, end, code);
    if (at >= 0) return this.records.data[at + 1];
    this.records.add([this.size], units, start, end, code);
    return this.size - 1;
  }

  /** The words by number. */
  words(): string[] {
    return this.records.words();
  }
}

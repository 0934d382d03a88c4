import { slotOf } from "../hash";

/** Fields of a slot: two hashes, where the numbers are (0 in a free slot), one to make it even. */
const FIELDS = 4;

/**
 * Numbers that belong to chunks. As in spaCy's cache, a chunk is told by 64 bits of hash alone,
 * which spares keeping and comparing it: among half a million chunks the odds that any two are
 * taken for one are 1 to 100 million.
 */
export class ChunkCache {
  /** How many chunks there are. */
  size = 0;
  /** Of each chunk how many numbers, then the numbers. */
  data: Int32Array = new Int32Array(2 ** 12);
  private used = 1;
  private slots: Int32Array = new Int32Array(2 ** 11);

  /** Where in `data` the count of the chunk's numbers stands, or 0. */
  find(hash: number, otherHash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = slotOf(hash, FIELDS) & mask;
    while (slots[slot + 2] !== 0) {
      if (slots[slot] === hash && slots[slot + 1] === otherHash) break;
      slot = (slot + FIELDS) & mask;
    }
    return slots[slot + 2];
  }

  /** Adds a chunk, which must be new, and returns what `find` will. */
  add(hash: number, otherHash: number, numbers: readonly number[]): number {
    const place = this.used;
    this.used += 1 + numbers.length;
    if (this.used > this.data.length) this.enlarge();
    this.data[place] = numbers.length;
    for (let i = 0; i < numbers.length; i++) this.data[place + 1 + i] = numbers[i];
    this.size++;
    // At most half of the slots are taken, so that a free one is near.
    if (this.size * FIELDS * 2 > this.slots.length) this.spread();
    this.take(hash, otherHash, place);
    return place;
  }

  private enlarge(): void {
    const data = new Int32Array(2 * this.used);
    data.set(this.data);
    this.data = data;
  }

  private spread(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    for (let i = 0; i < old.length; i += FIELDS) {
      if (old[i + 2] !== 0) this.take(old[i], old[i + 1], old[i + 2]);
    }
  }

  private take(hash: number, otherHash: number, place: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = slotOf(hash, FIELDS) & mask;
    while (slots[slot + 2] !== 0) slot = (slot + FIELDS) & mask;
    slots[slot] = hash;
    slots[slot + 1] = otherHash;
    slots[slot + 2] = place;
  }
}

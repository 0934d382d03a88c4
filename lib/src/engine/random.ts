import { StarlitError } from "./errors";

const SIZE = 624;
const SHIFT = 397;

/** Refuses what is no seed. */
export function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return;
  throw new StarlitError(`The seed is ${seed}: give a whole number from 0 to ${2 ** 32 - 1}.`);
}

/**
 * The Mersenne Twister MT19937, drawing number for number what NumPy's `RandomState(seed)` draws.
 * The published splits were made by it through scikit-learn and pandas, so they come out row for row.
 *
 * Source: Matsumoto and Nishimura (1998); NumPy's legacy `RandomState` for what is made of the bits.
 */
export class Random {
  private readonly state = new Uint32Array(SIZE);
  private position = SIZE;
  /** The polar method makes normal numbers in pairs: the second waits here. */
  private spare: number | undefined;

  /** @param seed a whole number from 0 to 2³² − 1. */
  constructor(seed: number) {
    checkSeed(seed);
    let word = seed;
    for (let i = 0; i < SIZE; i++) {
      this.state[i] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i + 1) >>> 0;
    }
  }

  /** The next 32 random bits, as a number from 0 to 2³² − 1. */
  uint32(): number {
    if (this.position === SIZE) this.twist();
    let word = this.state[this.position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** One uniform number in [0, 1) with 53 random bits (NumPy's `random_sample()`). */
  random(): number {
    const high = this.uint32() >>> 5;
    return (high * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** `n` uniform numbers in [0, 1) (NumPy's `random_sample(n)`). */
  randomSample(n: number): number[] {
    return Array.from({ length: n }, () => this.random());
  }

  /** `n` whole numbers, `low` included and `high` not (NumPy's `randint(low, high, n)`). */
  randint(low: number, high: number, n: number): number[] {
    const largest = high - 1 - low;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(largest) || largest < 0) {
      throw new StarlitError(
        `randint(${low}, ${high}): give whole numbers, the first below the second.`,
      );
    }
    return Array.from({ length: n }, () => low + this.upTo(largest));
  }

  /** Puts the array in random order, in place, and returns it (NumPy's `shuffle`). */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.upTo(i);
      [array[i], array[j]] = [array[j], array[i]];
    }
    return array;
  }

  /** The numbers 0 … n − 1 in random order (NumPy's `permutation(n)`). */
  permutation(n: number): number[] {
    return this.shuffle(Array.from({ length: n }, (_, i) => i));
  }

  /** `count` different numbers below `n`, in random order (NumPy's `choice(n, count, replace=False)`). */
  choice(n: number, count: number): number[] {
    if (count > n) throw new StarlitError(`${count} of ${n} cannot be drawn: draw ${n} at most.`);
    return this.permutation(n).slice(0, count);
  }

  /** `n` normally distributed numbers (NumPy's legacy `normal(mean, deviation, n)`, polar method). */
  normal(mean: number, deviation: number, n: number): number[] {
    return Array.from({ length: n }, () => mean + deviation * this.gauss());
  }

  private gauss(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    let x: number, y: number, square: number;
    do {
      x = 2 * this.random() - 1;
      y = 2 * this.random() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.spare = factor * x;
    return factor * y;
  }

  /** A number from 0 to `largest`: bits under the smallest mask that covers it, until one fits. */
  private upTo(largest: number): number {
    if (largest === 0) return 0;
    if (largest < 2 ** 32) {
      const mask = 0xffffffff >>> Math.clz32(largest);
      for (;;) {
        const value = (this.uint32() & mask) >>> 0;
        if (value <= largest) return value;
      }
    }
    const mask = 0xffffffff >>> Math.clz32(Math.floor(largest / 2 ** 32));
    for (;;) {
      const high = (this.uint32() & mask) >>> 0;
      const value = high * 2 ** 32 + this.uint32();
      if (value <= largest) return value;
    }
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const bits = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }
}

/**
 * Where random numbers come from: a stream, which is the library's own and never `Math.random`.
 * First weights, dropout and TensorFlow.js's random functions draw from the current stream.
 * `seedEverything` begins it anew; `withSeed` and each step of `fit` put another in its place for as
 * long as one call takes, which nothing can interrupt.
 */
import { randomInt } from "node:crypto";
import { createRequire } from "node:module";
import { StarlitError } from "./errors";
import { Random } from "./random";
import { tensorflowPackage } from "./tensorflow";

/** The random numbers of one piece of work, such as an epoch of a training. */
export class RandomStream {
  private readonly uniform: Random;
  private readonly seeds: Random;
  /** Seeds of those who have a seed of their own. */
  private readonly own = new WeakMap<object, Random>();

  /**
   * @param seed a whole number from 0 to 2³² − 1
   * @param epoch the epoch that the stream is for, from 0
   */
  constructor(
    seed: number,
    private readonly epoch = 0,
  ) {
    this.uniform = new Random(seed);
    // A generator of its own, so that how many weights are drawn does not move dropout.
    this.seeds = new Random(new Random(seed).uint32());
  }

  /** One uniform number in [0, 1). */
  random(): number {
    return this.uniform.random();
  }

  /** A seed for a thing with random numbers of its own: a whole number from 1 to 2³² − 1. */
  nextSeed(): number {
    return this.seeds.randint(1, 2 ** 32, 1)[0];
  }

  /** The same for one that was given a seed: it depends on that seed and the epoch alone. */
  nextSeedOf(owner: object, seed: number): number {
    const seeds = this.own.get(owner) ?? new Random(epochSeed(seed, this.epoch));
    this.own.set(owner, seeds);
    return seeds.randint(1, 2 ** 32, 1)[0];
  }
}

/**
 * The seed of an epoch's random numbers (order of the rows, dropout). Each epoch has its own, so
 * that an epoch is the same whether the epochs before it ran in this process or in another.
 */
export function epochSeed(seed: number, epoch: number): number {
  // Weyl's sequence spreads neighbouring seeds; 0 is left out because tfjs takes it for "no seed".
  return (Math.imul(seed + 1, 0x9e3779b9) + Math.imul(epoch + 1, 0x85ebca6b)) >>> 0 || 1;
}

let current = new RandomStream(randomInt(2 ** 32));

/** The stream that random numbers are drawn from now. */
export function currentStream(): RandomStream {
  return current;
}

/**
 * Makes the random numbers that follow repeatable, as `keras.utils.set_random_seed`: first weights,
 * dropout outside `fit`, and TensorFlow.js's random functions. `Math.random` is left alone, and `fit`
 * has random numbers of its own.
 *
 * @param seed a whole number from 0 to 2³² − 1
 */
export function seedEverything(seed: number): void {
  current = new RandomStream(seed);
}

/** Lets `body` draw from this stream; those who draw after it go on where they were. */
export function withStream<T>(stream: RandomStream, body: () => T): T {
  const before = current;
  current = stream;
  try {
    return body();
  } finally {
    current = before;
  }
}

/**
 * Builds something, such as a model, with the random numbers of a seed; the random numbers of
 * others are as if nothing had been built.
 *
 * @param seed a whole number from 0 to 2³² − 1
 * @param build builds and returns it; not an async function
 * @throws StarlitError if `build` is async: others would draw between its parts
 */
export function withSeed<T>(seed: number, build: () => T): T {
  const built = withStream(new RandomStream(seed), build);
  if (built instanceof Promise) {
    built.catch(() => {}); // the error below is told instead
    throw new StarlitError(
      "withSeed builds in one go: give it a function that is not async, and await before or after.",
    );
  }
  return built;
}

/**
 * The next seed for a thing that has random numbers of its own, such as a dropout or a shuffle:
 * a whole number from 1 to 2³² − 1 (TensorFlow.js takes 0 for "no seed"), repeatable after
 * `seedEverything`.
 */
export function nextSeed(): number {
  return current.nextSeed();
}

type RandomOperation = (...parameters: unknown[]) => unknown;

/** TensorFlow.js's random functions, and which of their parameters is the seed. */
const seedParameter = {
  randomUniform: 4,
  randomUniformInt: 3,
  randomNormal: 4,
  randomStandardNormal: 2,
  randomGamma: 4,
  truncatedNormal: 4,
  dropout: 3,
};

/**
 * Without a seed these functions take one from `Math.random`; now they take it from the current
 * stream. Initializers and stock layers (dropout, noise, masks in recurrent layers) all call them by
 * way of the module, so this is the one place where they can be reached.
 */
function seedRandomOperations(): void {
  const binding = createRequire(require.resolve(tensorflowPackage));
  const core = binding("@tensorflow/tfjs-core") as Record<string, RandomOperation>;
  for (const [name, place] of Object.entries(seedParameter)) {
    const operation = core[name];
    core[name] = (...parameters) => {
      // As a text 0 is a seed like others; as a number TensorFlow.js takes it for "no seed".
      parameters[place] = String(parameters[place] ?? current.random());
      return operation(...parameters);
    };
  }
}

seedRandomOperations();

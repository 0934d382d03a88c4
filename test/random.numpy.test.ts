import { nextSeed, Random, seedEverything, tf } from "../lib/src/engine";
import { golden } from "./support";

interface Case {
  seed: number;
  randomSample: number[];
  permutation: number[];
  longPermutation: number[];
  randint: number[];
  randintWide: number[];
  randintPowerOfTwo: number[];
  randint40: number[];
  choice: number[];
  normal: number[];
}

const values = golden<{
  cases: Case[];
  mixed: { seed: number; shuffled: string[]; then: number[][] };
}>("random_numbers");

const expectClose = (actual: number[], expected: number[]) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-14 * Math.abs(expected[i]));
  });
};

describe.each(values.cases)("Random draws what NumPy's RandomState($seed) draws", (of) => {
  const draw = () => new Random(of.seed);
  test("uniform numbers", () => {
    const sample = draw().randomSample(700);
    expect([0, 1, 2, 311, 312, 313, 699].map((i) => sample[i])).toEqual(of.randomSample);
  });
  test("permutations and choices", () => {
    expect(draw().permutation(50)).toEqual(of.permutation);
    const long = draw().permutation(25000);
    expect([0, 1, 12500, 24998, 24999].map((i) => long[i])).toEqual(of.longPermutation);
    expect(draw().choice(30, 12)).toEqual(of.choice);
  });
  test("whole numbers of narrow and wide ranges", () => {
    expect(draw().randint(-3, 17, 40)).toEqual(of.randint);
    expect(draw().randint(0, 2 ** 32, 5)).toEqual(of.randintWide);
    expect(draw().randint(0, 64, 10)).toEqual(of.randintPowerOfTwo);
    expect(draw().randint(-5, 2 ** 40 + 12345, 8)).toEqual(of.randint40);
  });
  test("normal numbers, to the last digits of the logarithm", () => {
    expectClose(draw().normal(1.5, 2, 9), of.normal);
  });
});

test("one generator goes on from call to call as NumPy's does", () => {
  const { seed, shuffled, then } = values.mixed;
  const random = new Random(seed);
  expect(random.shuffle(["a", "b", "c", "d", "e", "f", "g"])).toEqual(shuffled);
  expect(random.randint(0, 10, 5)).toEqual(then[0]);
  expectClose(random.normal(0, 1, 3), then[1]);
  expect(random.permutation(9)).toEqual(then[2]);
  expectClose(random.normal(0, 1, 2), then[3]);
});

test("bad seeds and ranges are told in one sentence", () => {
  expect(() => new Random(-1)).toThrow("The seed is -1: give a whole number from 0 to 4294967295.");
  expect(() => new Random(1.5)).toThrow("The seed is 1.5");
  expect(() => new Random(2 ** 32)).toThrow("The seed is 4294967296");
  expect(() => new Random(0).randint(3, 3, 1)).toThrow("randint(3, 3)");
  expect(() => new Random(0).choice(3, 4)).toThrow("4 of 3 cannot be drawn");
});

describe("seedEverything", () => {
  const draws = (seed: number) => {
    seedEverything(seed);
    return [nextSeed(), nextSeed(), nextSeed()];
  };
  test("repeats the seeds given out, all of them above 0", () => {
    expect(draws(3)).toEqual(draws(3));
    expect(draws(3)).not.toEqual(draws(4));
    expect(Math.min(...draws(5))).toBeGreaterThan(0);
  });
  test("keeps the seeds apart from first weights", () => {
    const [first] = draws(5);
    seedEverything(5);
    tf.randomNormal([2]).dispose();
    expect(nextSeed()).toBe(first);
  });
  test("refuses what is no seed", () => {
    expect(() => seedEverything(-1)).toThrow("The seed is -1: give a whole number");
  });
});

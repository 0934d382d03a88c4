import {
  compareTrainings,
  equivalenceTest,
  holm,
  predictionInterval,
  welchTest,
} from "../lib/src/metrics";
import golden from "./golden/trainings.json";

type Options = Parameters<typeof predictionInterval>[1];

test.each(golden.predictions)("where one more training would end: $options", (one) => {
  const [low, high] = predictionInterval(one.values, one.options as Options);
  expect(low).toBeCloseTo(one.interval[0], 7);
  expect(high).toBeCloseTo(one.interval[1], 7);
});

test.each(golden.equivalences)("two one-sided tests about $target", (one) => {
  const found = equivalenceTest(one.values, one.target, one.margin);
  expect(found.pValue).toBeCloseTo(one.pValue, 8);
  expect(found.lower).toBeCloseTo(one.lower, 8);
  expect(found.upper).toBeCloseTo(one.upper, 8);
});

test.each(golden.welches)("Welch's test of $first and $second", (one) => {
  const found = welchTest(one.first, one.second);
  expect(found.pValue).toBeCloseTo(one.pValue, 8);
  expect(found.lower).toBeCloseTo(one.lower, 8);
  expect(found.upper).toBeCloseTo(one.upper, 8);
});

test.each(golden.holms)("Holm's correction of $pValues", ({ pValues, corrected }) => {
  const found = holm(pValues);
  corrected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
});

test("several networks at once: both tests of each pair, corrected for the number of pairs", () => {
  const { networks, margin, corrected, equal } = golden.comparison;
  const found = compareTrainings(networks, { margin });
  expect(found.map(({ first, second }) => first + second)).toEqual(["ab", "ac", "bc"]);
  found.forEach((pair, i) => {
    expect(pair.corrected).toBeCloseTo(corrected[i], 8);
    expect(pair.equal).toBeCloseTo(equal[i], 8);
  });
  const beside = compareTrainings(networks, { with: "b" });
  expect(beside.map(({ first, second }) => first + second)).toEqual(["ab", "cb"]);
  expect(beside[1].difference).toBeCloseTo(0.004, 12);
  expect(beside[0]).not.toHaveProperty("equal");
});

test("no limit is a number that cannot be", () => {
  const [low, high] = predictionInterval([0.99, 0.999, 0.95], { scale: "share" });
  expect([low > 0, high < 1]).toEqual([true, true]);
  expect(predictionInterval([0.001, 0.02], { scale: "positive" })[0]).toBeGreaterThan(0);
});

test("trainings that all end at one number are equal to it, and to nothing beyond the margin", () => {
  expect(equivalenceTest([0.5, 0.5, 0.5], 0.505, 0.01).pValue).toBe(0);
  expect(equivalenceTest([0.5, 0.5, 0.5], 0.52, 0.01).pValue).toBe(1);
});

test.each<[string, () => unknown, RegExp]>([
  ["one training", () => predictionInterval([0.5]), /1 training has no spread: give at least two/],
  ["none", () => welchTest([], [1, 2]), /0 trainings have no spread/],
  ["a lost one", () => equivalenceTest([0.5, NaN], 0.5, 0.1), /A training ended with NaN/],
  ["an accuracy of 1", () => predictionInterval([1, 0.9], { scale: "share" }), /1 is no value/],
  ["no margin", () => equivalenceTest([1, 2], 1, 0), /margin is 0/],
  ["a typo", () => predictionInterval([1, 2], { levl: 0.9 } as never), /level/],
  ["no spread at all", () => welchTest([1, 1], [2, 2]), /Neither/],
  ["a stranger", () => compareTrainings({ a: [1, 2] }, { with: "b" }), /no trainings of "b"/],
  ["no p-value", () => holm([0.5, 1.5]), /1.5 is no p-value/],
])("%s is refused", (_, call, message) => {
  expect(call).toThrow(message);
});

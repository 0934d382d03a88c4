import { StarlitError } from "../lib/src/engine";
import { explainedShare } from "../lib/src/training";

/** Yields of three groups of R's data set PlantGrowth (Dobson 1983). */
const plants = {
  control: [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14],
  first: [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
  second: [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26],
};
const trials = Object.entries(plants).flatMap(([group, yields]) =>
  yields.map((score) => ({ point: { group, same: 1 }, score })),
);

test("η² of PlantGrowth is what R's analysis of variance gives", () => {
  // anova(lm(weight ~ group)): sums of squares 3.76634 between and 10.49209 within the groups.
  expect(explainedShare(trials, "group")).toBeCloseTo(3.76634 / (3.76634 + 10.49209), 5);
});

test("one value explains nothing, and a trial that diverged does not count", () => {
  expect(explainedShare(trials, "same")).toBeCloseTo(0, 12);
  const diverged = { point: { group: "first", same: 2 }, score: -Infinity };
  expect(explainedShare([...trials, diverged], "group")).toBe(explainedShare(trials, "group"));
});

test("an unknown hyper-parameter is told with the known ones", () => {
  expect(() => explainedShare(trials, "units")).toThrow(StarlitError);
  expect(() => explainedShare(trials, "units")).toThrow(
    'no hyper-parameter "units": use group, same.',
  );
});

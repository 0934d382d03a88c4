import { StarlitError } from "../lib/src/engine";
import { explainedShare } from "../lib/src/training";
import { secondsLeft } from "../lib/src/training/searchProgress";

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

test("the time left comes from the trainings, loaded or not, and from the epochs still to be trained", () => {
  const line = (trial: number, epochs: number, totalSeconds: number | null) => ({
    trial,
    epochs,
    score: 0.5,
    point: {},
    run: totalSeconds === null ? null : { timings: { secondsPerEpoch: [], totalSeconds } },
  });
  const rounds = [
    { trials: 9, epochs: 1 },
    { trials: 3, epochs: 3 },
    { trials: 1, epochs: 9 },
  ];
  // 2 seconds an epoch; 5 trials of 1 epoch, 3 of 2 more, 1 of 6 more.
  const four = [line(1, 1, 2), line(2, 1, 3), line(3, 1, 1), line(4, 1, null)];
  expect(secondsLeft(four, rounds)).toBeCloseTo(2 * (5 + 6 + 6), 9);
  const second = Array.from({ length: 9 }, (_, i) => line(i, i < 2 ? 3 : 1, i < 2 ? 6 : 2));
  expect(secondsLeft(second, rounds)).toBeCloseTo(2 * (2 + 6), 9);
});

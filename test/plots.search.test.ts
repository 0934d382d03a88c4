import { StarlitError } from "../lib/src/engine";
import { type Figure, parallelCoordinates, scoreByParameter } from "../lib/src/plots";
import { describeFigures } from "./figures";

const trials = [
  { point: { units: 8, learningRate: 0.01 }, score: 0.84 },
  { point: { units: 64, learningRate: 0.001 }, score: 0.82 },
  { point: { units: 32, learningRate: 0.00001 }, score: 0.55 },
  { point: { units: 8, learningRate: 0.00001 }, score: 0.59 },
  // Its training diverged.
  { point: { units: 128, learningRate: 0.01 }, score: -Infinity },
];
const words = { title: "The learning rate decides", score: "validation AUC" };
const figures: Record<string, Figure> = {
  parallel: parallelCoordinates(trials, words),
  scoreByParameter: scoreByParameter(trials, words),
};

describeFigures(figures);

test.each(Object.values(figures))("counts the trials that count, and names the best", (figure) => {
  expect(figure.description).toContain("4 trials; the best, 0.8400: units 8, learningRate 0.01.");
});

test("parallel coordinates: values evenly spaced, the score on its own axis, the best drawn last", () => {
  const [lines, ticks] = (
    figures.parallel["layer"] as { data: { values: Record<string, number | string>[] } }[]
  ).map(({ data }) => data.values);
  expect(lines).toHaveLength(4 * 3);
  expect(lines.slice(-3)).toEqual([
    { trial: 3, axis: "units", at: 0, score: 0.84 },
    { trial: 3, axis: "learningRate", at: 1, score: 0.84 },
    { trial: 3, axis: "validation AUC", at: 1, score: 0.84 },
  ]);
  expect(ticks.filter(({ axis }) => axis === "units")).toEqual([
    { axis: "units", at: 0, label: "8" },
    { axis: "units", at: 0.5, label: "32" },
    { axis: "units", at: 1, label: "64" },
  ]);
});

test("a search without a single finished trial is refused in a sentence", () => {
  for (const draw of [parallelCoordinates, scoreByParameter]) {
    expect(() => draw(trials.slice(4), words)).toThrow(StarlitError);
    expect(() => draw([], words)).toThrow("needs at least one trial");
  }
});

import { StarlitError } from "../lib/src/engine";
import { type Figure, toSvg } from "../lib/src/plots";
import {
  genreFrequencies,
  overlaidHistograms,
  histogram,
} from "../lib/src/studies/rating/figuresOfFilms";
import { curves, errorBars, wordEffects } from "../lib/src/studies/rating/figuresOfModels";
import { describeFigures } from "./figures";

const errors = [1, 4, 7, 10].map((rating, i) => ({ rating, error: 1.5 - i, sd: 2, count: 400 }));

const figures: Record<string, Figure> = {
  "rating-histogram": histogram(
    [
      { name: "train", values: [1, 1, 1, 2, 4, 7, 8, 10, 10] },
      { name: "test", values: [1, 1, 3, 9, 10] },
    ],
    { title: "Nobody gives 5 or 6" },
  ),
  "rating-years": overlaidHistograms(
    [
      { name: "negative", values: [1935, 1987, 1995, 1999, 2003, 2004, 2005] },
      { name: "positive", values: [1941, 1955, 1978, 1999, 2001, 2006] },
    ],
    { title: "Made-up years", value: "year", domain: [1930, 2010], step: 10 },
  ),
  "rating-genres": genreFrequencies(
    [
      { genre: "Horror", negative: 0.2, positive: 0.08 },
      { genre: "Drama", negative: 0.4, positive: 0.6 },
      { genre: "Comedy", negative: 0.3, positive: 0.31 },
    ],
    { title: "Horror is disliked" },
  ),
  "rating-curves": curves(
    [
      {
        name: "words as numbers",
        runs: [{ loss: [0.3, 0.15, 0.12], valLoss: [0.2, 0.13, 0.125] }],
      },
      {
        name: "bag of words",
        runs: [
          { loss: [0.1, 0.04, 0.02], valLoss: [0.06, 0.05, 0.055] },
          { loss: [0.12, 0.05, 0.02], valLoss: [0.07, 0.05, 0.056] },
        ],
      },
    ],
    { title: "Made-up curves", published: { train: 0.06, validation: 0.07 }, constant: 0.122 },
  ),
  "rating-errors": errorBars(
    [
      { name: "MLP", errors },
      { name: "GRU", errors: errors.map((row) => ({ ...row, error: row.error / 2 })) },
    ],
    { title: "Made-up errors", profile: "quick" },
  ),
  "rating-words": wordEffects(
    [
      { word: "superb", effect: 1.4 },
      { word: "dull", effect: -0.6 },
    ],
    { title: "Two words" },
  ),
};

describeFigures(figures);

test("the rating histogram keeps the places of 5 and 6, which nobody gave", async () => {
  const svg = await toSvg(figures["rating-histogram"]);
  for (const rating of [1, 5, 6, 10]) expect(svg).toContain(`>${rating}</text>`);
  expect(figures["rating-histogram"].description).toContain("5: 0 and 0, 6: 0 and 0");
});

test("the figure of errors draws intervals of 1.96 standard errors", () => {
  const text = JSON.stringify(figures["rating-errors"]);
  // 1.5 ± 1.96 · 2 / √400.
  expect(text).toContain('"low":1.304,"high":1.696');
});

test.each([
  // Between 0.1 and 0.2: by 1, 2 and 5 there would be one tick, far from the curve at 0.122.
  [[0.124, 0.122, 0.1225], 0.122, 0.1],
  [[0.2, 0.01, 0.0003], 0.122, 0.06],
])("an axis of errors such as %j has at least three labels", (losses, constant, best) => {
  const run = { loss: losses, valLoss: losses };
  const published = { train: best, validation: best };
  const figure = curves([{ name: "ids", runs: [run] }], { title: "", published, constant });
  const [, ticks] = /"values":\[([\d.,e-]+)\]/.exec(JSON.stringify(figure))!;
  expect(ticks.split(",").length).toBeGreaterThanOrEqual(3);
});

test("a figure without data is refused in a sentence", () => {
  expect(() => histogram([{ name: "train", values: [] }], { title: "" })).toThrow(StarlitError);
  expect(() => errorBars([], { title: "" })).toThrow("1 to 7 models");
  expect(() => wordEffects([], { title: "" })).toThrow("at least one word");
});

import { StarlitError } from "../../engine";
import { summarize } from "../../metrics/summary";
import type { Run } from "../../training";
import {
  type Caption,
  type Figure,
  type Spec,
  figure,
  palette,
  roles,
  round,
} from "../../plots/theme";
import type { VectorReading } from "./data";
import type { PublishedModel } from "./published";

/** One panel of curves: a model under one reading of its input. */
export interface Curve {
  name: string;
  /** One history a run: squared errors of ratings divided by 10, one number an epoch. */
  runs: readonly { loss: readonly number[]; valLoss: readonly number[] }[];
}

/** Words of the curves, and the published numbers that are drawn as lines. */
export interface CurveOptions extends Caption {
  /** The smallest published errors. */
  published: { train: number; validation: number };
  /** What a constant gets on the validation rows. */
  constant: number;
}

const splits = ["train", "validation"] as const;

/** Digits of an axis's ticks in each power of ten, from few to many. */
const tickDigits = [
  [1, 2, 5],
  [1, 1.5, 2, 3, 5, 7],
  [1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
];

/** Ticks of a logarithmic axis: the fewest that are at least three. */
function logTicks([low, high]: readonly number[]): number[] {
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (i - 9));
  const ticks = tickDigits.map((digits) =>
    powers
      .flatMap((power) => digits.map((digit) => round(digit * power, 9)))
      .filter((tick) => tick >= low && tick <= high),
  );
  return ticks.find(({ length }) => length >= 3) ?? ticks[2];
}

/**
 * Learning curves of a model, a panel for each reading of its input, on a logarithmic axis: a line a
 * run. Dashed lines are the smallest errors published, the dotted one is a constant's.
 */
export function curves(
  panels: readonly Curve[],
  { published, constant, ...caption }: CurveOptions,
): Figure {
  if (panels.length === 0 || panels.some(({ runs }) => runs.length === 0)) {
    throw new StarlitError("The curves need at least one panel, and a run in each.");
  }
  const values = panels.map(({ runs }) =>
    runs.flatMap(({ loss, valLoss }, run) =>
      splits.flatMap((split) =>
        (split === "train" ? loss : valLoss).map((value, i) => ({
          epoch: i + 1,
          split,
          run: run + 1,
          value: round(value, 5),
        })),
      ),
    ),
  );
  const lines = [
    ...splits.map((split) => ({ split, line: "published best", value: published[split] })),
    { split: null, line: "constant", value: constant },
  ];
  const all = [...values.flat(), ...lines].map(({ value }) => value);
  const domain = [0.9 * Math.min(...all), 1.1 * Math.max(...all)].map((value) => round(value, 5));
  const last = Math.max(...values.flat().map(({ epoch }) => epoch));
  const color = {
    field: "split",
    scale: { domain: splits, range: [roles.train, roles.validation] },
    legend: { title: null, orient: "bottom", symbolType: "stroke" },
  };
  const panel = ({ name }: Curve, index: number): Spec => {
    const y = {
      field: "value",
      type: "quantitative",
      scale: { type: "log", domain, nice: false },
      axis: {
        title: index === 0 ? "squared error, ratings ÷ 10" : null,
        labels: index === 0,
        ticks: false,
        domain: false,
        values: logTicks(domain),
        // Else Vega leaves out labels of a logarithmic axis.
        labelExpr: "format(datum.value, '~g')",
      },
    };
    return {
      width: Math.floor(620 / panels.length) - 10,
      height: 200,
      title: { text: name, offset: 8 },
      layer: [
        {
          data: { values: values[index] },
          mark: { type: "line", strokeWidth: 1.5 },
          encoding: {
            x: {
              field: "epoch",
              type: "quantitative",
              scale: { domain: [1, Math.max(last, 2)], nice: false },
              axis: { title: "epoch", grid: false, format: "d", tickCount: Math.min(last - 1, 6) },
            },
            y,
            color,
            detail: { field: "run" },
            tooltip: [
              { field: "split" },
              { field: "epoch" },
              { field: "run" },
              { field: "value", title: "squared error", format: ".4f" },
            ],
          },
        },
        {
          data: { values: lines },
          mark: { type: "rule", strokeWidth: 1.2 },
          encoding: {
            y,
            color: {
              condition: { test: "datum.split == null", value: palette.black },
              ...color,
            },
            strokeDash: {
              field: "line",
              scale: {
                domain: ["published best", "constant"],
                range: [
                  [4, 3],
                  [1, 3],
                ],
              },
              legend: { title: null, orient: "bottom", symbolType: "stroke" },
            },
            tooltip: [
              { field: "line" },
              { field: "split" },
              { field: "value", title: "squared error", format: ".3f" },
            ],
          },
        },
      ],
    };
  };
  const summary = panels.map(({ name, runs }) => {
    const best = (curve: "loss" | "valLoss") =>
      Math.min(...runs.flatMap((run) => run[curve])).toFixed(4);
    return `${name}: best train ${best("loss")}, best validation ${best("valLoss")}`;
  });
  return figure(caption, summary.join("; "), { hconcat: panels.map(panel), spacing: 14 });
}

/** What the readings of the vector are called over a panel, and in a title. */
const readingNames: Record<VectorReading, [panel: string, title: string]> = {
  ids: ["word ids as numbers", "ids"],
  bag: ["bag of the frequent words", "a bag of words"],
  "first-seen": ["words numbered as they first occur", "first occurrences"],
};

/** Learning curves of a published model, see `curves`; the title tells the lowest validation errors. */
export function publishedCurves(
  { letter, name, family, train, validation }: PublishedModel,
  runs: ReadonlyMap<string, readonly Run[]>,
  {
    readings,
    ...options
  }: Omit<CurveOptions, "title" | "published"> & {
    readings: readonly VectorReading[];
  },
): Figure {
  const panels = readings.map((reading) => {
    const found = runs.get(`${family}-${reading}`)!;
    const lowest = summarize(found.map(({ metrics }) => metrics.bestValidation)).mean;
    const [name, inTitle] = readingNames[reading];
    const histories = found.map(({ history: { loss, valLoss } }) => ({ loss, valLoss }));
    return { name, runs: histories, end: `${lowest.toFixed(3)} from ${inTitle}` };
  });
  return curves(
    panels.map(({ name, runs }) => ({ name, runs })),
    {
      ...options,
      title: `${letter} ${name}: lowest validation error ${panels.map(({ end }) => end).join(", ")}`,
      published: { train, validation },
    },
  );
}

/** How a model errs on the reviews of each true rating. */
export interface ErrorSeries {
  name: string;
  errors: readonly { rating: number; error: number; sd: number; count: number }[];
}

const colours = [
  palette.blue,
  palette.orange,
  palette.green,
  palette.vermillion,
  palette.purple,
  palette.sky,
  palette.grey,
];
const shapes = ["circle", "diamond", "square", "triangle-up", "triangle-down", "cross", "circle"];

/**
 * The mean error of each model for each true rating, with its 95 % interval (1.96 standard errors);
 * the black line is a perfect prediction. Above it a model rates too high.
 */
export function errorBars(series: readonly ErrorSeries[], caption: Caption): Figure {
  if (series.length === 0 || series.length > colours.length) {
    throw new StarlitError(`The figure shows 1 to ${colours.length} models.`);
  }
  const names = series.map(({ name }) => name);
  const values = series.flatMap(({ name, errors }) =>
    errors.map(({ rating, error, sd, count }) => {
      const half = (1.96 * sd) / Math.sqrt(count);
      return {
        name,
        rating,
        count,
        error: round(error, 3),
        low: round(error - half, 3),
        high: round(error + half, 3),
      };
    }),
  );
  const x = {
    field: "rating",
    type: "ordinal",
    scale: { domain: Array.from({ length: 10 }, (_, i) => i + 1) },
    axis: { title: "true rating", labelAngle: 0, ticks: false },
  };
  const xOffset = { field: "name", sort: names, scale: { paddingOuter: 0.6 } };
  const color = {
    field: "name",
    scale: { domain: names, range: colours.slice(0, names.length) },
    legend: { title: null, orient: "bottom" },
  };
  const summary = series.map(({ name, errors }) => {
    const parts = errors.map(({ rating, error }) => `${rating}: ${error.toFixed(2)}`);
    return `${name}, mean error by true rating: ${parts.join(", ")}`;
  });
  const widest = Math.max(...values.map(({ low, high }) => (high - low) / 2));
  const note = `Bars, often shorter than a mark, are 95 % intervals: ${widest.toFixed(2)} points to either side at most.`;
  return figure({ note, ...caption }, summary.join("; "), {
    width: 640,
    height: 260,
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: palette.black, strokeWidth: 1.5 },
        encoding: { y: { field: "zero", type: "quantitative" } },
      },
      {
        data: { values },
        encoding: { x, xOffset, color },
        layer: [
          {
            mark: { type: "rule", strokeWidth: 1.2 },
            encoding: {
              y: {
                field: "low",
                type: "quantitative",
                axis: { title: "mean error, predicted − true", domain: false, ticks: false },
              },
              y2: { field: "high" },
            },
          },
          {
            mark: { type: "point", filled: true, size: 40, opacity: 1 },
            encoding: {
              y: { field: "error", type: "quantitative" },
              shape: {
                field: "name",
                scale: { domain: names, range: shapes.slice(0, names.length) },
                legend: { title: null, orient: "bottom" },
              },
              tooltip: [
                { field: "name", title: "model" },
                { field: "rating", title: "true rating" },
                { field: "error", title: "mean error", format: "+.2f" },
                { field: "low", title: "from", format: "+.2f" },
                { field: "high", title: "to", format: "+.2f" },
                { field: "count", title: "reviews", format: "," },
              ],
            },
          },
        ],
      },
    ],
  });
}

/** A word of a review and by how much the rating falls when it is left out. */
export interface WordEffect {
  word: string;
  effect: number;
}

/** The words that moved a rating most, as bars to the right (up) and to the left (down). */
export function wordEffects(effects: readonly WordEffect[], caption: Caption): Figure {
  if (effects.length === 0) throw new StarlitError("The figure needs at least one word.");
  const values = effects.map(({ word, effect }, i) => ({
    place: i,
    word,
    effect: round(effect, 3),
    direction: effect < 0 ? "down" : "up",
  }));
  const summary = values.map(({ word, effect }) => `${word} ${effect.toFixed(2)}`).join(", ");
  return figure(caption, `Effect of each word: ${summary}`, {
    width: 440,
    height: { step: 20 },
    data: { values },
    mark: { type: "bar" },
    encoding: {
      y: {
        field: "word",
        type: "nominal",
        sort: null, // as given
        axis: { title: null, ticks: false, domain: false, labelPadding: 6 },
      },
      x: {
        field: "effect",
        type: "quantitative",
        // Stacking bars Vega groups them by the word, and fails at "constructor".
        stack: null,
        axis: { title: "points that the word adds to the rating", tickCount: 6 },
      },
      color: {
        field: "direction",
        scale: { domain: ["down", "up"], range: [palette.vermillion, palette.blue] },
        legend: null,
      },
      tooltip: [{ field: "word" }, { field: "effect", format: "+.3f" }],
    },
  });
}

import { StarlitError } from "../engine";
import { argmax } from "../engine/arrays";
import { type Caption, type Figure, figure, palette, round } from "./theme";

/** Weights of one model by position. */
export interface PositionSeries {
  name: string;
  /** Mean weight at each position, from the first word. */
  mean: ArrayLike<number>;
  /** Standard deviation over the texts at each position: drawn as a band. */
  deviation?: ArrayLike<number>;
}

const colours = [palette.blue, palette.orange, palette.green, palette.purple, palette.sky];

/**
 * The weight that each position of a text gets, a line a model. The dashed line is the weight of a
 * plain mean.
 */
export function weightByPosition(series: readonly PositionSeries[], options: Caption): Figure {
  const length = series[0]?.mean.length ?? 0;
  if (length === 0 || series.some(({ mean }) => mean.length !== length)) {
    throw new StarlitError("Weights by position need at least one model, all of the same length.");
  }
  const values = series.flatMap(({ name, mean, deviation }) =>
    Array.from(mean, (weight, i) => ({
      name,
      position: i + 1,
      weight: round(weight, 6),
      low: round(weight - (deviation?.[i] ?? 0), 6),
      high: round(weight + (deviation?.[i] ?? 0), 6),
    })),
  );
  const even = round(1 / length, 6);
  const x = {
    field: "position",
    type: "quantitative",
    scale: { domain: [1, length], nice: false },
    axis: { title: "position of the word", grid: false, values: positionTicks(length) },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    axis: { title: "weight", domain: false, ticks: false, tickCount: 5 },
  });
  const color = {
    field: "name",
    scale: { domain: series.map(({ name }) => name), range: colours.slice(0, series.length) },
    legend: { title: null, orient: "bottom", symbolType: "stroke" },
  };
  return figure(options, summary(series, length), {
    width: 620,
    height: 220,
    layer: [
      {
        data: { values },
        encoding: { x, color },
        layer: [
          {
            mark: { type: "area", opacity: 0.2 },
            encoding: { y: y("low"), y2: { field: "high" } },
          },
          {
            mark: { type: "line" },
            encoding: {
              y: y("weight"),
              tooltip: [
                { field: "name", title: "model" },
                { field: "position" },
                { field: "weight", format: ".5f" },
              ],
            },
          },
        ],
      },
      {
        data: { values: [{ even }] },
        mark: { type: "rule", strokeDash: [4, 3], color: palette.grey },
        encoding: { y: y("even") },
      },
    ],
  });
}

/** The first position, and every 25th (of short texts, every fifth). */
function positionTicks(length: number): number[] {
  const step = length >= 50 ? 25 : 5;
  return [1, ...Array.from({ length: Math.floor(length / step) }, (_, i) => step * (i + 1))];
}

function summary(series: readonly PositionSeries[], length: number): string {
  const lines = series.map(({ name, mean }) => {
    const weights = Array.from(mean);
    const most = argmax(weights);
    return `${name}: largest weight ${round(weights[most], 5)} at position ${most + 1}.`;
  });
  return `${lines.join(" ")} A plain mean gives ${round(1 / length, 5)} to each.`;
}

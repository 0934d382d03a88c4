import { StarlitError } from "../engine";
import { summarize } from "../metrics/summary";
import {
  type Caption,
  type Figure,
  type Spec,
  checkFigureOptions,
  checkNumbers,
  figure,
  palette,
  round,
} from "./theme";

/** One panel: a group's values. */
export interface HistogramGroup {
  name: string;
  values: ArrayLike<number>;
}

/** One row of panels, e.g. the texts before cleaning. */
export interface HistogramRow {
  name: string;
  groups: HistogramGroup[];
}

/** Words and scale of the histograms. */
export interface HistogramOptions extends Caption {
  /** What is counted, with its unit: the title of the horizontal axis. */
  value: string;
  /** Panels beside each other; all groups of a row by default. */
  columns?: number;
}

interface Bin {
  from: number;
  to: number;
  count: number;
  share: number;
}

/** Counts in bins of equal width from 0 on; a value on an edge belongs to the bin above it. */
function bin(values: ArrayLike<number>, width: number, bins: number): Bin[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of Array.from(values)) {
    const index = Math.min(Math.floor(value / width), bins - 1);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    from: index * width,
    to: (index + 1) * width,
    count,
    share: round(count / values.length),
  }));
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that covers `range` in at most 30 steps. */
function niceWidth(range: number): number {
  const least = range / 30;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((step) => step * power >= least) ?? 10) * power;
}

const lineScale = {
  domain: ["mean", "quartiles"],
  range: [palette.vermillion, palette.black],
};

/**
 * Histograms per group with lines at mean and quartiles, all on the same axes. Heights are shares of
 * the group, so that groups of different size can be compared; the tooltip has the counts.
 *
 * @param rows values ≥ 0 by row and group; each row has the same groups
 */
export function histograms(rows: HistogramRow[], options: HistogramOptions): Figure {
  checkFigureOptions("histograms", options, ["value", "columns"]);
  const all = rows.flatMap((row) => row.groups.map((group) => ({ row, group })));
  if (all.length === 0 || all.some(({ group }) => group.values.length === 0)) {
    throw new StarlitError("A histogram needs at least one group, and a value in each group.");
  }
  for (const { group } of all) {
    const values = Array.from(group.values);
    checkNumbers(options.title, values);
    if (values.some((value) => value < 0))
      throw new StarlitError(
        `The histogram of "${group.name}" has values below 0: leave them out.`,
      );
  }
  const top = all.reduce(
    (most, { group }) => Array.from(group.values).reduce((a, b) => Math.max(a, b), most),
    1,
  );
  const width = niceWidth(top);
  const bins = Math.floor(top / width) + 1;
  const columns = options.columns ?? Math.max(...rows.map((row) => row.groups.length));
  const binned = all.map(({ row, group }) => ({
    row,
    group,
    data: bin(group.values, width, bins),
  }));
  const highest = Math.max(...binned.flatMap(({ data }) => data.map(({ share }) => share)));

  const panels = binned.map(({ row, group, data }, index): Spec => {
    const { mean, std, q25, median, q75 } = summarize(group.values);
    const lines = [
      { line: "mean", name: "mean", at: round(mean, 2) },
      { line: "quartiles", name: "first quartile", at: q25 },
      { line: "quartiles", name: "median", at: median },
      { line: "quartiles", name: "third quartile", at: q75 },
    ];
    const bottom = index + columns >= all.length;
    return {
      width: Math.floor(660 / columns) - 10,
      height: columns > 3 ? 120 : 130,
      title: {
        text: rows.length > 1 ? `${group.name}, ${row.name}` : group.name,
        subtitle: [
          `${group.values.length.toLocaleString("en-US")} rows`,
          `mean ${mean.toFixed(0)}, sd ${std.toFixed(0)}`,
        ],
        fontSize: 11,
        offset: 6,
      },
      layer: [
        {
          data: { values: data },
          mark: { type: "rect", color: palette.sky, stroke: "white", strokeWidth: 0.5 },
          encoding: {
            x: {
              field: "from",
              type: "quantitative",
              scale: { domain: [0, bins * width], nice: false },
              axis: {
                title: bottom ? options.value : null,
                grid: false,
                tickCount: columns > 3 ? 3 : 6,
              },
            },
            x2: { field: "to" },
            y: {
              field: "share",
              type: "quantitative",
              // Higher than the highest bar, so that no label sticks out over the panel.
              scale: { domain: [0, 1.06 * highest], nice: false },
              axis: {
                title: index % columns === 0 ? "share of the group" : null,
                labels: index % columns === 0,
                ticks: false,
                domain: false,
                format: ".0%",
                tickCount: 4,
              },
            },
            y2: { datum: 0 },
            tooltip: [
              { field: "from", title: "from" },
              { field: "to", title: "below" },
              { field: "count", title: "count", format: "," },
              { field: "share", title: "share", format: ".1%" },
            ],
          },
        },
        {
          data: { values: lines },
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: {
            x: { field: "at", type: "quantitative" },
            color: {
              field: "line",
              scale: lineScale,
              legend: { title: null, orient: "bottom", symbolType: "stroke" },
            },
            strokeDash: {
              field: "line",
              scale: {
                domain: lineScale.domain,
                range: [
                  [1, 0],
                  [3, 2],
                ],
              },
              legend: { title: null, orient: "bottom", symbolType: "stroke" },
            },
            tooltip: [
              { field: "name", title: "line" },
              { field: "at", title: options.value },
            ],
          },
        },
      ],
    };
  });
  const summary = all
    .map(({ row, group }) => {
      const { mean, median } = summarize(group.values);
      return `${group.name} (${row.name}): mean ${mean.toFixed(0)}, median ${median.toFixed(0)}.`;
    })
    .join(" ");
  return figure(options, summary, { concat: panels, columns, spacing: { row: 18, column: 10 } });
}

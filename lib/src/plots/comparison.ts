import { StarlitError } from "../engine";
import { summarize } from "../metrics/summary";
import {
  type Caption,
  type Figure,
  type Spec,
  checkFigureOptions,
  figure,
  roles,
  round,
} from "./theme";

/** Mean and standard deviation of several runs. */
export interface Spread {
  mean: number;
  /** Left out for one run. */
  std?: number;
}

/** One line of the plot: what was measured, as published and by us. */
export interface ComparisonRow {
  name: string;
  published?: number;
  /** One value a run (a seed), or what is known of them. */
  ours: readonly number[] | Spread;
  /** A reference measured on the same rows, e.g. a linear model. */
  reference?: number;
}

/** Rows that share one axis, e.g. all of one metric. */
export interface ComparisonPanel {
  /** The metric: title of the axis. */
  value: string;
  /** Stands over the panel, e.g. the name of a study. */
  heading?: string;
  rows: readonly ComparisonRow[];
}

/** Words of the plot. */
export interface ComparisonOptions extends Caption {
  /** What `reference` is, for the legend. */
  reference?: string;
}

/** How a source looks: by colour and by shape, so that it can be told without colour. */
interface Look {
  source: string;
  color: string;
  shape: string;
}

const isRuns = (ours: ComparisonRow["ours"]): ours is readonly number[] => Array.isArray(ours);

/** Mean and spread of a line; `null` if there is no run. */
function spreadOf(ours: ComparisonRow["ours"]): Spread | null {
  if (!isRuns(ours)) return ours;
  if (ours.length === 0) return null;
  const { mean, std } = summarize(ours);
  return ours.length > 1 ? { mean, std } : { mean };
}

function panel({ value, heading, rows }: ComparisonPanel, reference: string, looks: Look[]): Spec {
  const names = rows.map(({ name }) => name);
  const sources = looks.map(({ source }) => source);
  // The last is drawn on top: the small diamond over the dot.
  const dots = rows.flatMap(({ name, published, ours, reference: other }) => {
    const mean = spreadOf(ours)?.mean;
    return [
      ...(other === undefined ? [] : [{ name, source: reference, value: other }]),
      ...(mean === undefined ? [] : [{ name, source: "ours", value: round(mean) }]),
      ...(published === undefined ? [] : [{ name, source: "published", value: published }]),
    ];
  });
  const intervals = rows.flatMap(({ name, ours }) => {
    const { mean = 0, std } = spreadOf(ours) ?? {};
    if (std === undefined) return [];
    const count = isRuns(ours) ? { runs: ours.length } : {};
    return [{ name, low: round(mean - std), high: round(mean + std), ...count }];
  });
  const runs = rows.flatMap(({ name, ours }) =>
    isRuns(ours) && ours.length > 1 ? ours.map((one) => ({ name, value: round(one) })) : [],
  );
  const y = {
    field: "name",
    type: "nominal",
    sort: names,
    axis: { title: null, grid: true, ticks: false, domain: false, labelPadding: 8 },
    scale: { domain: names },
  };
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { zero: false, padding: 12 },
    axis: { title: value, grid: false, tickCount: 5, labelSeparation: 8 },
  });
  return {
    ...(heading === undefined ? {} : { title: heading }),
    width: 440,
    height: { step: 30 },
    layer: [
      {
        data: { values: intervals },
        mark: { type: "rule", strokeWidth: 3, color: roles.ours, opacity: 0.45 },
        encoding: {
          y,
          x: x("low"),
          x2: { field: "high" },
          tooltip: [
            { field: "low", title: "mean − sd", format: ".4f" },
            { field: "high", title: "mean + sd", format: ".4f" },
            { field: "runs" },
          ],
        },
      },
      {
        data: { values: runs },
        mark: { type: "tick", color: roles.ours, thickness: 1, size: 12, opacity: 0.8 },
        encoding: { y, x: x("value") },
      },
      {
        data: { values: dots },
        mark: { type: "point", filled: true, opacity: 1, stroke: "white", strokeWidth: 0.7 },
        encoding: {
          y,
          x: x("value"),
          color: {
            field: "source",
            scale: { domain: sources, range: looks.map(({ color }) => color) },
            legend: { title: null, orient: "bottom" },
          },
          shape: {
            field: "source",
            scale: { domain: sources, range: looks.map(({ shape }) => shape) },
            legend: { title: null, orient: "bottom" },
          },
          size: {
            condition: { test: "datum.source == 'published'", value: 60 },
            value: 100,
          },
          tooltip: [
            { field: "name", title: "what" },
            { field: "source", title: "from" },
            { field: "value", title: value, format: ".4f" },
          ],
        },
      },
    ],
  };
}

/**
 * Published numbers beside ours: a diamond, a dot with a bar of ± one standard deviation, a tick for
 * each run, and a square for a reference.
 */
export function publishedVersusOurs(
  panels: readonly ComparisonPanel[],
  options: ComparisonOptions,
): Figure {
  checkFigureOptions("publishedVersusOurs", options, ["reference"]);
  if (panels.length === 0 || panels.some(({ rows }) => rows.length === 0)) {
    throw new StarlitError("A comparison needs at least one row.");
  }
  const { reference = "reference" } = options;
  const all = panels.flatMap(({ rows }) => rows);
  const looks = [
    {
      source: "published",
      color: roles.published,
      shape: "diamond",
      drawn: all.some(({ published }) => published !== undefined),
    },
    { source: "ours", color: roles.ours, shape: "circle", drawn: true },
    {
      source: reference,
      color: roles.reference,
      shape: "square",
      drawn: all.some((row) => row.reference !== undefined),
    },
  ].filter(({ drawn }) => drawn);
  const specs = panels.map((one) => panel(one, reference, looks));
  return figure(options, summary(panels, reference), { vconcat: specs, spacing: 20 });
}

function summary(panels: readonly ComparisonPanel[], reference: string): string {
  const said = panels.flatMap(({ value, heading, rows }) =>
    rows.map((row) => {
      const ours = spreadOf(row.ours);
      const spread = ours?.std === undefined ? "" : ` ± ${ours.std.toFixed(3)}`;
      const parts = [
        row.published === undefined ? [] : `published ${row.published.toFixed(3)}`,
        ours ? `ours ${ours.mean.toFixed(3)}${spread}` : [],
        row.reference === undefined ? [] : `${reference} ${row.reference.toFixed(3)}`,
      ].flat();
      const place = heading === undefined ? value : `${heading}, ${value}`;
      return `${row.name}, ${place}: ${parts.join(", ")}.`;
    }),
  );
  return said.join(" ");
}

import { StarlitError } from "../engine";
import {
  type Caption,
  type Figure,
  type Spec,
  figure,
  palette,
  roles,
  round,
  shades,
  checkFigureOptions,
} from "./theme";

/** A trial of a search: what was tried and how good it was. */
export interface SearchTrial {
  point: Readonly<Record<string, number>>;
  score: number;
}

/** Words of a figure of a search. */
export interface SearchOptions extends Caption {
  /** What the score is, for its axis. */
  score: string;
}

/** Trials whose training did not diverge. */
function finite(trials: readonly SearchTrial[]): SearchTrial[] {
  const kept = trials.filter(({ score }) => Number.isFinite(score));
  if (kept.length === 0) throw new StarlitError("A figure of a search needs at least one trial.");
  return kept;
}

/** The values that a hyper-parameter takes, ascending. */
function valuesOf(trials: readonly SearchTrial[], name: string): number[] {
  return [...new Set(trials.map(({ point }) => point[name]))].sort((a, b) => a - b);
}

/** A value as a label: `0.001` as it is, `0.00001` as `1e-5`. */
function label(value: number): string {
  return Math.abs(value) > 0 && Math.abs(value) < 1e-3 ? value.toExponential() : `${value}`;
}

function bestOf(trials: readonly SearchTrial[]): string {
  const best = trials.reduce((a, b) => (b.score > a.score ? b : a));
  const chosen = Object.entries(best.point).map(([name, value]) => `${name} ${value}`);
  return `${trials.length} trials; the best, ${best.score.toFixed(4)}: ${chosen.join(", ")}.`;
}

/**
 * Parallel coordinates (Inselberg 1985): an axis for each hyper-parameter with its values evenly
 * spaced, and the score as the last one; each trial is a line, the darker the better.
 */
export function parallelCoordinates(
  trials: readonly SearchTrial[],
  options: SearchOptions,
): Figure {
  checkFigureOptions("parallelCoordinates", options, ["score"]);
  const { score: scoreName, ...caption } = options;
  const kept = [...finite(trials)].sort((a, b) => a.score - b.score);
  const names = Object.keys(kept[0].point);
  const axes = [...names, scoreName];
  const [low, high] = [kept[0].score, kept[kept.length - 1].score];
  const place = new Map(names.map((name) => [name, valuesOf(kept, name)]));
  const share = (at: number, count: number) => (count > 1 ? at / (count - 1) : 0.5);
  const height = (score: number) => (high > low ? (score - low) / (high - low) : 0.5);
  const lines = kept.flatMap(({ point, score }, trial) => [
    ...names.map((axis) => {
      const values = place.get(axis)!;
      const at = round(share(values.indexOf(point[axis]), values.length));
      return { trial, axis, at, score: round(score) };
    }),
    { trial, axis: scoreName, at: round(height(score)), score: round(score) },
  ]);
  const ticks = [
    ...names.flatMap((axis) => {
      const values = place.get(axis)!;
      return values.map((value, i) => ({
        axis,
        at: round(share(i, values.length)),
        label: label(value),
      }));
    }),
    ...[low, high].map((score) => ({
      axis: scoreName,
      at: round(height(score)),
      label: score.toFixed(3),
    })),
  ];
  const x = {
    field: "axis",
    type: "nominal",
    sort: null,
    scale: { type: "point", domain: axes, padding: 0.4 },
    axis: {
      title: null,
      labelAngle: 0,
      labelPadding: 12,
      grid: true,
      ticks: false,
      domain: false,
      orient: "top",
    },
  };
  const y = { field: "at", type: "quantitative", axis: null };
  return figure(caption, bestOf(kept), {
    width: Math.max(320, 95 * axes.length),
    height: 260,
    layer: [
      {
        data: { values: lines },
        mark: { type: "line", opacity: 0.75, strokeWidth: 1.5 },
        encoding: {
          x,
          y,
          detail: { field: "trial", type: "nominal" },
          // A shade a fifth of the trials, as most scores are alike; the palest would not show on white.
          color: {
            field: "score",
            type: "quantitative",
            scale: { type: "quantile", range: shades.slice(1) },
            legend: { title: scoreName, orient: "right", format: ".3f" },
          },
        },
      },
      // The labels stand over the lines, on a white rim.
      ...[{ stroke: "white", strokeWidth: 3 }, {}].map((rim) => ({
        data: { values: ticks },
        mark: { type: "text", fontSize: 10, dx: 6, align: "left", color: palette.black, ...rim },
        encoding: { x, y, text: { field: "label" } },
      })),
    ],
  });
}

/**
 * The score against each hyper-parameter, a panel each: a dot for each trial, a bar at the median
 * of each value. Where medians lie level, the hyper-parameter does not matter.
 */
export function scoreByParameter(trials: readonly SearchTrial[], options: SearchOptions): Figure {
  checkFigureOptions("scoreByParameter", options, ["score"]);
  const { score: scoreName, ...caption } = options;
  const kept = finite(trials);
  const values = kept.map(({ point, score }) => ({
    ...Object.fromEntries(Object.entries(point).map(([name, value]) => [name, label(value)])),
    score: round(score),
  }));
  const panel = (name: string, i: number): Spec => {
    const x = {
      field: name,
      type: "ordinal",
      sort: valuesOf(kept, name).map(label),
      axis: { title: name, labelAngle: 0, grid: false, ticks: false },
    };
    const y = (aggregate?: string) => ({
      aggregate,
      field: "score",
      type: "quantitative",
      scale: { zero: false },
      axis: { title: i === 0 ? scoreName : null, tickCount: 5 },
    });
    return {
      width: { step: 33 },
      height: 170,
      layer: [
        {
          mark: { type: "point", filled: true, size: 22, opacity: 0.5, color: roles.ours },
          encoding: { x, y: y() },
        },
        {
          mark: { type: "tick", thickness: 2.5, size: 20, color: palette.black },
          encoding: { x, y: y("median") },
        },
      ],
    };
  };
  return figure(caption, bestOf(kept), {
    data: { values },
    concat: Object.keys(kept[0].point).map(panel),
    // A row of five would be wider than a page.
    columns: 4,
    spacing: 18,
  });
}

import { StarlitError } from "../../engine";
import {
  type Caption,
  type Figure,
  figure,
  palette,
  percent,
  roles,
  round,
} from "../../plots/theme";

/** Reviews of one folder or sentiment: the value of each. */
export interface Group {
  name: string;
  values: readonly number[];
}

/** Words and bins of overlaid histograms. */
export interface OverlayOptions extends Caption {
  /** What is counted, with its unit: the title of the horizontal axis. */
  value: string;
  /** Bins begin at the first number and end at the second; values beyond fall into the outer bins. */
  domain: readonly [number, number];
  /** Width of a bin. */
  step: number;
}

/** Colours of negative and positive reviews. */
const sentiments = [palette.vermillion, palette.blue];

function checkGroups(groups: readonly Group[]): void {
  if (groups.length > 0 && groups.every(({ values }) => values.length > 0)) return;
  throw new StarlitError("The figure needs at least one group, and a value in each group.");
}

const color = (groups: readonly { name: string }[], colours: readonly string[]) => ({
  field: "group",
  scale: { domain: groups.map(({ name }) => name), range: colours.slice(0, groups.length) },
  legend: { title: null, orient: "bottom" },
});

/**
 * How often each rating from 1 to 10 was given, groups beside each other; ratings that nobody gave
 * keep their place on the axis.
 *
 * @param groups at most two, the training and the test folder
 */
export function histogram(groups: readonly Group[], caption: Caption): Figure {
  checkGroups(groups);
  const scale = Array.from({ length: 10 }, (_, i) => i + 1);
  const values = groups.flatMap(({ name, values }) =>
    scale.map((rating) => {
      const count = values.filter((value) => value === rating).length;
      return { group: name, rating, count, share: round(count / values.length) };
    }),
  );
  const counts = scale.map((rating) => {
    const all = values.filter((row) => row.rating === rating);
    return `${rating}: ${all.map(({ count }) => count).join(" and ")}`;
  });
  return figure(caption, `Reviews by rating: ${counts.join(", ")}`, {
    width: 560,
    height: 220,
    data: { values },
    mark: { type: "bar" },
    encoding: {
      x: {
        field: "rating",
        type: "ordinal",
        scale: { domain: scale },
        axis: { title: "rating", labelAngle: 0, ticks: false },
      },
      xOffset: { field: "group", sort: groups.map(({ name }) => name) },
      y: {
        field: "count",
        type: "quantitative",
        axis: { title: "reviews", domain: false, ticks: false, tickCount: 5 },
      },
      color: color(groups, [roles.train, roles.test]),
      tooltip: [
        { field: "group", title: "group" },
        { field: "rating" },
        { field: "count", format: "," },
        { field: "share", format: ".1%" },
      ],
    },
  });
}

/**
 * Histograms of two groups over each other, as outlines. Heights are shares of the group, so that
 * groups of different size can be compared.
 */
export function overlaidHistograms(
  groups: readonly Group[],
  { value, domain: [low, high], step, ...caption }: OverlayOptions,
): Figure {
  checkGroups(groups);
  const bins = Math.ceil((high - low) / step);
  const place = (each: number) => Math.min(Math.max(Math.floor((each - low) / step), 0), bins - 1);
  const values = groups.flatMap(({ name, values }) => {
    const counts = new Array<number>(bins).fill(0);
    for (const each of values) counts[place(each)]++;
    const steps = counts.map((count, i) => ({
      group: name,
      from: low + i * step,
      to: low + (i + 1) * step,
      count,
      share: round(count / values.length),
    }));
    // The outline of the last bin ends where a next one would begin.
    return [...steps, { ...steps[bins - 1], from: high }];
  });
  const medians = groups.map(({ name, values }) => {
    const sorted = [...values].sort((a, b) => a - b);
    return `${name}: median ${sorted[Math.floor(sorted.length / 2)]}`;
  });
  const x = {
    field: "from",
    type: "quantitative",
    scale: { domain: [low, high], nice: false },
    axis: { title: value, grid: false, format: "d", tickCount: 8 },
  };
  const y = {
    field: "share",
    type: "quantitative",
    stack: null,
    axis: { title: "share of the group", format: ".0%", domain: false, ticks: false, tickCount: 5 },
  };
  return figure(caption, medians.join(", "), {
    width: 600,
    height: 220,
    data: { values },
    encoding: { x, y, color: color(groups, sentiments) },
    layer: [
      { mark: { type: "area", interpolate: "step-after", opacity: 0.18 } },
      {
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.8 },
        encoding: {
          tooltip: [
            { field: "group", title: "group" },
            { field: "from" },
            { field: "to", title: "below" },
            { field: "count", format: "," },
            { field: "share", format: ".1%" },
          ],
        },
      },
    ],
  });
}

/** How often a genre occurs among negative and among positive reviews: shares from 0 to 1. */
export interface GenreShare {
  genre: string;
  negative: number;
  positive: number;
}

/** Genres by how much more often they occur in positive reviews, a dot for either sentiment. */
export function genreFrequencies(rows: readonly GenreShare[], caption: Caption): Figure {
  if (rows.length === 0) throw new StarlitError("The figure needs at least one genre.");
  const sorted = [...rows].sort((a, b) => b.positive - b.negative - (a.positive - a.negative));
  const names = ["negative", "positive"] as const;
  const values = sorted.flatMap((row) =>
    names.map((group) => ({ genre: row.genre, group, share: round(row[group]) })),
  );
  const ends = [sorted[0], sorted[sorted.length - 1]].map(
    ({ genre, negative, positive }) =>
      `${genre}: ${percent(positive)} of the positive and ${percent(negative)} of the negative`,
  );
  const y = {
    field: "genre",
    type: "nominal",
    sort: sorted.map(({ genre }) => genre),
    axis: { title: null, grid: true, ticks: false, domain: false, labelPadding: 8 },
  };
  const x = {
    field: "share",
    type: "quantitative",
    axis: { title: "share of the reviews", format: ".0%", grid: false, tickCount: 6 },
  };
  return figure(caption, ends.join("; "), {
    width: 480,
    height: { step: 17 },
    layer: [
      {
        data: { values: sorted.map((row) => ({ ...row })) },
        mark: { type: "rule", color: "#bbbbbb", strokeWidth: 2 },
        encoding: { y, x: { ...x, field: "negative" }, x2: { field: "positive" } },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: {
          y,
          x,
          color: color(
            names.map((name) => ({ name })),
            sentiments,
          ),
          shape: {
            field: "group",
            scale: { domain: names, range: ["diamond", "circle"] },
            legend: { title: null, orient: "bottom" },
          },
          tooltip: [
            { field: "genre" },
            { field: "group", title: "reviews" },
            { field: "share", format: ".1%" },
          ],
        },
      },
    ],
  });
}

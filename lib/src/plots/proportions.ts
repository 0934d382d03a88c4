import { StarlitError } from "../engine";
import {
  type Caption,
  type Figure,
  type Spec,
  checkFigureOptions,
  figure,
  percent,
  roles,
  round,
} from "./theme";

/** One colour of bars: how often each label occurs. */
export interface ProportionSeries {
  name: string;
  /** Counts by label, in the order of the labels. */
  counts: readonly number[];
  role: keyof typeof roles;
}

/** One panel, e.g. a model. */
export interface ProportionPanel {
  name: string;
  series: readonly ProportionSeries[];
}

/** Words of the bars, and the names of their labels. */
export interface ProportionOptions extends Caption {
  labels: readonly string[];
  /** Panels beside each other; two by default. */
  columns?: number;
}

function shares({ counts }: ProportionSeries): number[] {
  const all = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => round(count / all));
}

/**
 * Shares of each label among true and predicted labels, as bars beside each other: a model that
 * never predicts a label shows it here at once.
 */
export function labelProportions(
  panels: readonly ProportionPanel[],
  options: ProportionOptions,
): Figure {
  checkFigureOptions("labelProportions", options, ["labels", "columns"]);
  const { labels } = options;
  const complete = panels.every(({ series }) =>
    series.every(
      ({ counts }) => counts.length === labels.length && counts.some((count) => count > 0),
    ),
  );
  if (panels.length === 0 || !complete) {
    throw new StarlitError(
      `Label proportions need a count for each of the ${labels.length} labels.`,
    );
  }
  const columns = Math.min(options.columns ?? 2, panels.length);
  const names = [
    ...new Map(panels.flatMap(({ series }) => series.map((one) => [one.name, one.role]))),
  ];
  const highest = Math.max(...panels.flatMap(({ series }) => series.flatMap(shares)));
  const specs = panels.map(({ name, series }, index): Spec => {
    const values = series.flatMap((one) =>
      shares(one).map((share, label) => ({
        label: labels[label],
        series: one.name,
        share,
        percent: (100 * share).toFixed(columns > 1 ? 0 : 1),
        count: one.counts[label],
      })),
    );
    return {
      width: Math.min(440, Math.floor(680 / columns) - 20),
      height: 150,
      title: { text: name, offset: 6 },
      data: { values },
      encoding: {
        x: {
          field: "label",
          type: "nominal",
          sort: null,
          axis: { title: null, labelAngle: 0, ticks: false },
          scale: { paddingInner: 0.2 },
        },
        xOffset: { field: "series", sort: null },
        y: {
          field: "share",
          type: "quantitative",
          scale: { domain: [0, 1.12 * highest], nice: false },
          axis: {
            title: index % columns === 0 ? "share of the reviews" : null,
            format: ".0%",
            ticks: false,
            domain: false,
            tickCount: 4,
          },
        },
      },
      layer: [
        {
          mark: { type: "bar" },
          encoding: {
            color: {
              field: "series",
              sort: null,
              scale: {
                domain: names.map(([series]) => series),
                range: names.map(([, role]) => roles[role]),
              },
              legend: { title: null, orient: "bottom" },
            },
            tooltip: [
              { field: "series", title: "labels" },
              { field: "label", title: "rating" },
              { field: "share", format: ".1%" },
              { field: "count", title: "reviews", format: "," },
            ],
          },
        },
        {
          mark: { type: "text", dy: -5, fontSize: columns > 1 ? 8 : 10, color: "#333333" },
          encoding: { text: { field: "percent" } },
        },
      ],
    };
  });
  const summary = panels
    .flatMap(({ name, series }) =>
      series.map((one) => {
        const parts = shares(one).map((share, label) => `${labels[label]} ${percent(share, 0)}`);
        return `${name}, ${one.name}: ${parts.join(", ")}.`;
      }),
    )
    .join(" ");
  return figure(options, summary, { concat: specs, columns, spacing: 24 });
}

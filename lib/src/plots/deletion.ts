import { StarlitError } from "../engine";
import { type Caption, type Figure, type Spec, figure, palette, percent, round } from "./theme";

/** How predictions move when so many words are deleted. */
export interface DeletionPoint {
  /** Which words were deleted: one line for each. */
  words: string;
  count: number;
  /** Mean absolute change of the probability of the predicted class. */
  change: number;
  /** Share of the texts whose predicted class changed. */
  flipped: number;
}

const quantities = [
  { field: "change", title: "change of the probability" },
  { field: "flipped", title: "share of predictions that flip" },
] as const;

/** What deleting words does to predictions, against their number: a line for each way to choose them. */
export function deletionCurves(points: readonly DeletionPoint[], options: Caption): Figure {
  const ways = [...new Set(points.map(({ words }) => words))];
  if (ways.length > 4)
    throw new StarlitError("Deletion curves have four colours: show fewer ways.");
  if (points.length === 0) throw new StarlitError("Deletion curves need at least one point.");
  const values = points.map(({ words, count, change, flipped }) => ({
    words,
    count,
    change: round(change),
    flipped: round(flipped),
  }));
  const panel = ({ field, title }: (typeof quantities)[number]): Spec => ({
    width: 290,
    height: 190,
    title: { text: title },
    mark: { type: "line", point: { filled: true, size: 40 } },
    encoding: {
      x: {
        field: "count",
        type: "quantitative",
        axis: { title: "words deleted", grid: false, tickMinStep: 1, format: "d" },
      },
      y: { field, type: "quantitative", axis: { title: null, format: "%", tickCount: 5 } },
      color: {
        field: "words",
        scale: {
          domain: ways,
          range: [palette.vermillion, palette.grey, palette.blue, palette.black],
        },
        legend: { title: null, orient: "bottom", symbolType: "stroke" },
      },
      tooltip: [
        { field: "words" },
        { field: "count", title: "deleted" },
        { field: "change", format: ".3f" },
        { field: "flipped", format: ".1%" },
      ],
    },
  });
  const most = Math.max(...points.map(({ count }) => count));
  const ends = points.filter(({ count }) => count === most);
  const words = ends.map((end) => `${end.words}: ${percent(end.flipped)} of the predictions flip`);
  return figure(options, `With ${most} words deleted: ${words.join("; ")}.`, {
    data: { values },
    hconcat: quantities.map(panel),
    spacing: 40,
  });
}

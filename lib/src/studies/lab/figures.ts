import { type Caption, type Figure, figure, palette, percent } from "../../plots/theme";
import { published } from "./published";

/** A histogram of the lengths of reviews, in 100 bins from 0 on as in the lab, with a line at `cut`. */
export function lengthHistogram(lengths: readonly number[], cut: number, caption: Caption): Figure {
  const { bins } = published.data;
  const most = lengths.reduce((a, b) => Math.max(a, b), 0);
  const width = most / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const length of lengths) counts[Math.min(Math.floor(length / width), bins - 1)]++;
  const values = counts.map((count, i) => ({ from: i * width, to: (i + 1) * width, count }));
  const longer = lengths.filter((length) => length > cut).length;
  const share = percent(longer / lengths.length);
  const x = { type: "quantitative", axis: { title: "ids in a review", grid: false } };
  return figure(
    caption,
    `${share} of the reviews have more than ${cut} ids, the longest ${most}.`,
    {
      width: 620,
      height: 180,
      layer: [
        {
          data: { values },
          mark: { type: "rect", color: palette.sky },
          encoding: {
            x: { ...x, field: "from", scale: { domain: [0, most], nice: false } },
            x2: { field: "to" },
            y: { field: "count", type: "quantitative", axis: { title: "reviews", tickCount: 4 } },
            y2: { datum: 0 },
            tooltip: [
              { field: "from", format: ".0f" },
              { field: "to", title: "below", format: ".0f" },
              { field: "count", title: "reviews", format: "," },
            ],
          },
        },
        {
          data: { values: [{ cut, label: `${cut} ids: ${share} are longer` }] },
          encoding: { x: { ...x, field: "cut" } },
          layer: [
            { mark: { type: "rule", color: palette.vermillion, strokeWidth: 2 } },
            {
              mark: { type: "text", align: "left", dx: 22, dy: -80, color: palette.vermillion },
              encoding: { text: { field: "label" } },
            },
          ],
        },
      ],
    },
  );
}

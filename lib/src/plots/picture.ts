/** From a figure to SVG and PNG, the same on every machine: one font, shipped with the library. */
import * as path from "node:path";
import { StarlitError } from "../engine";
import { escapeAttribute, visibleIn } from "../files/markup.cjs";
import type { Figure } from "./theme";

/** Rows of data in a figure, and pixels a side of its picture: of more nobody sees anything. */
const MOST_ROWS = 50_000;
const MOST_PIXELS = 30_000;

const family = "DejaVu Sans";

function fontFiles(): string[] {
  const folder = path.join(path.dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  return ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"].map((name) =>
    path.join(folder, name),
  );
}

/** Draws SVG text with the shipped font alone. */
function draw(svg: string, zoom: number) {
  const { Resvg } = require("@resvg/resvg-js") as typeof import("@resvg/resvg-js");
  return new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: family,
      sansSerifFamily: family,
    },
  });
}

const widths = new Map<string, number>();

/** Width in pixels of a line of text, measured on the glyphs. */
function textWidth(text: string, size: number, weight: string | number): number {
  if (text.trim() === "" || size <= 0) return 0;
  const key = `${weight} ${text}`;
  let unit = widths.get(key);
  if (unit === undefined) {
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">` +
      `<text font-family="${family}" font-weight="${weight}" font-size="100">${escapeAttribute(text)}</text></svg>`;
    unit = (draw(svg, 1).getBBox()?.width ?? 0) / 100;
    widths.set(key, unit);
  }
  return unit * size;
}

interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
  text?: unknown;
}

/** Vega guesses widths without a browser's canvas, a third too wide; here it gets the true ones. */
function vegaWithFont(): typeof import("vega") {
  const vega = require("vega") as typeof import("vega") & {
    textMetrics: { width: (item: TextItem, line?: unknown) => number };
  };
  vega.textMetrics.width = (item, line) =>
    textWidth(String(line ?? item.text ?? ""), item.fontSize ?? 11, item.fontWeight ?? "normal");
  return vega;
}

/** How many rows of data a specification holds, in all its parts. */
function rowsIn(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  return Object.entries(part).reduce(
    (sum, [name, value]) => sum + (name === "values" ? (value as object[]).length : rowsIn(value)),
    0,
  );
}

/**
 * The figure as SVG text.
 *
 * @throws StarlitError if it has more than 50,000 rows of data
 */
export async function toSvg(figure: Figure): Promise<string> {
  const rows = rowsIn(figure);
  if (rows > MOST_ROWS) {
    throw new StarlitError(
      `The figure has ${rows} rows of data, and at most ${MOST_ROWS} can be drawn: give it a part of them.`,
    );
  }
  const vega = vegaWithFont();
  const { compile } = require("vega-lite") as typeof import("vega-lite");
  // Vega writes marks into the data it draws: it gets a copy, which XML can hold.
  const copy = visibleIn(figure) as unknown as Parameters<typeof compile>[0];
  const compiled = compile(copy);
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A picture and its size in pixels of the page (the PNG has `zoom` times as many each way). */
export interface Picture {
  png: Buffer;
  width: number;
  height: number;
}

/**
 * The figure as PNG, twice as fine as the page by default.
 *
 * @throws StarlitError if it has more than 50,000 rows of data, or 30,000 pixels a side
 */
export async function toPng(figure: Figure, zoom = 2): Promise<Picture> {
  const drawing = draw(await toSvg(figure), zoom);
  const [width, height] = [drawing.width, drawing.height].map((side) => Math.round(zoom * side));
  if (Math.max(width, height) > MOST_PIXELS) {
    throw new StarlitError(
      `The figure's picture has ${width} × ${height} pixels, and at most ${MOST_PIXELS} a side can be drawn: give it fewer rows.`,
    );
  }
  const image = drawing.render();
  return {
    png: image.asPng(),
    width: Math.round(image.width / zoom),
    height: Math.round(image.height / zoom),
  };
}

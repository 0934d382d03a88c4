/** From a figure to SVG and PNG, the same on every machine: one font, shipped with the library. */
import * as path from "node:path";
import type { Figure } from "./theme";

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
    const safe = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">` +
      `<text font-family="${family}" font-weight="${weight}" font-size="100">${safe}</text></svg>`;
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

/** The figure as SVG text. */
export async function toSvg(figure: Figure): Promise<string> {
  const vega = vegaWithFont();
  const { compile } = require("vega-lite") as typeof import("vega-lite");
  // Vega writes marks into the data it draws: it gets a copy.
  const copy = structuredClone(figure) as unknown as Parameters<typeof compile>[0];
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

/** The figure as PNG, twice as fine as the page by default. */
export async function toPng(figure: Figure, zoom = 2): Promise<Picture> {
  const image = draw(await toSvg(figure), zoom).render();
  return {
    png: image.asPng(),
    width: Math.round(image.width / zoom),
    height: Math.round(image.height / zoom),
  };
}

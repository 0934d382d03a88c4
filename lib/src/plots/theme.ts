/**
 * What all figures share: colours, font, sizes, and the words around a picture. A figure is a plain
 * Vega-Lite 5 specification with its data inside, so that it can be stored, tested and drawn anywhere.
 */
import { checkOptions, type Profile, StarlitError } from "../engine";

/** A Vega-Lite 5 specification. `description` is the text for readers who do not see the picture. */
export interface Figure {
  $schema: string;
  description: string;
  [property: string]: unknown;
}

/** A part of a specification. */
export type Spec = Record<string, unknown>;

/** The words around a figure. */
export interface Caption {
  /** What is seen, as a sentence. */
  title: string;
  /** What is drawn: data, rows, units. */
  subtitle?: string;
  /** A caveat, on a line of its own. */
  note?: string;
  /** Text for readers who do not see the picture; made of title and data where it is left out. */
  alt?: string;
  /** `quick` marks the figure as one of the quick profile. */
  profile?: Profile;
  /** `true` marks the figure as drawn from the shipped reviews instead of the study's data. */
  standIn?: boolean;
}

const captionNames: readonly (keyof Caption)[] = [
  "title",
  "subtitle",
  "note",
  "alt",
  "profile",
  "standIn",
];

/** Refuses options of a figure that are neither words around it nor its `own`. */
export function checkFigureOptions(where: string, options: Caption, own: readonly string[]): void {
  checkOptions(where, options, [...own, ...captionNames]);
}

/**
 * Okabe and Ito's colours, told apart by colour-blind readers, and in grey by their lightness.
 * Source: https://jfly.uni-koeln.de/color/
 */
export const palette = {
  black: "#000000",
  orange: "#E69F00",
  sky: "#56B4E9",
  green: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermillion: "#D55E00",
  purple: "#CC79A7",
  grey: "#767676",
} as const;

/** The colour of each role: the same thing has the same colour in every figure. */
export const roles = {
  train: palette.blue,
  validation: palette.orange,
  test: palette.green,
  ours: palette.blue,
  published: palette.vermillion,
  reference: palette.grey,
  truth: palette.black,
} as const;

/** From nothing to everything: white to the palette's blue, darker at the end. */
export const shades = ["#ffffff", "#cfe5f2", "#7db9dc", "#2f8bc0", "#0072B2", "#00476f"];

/** Verdana has the same widths as DejaVu Sans, which the PNGs are drawn with. */
export const font = "DejaVu Sans, Verdana, sans-serif";

const ink = "#333333";
const pale = "#e6e6e6";

const config = {
  font,
  view: { stroke: null },
  axis: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    titlePadding: 8,
    domainColor: "#999999",
    tickColor: "#999999",
    gridColor: pale,
    labelLimit: 0,
    titleLimit: 0,
  },
  legend: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    labelLimit: 0,
    symbolStrokeWidth: 2,
    symbolOpacity: 1,
  },
  header: { labelColor: ink, labelFontSize: 11, titleColor: ink, titleFontSize: 11 },
  title: {
    color: ink,
    fontSize: 12,
    anchor: "start",
    frame: "group",
    limit: 0,
    subtitleColor: "#555555",
    subtitleFontSize: 11,
  },
  line: { strokeWidth: 2 },
};

/** Fills lines of at most `width` characters with the words of a text. */
function fill(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    const fits = line !== undefined && line.length + 1 + word.length <= width;
    if (fits) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Breaks a text into as few lines of at most `width` characters as can be, of about equal length. */
function wrap(text: string, width: number): string[] {
  const lines = fill(text, width);
  for (let narrower = Math.ceil(text.length / lines.length); narrower < width; narrower++) {
    const balanced = fill(text, narrower);
    if (balanced.length === lines.length) return balanced;
  }
  return lines;
}

/** The text with a full stop at its end. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The sentences that mark numbers which must not be compared with the published ones. */
function warnings(caption: Caption): string[] {
  return [
    ...(caption.profile === "quick"
      ? ["Quick profile: part of the data, few epochs; not comparable with the published numbers."]
      : []),
    ...(caption.standIn
      ? ["Stand-in: the shipped clothing reviews instead of the study's data; not comparable."]
      : []),
  ];
}

/**
 * Vega takes words such as "constructor", outside the data, for what they are in JavaScript: an
 * invisible sign makes them words.
 */
function asWords<Part>(part: Part): Part {
  const copy = (value: unknown): unknown => {
    if (typeof value === "string") return value in {} ? `${value}\u200B` : value;
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, each]): [string, unknown] => [
      name,
      name === "values" ? each : copy(each),
    ]);
    return Object.fromEntries(entries);
  };
  return copy(part) as Part;
}

/** Beyond it axes fail to be drawn. */
const LARGEST = 1e30;

/** @throws StarlitError if one of the numbers that a figure is made of cannot be drawn */
export function checkNumbers(title: string, values: Iterable<unknown>): void {
  for (const value of values) {
    if (typeof value !== "number" || Math.abs(value) <= LARGEST) continue;
    throw new StarlitError(
      `The figure "${title}" cannot show ${value}: leave it out, or look where it comes from.`,
    );
  }
}

function checkRows(title: string, part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  for (const [name, value] of Object.entries(part)) {
    if (name !== "values") checkRows(title, value);
    else for (const row of value as object[]) checkNumbers(title, Object.values(row));
  }
}

/**
 * Puts words, theme and description around the body of a figure.
 *
 * @param caption the words
 * @param summary what the data say, for the description where the caption has no `alt`
 * @param body marks and data: the rest of the specification
 * @throws StarlitError if the data hold a number that cannot be drawn
 */
export function figure(caption: Caption, summary: string, body: Spec): Figure {
  if (typeof caption.title !== "string")
    throw new StarlitError("A figure needs a title: give a sentence that says what is seen.");
  checkRows(caption.title, body);
  const marks = warnings(caption);
  const below = [caption.subtitle, caption.note, ...marks].filter((text) => text !== undefined);
  return asWords({
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: caption.alt ?? [caption.title, ...below, summary].map(sentence).join(" "),
    background: "white",
    padding: 10,
    config,
    title: {
      text: wrap(caption.title, 78),
      ...(below.length ? { subtitle: below.flatMap((text) => wrap(text, 112)) } : {}),
      fontSize: 15,
      anchor: "start",
      frame: "bounds",
      offset: 14,
      subtitlePadding: 5,
    },
    ...body,
  });
}

/** `.5963` as "59.6 %". */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** A number rounded to `digits` decimals, so that specifications stay small. */
export function round(value: number, digits = 4): number {
  return Number(value.toFixed(digits));
}

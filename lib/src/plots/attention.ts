import { StarlitError } from "../engine";
import {
  type Caption,
  type Figure,
  type Spec,
  figure,
  checkNumbers,
  palette,
  percent,
  round,
  shades,
  checkFigureOptions,
} from "./theme";

/** A text as a model reads it, and how much attention each token gets. */
export interface AttentionText {
  /** Stands above the text, e.g. the predicted class. */
  title: string;
  tokens: readonly string[];
  /** One weight a token; what lies beyond the last token (padding) is not drawn. */
  weights: ArrayLike<number>;
}

/** Words of an attention map, and its shape. */
export interface AttentionMapOptions extends Caption {
  /** Tokens in a row. Default 11, as published. */
  columns?: number;
}

interface Cell {
  token: string;
  row: number;
  column: number;
  weight: number;
}

const CELL = { width: 72, height: 26 };
const DEFAULT_COLUMNS = 11;

/** Cells of a figure: of more the reader sees less, and they take minutes and megabytes to draw. */
const MOST_CELLS = 2_000;
/** Epochs that a slider goes over. */
const MOST_EPOCHS = 200;
const MOST_COLUMNS = 100;

/** Tokens and their weights. */
type Weighted = Pick<AttentionText, "tokens" | "weights">;

function check({ tokens, weights }: Weighted, columns: number, title: string): void {
  if (!Number.isInteger(columns) || columns < 1 || columns > MOST_COLUMNS) {
    throw new StarlitError(
      `An attention map of ${columns} columns cannot be drawn: give a whole number from 1 to ${MOST_COLUMNS}.`,
    );
  }
  if (tokens.length === 0 || weights.length < tokens.length) {
    throw new StarlitError(
      `An attention map needs tokens and a weight for each, but got ${tokens.length} tokens and ` +
        `${weights.length} weights.`,
    );
  }
  if (!tokens.every((token) => typeof token === "string"))
    throw new StarlitError(
      "An attention map takes tokens that are texts: `String(token)` makes one.",
    );
  checkNumbers(title, Array.from(weights));
}

/** White space is a token too; a cell must not look empty. */
const shown = (token: string) => (token.trim() === "" ? "␣" : token);

/** The first cells, so many at most. */
function cells({ tokens, weights }: Weighted, columns: number, most: number): Cell[] {
  return tokens.slice(0, most).map((token, place) => ({
    token: shown(token),
    row: Math.floor(place / columns),
    column: place % columns,
    weight: round(weights[place], 5),
  }));
}

const position = (field: string, count: number): Spec => ({
  field,
  type: "ordinal",
  axis: null,
  scale: { domain: Array.from({ length: count }, (_, i) => i), padding: 0.04 },
});

/** Rows of cells, darker with more attention. */
function map(data: Cell[], columns: number, most: number, extra: Spec): Spec {
  const rows = Math.max(...data.map(({ row }) => row)) + 1;
  const wide = Math.min(columns, data.length);
  return {
    width: CELL.width * wide,
    height: CELL.height * rows,
    data: { values: data },
    ...extra,
    encoding: { x: position("column", wide), y: position("row", rows) },
    layer: [
      {
        mark: { type: "rect", stroke: "#dddddd", strokeWidth: 0.5 },
        encoding: {
          color: {
            field: "weight",
            type: "quantitative",
            scale: { domain: [0, most], range: shades },
            legend: { title: "attention", format: ".2f", tickCount: 5, gradientLength: 90 },
          },
          tooltip: [{ field: "token" }, { field: "weight", format: ".4f" }],
        },
      },
      {
        mark: { type: "text", fontSize: 10, limit: CELL.width - 4 },
        encoding: {
          text: { field: "token" },
          color: {
            condition: { test: `datum.weight > ${round(0.55 * most, 5)}`, value: "white" },
            value: palette.black,
          },
        },
      },
    ],
  };
}

/** The largest weight of a token, as the cells have it. */
function largest(texts: readonly Weighted[]): number {
  let most = 0;
  for (const { tokens, weights } of texts)
    for (let place = 0; place < tokens.length; place++) most = Math.max(most, weights[place]);
  return round(most, 5) || 1;
}

/** The words around a map of which only the first cells are drawn say so. */
function told<Options extends Caption>(options: Options, drawn: number, count: number): Options {
  if (drawn === count) return options;
  const number = (value: number) => value.toLocaleString("en");
  const line = `Of ${number(count)} tokens the first ${number(drawn)} are drawn.`;
  return { ...options, note: options.note ? `${options.note} ${line}` : line };
}

/** The three tokens with most attention, in words. */
function leading(title: string, { tokens, weights }: Weighted): string {
  let first: number[] = []; // places
  for (let place = 0; place < tokens.length; place++) {
    if (first.length === 3 && !(weights[place] > weights[first[2]])) continue;
    first = [...first, place].sort((a, b) => weights[b] - weights[a] || a - b).slice(0, 3);
  }
  const words = first.map((place) => `"${shown(tokens[place])}" ${percent(weights[place])}`);
  return `${title}: most attention on ${words.join(", ")}.`;
}

/**
 * Attention maps: each text as rows of cells, a token in each, the darker the more attention it gets.
 * Colours mean the same in all texts of a figure. Of long texts the first tokens are drawn, 2,000 in
 * all, and the figure says so.
 */
export function attentionMap(
  texts: readonly AttentionText[],
  options: AttentionMapOptions,
): Figure {
  checkFigureOptions("attentionMap", options, ["columns"]);
  if (texts.length === 0) throw new StarlitError("An attention map needs at least one text.");
  const { columns = DEFAULT_COLUMNS } = options;
  for (const text of texts) check(text, columns, options.title);
  const most = largest(texts);
  const share = Math.max(1, Math.floor(MOST_CELLS / texts.length));
  const drawn = texts.map((text) => cells(text, columns, share));
  const maps = drawn.map((each, i) =>
    map(each, columns, most, { title: { text: texts[i].title } }),
  );
  const summary = texts.map((text) => leading(text.title, text)).join(" ");
  const count = texts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const caption = told(options, drawn.flat().length, count);
  return figure(caption, summary, { vconcat: maps, spacing: 22 });
}

/**
 * One text's attention map after each epoch of a training, with a slider over the epochs (the
 * picture shows the last).
 *
 * @param tokens of the text
 * @param epochs weights of the tokens, after each epoch
 */
export function attentionOverEpochs(
  tokens: readonly string[],
  epochs: readonly ArrayLike<number>[],
  options: AttentionMapOptions,
): Figure {
  checkFigureOptions("attentionOverEpochs", options, ["columns"]);
  if (epochs.length === 0)
    throw new StarlitError("Attention over epochs needs at least one epoch.");
  if (epochs.length > MOST_EPOCHS)
    throw new StarlitError(
      `Attention over ${epochs.length} epochs cannot be drawn: give at most ${MOST_EPOCHS} of them.`,
    );
  const { columns = DEFAULT_COLUMNS } = options;
  const frames = epochs.map((weights): Weighted => ({ tokens, weights }));
  for (const frame of frames) check(frame, columns, options.title);
  const most = largest(frames);
  const last = epochs.length;
  // Those of all epochs are data of the figure; one epoch's are drawn.
  const share = Math.floor((10 * MOST_CELLS) / Math.max(10, last));
  const data = frames.flatMap((frame, i) =>
    cells(frame, columns, share).map((cell) => ({ ...cell, epoch: i + 1 })),
  );
  const ends = [
    leading("After epoch 1", frames[0]),
    leading(`After epoch ${last}`, frames[last - 1]),
  ];
  // With one epoch there is nothing to slide over.
  const bind = last > 1 && { bind: { input: "range", min: 1, max: last, step: 1, name: "epoch " } };
  return figure(told(options, data.length / last, tokens.length), ends.join(" "), {
    params: [{ name: "epochShown", value: last, ...bind }],
    ...map(data, columns, most, { transform: [{ filter: "datum.epoch == epochShown" }] }),
  });
}

import { inspect } from "node:util";
import type { DataFrame, Series } from "danfojs-node";
import { StarlitError } from "../engine/errors";
import { type DisplayData, displayBundle } from "../engine/display";
import { checkOptions } from "../engine/options";
import { escapeAttribute, escapeHtml, shorten, visible } from "../files/markup.cjs";

/** A row of a table: a property is a column. */
export type TableRow = Record<string, unknown>;

/** How `table` shows its rows. */
export interface TableOptions {
  /** A line above the table. */
  caption?: string;
  /** How many rows are shown, from the first; 10 unless told. */
  head?: number;
  /** Decimals of numbers that are not whole, at most; 4 unless told. */
  digits?: number;
}

/** Rows of text, number and other values, in the order of `columns`. */
interface Grid {
  columns: string[];
  rows: unknown[][];
  /** All rows there are; `rows` has the first of them. */
  total: number;
}

const TEXT_IN_HTML = 120;
// Notebooks are published with their outputs, and most reviews may only be quoted, not given away.
const TEXT_IN_TOOLTIP = 300;
const TEXT_IN_TERMINAL = 40;

/**
 * Shows rows as a table: HTML in a notebook (texts escaped, long ones shortened with more of them
 * in the tooltip), aligned text in a terminal.
 *
 * @param rows objects with the same fields, or a danfojs DataFrame or Series with its index
 */
export function table(
  rows: readonly object[] | DataFrame | Series,
  options: TableOptions = {},
): void {
  displayBundle(tableData(rows, options));
}

/** What `table` shows, by MIME type. */
export function tableData(
  rows: readonly object[] | DataFrame | Series,
  options: TableOptions = {},
): DisplayData {
  checkOptions("table", options, ["caption", "head", "digits"]);
  const { digits = 4 } = options;
  if (!(Number.isInteger(digits) && digits >= 0 && digits <= 100))
    throw new StarlitError(`table: digits is ${digits}: give a whole number from 0 to 100.`);
  const grid = gridOf(rows, options.head ?? 10);
  return { "text/html": tableHtml(grid, options), "text/plain": tableText(grid, options) };
}

function gridOf(source: readonly object[] | DataFrame | Series, head: number): Grid {
  if ("$isSeries" in source) return gridOfFrame(source as DataFrame | Series, head);
  const rows = source as readonly object[];
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.slice(0, head).map((row) => {
    const record = row as Record<string, unknown> | null | undefined;
    return columns.map((column) => record?.[column]);
  });
  return { columns, rows: values, total: rows.length };
}

function gridOfFrame(frame: DataFrame | Series, head: number): Grid {
  const values = frame.values as unknown[];
  const rows = values.slice(0, head).map((row) => (frame.$isSeries ? [row] : (row as unknown[])));
  const index = frame.index;
  // danfojs calls a Series "0" that has no name.
  const columns = frame.$isSeries && frame.columns[0] === "0" ? [""] : frame.columns;
  if (index.every((label, i) => label === i)) return { columns, rows, total: values.length };
  return {
    columns: ["", ...columns],
    rows: rows.map((row, i) => [index[i], ...row]),
    total: values.length,
  };
}

function format(value: unknown, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(Number(value.toFixed(digits)));
  if (typeof value !== "object") return String(value);
  try {
    const isList = Array.isArray(value);
    return isList ? value.map((item) => format(item, digits)).join(", ") : JSON.stringify(value);
  } catch {
    return inspect(value, { breakLength: Infinity }); // what holds itself, or a bigint
  }
}

/** Whether each column has numbers alone, which are set to the right. */
function numeric({ columns, rows }: Grid): boolean[] {
  return columns.map((_, i) =>
    rows.every((row) => typeof row[i] === "number" || format(row[i], 0) === ""),
  );
}

function more({ rows, total }: Grid): string {
  const hidden = total - rows.length;
  return hidden > 0 ? `… ${hidden.toLocaleString("en")} more rows` : "";
}

/** The table as HTML, styled cell by cell, since a notebook's page keeps no other style. */
function tableHtml(grid: Grid, { caption, digits = 4 }: TableOptions): string {
  const sides = numeric(grid).map((right) => `style="text-align:${right ? "right" : "left"}"`);
  const cell = (tag: string, text: string, i: number) => {
    const shown = shorten(text, TEXT_IN_HTML);
    const whole = escapeAttribute(shorten(text, TEXT_IN_TOOLTIP));
    const title = shown === text ? "" : ` title="${whole}"`;
    return `<${tag} ${sides[i]}${title}>${escapeHtml(shown)}</${tag}>`;
  };
  const headers = grid.columns.map((column, i) => cell("th", column, i));
  const body = grid.rows.map((row) => {
    const cells = row.map((value, i) => cell("td", format(value, digits), i));
    return `<tr>${cells.join("")}</tr>`;
  });
  const lines = [
    "<table>",
    ...(caption ? [`<caption style="text-align:left">${escapeHtml(caption)}</caption>`] : []),
    `<thead><tr>${headers.join("")}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody>`,
    "</table>",
    ...(more(grid) ? [`<p>${more(grid)}</p>`] : []),
  ];
  return lines.join("\n");
}

function tableText(grid: Grid, { caption, digits = 4 }: TableOptions): string {
  const line = (text: string) => {
    const start = shorten(text, 10 * TEXT_IN_TERMINAL); // blanks become one
    return shorten(visible(start).replace(/\s+/g, " "), TEXT_IN_TERMINAL);
  };
  const cell = (value: unknown) => line(format(value, digits));
  const lines = [grid.columns.map(line), ...grid.rows.map((row) => row.map(cell))];
  const widths = grid.columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const right = numeric(grid);
  const pad = (text: string, i: number) =>
    right[i] ? text.padStart(widths[i]) : text.padEnd(widths[i]);
  return [
    ...(caption ? [line(caption)] : []),
    ...lines.map((line) => line.map(pad).join("  ").trimEnd()),
    ...(more(grid) ? [more(grid)] : []),
  ].join("\n");
}

"use strict";
// How values look: a short text, and a table where there are rows. A value that knows better says so
// by a method `Symbol.for("Jupyter.display")`, which returns texts by MIME type (Deno's kernel asks for
// the same); tensors, models and data frames get theirs in the library.
const util = require("node:util");
const { escapeHtml, shorten, visible } = require("../../lib/src/files/markup.cjs");

const timer = setTimeout(() => {});
clearTimeout(timer);
const Timer = timer.constructor; // what setTimeout and setInterval return
const DISPLAY = Symbol.for("Jupyter.display");
const MOST_LINES = 40;
const MOST_ROWS = 20;
const MOST_COLUMNS = 20;
const LOOK = { depth: 3, maxArrayLength: 50, maxStringLength: 300, breakLength: 100, compact: 3 };

/** @returns `{ data, metadata }`, texts by MIME type; a promise of it where the value promises its look */
function bundleOf(value) {
  try {
    return lookOf(value);
  } catch (error) {
    // Its own code, such as a getter, fails: the cell did not.
    const why = error instanceof Error ? `${error.name}: ${error.message}` : "an error";
    return { data: { "text/plain": `This value cannot be shown (${why}).` }, metadata: {} };
  }
}

function lookOf(value) {
  const own = value?.[DISPLAY];
  const data = typeof own === "function" ? own.call(value) : null;
  if (util.types.isPromise(data)) return data.then((given) => ({ data: given, metadata: {} }));
  return { data: data ?? trainingIn(value) ?? tableIn(value) ?? plain(value), metadata: {} };
}

const plain = (value) => ({ "text/plain": textOf(value) });

function tableIn(value) {
  const rows = recordsIn(value) ?? columnsIn(value);
  return rows && { "text/plain": textTable(rows), "text/html": htmlTable(rows) };
}

/** A value in one line. */
const lineOf = (value) =>
  util
    .inspect(value, { ...LOOK, depth: 1, maxArrayLength: 5, breakLength: Infinity })
    .replace(/\s*\n\s*/g, " ");

/** At most a screen of text. */
function textOf(value) {
  if (typeof value === "string" && value.includes("\n")) return cut(value);
  if (util.types.isPromise(value) && util.inspect(value).startsWith("Promise { <pending>"))
    return "Promise { <pending> }: write `await` before it to see its value";
  if (value instanceof Timer) return "a timer: clearTimeout(…) stops it";
  const text = util.inspect(value, LOOK);
  return cut(typeof value === "function" ? `${text}\n${sourceOf(value)}` : text);
}

function sourceOf(fn) {
  const [first] = String(fn).split("\n");
  return shorten(first.replaceAll("ª", ""), 200);
}

function cut(text) {
  const lines = text.split("\n");
  const short = lines.map((line) => shorten(line, 1000));
  if (lines.length <= MOST_LINES) return short.join("\n");
  const left = lines.length - MOST_LINES + 1;
  return [
    ...short.slice(0, MOST_LINES - 1),
    `… ${left} more lines: console.log(…) prints all`,
  ].join("\n");
}

/** Rows of a table: a list of two or more plain objects of simple values. */
function recordsIn(value) {
  if (!Array.isArray(value) || value.length < 2) return null;
  const first = Array.from(value.slice(0, MOST_ROWS)); // a list may have holes
  const isRecord = (each) => {
    if (!each || typeof each !== "object") return false;
    const prototype = Object.getPrototypeOf(each);
    if (prototype !== Object.prototype && prototype !== null) return false;
    const cells = Object.values(each);
    return cells.length > 0 && cells.every(isSimple);
  };
  if (!first.every(isRecord)) return null;
  const columns = [...new Set(first.flatMap((each) => Object.keys(each)))];
  return {
    rows: first,
    columns: columns.slice(0, MOST_COLUMNS),
    count: value.length,
    width: columns.length,
  };
}

/** Columns of a table: an object of lists of numbers that are equally long. */
function columnsIn(value) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return null;
  const lists = Object.values(value);
  const isList = (each) =>
    Array.isArray(each) && each.length > 1 && each.every((n) => typeof n === "number");
  if (lists.length === 0 || !lists.every((each) => isList(each) && each.length === lists[0].length))
    return null;
  const columns = Object.keys(value);
  const rows = lists[0].map((_, i) =>
    Object.fromEntries(columns.map((name) => [name, value[name][i]])),
  );
  return {
    rows: rows.slice(0, MOST_ROWS),
    columns: columns.slice(0, MOST_COLUMNS),
    count: rows.length,
    width: columns.length,
  };
}

/** A training: what is said about it in a line each, and the numbers of its epochs as a table. */
function trainingIn(value) {
  const epochs = value && typeof value === "object" ? columnsIn(value.history) : null;
  if (!epochs) return null;
  const table = { ...epochs, first: 1 }; // epochs are counted from 1
  const { history, predictions, ...facts } = value;
  const lines = Object.entries(facts).map(([name, fact]) => `${name}: ${lineOf(fact)}`);
  const head = cut(lines.join("\n"));
  return {
    "text/plain": `${head}\n${textTable(table)}`,
    "text/html": `<pre>${escapeHtml(head)}</pre>${htmlTable(table)}`,
  };
}

const isSimple = (value) => value === null || typeof value !== "object" || value instanceof Date;

function cellText(value) {
  if (value === undefined) return "";
  if (typeof value === "number")
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const text = value instanceof Date ? dateText(value) : String(value);
  return shorten(text, 80);
}

const dateText = (date) => (Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString());

function textTable({ rows, columns, count, width, first = 0 }) {
  const cells = [
    ["", ...columns.map(visible)],
    ...rows.map((row, i) => [
      String(i + first),
      ...columns.map((name) => visible(cellText(row[name])).replaceAll("\n", "⏎")),
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const isNumber = columns.map((name) => rows.every((row) => typeof row[name] === "number"));
  const lines = cells.map((line) =>
    line
      .map((cell, i) =>
        i > 0 && !isNumber[i - 1] ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
      )
      .join("  ")
      .trimEnd(),
  );
  return [...lines, ...size({ rows, columns, count, width })].join("\n");
}

const size = ({ rows, columns, count, width }) =>
  count > rows.length || width > columns.length ? [`${count} rows × ${width} columns`] : [];

function htmlTable(table) {
  const { rows, columns, first = 0 } = table;
  const head = ["", ...columns].map((name) => `<th>${escapeHtml(name)}</th>`).join("");
  const body = rows.map(
    (row, i) =>
      `<tr><th>${i + first}</th>${columns.map((name) => `<td>${escapeHtml(cellText(row[name]))}</td>`).join("")}</tr>`,
  );
  const below = size(table).map((text) => `<p>${text}</p>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>${below.join("")}`;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) =>
  typeof value === "string" ||
  (Array.isArray(value) && value.every((line) => typeof line === "string"));

/**
 * A bundle that a notebook can hold, whatever a library gave: texts by MIME type, but for JSON.
 * https://nbformat.readthedocs.io/en/latest/format_description.html#display-data
 */
function storable(bundle) {
  const given = isObject(bundle.data) ? bundle.data : { "text/plain": bundle.data };
  const entries = Object.entries(given).map(([type, value]) => {
    const isKept = isText(value) || (/[/+]json$/.test(type) && value !== undefined);
    return [type, isKept ? value : textOf(value)];
  });
  const metadata = isObject(bundle.metadata) ? bundle.metadata : {};
  return { ...bundle, data: Object.fromEntries(entries), metadata };
}

module.exports = { bundleOf, storable, lineOf, textOf, textTable };

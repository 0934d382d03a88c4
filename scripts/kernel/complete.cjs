"use strict";
// What Tab offers: names with their types, and texts where only some are allowed.
const ts = require("typescript");

const MOST = 200;
const DETAILED = 40; // so many entries are told with their type

/** @returns the content of Jupyter's `complete_reply`, places in UTF-16 units */
function complete(program, code, position) {
  let found = entriesAt(program, code, position, []);
  const { start, word } = found;
  // Names of the library are offered without an import: the cell that uses one imports it.
  const isName = /^[A-Za-z_$][\w$]*$/.test(word) && !/[.?"'`]\s*$/.test(code.slice(0, start));
  if (isName && found.entries.length === 0) found = withLibrary(program, code, found);
  const { cell, entries } = found;
  const shown = entries.slice(0, MOST);
  return {
    status: "ok",
    matches: shown.map(({ name }) => name),
    cursor_start: start,
    cursor_end: position,
    metadata: {
      _jupyter_types_experimental: shown.map((entry, i) => ({
        start,
        end: position,
        text: entry.name,
        type: kinds[entry.kind] ?? entry.kind,
        ...(i < DETAILED ? detail(cell, position, entry) : {}),
      })),
    },
  };
}

function entriesAt(program, code, position, imports) {
  const cell = program.open(code, imports);
  const info = cell.service.getCompletionsAtPosition(cell.file, position, {
    includeCompletionsWithInsertText: false,
    quotePreference: "double",
  });
  const span = info?.optionalReplacementSpan;
  const typed = code.slice(0, position).match(/[\w$]*$/)[0];
  const start = span && span.start <= position ? span.start : position - typed.length;
  const isText = info?.entries.some(({ kind }) => kind === "string");
  const from = isText ? textStart(cell, position) : start;
  const word = code.slice(from, position);
  const entries = (info?.entries ?? [])
    .map((entry) => ({
      ...entry,
      name: isText ? entry.name.replace(/^["']|["']$/g, "") : entry.name,
    }))
    .filter(({ name }) => name.toLowerCase().startsWith(word.toLowerCase()))
    .sort(
      (a, b) =>
        a.sortText.localeCompare(b.sortText) ||
        exact(b, word) - exact(a, word) ||
        a.name.localeCompare(b.name, "en"),
    );
  return { cell, start: from, word, entries };
}

const exact = ({ name }, word) => Number(name.startsWith(word));

/** Where the text around the cursor begins, behind its quote. */
function textStart({ source }, position) {
  let start = position;
  const walk = (node) => {
    if (node.pos > position || node.end < position) return;
    if (ts.isStringLiteralLike(node)) start = node.getStart(source) + 1;
    ts.forEachChild(node, walk);
  };
  walk(source);
  return Math.min(start, position);
}

function withLibrary(program, code, { start, word }) {
  const entries = [...program.library]
    .filter(([name]) => name.startsWith(word))
    .map(([name, { type, docs }]) => ({ name, kind: "starlit", type, docs }));
  return { cell: program.open(code), start, word, entries };
}

/** The type of an entry and the first line of its documentation. */
function detail({ service, file }, position, { name, kind, type, docs }) {
  if (kind === "string" || kind === "keyword") return {};
  if (kind === "starlit")
    return {
      type: type.startsWith("(") ? "function" : "instance",
      signature: `${name}: ${type}`,
      documentation: docs,
    };
  const details = service.getCompletionEntryDetails(
    file,
    position,
    name,
    undefined,
    undefined,
    undefined,
    undefined,
  );
  if (!details) return {};
  const text = (parts) => (parts ?? []).map((part) => part.text).join("");
  const [, declared, what] = text(details.displayParts).match(/^(?:\(alias\) )?((\w*)[^\n]*)/);
  return {
    ...(kind === "alias" && kinds[what] ? { type: kinds[what] } : {}),
    signature: declared,
    documentation: text(details.documentation).split("\n")[0],
  };
}

/** TypeScript's kinds as JupyterLab knows them. */
const kinds = {
  "local var": "instance",
  var: "instance",
  let: "instance",
  const: "instance",
  parameter: "instance",
  alias: "instance",
  "local function": "function",
  function: "function",
  method: "function",
  class: "class",
  interface: "class",
  enum: "class",
  "enum member": "instance",
  module: "module",
  property: "property",
  getter: "property",
  setter: "property",
  keyword: "keyword",
  string: "string",
};

module.exports = { complete };

"use strict";
// What went wrong in a cell, as the content of Jupyter's `error` message: { ename, evalue, traceback }.
// V8 tells places in the JavaScript that ran; here they become places in the cell's own text.
const fs = require("node:fs");
const { SourceMap } = require("node:module");
const path = require("node:path");
const util = require("node:util");
const { hintFor } = require("./hints.cjs");
const { asWritten } = require("./names.cjs");
const { typeWords } = require("./typeWords.cjs");

const ROOT = path.resolve(__dirname, "../..") + path.sep;
const CONTEXT = 2; // lines shown before and after
const sources = new Map(); // file, or name of a cell → { lines, map }

const red = (text) => `\x1b[31m${text}\x1b[39m`;
const bold = (text) => `\x1b[1m${text}\x1b[22m`;

/** Makes the places of a compiled cell or module known. */
function registerSource(name, text, map) {
  sources.set(name, { lines: text.split("\n"), map: new SourceMap(map) });
}

// Frames within TensorFlow.js and the library: the cell's line is what the reader can mend.
const isInner = (frame) => /\b(node_modules\/(@tensorflow|starlit)|lib\/dist)\//.test(frame);

const isCell = (file) => /^(Cell|Silent cell) \[/.test(file ?? "");
const isKernel = (file) => file?.startsWith(__dirname) && !file.endsWith(".ts");

/** `{ name, file, line, column }` of a frame, in the text that was written. */
function placeOf(site) {
  const file = (site.getFileName() ?? site.getScriptNameOrSourceURL() ?? "").replace(
    /^file:\/\//,
    "",
  );
  const known = sources.get(file);
  let [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0];
  if (known) {
    const entry = known.map.findEntry(line - 1, column - 1);
    if (entry.originalLine === undefined) return null;
    [line, column] = [entry.originalLine + 1, entry.originalColumn + 1];
    if (line > known.lines.length) return null;
  }
  return { file, line, column };
}

function frameOf(site) {
  const place = placeOf(site);
  if (!place) return null;
  const { file, line, column } = place;
  const told = String(site);
  if (!sources.has(file)) return `    at ${told}`;
  const where = `${file}:${line}:${column}`;
  const caller = asWritten(told.replace(/ ?\(?(file:\/\/)?(Cell|Silent cell|\/).*$/, ""));
  return caller ? `    at ${caller} (${where})` : `    at ${where}`;
}

/** All stack traces of the process: cells by their own lines, nothing of the kernel. */
function tellPlaces() {
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (error, sites) => {
    const frames = [];
    for (const site of sites) {
      const file = site.getFileName();
      if (isKernel(file)) {
        if (frames.length > 0) break; // what lies below called the cell
        continue;
      }
      if (!file && !site.isAsync?.()) continue;
      const frame = frameOf(site);
      if (frame) frames.push(frame);
    }
    const name =
      Object.prototype.toString.call(error) === "[object Error]"
        ? Error.prototype.toString.call(error)
        : String(error);
    return [asWritten(name), ...frames].join("\n");
  };
}

/** Whatever a cell threw; `place` is where the cell was waiting, if it was. */
function fromThrown(thrown, place) {
  const { ename, evalue } = named(thrown);
  return {
    ename,
    evalue,
    traceback: [`${red(ename)}: ${evalue}`, ...whereabouts(thrown, place), ...causes(thrown)],
  };
}

/**
 * What TypeScript has against a cell.
 *
 * @param isExported whether `starlit` has something of a name
 */
function fromProblems(problems, name, code, isExported) {
  const ename = "TypeScriptError";
  const hint = hintFor(code, problems, isExported);
  const shown = hint ? [] : problems.slice(0, 5);
  const traceback = shown.flatMap((problem) => {
    const { file, line, column, length } = problem;
    const lines = file ? fs.readFileSync(file, "utf8").split("\n") : code.split("\n");
    const where = file ? path.relative(process.cwd(), file) : name;
    const [text, ...more] = toldIn(problem);
    return [`${red(ename)}: ${text}`, ...more, ...excerpt(where, lines, line, column, length)];
  });
  if (problems.length > shown.length && !hint)
    traceback.push(`… and ${problems.length - shown.length} more`);
  if (hint)
    traceback.push(
      `${red(ename)}: ${hint.text}`,
      ...excerpt(name, code.split("\n"), hint.line, 0, 0),
    );
  const [{ line, file }] = problems;
  const [text] = toldIn(problems[0]);
  const evalue = hint?.text ?? `${file ? `${path.basename(file)}, ` : ""}line ${line}: ${text}`;
  return { ename, evalue, traceback };
}

/** A problem in plain words, where there are some, and then in TypeScript's; not what a type lacks, one by one. */
function toldIn({ code, text }) {
  const words = typeWords({ code, text });
  if (!words) return [text];
  const own = text.replace(/: [^:]*, and \d+ more\.$/, ".").split("\n");
  return [words, ...own.map((line) => `  ${line}`)];
}

/** An interrupted cell. */
function fromInterrupt(place) {
  const ename = "Interrupted";
  const evalue = "the cell was stopped; what it had bound is kept.";
  return {
    ename,
    evalue,
    traceback: [`${red(ename)}: ${evalue}`, ...(place ? shownAt(place) : [])],
  };
}

/** An error that no cell waits for, as text. */
function describe(thrown) {
  const { ename, evalue } = named(thrown);
  return [`${ename}: ${evalue}`, ...framesOf(thrown)].join("\n");
}

function named(thrown) {
  if (thrown instanceof Error)
    return { ename: thrown.name, evalue: asWritten(String(thrown.message)) };
  return { ename: "Thrown", evalue: util.inspect(thrown) };
}

function framesOf(thrown) {
  if (!(thrown instanceof Error)) return [];
  const frames = String(thrown.stack)
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !/\(?node:|<anonymous>\)?$/.test(line))
    .map((line) => line.replaceAll(ROOT, ""));
  const outer = frames.filter((frame) => !isInner(frame));
  const shown = outer.length > 0 ? outer : frames;
  // A function that calls itself without end fills the stack with one line.
  return shown.filter((frame, i) => frame !== shown[i - 1] || frame !== shown[i - 2]);
}

/** The line of the cell with a caret, and the frames that lead there. */
function whereabouts(thrown, place) {
  const frames = framesOf(thrown);
  const places = frames
    .flatMap((frame) => [frame.match(/\(?((?:Cell|Silent cell) \[\d+\]):(\d+):(\d+)\)?$/) ?? []])
    .filter((found) => found.length > 0);
  const inCell = places.map(([, name, line, column]) => ({
    name,
    line: Number(line),
    column: Number(column),
  }));
  // An error from behind an `await` has no frame of the line that waited.
  const isTop = (frame) => place && frame.startsWith(`    at ${place.name}:`);
  const waits = place && !frames.some(isTop) ? [place] : [];
  const [first] = [...inCell, ...waits];
  const shown = first ? shownAt(first) : [];
  // The library's own errors are one sentence that says what to do: its inner frames add nothing.
  if (thrown?.name === "StarlitError") return shown;
  const last = waits.map(({ name, line, column }) => `    at ${name}:${line}:${column}`);
  return [...shown, ...(frames.length + last.length > 1 || !first ? [...frames, ...last] : [])];
}

const shownAt = ({ name, line, column }) => {
  const known = sources.get(name);
  return known ? excerpt(name, known.lines, line, column, 1) : [];
};

/** Lines around a place, with a caret under it. */
function excerpt(name, lines, line, column, length) {
  const from = Math.max(1, line - CONTEXT);
  const to = Math.min(lines.length, line + CONTEXT);
  const width = String(to).length;
  const shown = [`${name}, line ${line}:`];
  for (let i = from; i <= to; i++) {
    const text = lines[i - 1];
    shown.push(`${i === line ? bold(">") : " "} ${String(i).padStart(width)} | ${text}`.trimEnd());
    if (i === line && column > 0) {
      const carets = "^".repeat(Math.max(1, Math.min(length, text.length - column + 1)));
      shown.push(`  ${" ".repeat(width)} | ${" ".repeat(column - 1)}${red(carets)}`);
    }
  }
  return shown;
}

function causes(thrown) {
  const inner = thrown?.cause !== undefined ? [thrown.cause] : (thrown?.errors ?? []);
  if (!(thrown instanceof Error)) return [];
  return [inner].flat().flatMap((cause) =>
    describe(cause)
      .split("\n")
      .map((line, i) => (i ? line : `cause: ${line}`)),
  );
}

module.exports = {
  describe,
  fromInterrupt,
  fromProblems,
  fromThrown,
  isCell,
  registerSource,
  tellPlaces,
};

"use strict";
// What went wrong in a cell, as the content of Jupyter's `error` message: { ename, evalue, traceback }.
const path = require("node:path");
const util = require("node:util");
const { showCells } = require("./cells.cjs");

const ROOT = path.resolve(__dirname, "../..") + path.sep;
// Frames of Node and of the kernel say nothing to the reader.
const KERNEL_FRAME = /node:|<anonymous>$|[\\/]tslab[\\/]dist[\\/]|[\\/]scripts[\\/]kernel[\\/]/;

const red = (text) => `\x1b[31m${text}\x1b[39m`;

/** Whatever a cell threw. */
function fromThrown(thrown) {
  const failure = isInterrupt(thrown) ? interrupted() : named(thrown);
  const { ename, evalue } = failure;
  return { ename, evalue, traceback: [red(`${ename}: ${evalue}`), ...trace(thrown)] };
}

/** Type errors, found before the cell runs: `lines` are "line:column - message". */
function fromTypeErrors(lines) {
  const ename = "TypeScriptError";
  return { ename, evalue: lines[0], traceback: lines.map((line) => red(`${ename}: ${line}`)) };
}

/** An error that no cell waits for, as text. */
function describe(thrown) {
  const { ename, evalue } = named(thrown);
  return [`${ename}: ${evalue}`, ...trace(thrown)].join("\n");
}

function named(thrown) {
  if (thrown instanceof Error) return { ename: thrown.name, evalue: thrown.message };
  return { ename: "Thrown", evalue: util.inspect(thrown) };
}

function isInterrupt(thrown) {
  const synchronous = thrown?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
  return synchronous || thrown?.message === "Interrupted asynchronously"; // tslab's own error
}

function interrupted() {
  const evalue = "the cell was stopped; what it had started may go on unseen.";
  return { ename: "Interrupted", evalue };
}

/** The frames that concern the reader, paths told from the project's folder, and the causes. */
function trace(thrown) {
  // The library's own errors are one sentence that says what to do: no frame adds to it.
  if (!(thrown instanceof Error) || thrown.name === "StarlitError" || isInterrupt(thrown))
    return [];
  const frames = String(thrown.stack)
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  const told = showCells(frames.filter((frame) => !KERNEL_FRAME.test(frame)));
  const own = told.map((frame) => frame.replaceAll(ROOT, ""));
  if (thrown.cause === undefined) return own;
  return [
    ...own,
    ...describe(thrown.cause)
      .split("\n")
      .map((line, i) => (i ? line : `cause: ${line}`)),
  ];
}

module.exports = { describe, fromThrown, fromTypeErrors };

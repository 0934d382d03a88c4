"use strict";
// Stack traces tell lines of compiled code, which are not the cell's lines; and every cell has the
// same file name. So each compiled cell gets a name, and a frame in it shows the code of its line.

const FRAME = /\(?\bcell-(\d+):(\d+):\d+\)?/;
const compiled = new Map(); // cell number → lines

/** Gives the compiled code of a cell a name by which `showCells` finds it again. */
function nameCell(number, code) {
  compiled.set(number, code.split("\n"));
  return `${code}\n//# sourceURL=cell-${number}`;
}

/** Frames of a stack trace with `cell-3:12:7` told as `cell 3: throw new Error(...)`. */
function showCells(frames) {
  return frames.flatMap((frame) => {
    const [place, number, line] = frame.match(FRAME) ?? [];
    if (!place) return [frame];
    const code = compiled.get(Number(number))?.[line - 1];
    if (code === undefined) return []; // the function that tslab wraps around a cell
    const told = `cell ${number}: ${asWritten(code)}`;
    return [frame.replace(FRAME, place.startsWith("(") ? `(${told})` : told)];
  });
}

// What the compiler makes of an imported name, of an exported one and of a last expression.
function asWritten(line) {
  return line
    .trim()
    .replace(/\(0, \w+_1\.(\w+)\)/g, "$1")
    .replace(/\b\w+_1\.(?=\w)/g, "")
    .replace(/^(exports\.\w+ = )+/, "");
}

module.exports = { nameCell, showCells };

"use strict";
// What a student handed in: the code of the blanks, whatever else happened to the notebook. Each
// function reads the text once: it may be made to be slow to read.
const { blankIn, codeCells, sourceOf } = require("./notebook.cjs");

const MARKER = /\/\/ --- (START|END) CODE HERE(?: \((\w+)\))?/;

/** Whether nothing was written but comments and the line that nbgrader puts in an empty blank. */
function isEmpty(code) {
  const written = withoutComments(code).replace('throw new Error("not implemented");', "");
  return written.trim() === "";
}

/** Code without its comments; a comment that has no end goes to the end of the code. */
function withoutComments(code) {
  const pieces = [];
  let place = 0;
  for (const { index } of code.matchAll(/\/[/*]/g)) {
    if (index < place) continue; // within a comment
    pieces.push(code.slice(place, index));
    const ending = code[index + 1] === "/" ? "\n" : "*/";
    const end = code.indexOf(ending, index + 2);
    if (end === -1) return pieces.join("");
    place = ending === "\n" ? end : end + 2;
  }
  return [...pieces, code.slice(place)].join("");
}

/**
 * The parts of a notebook that lie behind a START marker, by item. A part ends at the next marker,
 * though a student split the cell; where that is no END marker, with its cell.
 *
 * @returns {Map<string, string[]>}
 */
function markedParts(cells) {
  const lines = cells.flatMap((cell, place) =>
    cell.source
      .split("\n")
      .map((text) => ({ text, place, marker: text.includes("// ---") && text.match(MARKER) })),
  );
  const markers = [...lines.keys()].filter((i) => lines[i].marker);
  const parts = new Map();
  markers.forEach((start, i) => {
    const [, kind, item] = lines[start].marker;
    if (kind !== "START" || item === undefined) return;
    const next = markers[i + 1];
    const ended = next !== undefined && lines[next].marker[1] === "END";
    const { place } = lines[start];
    const inside = lines.slice(start + 1, next).filter((line) => ended || line.place === place);
    if (!parts.has(item)) parts.set(item, []);
    parts.get(item).push(inside.map(({ text }) => text).join("\n"));
  });
  return parts;
}

/** The cell that was an item's blank, by the names that Jupyter and nbgrader keep. */
function cellOf(cells, item) {
  const name = `blank-${item}`;
  return cells.find(({ grade, id }) => grade === name || id === name);
}

/**
 * The code of each item.
 *
 * @param {object} notebook as parsed JSON
 * @param {string[]} items
 * @returns {Map<string, { code: string, whole: boolean }>} `whole` where the markers were lost: the
 *   code is then the whole cell; no entry where the item is nowhere to be found
 */
function answersOf(notebook, items) {
  const cells = codeCells(notebook);
  const parts = markedParts(cells);
  const found = new Map();
  for (const item of items) {
    const written = (parts.get(item) ?? []).filter((code) => !isEmpty(code));
    const cell = cellOf(cells, item);
    if (parts.has(item)) {
      found.set(item, { code: written.at(-1) ?? "", whole: false });
    } else if (cell) {
      // nbgrader's own blanks have markers without a number.
      const blank = blankIn(cell.source);
      found.set(item, { code: blank?.code ?? cell.source, whole: !blank });
    }
  }
  return found;
}

/**
 * The cells that an answer may build on, since they are neither blanks nor checks: what a student
 * wrote elsewhere, or what the lab shows.
 *
 * @returns {string[]} their sources
 */
function otherCells(notebook) {
  return codeCells(notebook)
    .filter(({ id, grade }) => !/^(blank|check)-/.test(grade || id))
    .map(({ source }) => source)
    .filter((source) => !MARKER.test(source) && !isEmpty(source));
}

/** Things that do not change the score, but that the person who grades may want to know. */
function remarksOn(notebook, source, items) {
  const cells = codeCells(notebook);
  const parts = markedParts(cells);
  const remarks = [];
  for (const item of items) {
    const written = (parts.get(item) ?? []).filter((code) => !isEmpty(code));
    if (written.length > 1)
      remarks.push(`Item ${item} was answered ${written.length} times: the last one counts.`);
  }
  const checks = source.cells.filter((cell) => cell.metadata?.nbgrader?.grade);
  const changed = checks.filter((check) => {
    const name = check.metadata.nbgrader.grade_id;
    const here = cells.find(({ id, grade }) => id === check.id || grade === name);
    return !here || here.source.trim() !== sourceOf(check).trim();
  });
  if (changed.length > 0) {
    const names = changed.map((check) => check.metadata.nbgrader.grade_id).join(", ");
    remarks.push(
      `Check cells were changed or removed (${names}): they do not count, the grader has its own.`,
    );
  }
  return remarks;
}

module.exports = { answersOf, isEmpty, otherCells, remarksOn };

"use strict";
// What a student handed in: the code of the six blanks, whatever else happened to the notebook.
const { blanksOf, sourceOf } = require("./notebook.cjs");

const MARKER = /\/\/ --- (START|END) CODE HERE(?: \((\w+)\))?/;

/** Without comments and the line that nbgrader puts in an empty blank. */
const bare = (code) =>
  code
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/throw new Error\("not implemented"\);/, "")
    .trim();

/** Whether nothing was written. */
const isEmpty = (code) => bare(code) === "";

/** Code without comments, for what is looked up in its text. */
const withoutComments = bare;

/**
 * The parts of a notebook that lie behind a START marker with this item's number. A part ends at the
 * END marker, though a student split the cell; where that is lost, with its cell.
 */
function marked(cells, item) {
  const lines = cells.flatMap((cell, place) =>
    sourceOf(cell)
      .split("\n")
      .map((text) => ({ text, place, marker: text.match(MARKER) })),
  );
  return lines.flatMap(({ marker, place }, start) => {
    if (marker?.[1] !== "START" || marker[2] !== item) return [];
    const next = lines.findIndex((line, i) => i > start && line.marker);
    const ended = next !== -1 && lines[next].marker[1] === "END";
    const inside = lines
      .slice(start + 1, ended ? next : undefined)
      .filter((line) => ended || line.place === place);
    const other = inside.findIndex((line) => line.marker);
    return [
      inside
        .slice(0, other === -1 ? undefined : other)
        .map(({ text }) => text)
        .join("\n"),
    ];
  });
}

/** The cell that was an item's blank, by the names that Jupyter and nbgrader keep. */
function cellOf(cells, item) {
  const id = `blank-${item}`;
  return cells.find((cell) => cell.metadata?.nbgrader?.grade_id === id || cell.id === id);
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
  const cells = notebook.cells.filter((cell) => cell?.cell_type === "code");
  const found = new Map();
  for (const item of items) {
    const parts = marked(cells, item);
    const written = parts.filter((code) => !isEmpty(code));
    const cell = cellOf(cells, item);
    if (parts.length > 0) {
      found.set(item, { code: written.at(-1) ?? "", whole: false });
    } else if (cell) {
      // nbgrader's own blanks have markers without a number.
      const [blank] = blanksOf(sourceOf(cell));
      found.set(item, { code: blank?.code ?? sourceOf(cell), whole: !blank });
    }
  }
  return found;
}

/** Things that do not change the score, but that the person who grades may want to know. */
function remarksOn(notebook, source, items) {
  const cells = notebook.cells.filter((cell) => cell?.cell_type === "code");
  const remarks = [];
  for (const item of items) {
    const written = marked(cells, item).filter((code) => !isEmpty(code));
    if (written.length > 1)
      remarks.push(`Item ${item} was answered ${written.length} times: the last one counts.`);
  }
  const checks = source.cells.filter((cell) => cell.metadata?.nbgrader?.grade);
  const changed = checks.filter((check) => {
    const here = cells.find(
      ({ id, metadata }) =>
        id === check.id || metadata?.nbgrader?.grade_id === check.metadata.nbgrader.grade_id,
    );
    return !here || sourceOf(here).trim() !== sourceOf(check).trim();
  });
  if (changed.length > 0) {
    const names = changed.map((check) => check.metadata.nbgrader.grade_id).join(", ");
    remarks.push(
      `Check cells were changed or removed (${names}): they do not count, the grader has its own.`,
    );
  }
  return remarks;
}

module.exports = { answersOf, isEmpty, remarksOn, withoutComments };

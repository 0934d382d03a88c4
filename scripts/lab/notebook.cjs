"use strict";
// The lab's notebooks as plain data: where the blanks are, what a student gets, and what of a
// student's file is read.

const START = /^[ \t]*\/\/ --- START CODE HERE(?: \((\w+)\))?[ \t]*$/;
const END = /^[ \t]*\/\/ --- END CODE HERE[ \t]*$/;

/** Text of a cell; on disk it may be a list of lines. What is neither has none. */
const sourceOf = (cell) => {
  const pieces = [cell.source ?? ""].flat();
  return pieces.every((piece) => typeof piece === "string") ? pieces.join("") : "";
};

/**
 * The blanks of a cell, one after the other: for each, its item (`undefined` where the marker names
 * none), the code between the markers, and the text before and after, markers included.
 *
 * @param {string} source
 * @returns {Generator<{ item: string | undefined, before: string, code: string, after: string }>}
 */
function* eachBlank(source) {
  const lines = source.split("\n");
  for (let start = 0; start < lines.length; start++) {
    const marker = lines[start].match(START);
    if (!marker) continue;
    let end = start + 1;
    while (end < lines.length && !END.test(lines[end])) end++;
    if (end === lines.length) return;
    yield {
      item: marker[1],
      before: lines.slice(0, start + 1).join("\n"),
      code: lines.slice(start + 1, end).join("\n"),
      after: lines.slice(end).join("\n"),
    };
    start = end;
  }
}

const blanksOf = (source) => [...eachBlank(source)];

/** The first blank; `undefined` where there is none. */
const blankIn = (source) => eachBlank(source).next().value;

/** The source of a cell with other code in its blank. */
function fillBlank(source, code) {
  const blank = blankIn(source);
  return [blank.before, code, blank.after].join("\n");
}

/** Whether a cell is for the project alone, and not for students. */
const ours = (cell) => cell.metadata?.starlit?.role === "project";

/**
 * The student's notebook: blanks emptied, outputs cleared, hints and checks kept.
 *
 * @param {object} notebook the source, as parsed JSON; it is not changed
 */
function studentNotebook(notebook) {
  const cells = notebook.cells.filter((cell) => !ours(cell)).map(studentCell);
  const { starlit: _, ...metadata } = notebook.metadata ?? {}; // tells of the source's run
  return { ...notebook, metadata, cells };
}

function studentCell(cell) {
  if (cell.cell_type !== "code") return cell;
  const source = sourceOf(cell);
  const emptied = blankIn(source) ? fillBlank(source, "") : source;
  return { ...cell, source: emptied.split(/(?<=\n)/), outputs: [], execution_count: null };
}

/** A notebook as Jupyter writes it. */
const notebookText = (notebook) => `${JSON.stringify(notebook, null, 1)}\n`;

/** More cells, or longer code, than a person writes into a lab. */
const MOST_CELLS = 2000;
const MOST_CODE = 1_000_000;

/**
 * The code cells of a file that somebody handed in, which may hold anything.
 *
 * @param {Buffer} bytes
 * @returns {{ cells: { cell_type: "code", id: string, grade: string, source: string }[] }} `grade`:
 *   nbgrader's name of the cell
 * @throws an Error with words for the person who grades
 */
function readNotebook(bytes) {
  let notebook;
  try {
    notebook = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch {
    // Told below.
  }
  if (!Array.isArray(notebook?.cells)) {
    throw new Error("This file is not a Jupyter notebook: ask for it again.");
  }
  const cells = codeCells(notebook);
  const length = cells.reduce((sum, { source }) => sum + source.length, 0);
  if (cells.length > MOST_CELLS || length > MOST_CODE) {
    throw new Error(
      `This notebook has ${cells.length} cells with ${length} characters of code: look at it yourself.`,
    );
  }
  return { cells };
}

const text = (value) => (typeof value === "string" ? value : "");

/** The code cells of a notebook, each with the few things that are looked at. */
function codeCells({ cells }) {
  return cells
    .filter((cell) => cell?.cell_type === "code")
    .map((cell) => ({
      cell_type: "code",
      id: text(cell.id),
      grade: text(cell.grade ?? cell.metadata?.nbgrader?.grade_id),
      source: sourceOf(cell),
    }));
}

module.exports = {
  blankIn,
  blanksOf,
  codeCells,
  fillBlank,
  notebookText,
  readNotebook,
  sourceOf,
  studentNotebook,
};

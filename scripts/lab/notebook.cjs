"use strict";
// The lab's notebooks as plain data: where the blanks are, and what a student gets.

const START = /^[ \t]*\/\/ --- START CODE HERE(?: \((\w+)\))?[ \t]*$/;
const END = /^[ \t]*\/\/ --- END CODE HERE[ \t]*$/;

/** Text of a cell; on disk it may be a list of lines. */
const sourceOf = (cell) => [cell.source ?? ""].flat().join("");

/**
 * The blanks of a cell: for each, its item (`undefined` where the marker names none), the code
 * between the markers, and the text before and after, markers included.
 *
 * @param {string} source
 * @returns {{ item: string | undefined, before: string, code: string, after: string }[]}
 */
function blanksOf(source) {
  const lines = source.split("\n");
  const blanks = [];
  for (let start = 0; start < lines.length; start++) {
    const marker = lines[start].match(START);
    if (!marker) continue;
    const end = lines.findIndex((line, i) => i > start && END.test(line));
    if (end === -1) break;
    blanks.push({
      item: marker[1],
      before: lines.slice(0, start + 1).join("\n"),
      code: lines.slice(start + 1, end).join("\n"),
      after: lines.slice(end).join("\n"),
    });
    start = end;
  }
  return blanks;
}

/** The source of a cell with other code in its blank. */
function fillBlank(source, code) {
  const [blank] = blanksOf(source);
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
  const emptied = blanksOf(source).length > 0 ? fillBlank(source, "") : source;
  return { ...cell, source: emptied.split(/(?<=\n)/), outputs: [], execution_count: null };
}

/** A notebook as Jupyter writes it. */
const notebookText = (notebook) => `${JSON.stringify(notebook, null, 1)}\n`;

module.exports = { blanksOf, fillBlank, notebookText, sourceOf, studentNotebook };

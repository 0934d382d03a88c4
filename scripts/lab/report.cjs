"use strict";
// The scores as text and as rows of a table.
const { stripVTControlCharacters } = require("node:util");
const { visible } = require("../../lib/src/files/markup.cjs");

/** A text of one line that a terminal and a table show as it is. */
const plain = (text) => visible(stripVTControlCharacters(text)).replace(/[\t\n\r]/g, " ");

/** Graded as it was, with all texts plain: they hold names and errors that students chose. */
function plainly(value) {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainly(each)]));
}

/** What was lost in an item: a sentence for each reason, said once. */
function losses({ criteria }) {
  const reasons = new Map();
  for (const { points, max, why } of criteria) {
    if (points < max) reasons.set(why, (reasons.get(why) ?? 0) + max - points);
  }
  return [...reasons].map(([why, lost]) => ({ why, lost }));
}

/** One submission, for a terminal. */
function submissionText({ file, points, max, seconds, items, remarks }) {
  const lines = items.flatMap((item) => {
    const head = `  (${item.item}) ${item.title.padEnd(32)} ${item.points} / ${item.max}`;
    return [head, ...losses(item).map(({ why, lost }) => `       −${lost}  ${why}`)];
  });
  const notes = remarks.map((remark) => `  note: ${remark}`);
  return [`${file}: ${points} / ${max} points (${seconds.toFixed(0)} s)`, ...lines, ...notes].join(
    "\n",
  );
}

const duration = (seconds) =>
  seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;

/** How far a batch is, after one more of its submissions; `elapsed` in seconds. */
function progressLine({ file, points, max, seconds }, done, total, elapsed) {
  const time =
    done === total
      ? `all in ${duration(elapsed)}`
      : `about ${duration((elapsed / done) * (total - done))} left`;
  return `${done}/${total}  ${file}  ${points} / ${max}  ${duration(seconds)}  (${time})`;
}

/** A text that no spreadsheet takes for a formula. */
const textField = (text) => (/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text);

const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows of fields as CSV. */
const csvText = (rows) => rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");

/** Names of the columns; those of the items are the items' own. */
const csvHeader = (rubric) => [
  ...["file", "points", "max"],
  ...rubric.map(({ item }) => item),
  ...["why", "signature"],
];

/** The row of a submission: points in all and of each item, and why points were lost. */
function csvRow({ file, points, max, items, remarks }, header) {
  const reasons = items.flatMap((item) => losses(item).map(({ why }) => `(${item.item}) ${why}`));
  const fields = new Map([
    ["file", textField(file)],
    ["points", points],
    ["max", max],
    ...items.map((item) => [item.item, item.points]),
    ["why", textField([...reasons, ...remarks].join(" "))],
    ["signature", ""], // see table.mjs
  ]);
  return header.map((name) => String(fields.get(name) ?? 0));
}

module.exports = {
  csvHeader,
  csvRow,
  csvText,
  plain,
  plainly,
  progressLine,
  submissionText,
  textField,
};

"use strict";
// The scores as text and as rows of a table.

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
const textField = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows of fields as CSV. */
const csvText = (rows) => rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");

/** Names of the columns; those of the items are the items' own. */
const csvHeader = (rubric) => [
  ...["file", "points", "max"],
  ...rubric.map(({ item }) => item),
  ...["why", "version"],
];

/** The row of a submission: points in all and of each item, and why points were lost. */
function csvRow({ file, points, max, items, remarks, version }, header) {
  const reasons = items.flatMap((item) => losses(item).map(({ why }) => `(${item.item}) ${why}`));
  const fields = new Map([
    ["file", textField(file)],
    ["points", points],
    ["max", max],
    ...items.map((item) => [item.item, item.points]),
    ["why", textField([...reasons, ...remarks].join(" "))],
    ["version", version],
  ]);
  return header.map((name) => String(fields.get(name) ?? 0));
}

module.exports = { csvHeader, csvRow, csvText, progressLine, submissionText, textField };

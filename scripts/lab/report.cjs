"use strict";
// The scores as text, CSV and JSON.

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

/** A value as a field; what a spreadsheet would take for a formula is kept from being one. */
function field(value) {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row a submission: points in all and of each item, and why points were lost. */
function csv(submissions, rubric) {
  const items = rubric.map(({ item }) => item);
  const header = ["file", "points", "max", ...items, "why"];
  const rows = submissions.map(({ file, points, max, items: graded, remarks }) => {
    const reasons = graded.flatMap((item) =>
      losses(item).map(({ why }) => `(${item.item}) ${why}`),
    );
    const of = new Map(graded.map((item) => [item.item, item.points]));
    return [
      file,
      points,
      max,
      ...items.map((item) => of.get(item) ?? 0),
      [...reasons, ...remarks].join(" "),
    ];
  });
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}

module.exports = { csv, losses, submissionText };

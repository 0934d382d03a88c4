"use strict";
// TypeScript's complaints about types in plain words, for cells and for the lab's grader.
const { shorten } = require("../../lib/src/files/markup.cjs");

/** A value of one type where another is needed: assigned, passed, or with members missing. */
const MISMATCH = [2322, 2345, 2739, 2740, 2741];

/** Of a type: its name, and not all that it holds. */
const typeName = (type) => shorten(type.replace(/typeof import\(.*?\)/g, "module"), 60);

/** What is needed and what is given, in one sentence; null where the complaint is another one. */
function typeWords({ code, text }) {
  const [first] = text.split("\n");
  const found = MISMATCH.includes(code) && first.match(/[Tt]ype '(.+?)' .*type '(.+?)'/);
  if (!found) return null;
  const [given, needed] = found.slice(1).map(typeName);
  return `a ${needed} belongs there, and this is a ${given}.`;
}

module.exports = { typeName, typeWords };

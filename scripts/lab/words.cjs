"use strict";
// What a student reads where code failed: plain words, no stack traces.

const { shorten: cut } = require("../../lib/src/files/markup.cjs");
const { typeName, typeWords } = require("../kernel/typeWords.cjs");

const shorten = (text, length = 200) => cut(String(text).split("\n")[0], length);

/**
 * TypeScript's more frequent complaints, by its number and the words that it puts into them.
 *
 * @type {[codes: number[], pattern: RegExp, words: (...found: string[]) => string][]}
 */
const complaints = [
  [[18004], /property '(.+?)'/, (name) => `${name} is not known there.`],
  [[2552, 2304], /name '(.+?)'(?:.*mean '(.+?)')?/, unknownName],
  [
    [2451],
    /variable '(.+?)'/,
    (name) => `${name} is declared in the cell's first line: write it without const or let.`,
  ],
  [
    [2339, 2551],
    /Property '(.+?)' .*type '(.+?)'(?:.*mean '(.+?)')?/,
    (name, type, near) => `a ${typeName(type)} has no ${name}${near ? `: ${near} is meant` : ""}.`,
  ],
  [
    [2353, 2561],
    /'(.+?)' does not exist in type '(.+?)'(?:.*write '(.+?)')?/,
    (name, _type, near) => `there is no option ${name}${near ? `: ${near} is meant` : ""}.`,
  ],
  [
    [2554],
    /Expected (\S+) arguments?, but got (\d+)/,
    (needed, given) => `the function takes ${needed} in its brackets, not ${given}.`,
  ],
  [[2454], /Variable '(.+?)'/, (name) => `${name} has no value yet.`],
  [[1005, 1109, 1128, 1160, 1002], /(.+)/, (text) => `a slip of writing: ${shorten(text)}`],
];

function unknownName(name, near) {
  const meant = near ? `, ${near} is` : ": write it in this blank, or in a cell of its own";
  return `${name} is not known there${meant}.`;
}

function inWords({ code, text }) {
  const mismatch = typeWords({ code, text });
  if (mismatch) return mismatch;
  for (const [codes, pattern, words] of complaints) {
    const found = codes.includes(code) && text.split("\n")[0].match(pattern);
    if (found) return words(...found.slice(1));
  }
  return code === 0 ? "it is too complicated for the compiler." : shorten(text);
}

/** Code that TypeScript refuses; `before` lines of the cell come before the student's own. */
function compileFault(problems, { source, before }) {
  const [first] = problems;
  const own = first.line - before;
  const line = shorten((source.split("\n")[first.line] ?? "").trim(), 60);
  const where = own >= 0 && line ? `in line ${own + 1} of your code (${line})` : "in this cell";
  return `The cell does not compile, ${where}: ${inWords(first)}`;
}

/** Names that a cell does not know. */
function missingNames(problems) {
  return problems
    .filter(({ code }) => [2304, 2552, 18004].includes(code))
    .map(({ text }) => text.match(/(?:name|property) '(.+?)'/)?.[1])
    .filter((name) => name !== undefined);
}

/** Code that threw. */
function runFault({ name, message }) {
  const [, unknown] =
    name === "ReferenceError" ? (message.match(/^(\S+) is not defined/) ?? []) : [];
  if (unknown) return `Your code uses ${shorten(unknown, 60)}, which is not known there.`;
  return `Your code stopped with an error: ${shorten(message) || "without a message"}`;
}

/** Code whose process had to be ended, or ended itself. */
function wallsFault(kind, seconds) {
  const reasons = {
    time: `Your code did not end within ${seconds} seconds: does a loop go on for ever?`,
    memory: "Your code needed more memory than there is for it.",
    output: "The answer is far too large.",
    crash: "Your code ended the kernel, so nothing of it was left to grade.",
  };
  return reasons[kind];
}

module.exports = { compileFault, missingNames, runFault, wallsFault };

"use strict";
// What a student reads where code failed: plain words, no stack traces.

const shorten = (text, length = 240) => {
  const line = String(text).split("\n")[0];
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
};

/** Code that TypeScript refuses; `before` lines of the cell come before the student's own. */
function compileFault(problems, before) {
  const [{ line, text }] = problems;
  const where = line >= before ? `in line ${line - before + 1} of your code` : "in this cell";
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return `The cell does not compile, ${where}: ${shorten(text)}${more}`;
}

/** Code that threw. */
function runFault({ name, message }) {
  const [, unknown] =
    name === "ReferenceError" ? (message.match(/^(\S+) is not defined/) ?? []) : [];
  if (unknown) {
    return `Your code uses ${shorten(unknown, 60)}, which is not known there: in an object, write { ${shorten(unknown, 60)}: ${shorten(unknown, 60)} } for a name of an earlier cell; only code between the markers is graded.`;
  }
  return `Your code stopped with an error: ${shorten(message) || "without a message"}`;
}

/** Code whose process had to be ended, or ended itself. */
function sandboxFault(kind, seconds) {
  const reasons = {
    time: `Your code did not end within ${seconds} seconds: does a loop go on for ever?`,
    memory: "Your code needed more memory than there is for it.",
    output: "The answer is far too large.",
    crash: "Your code ended the kernel, so nothing of it was left to grade.",
  };
  return reasons[kind];
}

module.exports = { compileFault, runFault, sandboxFault };

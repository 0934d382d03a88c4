"use strict";
// What people who come from Python type by habit, and what to write here.
const ts = require("typescript");

/**
 * Lines that are not TypeScript at all: [pattern, what to write].
 *
 * @type {[RegExp, (found: RegExpMatchArray) => string][]}
 */
const habits = [
  [
    /^\s*!\s*(\S.*)$/,
    (m) =>
      `Cells have no shell. Write \`import { execSync } from "node:child_process"; console.log(execSync(${JSON.stringify(m[1].trim())}).toString())\`, or use a terminal (File → New → Terminal).`,
  ],
  [
    /^\s*%%?(time|timeit)\b/,
    () =>
      'There are no magics. Write `console.time("work"); …; console.timeEnd("work");` to time some lines; JupyterLab shows how long a cell took below its number.',
  ],
  [/^\s*%%?(who|whos)\b/, () => "There are no magics. Write `whos()` to list the variables."],
  [
    /^\s*%%?(cd)\b\s*(.*)$/,
    (m) => `There are no magics. Write \`process.chdir(${JSON.stringify(m[2] || "..")})\`.`,
  ],
  [
    /^\s*%%?(pip|conda)\b/,
    () => "There are no magics. Install packages in a terminal: `npm install NAME`.",
  ],
  [
    /^\s*%%?(matplotlib|load_ext|autoreload)\b/,
    (m) =>
      `There are no magics, and \`%${m[1]}\` is not needed: figures are drawn by \`show(…)\`, and local modules reload when they have changed.`,
  ],
  [/^\s*%%?\w+/, () => "There are no magics: write it in TypeScript."],
  [
    /^\s*\?\??\s*([\w.]+)\s*$|^\s*([\w.]+)\s*\?\??\s*;?\s*$/,
    (m) => `Put the cursor on \`${m[1] ?? m[2]}\` and press Shift-Tab to read about it.`,
  ],
  [
    /^\s*import\s+([\w.]+)(\s+as\s+(\w+))?\s*;?\s*$/,
    (m) =>
      m[1] === "numpy" || m[1] === "pandas"
        ? `There is no ${m[1]} here. ${m[1] === "numpy" ? 'Write `import { tf } from "starlit";` for tensors, or use arrays.' : 'Write `import { dataFrame } from "starlit";`.'}`
        : `Write \`import * as ${m[3] ?? m[1].split(".").at(-1)} from "${m[1].replaceAll(".", "/")}";\`.`,
  ],
  [
    /^\s*from\s+([\w.]+)\s+import\s+(.+?)\s*;?\s*$/,
    (m) =>
      `Write \`import { ${m[2].replace(/[()]/g, "").trim()} } from "${m[1].replaceAll(".", "/")}";\`.`,
  ],
  [
    /^\s*(async\s+)?def\s+(\w+)\s*\((.*?)\)\s*(->.*)?:\s*$/,
    (m) => `Write \`${m[1] ?? ""}function ${m[2]}(${m[3]}) { … }\`.`,
  ],
  [/^\s*class\s+(\w+)(\(.*\))?\s*:\s*$/, (m) => `Write \`class ${m[1]} { … }\`.`],
  [
    /^\s*for\s+(\w+)\s+in\s+range\((.+)\)\s*:\s*.*$/,
    (m) =>
      `Write \`for (let ${m[1]} = 0; ${m[1]} < ${m[2].split(",").at(-1)?.trim()}; ${m[1]}++) { … }\`.`,
  ],
  [
    /^\s*for\s+(.+?)\s+in\s+(.+?)\s*:\s*.*$/,
    (m) => `Write \`for (const ${m[1].includes(",") ? `[${m[1]}]` : m[1]} of ${m[2]}) { … }\`.`,
  ],
  [
    /^\s*(if|elif|while)\s+(.+?)\s*:\s*.*$/,
    (m) => `Write \`${m[1] === "elif" ? "} else if" : m[1]} (${m[2]}) { … }\`.`,
  ],
  [/^\s*(else|try|finally)\s*:\s*$/, (m) => `Write \`${m[1]} { … }\`.`],
  [/^\s*except\b.*:\s*$/, () => "Write `catch (error) { … }`."],
  [
    /^\s*with\s+.+\s+as\s+(\w+)\s*:\s*$/,
    (m) => `Write \`using ${m[1]} = …;\`, or \`try { … } finally { … }\`.`,
  ],
  [/^\s*lambda\b|[=(,]\s*lambda\s+([\w, ]*):/, (m) => `Write \`(${(m[1] ?? "x").trim()}) => …\`.`],
  [/^\s*print\s+[^(\s=].*$/, () => "Write `console.log(…)`."],
  [
    /\[.+\bfor\s+(\w+)\s+in\s+.+\]/,
    (m) =>
      `There are no comprehensions. Write \`values.map((${m[1]}) => …)\`, and \`.filter(…)\` before it.`,
  ],
  [
    /(^|[^\w"'])f("[^"]*"|'[^']*')/,
    (m) => `Write a template: \`\\\`${m[2].slice(1, -1).replace(/\{/g, "${")}\\\`\`.`,
  ],
  [/^\s*#(?!!)\s?(.*)$/, (m) => `A comment begins with \`//\`: \`// ${m[1]}\`.`],
  [
    /\bnot\s+\w|\w\s+(and|or|is|is not)\s+\w/,
    () => "Write `!`, `&&`, `||` and `===` for `not`, `and`, `or` and `is`.",
  ],
];

/** Names that Python has: [name, what to write]. */
const names = {
  print: "`console.log(…)`",
  None: "`null`",
  True: "`true`",
  False: "`false`",
  len: "`x.length`",
  range: "`Array.from({ length: n }, (_, i) => i)`",
  str: "`String(x)`",
  int: "`Math.trunc(Number(x))`",
  float: "`Number(x)`",
  list: "`[...x]`",
  dict: "`{}` or `new Map()`",
  set: "`new Set(x)`",
  tuple: "`[a, b] as const`",
  type: "`typeof x`",
  isinstance: '`x instanceof Class`, or `typeof x === "string"`',
  sum: "`xs.reduce((a, b) => a + b, 0)`",
  min: "`Math.min(...xs)`",
  max: "`Math.max(...xs)`",
  abs: "`Math.abs(x)`",
  round: "`Math.round(x)`, or `x.toFixed(2)`",
  sorted: "`xs.toSorted((a, b) => a - b)`",
  reversed: "`xs.toReversed()`",
  enumerate: "`xs.entries()`",
  zip: "`xs.map((x, i) => [x, ys[i]])`",
  map: "`xs.map((x) => …)`",
  filter: "`xs.filter((x) => …)`",
  any: "`xs.some((x) => …)`",
  all: "`xs.every((x) => …)`",
  open: '`fs.readFileSync(name, "utf8")` with `import fs from "node:fs"`',
  dir: "`Object.keys(x)`, or `whos()` for the variables of the session",
  vars: "`whos()`",
  globals: "`whos()`",
  locals: "`whos()`",
  Exception: "`Error`",
  ValueError: "`RangeError` or `Error`",
  self: "`this`",
  np: 'tensors (`import { tf } from "starlit";`) or plain arrays',
  pd: '`dataFrame(rows)` (`import { dataFrame } from "starlit";`)',
  plt: '`show(…)` with a figure of "starlit"',
  nn: "`tf.layers`",
  torch: '`import { tf } from "starlit";`',
};

/**
 * One line that says what to write instead, as `{ text, line }`; null where it is no habit.
 *
 * @param problems what TypeScript said, see compile.cjs
 */
function hintFor(code, problems) {
  const [first] = problems;
  if (!first || first.file) return null;
  const { node, unknown } = first;
  if (unknown) {
    const { parent } = node;
    const isTarget =
      ts.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (isTarget)
      return {
        text: `\`${unknown}\` is new: declare it, \`let ${asText(parent, 60)};\` (or \`const\`, if it never changes).`,
        line: first.line,
      };
    const called = ts.isCallExpression(parent) && parent.expression === node;
    if (/^(exit|quit)$/.test(unknown))
      return {
        text: "A cell does not end the kernel: use Kernel → Shut Down Kernel.",
        line: first.line,
      };
    if (unknown === "help" && called)
      return {
        text: `There is no \`help\`: put the cursor on \`${parent.arguments[0]?.getText() ?? "the name"}\` and press Shift-Tab.`,
        line: first.line,
      };
    if (
      Object.hasOwn(names, unknown) &&
      (called ||
        ![
          "list",
          "set",
          "dict",
          "map",
          "filter",
          "type",
          "str",
          "min",
          "max",
          "all",
          "any",
        ].includes(unknown))
    )
      return {
        text: `\`${unknown}\` is Python's: write ${names[unknown]} here.`,
        line: first.line,
      };
  }
  const lines = code.split("\n");
  // A line that cannot be read, or speaks of what is not there.
  const isSuspect = (each) => each.code < 2000 || each.code === 2307 || each.unknown;
  const suspects = new Set(problems.filter(isSuspect).map(({ line }) => line));
  for (const line of suspects) {
    // A comment or a text may say anything.
    const text = lines[line - 1] ?? "";
    if (/^\s*(\/\/|\*|\/\*)/.test(text)) continue;
    for (const [pattern, advice] of habits) {
      const found = text.match(pattern);
      if (found) return { text: advice(found), line };
    }
  }
  return null;
}

function asText(node, length) {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

module.exports = { hintFor };

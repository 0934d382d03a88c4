"use strict";
// What people who come from Python type by habit, and what to write here.
const ts = require("typescript");

const tensors =
  'write `import { fit, tf } from "starlit";`: layers are `tf.layers`, trainings `fit(…)`.';
const figures = "figures of `starlit`, such as `learningCurves(…)`, are drawn by `show(…)`.";

/** Python's packages: [name, where to find the same here]. */
const packages = {
  numpy: 'write `import { tf } from "starlit";` for tensors, or use arrays.',
  scipy: 'write `import { tf } from "starlit";` for tensors, or use arrays.',
  pandas: 'write `import { dataFrame } from "starlit";`.',
  tensorflow: tensors,
  keras: tensors,
  torch: tensors,
  sklearn:
    'write `import { trainTestSplit } from "starlit";`: what there is of it has its names in camelCase.',
  matplotlib: figures,
  seaborn: figures,
  plotly: figures,
  math: "`Math.sqrt(2)` and its kin are there without an import.",
  random:
    '`Math.random()` is there without an import; `import { Random } from "starlit";` takes a seed.',
  json: "`JSON.parse(text)` and `JSON.stringify(value)` are there without an import.",
  re: "a pattern is written `/a+b/`, as in `text.match(/a+b/)`.",
  sys: "`process` is there without an import.",
  time: "`Date.now()` and `performance.now()` are there without an import.",
  datetime: "`new Date()` is there without an import.",
  csv: 'write `import { loadReviews } from "starlit";` for a table of reviews, or `import fs from "node:fs";`.',
  pathlib: 'write `import path from "node:path";`.',
  collections: "write `new Map()` or `{}`.",
  itertools: "write a loop, or `xs.flatMap(…)`.",
  functools: "write `xs.reduce(…)`, or a function.",
  typing: "types are there without an import.",
};

/** A Python name as the library has it, e.g. `trainTestSplit`; null where it has none. */
function ownName(name, isExported) {
  const camel = name
    .replace(/\s+as\s+.*/, "")
    .replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const small = camel.charAt(0).toLowerCase() + camel.slice(1);
  return [camel, small, camel.toLowerCase()].find((each) => isExported(each)) ?? null;
}

/**
 * Lines that are not TypeScript at all: [pattern, what to write].
 *
 * @type {[RegExp, (found: RegExpMatchArray, isExported: (name: string) => boolean) => string][]}
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
    (m) => {
      const [root] = m[1].split(".");
      if (Object.hasOwn(packages, root)) return `\`${root}\` is Python's: ${packages[root]}`;
      return `Write \`import * as ${m[3] ?? m[1].split(".").at(-1)} from "${m[1].replaceAll(".", "/")}";\`.`;
    },
  ],
  [
    /^\s*from\s+([\w.]+)\s+import\s+(.+?)\s*;?\s*$/,
    (m, isExported) => {
      const [root] = m[1].split(".");
      const wanted = m[2].replace(/[()]/g, "").trim();
      if (!Object.hasOwn(packages, root))
        return `Write \`import { ${wanted} } from "${m[1].replaceAll(".", "/")}";\`.`;
      const own = wanted.split(",").flatMap((each) => ownName(each.trim(), isExported) ?? []);
      return own.length > 0
        ? `\`${root}\` is Python's. Write \`import { ${own.join(", ")} } from "starlit";\`.`
        : `\`${root}\` is Python's: ${packages[root]}`;
    },
  ],
  [
    /^\s*([\w.]+(?:\s*,\s*[\w.]+)+)\s*=(?!=)\s*(.+?)\s*;?\s*$/,
    (m) => {
      const right = m[2].includes(",") ? `[${m[2].replace(/^\((.*)\)$/, "$1")}]` : m[2];
      return `Write \`const [${m[1]}] = ${right};\`, or the same without \`const\` where the names are there already.`;
    },
  ],
  [
    /^\s*(pip3?|conda|npm)\s+install\b/,
    () =>
      "A cell installs nothing. Write `npm install NAME` in a terminal (File → New → Terminal); Python's packages don't serve here.",
  ],
  [
    /^\s*raise\b\s*(?:\w+\((.*)\))?/,
    (m) => `Write \`throw ${m[1] === undefined ? "error" : `new Error(${m[1]})`};\`.`,
  ],
  [
    /^\s*assert\b\s*(.+?)(?:,\s*(["'].*["']))?\s*;?\s*$/,
    (m) =>
      `Write \`if (!(${m[1].replace(/^\((.*)\)$/, "$1")})) throw new Error(${m[2] ?? '"…"'});\`.`,
  ],
  [
    /^\s*del\s+(.+?)\s*;?\s*$/,
    (m) =>
      /[[.]/.test(m[1])
        ? `Write \`delete ${m[1]};\` for an entry of an object, \`xs.splice(i, 1)\` for one of a list.`
        : `Variables are not deleted: declare \`${m[1]}\` anew when you need it; tensors end by \`${m[1]}.dispose()\`.`,
  ],
  [/^\s*pass\s*;?\s*$/, () => "Write nothing: `{}` is an empty block."],
  [
    /^\s*(global|nonlocal)\s+\w/,
    () => "Leave it out: a function may assign to variables from outside.",
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
  sns: '`show(…)` with a figure of "starlit"',
  keras: "`tf.layers`",
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
 * @param isExported whether `starlit` has something of a name
 */
function hintFor(code, problems, isExported) {
  const [first] = problems;
  if (!first || first.file) return null;
  if (isDoubled(first)) return declaredTwice(problems.filter(isDoubled));
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
    if (isChange(parent, node))
      return {
        text: `\`${unknown}\` has no value yet: declare it before, \`let ${unknown} = 0;\`.`,
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
  const isSuspect = ({ code: number, unknown: name }) =>
    number < 2000 || number === 2307 || number === 2695 || name;
  const suspects = new Set(problems.filter(isSuspect).map(({ line }) => line));
  for (const line of suspects) {
    // A comment or a text may say anything.
    const text = lines[line - 1] ?? "";
    if (/^\s*(\/\/|\*|\/\*)/.test(text)) continue;
    for (const [pattern, advice] of habits) {
      const found = text.match(pattern);
      if (found) return { text: advice(found, isExported), line };
    }
  }
  return null;
}

const isDoubled = ({ code }) => code === 2451 || code === 2300;

/** Names that a cell declares more than once, as `const x` below a line that declares `x`. */
function declaredTwice(problems) {
  const lines = new Map(); // name → lines where it is declared
  for (const { text, line } of problems) {
    const name = text.match(/'(.+?)'/)?.[1];
    lines.set(name, [...(lines.get(name) ?? []), line]);
  }
  const [first, again = first] = [...lines.values()][0];
  const names = [...lines.keys()].map((name) => `\`${name}\``).join(" and ");
  const are = lines.size > 1 ? "are" : "is";
  const them = lines.size > 1 ? "their values" : "its value";
  return {
    text: `${names} ${are} declared in line ${first} of this cell already: give ${them} without \`const\` or \`let\`.`,
    line: again,
  };
}

/** `x += 1`, `x++` */
function isChange(parent, node) {
  if (ts.isBinaryExpression(parent))
    return parent.left === node && ts.isAssignmentOperator(parent.operatorToken.kind);
  const steps = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken];
  return (
    (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
    steps.includes(parent.operator)
  );
}

function asText(node, length) {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

module.exports = { hintFor };

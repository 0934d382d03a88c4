"use strict";
// Compiles cells as the notebooks' kernel does, in a process within walls: types may take for ever to
// check, and a cell may name any file as a module. Nothing of a submission runs here.
const path = require("node:path");
const ts = require("@tslab/typescript-for-tslab");
const { receive, send } = require("./walls/wire.cjs");

const tslab = path.dirname(require.resolve("tslab/package.json"));
const { createConverter } = require(path.join(tslab, "dist/converter.js"));

// Modules are looked for from the lab's folder, as in the notebook.
process.chdir(process.argv[2]);
const converter = createConverter({ isJS: false, isBrowser: false });

const parse = (source) => ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);

/** `{ name }` written out: tslab looks for it in this cell alone. */
function writtenOut(source) {
  const places = [];
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node) && !node.objectAssignmentInitializer)
      places.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return places.reduceRight(
    (text, { end, text: name }) => `${text.slice(0, end)}: ${name}${text.slice(end)}`,
    source,
  );
}

/** Names that a cell declares at its top. */
function namesOf(source) {
  const names = [];
  const add = (name) => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const { name: inner } of name.elements) if (inner) add(inner);
  };
  for (const statement of parse(source).statements) {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) add(name);
    else {
      const { name } = /** @type {any} */ (statement);
      if (name && ts.isIdentifier(name)) names.push(name.text);
    }
  }
  return names;
}

const operations = {
  compile({ declarations, source }) {
    const converted = converter.convert(declarations, writtenOut(source));
    const { diagnostics, output, declOutput, hasToplevelAwait } = converted;
    return {
      problems: diagnostics.slice(0, 20).map(({ start, code, messageText }) => ({
        line: start.line,
        code,
        text: messageText.slice(0, 1000),
      })),
      code: output ?? "",
      awaits: Boolean(hasToplevelAwait),
      declarations: declOutput ?? "",
    };
  },
  names: ({ sources }) => sources.map(namesOf),
};

for (let message = receive(); message; message = receive()) {
  try {
    send({ ok: true, value: operations[message.operation](message) });
  } catch (error) {
    send({ ok: false, error: { name: error.name, message: error.message.slice(0, 1000) } });
  }
}
process.exit(0);

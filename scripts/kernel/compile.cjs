"use strict";
// A cell's text to JavaScript, or to what TypeScript has against it.
const ts = require("typescript");
const { awaitsToYields } = require("./awaits.cjs");
const { Scope, rewrite } = require("./rewrite.cjs");

// `import fs = require("fs")`; a variable that has no value yet; a type that is left out (7005 to 7057).
const isAllowed = (code) => code === 1202 || code === 2454 || (code >= 7005 && code <= 7057);
// "Cannot find name": in a function it may be the name of a later cell.
const UNKNOWN_NAME = new Set([2304, 2552, 18004]);

class Compiler {
  #program;
  #captured = new Set(); // names that functions of any cell so far may read or write

  /** @param program {import("./program.cjs").Program} */
  constructor(program) {
    this.#program = program;
  }

  /**
   * @returns {{ cell: any, problems: any[], js?: string, map?: object, imports?: string[] }} without
   *   problems the body of a generator, its source map, and the names that were taken from `starlit`
   *   unasked
   */
  compile(code) {
    let cell = this.#program.open(code);
    let problems = problemsOf(cell);
    const imports = this.#fromLibrary(problems);
    if (imports.length > 0) {
      cell = this.#program.open(code, imports);
      problems = problemsOf(cell);
    }
    problems = problems.filter((each) => !mayComeLater(each));
    if (problems.length > 0) return { cell, problems };
    const scope = new Scope(cell);
    for (const each of scope.captured) this.#captured.add(each);
    return {
      cell,
      problems,
      imports,
      ...emit(
        cell,
        rewrite(cell, scope, (each) => this.#captured.has(each)),
      ),
    };
  }

  /** Unknown names that `starlit` exports. */
  #fromLibrary(problems) {
    const unknown = [...new Set(problems.flatMap(({ unknown }) => unknown ?? []))];
    return unknown.filter((name) => this.#program.library.has(name));
  }
}

function emit({ program, source }, before) {
  const written = {};
  const write = (file, text) => (written[file.endsWith(".map") ? "map" : "js"] = text);
  program.emit(source, write, undefined, false, { before: [before], after: [awaitsToYields] });
  return {
    js: written.js.replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
    map: JSON.parse(written.map),
  };
}

/**
 * What is wrong with a cell and with the local modules that it imports, as `{ text, file, line,
 * column, length, code, node, unknown }`, lines and columns from 1; `file` is null for the cell.
 */
function problemsOf({ program, source, code, unparsed }) {
  const found = [source, ...localModules(program, source)].flatMap((file) => {
    const syntactic = file === source ? unparsed : program.getSyntacticDiagnostics(file);
    return syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
  });
  return found
    .filter(
      ({ file, start, code: number }) =>
        !isAllowed(number) && (file !== source || start <= code.length),
    )
    .map((diagnostic) => {
      const { start = 0, length = 1, messageText } = diagnostic;
      const file = unparsed.includes(diagnostic) ? source : diagnostic.file;
      const { line, character } = file.getLineAndCharacterOfPosition(start);
      const node = file === source ? nodeAt(source, start, length) : null;
      return {
        text: ts.flattenDiagnosticMessageText(messageText, "\n"),
        file: file === source ? null : file.fileName,
        line: line + 1,
        column: character + 1,
        length,
        code: diagnostic.code,
        node,
        unknown:
          UNKNOWN_NAME.has(diagnostic.code) && node && ts.isIdentifier(node) ? node.text : null,
      };
    });
}

function nodeAt(source, start, length) {
  let found = source;
  const walk = (node) => {
    if (node.getStart(source) > start || node.end < start + length) return;
    found = node;
    ts.forEachChild(node, walk);
  };
  ts.forEachChild(source, walk);
  return found;
}

/** Names in functions are looked up when the function runs; but a slip of the pen is told now. */
function mayComeLater({ unknown, node, text }) {
  if (!unknown || !ts.findAncestor(node, ts.isFunctionLike)) return false;
  const [, meant] = text.match(/Did you mean '(.+)'\?/) ?? [];
  const letters = (name) => name.replace(/\d+/g, "");
  return !meant || letters(meant) === letters(unknown); // `step2` beside `step1` is no slip
}

/** The reader's own modules that a file imports, and theirs. */
function localModules(program, source, found = new Set()) {
  for (const { text } of source.imports ?? []) {
    if (!text.startsWith(".") || text.startsWith("./Cell [")) continue;
    const { resolvedModule } =
      program.getResolvedModuleFromModuleSpecifier?.(
        source.imports.find((each) => each.text === text),
        source,
      ) ?? {};
    const file = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
    if (
      !file ||
      found.has(file) ||
      file.isDeclarationFile ||
      /\.(json|[cm]?js)$/.test(file.fileName)
    )
      continue;
    found.add(file);
    localModules(program, file, found);
  }
  return [...found];
}

module.exports = { Compiler };

"use strict";
// The cells as TypeScript sees them. Each cell is a module of its own, `Cell [3].ts`, that takes what
// it does not declare itself from the latest cell that does: those declarations stand in its last
// line, after the reader's text, so that every position in the text stays what it is.
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");

const ROOT = path.resolve(__dirname, "../..");
const { SymbolFlags } = ts;

const options = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.esnext.decorators.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  typeRoots: [path.join(ROOT, "node_modules/@types")],
  types: ["node"],
  strictNullChecks: true,
  // So that `const found = []` takes its type from what is put in; a parameter may go without one.
  noImplicitAny: true,
  strictBindCallApply: true,
  noImplicitThis: true,
  useUnknownInCatchVariables: false,
  esModuleInterop: true,
  resolveJsonModule: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  allowUnusedLabels: true,
  preserveConstEnums: true,
  skipLibCheck: true,
  sourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
};

class Program {
  #directory;
  #texts = new Map(); // file name → text, of cells
  #versions = new Map();
  #names = new Map(); // name → { file, variable: "let", "const" or "" }, of the latest cell that has it
  /** @type {Map<string, { type: string, docs: string }> | null} */
  #library = null;
  #draft; // the file of the cell at hand; a program keeps its structure while its roots are the same
  #service;

  /** @param directory where relative imports start: the notebook's folder */
  constructor(directory) {
    this.#directory = directory;
    this.#draft = path.join(directory, "Cell [ ].ts");
    this.#write(this.#draft, "export {};");
    const cell = (file) => this.#texts.get(file);
    const host = {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [this.#draft, path.join(__dirname, "globals.d.ts")],
      getScriptVersion: (file) => this.#versions.get(file) ?? versionOnDisk(file),
      getScriptSnapshot(file) {
        const text = cell(file) ?? ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => directory,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (file) => cell(file) !== undefined || ts.sys.fileExists(file),
      readFile: (file) => cell(file) ?? ts.sys.readFile(file),
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      readDirectory: ts.sys.readDirectory,
      realpath: ts.sys.realpath,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      resolveModuleNameLiterals: (literals, file) =>
        literals.map(({ text }) => this.#resolve(text, file)),
    };
    this.#service = ts.createLanguageService(host);
  }

  /** Where a module lies, for TypeScript: from the cell's folder, else from the project's. */
  #resolve(name, file) {
    if (name.startsWith("./Cell [")) {
      const resolvedFileName = path.join(this.#directory, `${name.slice(2)}.ts`);
      return { resolvedModule: { resolvedFileName, extension: ".ts" } };
    }
    const found = ts.resolveModuleName(name, file, options, ts.sys);
    if (found.resolvedModule || /^[./]/.test(name)) return found;
    return ts.resolveModuleName(name, path.join(ROOT, "cell.ts"), options, ts.sys);
  }

  /** The file of a local module, or null where Node finds the module by itself. */
  localFile(specifier, from) {
    const file = this.#resolve(specifier, from).resolvedModule?.resolvedFileName;
    const own = file && !/[\\/]node_modules[\\/]|\.d\.[cm]?ts$/.test(file) && fs.existsSync(file);
    return own ? file : null;
  }

  /**
   * Puts a cell's text among the earlier cells, in place of the cell that was looked at before.
   *
   * @param code the reader's text
   * @param imports names that the cell takes from `starlit` without saying so
   */
  open(code, imports = []) {
    const file = this.#draft;
    const parsed = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
    // While it is being written a bracket is open, or a name is missing: neither may swallow the last line.
    const closed = parsed.parseDiagnostics.length > 0 ? ` ${closersOf(code)};` : "";
    this.#write(file, `${code}${closed}\n${this.#tail(parsed, imports)}`);
    const program = /** @type {import("typescript").Program} */ (this.#service.getProgram());
    const source = /** @type {import("typescript").SourceFile} */ (program.getSourceFile(file));
    const checker = program.getTypeChecker();
    return {
      code,
      file,
      source,
      program,
      checker,
      service: this.#service,
      unparsed: parsed.parseDiagnostics,
    };
  }

  /**
   * After a cell has run: what it declared comes from it from now on; values only where it bound them.
   *
   * @param name e.g. "Cell [3]"
   */
  keep({ source, code, checker }, name, bound) {
    const file = path.join(this.#directory, `${name}.ts`);
    this.#write(file, source.text);
    for (const { name, node, variable } of declarationsIn(source, code.length)) {
      const isValue = meaning(checker, node) & SymbolFlags.Value;
      if (isValue && !bound.has(name)) continue;
      const merged = this.#names.get(name)?.file === file; // as an interface beside its constant
      this.#names.set(name, { file, variable: merged ? "" : variable });
    }
    for (const name of importedUnsaid(source, code)) this.#names.set(name, { file, variable: "" });
  }

  /**
   * What `starlit` exports for a program to use, by name, with its type and the first line of its
   * documentation. Read once: the library's types take a while, and where no cell imports them they
   * are not kept.
   *
   * @returns {Map<string, { type: string, docs: string }>}
   */
  get library() {
    if (this.#library) return this.#library;
    const { checker, source } = this.open('import * as library from "starlit"; library;');
    const namespace = checker.resolveName("library", source, SymbolFlags.Alias, false);
    const exported = namespace
      ? checker.getExportsOfModule(checker.getAliasedSymbol(namespace))
      : [];
    const library = (this.#library = new Map());
    for (const symbol of exported) {
      const meant = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (!(meant.flags & SymbolFlags.Value) || !meant.declarations?.length) continue;
      const type = checker.typeToString(checker.getTypeOfSymbol(meant));
      const [docs] = ts.displayPartsToString(meant.getDocumentationComment(checker)).split("\n");
      library.set(symbol.name, { type, docs });
    }
    return library;
  }

  /** The names that cells declared, as `{ name: type }`, seen from a new cell. */
  types(names) {
    const { checker, source } = this.open(names.map((name) => `${name};`).join("\n"));
    const statements = source.statements.slice(0, names.length);
    return new Map(
      statements.filter(ts.isExpressionStatement).map(({ expression }) => {
        const type = checker.getTypeAtLocation(expression);
        return [
          expression.getText(source),
          checker.typeToString(type, undefined, ts.TypeFormatFlags.None),
        ];
      }),
    );
  }

  #write(file, text) {
    if (this.#texts.get(file) === text) return;
    this.#texts.set(file, text);
    this.#versions.set(file, String(Number(this.#versions.get(file) ?? 0) + 1));
  }

  /** The line that declares what earlier cells left, and exports what this one declares. */
  #tail(parsed, imports) {
    const own = new Set(declarationsIn(parsed, parsed.end).map(({ name }) => name));
    const lines = [];
    for (const [name, { file, variable }] of this.#names) {
      if (own.has(name)) continue;
      const from = JSON.stringify(`./${path.basename(file, ".ts")}`);
      // A variable can be assigned to, an import cannot.
      lines.push(
        variable
          ? `declare ${variable} ${name}: typeof import(${from}).${name};`
          : `import { ${name} } from ${from};`,
      );
    }
    if (imports.length > 0) lines.push(`import { ${imports.join(", ")} } from "starlit";`);
    const exported = exportedIn(parsed);
    const names = [...own, ...imports].filter((name) => !exported.has(name));
    return `${lines.join(" ")} export { ${names.join(", ")} };`;
  }
}

/** Whether a statement stands behind the reader's text. */
const isAfter = (statement, end) => statement.getStart() > end;

/** The brackets that a text leaves open, closed. */
function closersOf(code) {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, code);
  const pairs = new Map([
    [ts.SyntaxKind.OpenBraceToken, "}"],
    [ts.SyntaxKind.OpenParenToken, ")"],
    [ts.SyntaxKind.OpenBracketToken, "]"],
  ]);
  const open = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (pairs.has(token)) open.push(pairs.get(token));
    else if (open.at(-1) === scanner.getTokenText()) open.pop();
  }
  return open.reverse().join("");
}

/** The names that the last line takes from a package. */
function importedUnsaid(source, code) {
  const tail = source.statements
    .filter((each) => isAfter(each, code.length))
    .filter(ts.isImportDeclaration);
  const unsaid = tail.filter(({ moduleSpecifier }) => !moduleSpecifier.text.startsWith("./Cell ["));
  return unsaid.flatMap(({ importClause }) =>
    importClause.namedBindings.elements.map(({ name }) => name.text),
  );
}

/** Versions of the files on the disk. Packages stay as they are while a kernel runs. */
function versionOnDisk(file) {
  if (/[\\/]node_modules[\\/]|\.d\.[cm]?ts$/.test(file)) return "1";
  const { mtimeMs, size } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

/** Whether a name stands for a value, a type or both, imported ones included. */
function meaning(checker, node) {
  const symbol = checker.getSymbolAtLocation(node.name);
  if (!symbol) return SymbolFlags.Value;
  if (!(symbol.flags & SymbolFlags.Alias)) return symbol.flags;
  if (ts.isTypeOnlyImportOrExportDeclaration(node)) return SymbolFlags.Type;
  const { flags } = checker.getAliasedSymbol(symbol);
  return (
    flags & (SymbolFlags.Value | SymbolFlags.Type | SymbolFlags.Namespace) || SymbolFlags.Value
  );
}

/**
 * What a cell declares at its top, in the order of the text: `{ name, node, statement, variable }`;
 * `variable` is "let" (`var` included) or "const" for variables, "" for the rest.
 */
function declarationsIn(source, end) {
  const found = [];
  const add = (node, statement, variable = "") =>
    found.push({ name: node.name.text, node, statement, variable });
  const addBindings = (name, statement, variable) => {
    if (ts.isIdentifier(name)) return add(name.parent, statement, variable);
    for (const element of name.elements)
      if (ts.isBindingElement(element)) addBindings(element.name, statement, variable);
  };
  const addVars = (node, statement) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped))
      for (const { name } of node.declarations) addBindings(name, statement, "let");
    ts.forEachChild(node, (child) => addVars(child, statement));
  };
  for (const statement of source.statements) {
    if (isAfter(statement, end)) break;
    if (
      ts.isVariableStatement(statement) &&
      statement.declarationList.flags & ts.NodeFlags.BlockScoped
    ) {
      const variable =
        statement.declarationList.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)
          ? "const"
          : "let";
      for (const { name } of statement.declarationList.declarations)
        addBindings(name, statement, variable);
    } else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name) add(statement.importClause, statement);
      if (!namedBindings) continue;
      const bindings = ts.isNamedImports(namedBindings) ? namedBindings.elements : [namedBindings];
      for (const binding of bindings) add(binding, statement);
    } else if (statement.name && ts.isIdentifier(statement.name)) add(statement, statement);
    else addVars(statement, statement);
  }
  return found;
}

/** The names that a cell exports by itself. */
function exportedIn(source) {
  const names = new Set();
  for (const { name, statement } of declarationsIn(source, source.end))
    if (ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Export) names.add(name);
  for (const statement of source.statements)
    if (ts.isExportDeclaration(statement) && statement.exportClause) {
      const { exportClause: clause } = statement;
      for (const { name } of ts.isNamedExports(clause) ? clause.elements : [clause])
        names.add(name.text);
    }
  return names;
}

module.exports = { Program, declarationsIn, isAfter, meaning };

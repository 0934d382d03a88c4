"use strict";
// What a cell imports: packages, Node, JSON, and the reader's own modules in TypeScript, which are
// loaded again once they, or what they import, have changed. Packages come from the notebook's
// folder, or else from the project's: so `starlit` is found from anywhere.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const util = require("node:util");
const ts = require("typescript");
const { registerSource } = require("./errors.cjs");

const PROJECT = path.resolve(__dirname, "../../package.json");

class Modules {
  #program;
  #directory;
  #loaded = new Map(); // file → { stamp, module, needs }

  constructor(program, directory) {
    this.#program = program;
    this.#directory = directory;
  }

  /** `require` for a file of that folder. */
  requireFrom(file) {
    const own = Module.createRequire(file);
    const project = Module.createRequire(PROJECT);
    const load = (specifier) => {
      const local = /^[./]/.test(specifier) && this.#program.localFile(specifier, file);
      if (local) {
        this.#loaded.get(file)?.needs.add(local);
        return this.#local(local);
      }
      return resolves(own, specifier) ? own(specifier) : project(specifier);
    };
    return Object.assign(load, { resolve: own.resolve, cache: own.cache, main: undefined });
  }

  /** `import(specifier)` of a cell: CommonJS as ES modules see it. */
  async load(specifier) {
    const file = path.join(this.#directory, "cell.ts");
    try {
      return namespaceOf(this.requireFrom(file)(String(specifier)));
    } catch (error) {
      if (error?.code !== "ERR_REQUIRE_ESM" && error?.code !== "ERR_REQUIRE_ASYNC_MODULE")
        throw error;
      const bases = [file, PROJECT].map((base) => Module.createRequire(base));
      const found = bases.find((each) => resolves(each, specifier)) ?? bases[0];
      return import(pathToFileURL(found.resolve(specifier)).href);
    }
  }

  #local(file) {
    const known = this.#loaded.get(file);
    if (known && this.#isFresh(file)) return known.module.exports;
    /** @type {any} */
    const module = new Module(file);
    module.filename = file;
    module.paths = /** @type {any} */ (Module)._nodeModulePaths(path.dirname(file));
    module.require = this.requireFrom(file);
    this.#loaded.set(file, { stamp: stampOf(file), module, needs: new Set() });
    try {
      const text = fs.readFileSync(file, "utf8");
      if (file.endsWith(".json")) module.exports = JSON.parse(text);
      else module._compile(compiled(file, text), file);
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
    return module.exports;
  }

  #isFresh(file, asked = new Set()) {
    if (asked.has(file)) return true;
    asked.add(file);
    const known = this.#loaded.get(file);
    return (
      known?.stamp === stampOf(file) && [...known.needs].every((each) => this.#isFresh(each, asked))
    );
  }
}

function compiled(file, text) {
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      sourceMap: true,
    },
  });
  registerSource(file, text, JSON.parse(sourceMapText ?? "{}"));
  return outputText;
}

function stampOf(file) {
  const { mtimeMs, size } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

function resolves(require, specifier) {
  try {
    return Boolean(require.resolve(specifier));
  } catch (error) {
    return error.code !== "MODULE_NOT_FOUND";
  }
}

/** What `import * as` gives of a module. */
function namespaceOf(module) {
  if (module?.__esModule || util.types.isModuleNamespaceObject(module)) return module;
  const namespace = {};
  for (const name of Object.getOwnPropertyNames(Object(module)))
    if (name !== "default")
      Object.defineProperty(namespace, name, { enumerable: true, get: () => module[name] });
  Object.defineProperty(namespace, "default", { enumerable: true, value: module });
  return namespace;
}

module.exports = { Modules };

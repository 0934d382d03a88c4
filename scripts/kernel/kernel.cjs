"use strict";
// The kernel behind the protocol: what it is asked for, each in a file of its own.
const ts = require("typescript");
const { Comms } = require("./comms.cjs");
const { Compiler } = require("./compile.cjs");
const { complete } = require("./complete.cjs");
const { bundleOf, lineOf, textTable } = require("./display.cjs");
const { describe, fromInterrupt, fromProblems, fromThrown } = require("./errors.cjs");
const { inspect } = require("./inspect.cjs");
const { Interrupts } = require("./interrupts.cjs");
const { Modules } = require("./modules.cjs");
const { Program } = require("./program.cjs");
const { Session } = require("./session.cjs");
const tslab = require("./tslab.cjs");

const INTERRUPT_HOOK = Symbol.for("kernel.onInterrupt");

class Kernel {
  #program;
  #compiler;
  #session;
  #silent = 0;
  #cells = []; // that have ended, the last one last
  comms = new Comms();
  interrupts = new Interrupts();
  /**
   * Where the running cell prints, or the latest: what a cell left behind has no other place.
   * @type {import("./output.cjs").Output | null}
   */
  output = null;
  /** Whom the running cell asks. @type {(prompt: string, password: boolean) => Promise<string>} */
  #ask = () => Promise.reject(new Error("No cell is running."));

  /** @param directory the notebook's folder */
  constructor(directory) {
    this.#program = new Program(directory);
    this.#compiler = new Compiler(this.#program);
    this.#session = new Session(new Modules(this.#program, directory), this.interrupts, directory);
    Object.assign(globalThis, {
      input: (prompt = "", { password = false } = {}) => this.#ask(String(prompt), password),
      /** @type {typeof display} */
      display: (value, { id, update = false } = {}) => void this.#display(value, id, update),
      whos: () => this.#whos(),
      [INTERRUPT_HOOK]: null,
      // A library may ask whether a cell failed, as the checks of the lab do.
      [Symbol.for("kernel.cells")]: this.#cells,
      [Symbol.for("kernel.comm")]: (target, message) =>
        this.comms.open(target, message, this.output),
    });
    tslab.showThrough((bundle, update) => this.output?.display(bundle, update));
  }

  /** Reads the libraries' types, so that the first cell need not wait for them. */
  warm() {
    this.#compiler.compile("0");
  }

  /** What the stop button does: a library may have set the hook to end its loop cleanly. */
  interrupt() {
    const hook = globalThis[INTERRUPT_HOOK];
    if (typeof hook === "function") hook();
    else this.#session.interrupt();
  }

  info() {
    return {
      status: "ok",
      protocol_version: "5.3",
      implementation: "tslab",
      implementation_version: tslab.version,
      banner: `TypeScript ${ts.version} (tslab ${tslab.version}, Node ${process.version})`,
      language_info: {
        name: "typescript",
        version: ts.version,
        mimetype: "text/typescript",
        file_extension: ".ts",
        // JupyterLab looks at `mode`, the classic notebook at the other two.
        codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      },
      help_links: [
        { text: "TypeScript", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      ],
    };
  }

  /** @returns null, or what went wrong */
  async execute(code, output, ask, number) {
    const failure = await this.#execute(code, output, ask, number);
    this.#cells.push({ code, failed: failure !== null });
    return failure;
  }

  async #execute(code, output, ask, number) {
    this.output = output;
    // A function of its own for each cell: by it a library tells cells apart.
    tslab.showThrough((bundle, update) => this.output?.display(bundle, update));
    this.#ask = ask;
    const name = number > 0 ? `Cell [${number}]` : `Silent cell [${++this.#silent}]`;
    this.#session.begin();
    const compiled = this.#compiler.compile(code);
    const { cell, problems, imports } = compiled;
    if (problems.length > 0)
      return fromProblems(problems, name, code, (each) => this.#program.library.has(each));
    if (imports?.length) output.write("stdout", `imported from starlit: ${imports.join(", ")}\n`);
    const { bound, value, thrown, place, interrupted } = await this.#session.run(compiled, name);
    this.#program.keep(cell, name, bound);
    if (interrupted) return fromInterrupt(place);
    if (thrown) return fromThrown(thrown[0], place);
    if (value !== undefined && number > 0) output.result(await bundleOf(value), number);
    return null;
  }

  complete({ code, cursor_pos }) {
    const reply = complete(this.#program, code, toUtf16(code, cursor_pos));
    const [cursor_start, cursor_end] = [reply.cursor_start, reply.cursor_end].map((each) =>
      toCodePoints(code, each),
    );
    for (const each of reply.metadata._jupyter_types_experimental)
      Object.assign(each, { start: cursor_start, end: cursor_end });
    return { ...reply, cursor_start, cursor_end };
  }

  inspect({ code, cursor_pos }) {
    return inspect(this.#program, code, toUtf16(code, cursor_pos));
  }

  isComplete({ code }) {
    const { parseDiagnostics } = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022);
    const open = parseDiagnostics.some(
      ({ start, code: number }) => start >= code.trimEnd().length || number === 1160,
    );
    if (open) return { status: "incomplete", indent: "" };
    return { status: parseDiagnostics.length > 0 ? "invalid" : "complete" };
  }

  /** A comm's message from the reader's browser. */
  receive(type, content, buffers) {
    return this.comms.receive(type, content, buffers, async (output, listener) => {
      this.output = output;
      try {
        await listener();
      } catch (error) {
        console.error(describe(error));
      }
      output.flush();
    });
  }

  #display(value, id, update) {
    const { output } = this;
    const transient = id === undefined ? {} : { display_id: id };
    const show = (bundle) => output?.display({ ...bundle, transient }, update);
    const bundle = bundleOf(value);
    return bundle instanceof Promise ? bundle.then(show) : show(bundle);
  }

  #whos() {
    const names = this.#session.names;
    const types = this.#program.types(names);
    const rows = names.map((name) => {
      const value = this.#session.valueOf(name);
      const type = types.get(name) ?? "";
      return {
        name,
        type: type.length > 50 ? `${type.slice(0, 49)}…` : type,
        value: lineOf(value).slice(0, 60),
      };
    });
    if (rows.length === 0) this.output?.write("stdout", "no variables yet\n");
    else {
      const table = { rows, columns: ["name", "type", "value"], count: rows.length, width: 3 };
      this.output?.write("stdout", `${textTable(table)}\n`);
    }
  }
}

// Jupyter counts a cursor's place in code points, JavaScript in UTF-16 units.
const toUtf16 = (text, position) => Array.from(text).slice(0, position).join("").length;
const toCodePoints = (text, position) => Array.from(text.slice(0, position)).length;

module.exports = { Kernel };

"use strict";
// Starts the TypeScript kernel of the notebooks: tslab compiles, checks and runs the cells; the
// Jupyter protocol, error reports and interrupts are ours. Jupyter runs it (see install.mjs) as
//   node launch.cjs --config-path <connection file>
const fs = require("node:fs");
const path = require("node:path");
const util = require("node:util");

// The parts of tslab that its package does not export by name: hence the exact pin in package.json.
const tslab = path.dirname(require.resolve("tslab/package.json"));
const jupyter = require(path.join(tslab, "dist/jupyter.js"));
const { createConverter } = require(path.join(tslab, "dist/converter.js"));
const { createExecutor } = require(path.join(tslab, "dist/executor.js"));
const { version } = require("tslab/package.json");
const typescript = require("@tslab/typescript-for-tslab");

const { Server } = require("./server.cjs");
const { nameCell } = require("./cells.cjs");
const { describe, fromThrown, fromTypeErrors } = require("./failures.cjs");

const INTERRUPT_HOOK = Symbol.for("kernel.onInterrupt");

function createKernel(directory) {
  let typeErrors = [];
  let thrown = []; // a list, since `undefined` can be thrown
  const reporter = {
    log: (value) => console.log(value),
    error(first, ...rest) {
      if (rest.length > 0) typeErrors.push(util.format(first, ...rest));
      else thrown.push(first);
    },
  };
  let cell = 0; // the number of the running cell
  const converters = createConverters((code) => nameCell(cell, code));
  const executor = createExecutor(directory, converters, reporter);
  const handler = new jupyter.JupyterHandlerImpl(executor, false);

  return {
    interrupt: () => executor.interrupt(),
    close: () => executor.close(),
    info() {
      const info = handler.handleKernel();
      const banner = `TypeScript ${typescript.version} (tslab ${version}, Node ${process.version})`;
      const language_info = { ...info.language_info, version: typescript.version };
      return { ...info, status: "ok", banner, language_info };
    },
    async execute(code, output, number) {
      redirect(output);
      cell = number;
      typeErrors = [];
      thrown = [];
      const ok = await executor.execute(code).catch((error) => void thrown.push(error));
      if (ok) return null;
      return typeErrors.length > 0 ? fromTypeErrors(typeErrors) : fromThrown(thrown[0]);
    },
    complete({ code, cursor_pos }) {
      const reply = handler.handleComplete({ code, cursor_pos: toUtf16(code, cursor_pos) });
      const cursor_start = toCodePoints(code, reply.cursor_start);
      return { ...reply, cursor_start, cursor_end: toCodePoints(code, reply.cursor_end) };
    },
    inspect({ code, cursor_pos }) {
      return handler.handleInspect({ code, cursor_pos: toUtf16(code, cursor_pos) });
    },
    isComplete: (content) => handler.handleIsComplete(content),
  };
}

/** tslab's compilers: the one for Node now, since the first cell waits for it. */
function createConverters(mark) {
  const node = createConverter({ isJS: false, isBrowser: false });
  const convert = (declarations, source) => {
    const converted = node.convert(declarations, source);
    return converted.output ? { ...converted, output: mark(converted.output) } : converted;
  };
  let browser; // only for cells marked `@browser`
  return {
    node: { ...node, convert },
    get browser() {
      return (browser ??= createConverter({ isJS: false, isBrowser: true }));
    },
    close() {
      node.close();
      browser?.close();
    },
  };
}

/** Sends what the process prints, and what libraries display through tslab, to a cell. */
function redirect(output) {
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (chunk, encoding, done) => {
      output.write(name, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      const callback = typeof encoding === "function" ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
  }
  jupyter.lastWriteDisplayData = (bundle, update) => output.display(bundle, update);
}

// Jupyter counts a cursor's place in code points, JavaScript in UTF-16 units.
const toUtf16 = (text, position) => Array.from(text).slice(0, position).join("").length;
const toCodePoints = (text, position) => Array.from(text.slice(0, position)).length;

/** A server that was killed cannot shut its kernels down: end with it. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(1), 1000).unref();
}

const configPath = process.argv[process.argv.indexOf("--config-path") + 1];
const kernel = createKernel(process.cwd());

// A library may set the hook to end its loop cleanly; without one, the cell ends with an error.
globalThis[INTERRUPT_HOOK] = null;
process.on("SIGINT", () => {
  const hook = globalThis[INTERRUPT_HOOK];
  if (typeof hook === "function") hook();
  else kernel.interrupt();
});
process.on("uncaughtException", (error) => console.error(describe(error)));
process.on("unhandledRejection", (reason) => console.error("Not awaited:", describe(reason)));
// A terminal behind Jupyter is not where cells print: no colours, no cursor movements.
for (const name of ["stdout", "stderr"])
  Object.defineProperty(process[name], "isTTY", { value: false });

endWithParent();
void new Server(JSON.parse(fs.readFileSync(configPath, "utf8")), kernel).listen();

"use strict";
// Runs compiled cells: their variables, their interrupts, what they leave.
const path = require("node:path");
const vm = require("node:vm");
const { registerSource } = require("./errors.cjs");
const { MARK, stored } = require("./names.cjs");

const STEP = Symbol.for("kernel.step");
// Node stops this script, and what it calls, at a SIGINT.
const step = new vm.Script("globalThis[Symbol.for('kernel.step')]()", {
  filename: path.join(__dirname, "session.cjs"),
});

/** Thrown into a cell where it waits when the reader presses stop. */
class Interrupt extends Error {
  /** @override */
  name = "Interrupted";
}

class Session {
  #modules;
  #interrupts;
  #directory;
  /** Ends the running cell. @type {(() => void) | null} */
  #interrupt = null;
  #stopped = false;
  #names = new Set();

  constructor(modules, interrupts, directory) {
    this.#modules = modules;
    this.#interrupts = interrupts;
    this.#directory = directory;
  }

  /** The names that cells have bound so far. */
  get names() {
    return [...this.#names];
  }

  valueOf(name) {
    return globalThis[stored(name)];
  }

  /** A cell is about to be compiled and run. */
  begin() {
    this.#stopped = false;
  }

  /** Stops the running cell where it waits, or before it begins. */
  interrupt() {
    this.#stopped = true;
    this.#interrupt?.();
  }

  /**
   * Runs the body of a generator.
   *
   * @param {{ cell: { code: string }, js?: string, map?: object }} compiled without problems
   * @param {string} name the cell's
   * @returns {Promise<{ bound: Set<string>, place: object | null, value?: unknown, thrown?: [unknown], interrupted: boolean }>}
   *   `bound` are the names it got to; `place` is where it was waiting last
   */
  async run({ js, map, cell: { code } }, name) {
    registerSource(name, code, map);
    const bound = new Set();
    const open = new Set(); // loops that have not ended
    const runtime = this.#runtime(name, bound, open);
    const ended = (facts) => {
      for (const { names, values } of open)
        names.forEach((each, i) => (globalThis[stored(each)] = values[i]));
      for (const each of bound) this.#names.add(each);
      return { bound, place: waiting, interrupted: false, ...facts };
    };
    let waiting = null;
    await new Promise((resolve) => setImmediate(resolve)); // an interrupt may have come meanwhile
    if (this.#stopped) return ended({ interrupted: true });
    try {
      const prefix = `(function* (${MARK}, require, __dirname, __filename) { "use strict"; `;
      const script = new vm.Script(`${prefix}${js}\n})`, {
        filename: name,
        columnOffset: -prefix.length,
      });
      const body = script.runInThisContext()(
        runtime,
        this.#modules.requireFrom(path.join(this.#directory, "cell.ts")),
        this.#directory,
        path.join(this.#directory, `${name}.ts`),
      );
      /** @type {[string, unknown]} */
      let [method, value] = ["next", undefined];
      for (;;) {
        const { done, value: given } = this.#step(() => body[method](value));
        if (done) return ended({ value: given });
        const [promise, line, column] = given;
        waiting = line > 0 ? { name, line, column } : waiting;
        [method, value] = await this.#settled(promise);
        if (value instanceof Interrupt) method = "throw";
      }
    } catch (error) {
      const interrupted = error instanceof Interrupt || wasStopped(error);
      return ended(
        interrupted
          ? { interrupted, place: error instanceof Interrupt ? waiting : null }
          : { thrown: [error] },
      );
    }
  }

  /** Runs a stretch of a cell, which a SIGINT ends. */
  #step(body) {
    /** @type {any} */
    let result;
    globalThis[STEP] = () => {
      result = body();
    };
    this.#interrupts.computing = true;
    try {
      step.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      if (wasStopped(error)) this.#interrupts.answer();
      throw error;
    } finally {
      this.#interrupts.computing = false;
    }
    return result;
  }

  /** How to go on with a cell that waits for a value, or that the reader stops. */
  #settled(promise) {
    return new Promise((resolve) => {
      this.#interrupt = () => resolve(["throw", new Interrupt()]);
      Promise.resolve(promise).then(
        (value) => resolve(["next", value]),
        (error) => resolve(["throw", error]),
      );
    }).finally(() => (this.#interrupt = null));
  }

  /** What compiled cells call, see rewrite.cjs and loops.cjs. */
  #runtime(name, bound, open) {
    const set = (each, value) => {
      Object.defineProperty(globalThis, stored(each), {
        value,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    };
    return {
      meta: {
        dirname: this.#directory,
        filename: path.join(this.#directory, `${name}.ts`),
        url: `file://${this.#directory}/${encodeURIComponent(name)}.ts`,
      },
      bind(each, value) {
        if (Object.hasOwn(globalThis, stored(each))) globalThis[stored(each)] = value;
        else set(each, value);
        bound.add(each);
      },
      hoist(each) {
        if (!Object.hasOwn(globalThis, stored(each))) set(each, undefined);
        bound.add(each);
      },
      load: (specifier) => this.#modules.load(specifier),
      defaultOf: (module) => (module.__esModule || "default" in module ? module.default : module),
      iterate: (values) => iteratorOf(values),
      enter(names, first, areNumbers) {
        const plain = !areNumbers || !first.every((value) => typeof value === "number");
        const values = plain ? first : Float64Array.from(first);
        const copy = { names, values };
        open.add(copy);
        return Object.assign(values, { leave: () => open.delete(copy) });
      },
      leave: (values) => values.leave(),
    };
  }
}

const wasStopped = (error) => error?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";

function iteratorOf(values) {
  if (values?.[Symbol.asyncIterator]) return values[Symbol.asyncIterator]();
  const iterator = values[Symbol.iterator]();
  const settle = async (result) => ({ done: result.done, value: await result.value });
  return {
    next: () => settle(iterator.next()),
    ...(iterator.return ? { return: () => settle(iterator.return()) } : {}),
  };
}

module.exports = { Session };

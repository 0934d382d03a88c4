// Cells to JavaScript, in a process that is given up when it takes too long.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inRoot } from "../setup/paths.mjs";

const SECONDS = 120;

/** Compiles cells, one after the other; what was compiled before is remembered. */
export class Compiler {
  #process = null;
  #known = new Map();
  #last = Promise.resolve();

  /**
   * @param {string} declarations of the cells before
   * @param {string} source of the cell
   * @returns {Promise<{ problems: { line: number, text: string }[], code: string, awaits: boolean, declarations: string }>}
   *   `line` counts from 0
   */
  compile(declarations, source) {
    const key = `${declarations}\0${source}`;
    if (!this.#known.has(key)) {
      this.#last = this.#last.then(() => this.#compile(declarations, source));
      this.#known.set(key, this.#last);
    }
    return this.#known.get(key);
  }

  async #compile(declarations, source) {
    for (let attempt = 0; attempt < 2; attempt++) {
      const { result, late } = await this.#ask({ declarations, source });
      if (result) return result;
      this.close();
      if (late) break;
    }
    return { problems: [{ line: 0, text: "the types could not be checked." }] };
  }

  /** The answer of the process; none where it ended, or had to be given up as `late`. */
  #ask(message) {
    const child = (this.#process ??= this.#start());
    return new Promise((resolve) => {
      const finish = (outcome) => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit);
        resolve(outcome);
      };
      const onMessage = (result) => finish({ result });
      const onExit = () => finish({ late: false });
      const timer = setTimeout(() => finish({ late: true }), SECONDS * 1000);
      child.on("message", onMessage).on("exit", onExit);
      child.send(message);
    });
  }

  #start() {
    const child = fork(fileURLToPath(new URL("compiler.cjs", import.meta.url)), [], {
      cwd: inRoot("notebooks/lab"),
      execArgv: ["--max-old-space-size=2048"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // One that ends while nobody asks is replaced; one that cannot be asked has ended.
    const forget = () => (this.#process = this.#process === child ? null : this.#process);
    return child.on("exit", forget).on("error", forget);
  }

  /** Ends the process; the next `compile` starts another. */
  close() {
    this.#process?.kill("SIGKILL");
    this.#process = null;
  }
}

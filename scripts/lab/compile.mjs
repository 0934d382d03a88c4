// Cells to JavaScript, in a process that is given up when it takes too long.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inRoot } from "../setup/paths.mjs";

const SECONDS = 120;

/** Compiles cells, one at a time. */
export class Compiler {
  #process = null;

  /**
   * @param {string} declarations of the cells before
   * @param {string} source of the cell
   * @returns {Promise<{ problems: { line: number, text: string }[], code: string, awaits: boolean, declarations: string }>}
   *   `line` counts from 0
   */
  compile(declarations, source) {
    const child = (this.#process ??= this.#start());
    return new Promise((resolve) => {
      const finish = (result) => {
        clearTimeout(timer);
        child.removeAllListeners("message").removeAllListeners("exit");
        resolve(result);
      };
      const giveUp = () => {
        this.close();
        finish({ problems: [{ line: 0, text: "The types take too long to check." }] });
      };
      const timer = setTimeout(giveUp, SECONDS * 1000);
      child.once("message", finish).once("exit", giveUp);
      child.send({ declarations, source });
    });
  }

  #start() {
    return fork(fileURLToPath(new URL("compiler.cjs", import.meta.url)), [], {
      cwd: inRoot("notebooks/lab"),
      execArgv: ["--max-old-space-size=2048"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }

  /** Ends the process; the next `compile` starts another. */
  close() {
    this.#process?.removeAllListeners("exit").kill("SIGKILL");
    this.#process = null;
  }
}

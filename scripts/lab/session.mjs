// A process with the cells that ran in it, one after the other as in a notebook.
import { OWN_SECONDS } from "./processes.mjs";

/** Seeds what students' code draws at random, so that a score does not depend on luck. */
const SEED = 11;

export class Session {
  #process;
  #compiler;
  #declarations = "";

  constructor(process, compiler) {
    this.#process = process;
    this.#compiler = compiler;
  }

  /**
   * A session in which the lab's own cells have run.
   *
   * @param {{ student: () => object, compiler: object, given: object, silent: object }} means
   * @param {string[]} cells
   */
  static async open({ student, compiler, given, silent }, cells) {
    const process = student();
    const session = new Session(process, compiler);
    try {
      await process.ask("load", { given, silent, seed: SEED }, OWN_SECONDS);
      for (const source of cells) {
        const compiled = await session.compile(source, true);
        if (compiled.problems.length > 0) throw new Error(compiled.problems[0].text);
        await session.run(compiled, OWN_SECONDS);
      }
      return session;
    } catch (error) {
      session.close();
      throw new Error([error.message, process.complaint.trim()].filter(Boolean).join(": "));
    }
  }

  /** A cell as JavaScript, or the problems that TypeScript has with it. */
  compile(source, isOwn, seconds) {
    return this.#compiler.compile(this.#declarations, source, isOwn, seconds);
  }

  /** Runs a compiled cell; what it declares is known to the next ones. */
  async run(compiled, seconds) {
    const { code, awaits } = compiled;
    await this.#process.ask("run", { code, awaits }, seconds);
    this.#declarations = compiled.declarations;
  }

  /** Asks for something else; see worker.cjs. */
  ask(operation, rest, seconds) {
    return this.#process.ask(operation, rest, seconds);
  }

  close() {
    this.#process.close();
  }
}

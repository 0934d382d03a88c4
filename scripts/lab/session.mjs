// A sandbox with the cells that ran in it, one after the other as in a notebook.

/** Seconds for what the grader itself asks of a sandbox: loading, measuring, a short training. */
export const OWN_SECONDS = 180;

/** Seeds what students' code draws at random, so that a score does not depend on luck. */
const SEED = 11;

export class Session {
  #sandbox;
  #compiler;
  #declarations = "";

  constructor(sandbox, compiler) {
    this.#sandbox = sandbox;
    this.#compiler = compiler;
  }

  /**
   * A session in which these cells have run.
   *
   * @param {{ sandbox: () => object, compiler: object, imdb: object }} means
   * @param {string[]} cells that are known to be right
   */
  static async open({ sandbox, compiler, imdb }, cells) {
    const own = sandbox();
    const session = new Session(own, compiler);
    try {
      await own.ask("load", { imdb, seed: SEED }, OWN_SECONDS);
      for (const source of cells) {
        const compiled = await session.compile(source);
        if (compiled.problems.length > 0) throw new Error(compiled.problems[0].text);
        await session.run(compiled, OWN_SECONDS);
      }
      return session;
    } catch (error) {
      session.close();
      throw new Error([error.message, own.complaint.trim()].filter(Boolean).join(": "));
    }
  }

  /** A cell as JavaScript, or the problems that TypeScript has with it. */
  compile(source) {
    return this.#compiler.compile(this.#declarations, source);
  }

  /** Runs a compiled cell; what it declares is known to the next ones. */
  async run(compiled, seconds) {
    await this.#sandbox.ask("run", compiled, seconds);
    this.#declarations = compiled.declarations;
  }

  /** Asks for something else; see worker.cjs. */
  ask(operation, rest) {
    return this.#sandbox.ask(operation, rest, OWN_SECONDS);
  }

  close() {
    this.#sandbox.close();
  }
}

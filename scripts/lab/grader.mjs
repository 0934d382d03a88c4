// Grades one submission. Of the student's notebook only the code of the six blanks is taken; it is
// put into the source's cells and run in a sandbox. What comes back is judged here.
import { randomInt } from "node:crypto";
import { SetupError } from "../setup/run.mjs";
import { inspect, prepare } from "./inspect.mjs";
import { fillBlank, sourceOf } from "./notebook.cjs";
import { SandboxError } from "./sandbox.mjs";
import { OWN_SECONDS, Session } from "./session.mjs";
import { answersOf, isEmpty, remarksOn } from "./submission.cjs";
import { compileFault, runFault, sandboxFault } from "./words.cjs";

const whole = ({ points, max }) => points === max;
const sum = (list, key) => list.reduce((total, each) => total + each[key], 0);

export class Grader {
  #setup;
  #blanks;

  /**
   * @param {object} means
   * @param {object[]} means.rubric see notebooks/lab/rubric.json
   * @param {object} means.source the notebook with the solutions
   * @param {object} means.data see data.mjs
   * @param {object} means.judges the library's `studies/lab/judge`
   * @param {object} means.compiler see compile.mjs
   * @param {() => object} means.sandbox makes a sandbox
   * @param {number} means.timeout seconds that an item's code may run
   */
  constructor(means) {
    this.means = means;
    const cells = means.source.cells.filter((cell) => cell.cell_type === "code");
    this.#setup = cells.filter((cell) => cell.metadata.starlit?.role === "setup").map(sourceOf);
    this.#blanks = new Map(
      means.rubric.map(({ item }) => [
        item,
        sourceOf(cells.find(({ id }) => id === `blank-${item}`)),
      ]),
    );
  }

  /**
   * @param {object} notebook as parsed JSON
   * @returns {Promise<{ items: object[], points: number, max: number, remarks: string[] }>}
   */
  async grade(notebook) {
    const { rubric, source } = this.means;
    const names = rubric.map(({ item }) => item);
    const answers = answersOf(notebook, names);
    // `right`: cells of items with all points. Later items may build on them, so they stay in the
    // session; whatever else ran is thrown away with its session.
    const work = { right: [], session: null, items: [] };
    try {
      for (const entry of rubric) {
        work.items.push(await this.#gradeItem(entry, answers.get(entry.item), work));
      }
    } finally {
      work.session?.close();
    }
    const { items } = work;
    const remarks = remarksOn(notebook, source, names);
    return { items, points: sum(items, "points"), max: sum(items, "max"), remarks };
  }

  async #gradeItem(entry, answer, work) {
    if (!answer) return nothing(entry, "The blank of this item was not found in the notebook.");
    if (isEmpty(answer.code)) return nothing(entry, "The blank is empty.");
    const cell = cellWith(this.#blanks.get(entry.item), answer);
    const needed = entry.needs ?? [];
    const failed = needed.filter((name) => !whole(work.items.find(({ item }) => item === name)));
    const solutions = failed.map((name) => this.#blanks.get(name));
    if (solutions.length === 0) work.session ??= await this.#open(work.right);
    const session = solutions.length > 0 ? await this.#open(work.right, solutions) : work.session;
    const { graded, findings, fatal } = await this.#attempt(entry, cell, session);
    if (whole(graded) && session === work.session) {
      work.right.push(cell.source);
      return graded;
    }
    session.close();
    if (session === work.session) work.session = null;
    if (whole(graded) || fatal || work.right.length === 0) return graded;
    // What an earlier item left behind must not cost this one: once more, on its own.
    const alone = await this.#open(needed.map((name) => this.#blanks.get(name)));
    const second = await this.#attempt(entry, cell, alone, findings);
    alone.close();
    return second.graded.points > graded.points ? second.graded : graded;
  }

  /** A session with the set-up, the student's right cells and solutions; at worst without the former. */
  async #open(right, solutions = []) {
    const { sandbox, compiler, data } = this.means;
    let failure;
    for (const cells of [[...right, ...solutions], solutions, solutions]) {
      try {
        return await Session.open({ sandbox, compiler, imdb: data.imdb }, [
          ...this.#setup,
          ...cells,
        ]);
      } catch (error) {
        failure = error;
      }
    }
    throw new SetupError(
      `The lab's own cells do not run in the sandbox (${failure.message}): run npm run doctor.`,
    );
  }

  /**
   * Runs an item's cell and judges what it made.
   *
   * @param {object[]} [known] findings of an earlier attempt
   * @returns {Promise<{ graded: object, findings?: object[], fatal?: boolean }>} `fatal` where the
   *   sandbox did not survive
   */
  async #attempt(entry, cell, session, known = []) {
    const compiled = await session.compile(cell.source);
    if (compiled.problems.length > 0) {
      return { graded: nothing(entry, compileFault(compiled.problems, cell.before)) };
    }
    const seed = randomInt(1, 2 ** 31);
    let seconds = OWN_SECONDS;
    try {
      await prepare(entry, session, seed);
      seconds = this.means.timeout;
      await session.run(compiled, seconds);
    } catch (error) {
      return failed(entry, error, seconds, runFault);
    }
    try {
      const findings = await inspect({ entry, session, seed, code: cell.code, known }, this.means);
      return { graded: score(entry, findings), findings };
    } catch (error) {
      return failed(entry, error, OWN_SECONDS, ({ message }) => `Not gradable: ${message}`);
    }
  }
}

function failed(entry, error, seconds, words) {
  if (error instanceof SetupError) throw error;
  if (!(error instanceof SandboxError)) return { graded: nothing(entry, words(error)) };
  return { graded: nothing(entry, sandboxFault(error.kind, seconds)), fatal: true };
}

/** An item's cell with a student's `code` in its blank, and how many lines stand `before` that. */
function cellWith(source, { code, whole }) {
  if (whole) return { source: code, code, before: 0 };
  const filled = fillBlank(source, code);
  return {
    source: filled,
    code,
    before: filled.slice(0, filled.indexOf(`\n${code}\n`)).split("\n").length,
  };
}

/** Points of an item from what was found. */
function score({ item, title, gate, criteria }, findings) {
  const found = (id) => {
    const finding = findings.find(({ criterion }) => criterion === id);
    if (finding) return finding;
    const known = findings.map(({ criterion }) => criterion).join(", ");
    throw new SetupError(
      `rubric.json has an unknown criterion "${id}" in item ${item}: use ${known}.`,
    );
  };
  const shut = gate !== undefined && !found(gate).passed;
  const graded = criteria.map(({ id, points, what }) => {
    const { passed, why } = found(id);
    const earned = passed && !shut ? points : 0;
    const reason = why || (earned === points ? "" : found(gate).why);
    return { id, what, points: earned, max: points, why: reason };
  });
  return { item, title, points: sum(graded, "points"), max: sum(graded, "max"), criteria: graded };
}

/** No points, for one reason. */
function nothing({ item, title, criteria }, why) {
  const graded = criteria.map(({ id, points, what }) => ({
    id,
    what,
    points: 0,
    max: points,
    why,
  }));
  return { item, title, points: 0, max: sum(graded, "max"), criteria: graded };
}

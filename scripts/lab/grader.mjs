// Grades one submission. Of the student's notebook only code is taken, that of the blanks and of the
// cells on which they build; it is put into the source's cells and runs within walls. What comes back
// is judged in another process.
import { randomInt } from "node:crypto";
import { SetupError } from "../setup/run.mjs";
import { blankOf, setUpOf } from "./lab.mjs";
import { fillBlank } from "./notebook.cjs";
import { insist } from "./processes.mjs";
import { Session } from "./session.mjs";
import { answersOf, isEmpty, otherCells, remarksOn } from "./submission.cjs";
import { WallsError } from "./walls/walls.mjs";
import { compileFault, missingNames, runFault, wallsFault } from "./words.cjs";

const whole = ({ points, max }) => points === max;
const sum = (list, key) => list.reduce((total, each) => total + each[key], 0);

/** Longer than a person's answer. */
const MOST_CODE = 20_000;

/** Steps of an item's dialogue, and cells that an answer may build on. */
const MOST_STEPS = 20;
const MOST_HELPERS = 10;

/** Seconds of an item beside those of its code: compiling, and a second try. */
const ITEM_SECONDS = 45;

/** An item gets no points, for this reason; `isFinal` where another try can't change that. */
class Lost extends Error {
  constructor(why, isFinal = false) {
    super(why);
    this.isFinal = isFinal;
  }
}

export class Grader {
  #means;
  #setUp;
  #blanks;

  /**
   * @param {object} means
   * @param {object[]} means.rubric see notebooks/lab/rubric.json
   * @param {object} means.source the notebook with the solutions
   * @param {object} means.compiler see processes.mjs
   * @param {object} means.judge see processes.mjs
   * @param {() => object} means.student a process for a session
   * @param {object} means.given what functions of the library return to a submission
   * @param {object} means.silent functions of the library that do nothing there: names, see grade.mjs
   * @param {string[]} means.exported all names of the library
   * @param {number} means.timeout seconds that an item's code may run
   */
  constructor(means) {
    this.#means = means;
    const { rubric, source } = means;
    this.#setUp = setUpOf(source);
    this.#blanks = new Map(rubric.map(({ item }) => [item, blankOf(source, item)]));
  }

  /**
   * @param {object} notebook as `readNotebook` gives it
   * @returns {Promise<{ items: object[], points: number, max: number, remarks: string[] }>}
   */
  async grade(notebook) {
    const { rubric, source, timeout } = this.#means;
    const names = rubric.map(({ item }) => item);
    const answers = answersOf(notebook, names);
    const work = {
      // Cells of items with all points, in which later items may find something.
      right: new Map(),
      // The process in which these have run; whatever else ran is thrown away with its process.
      session: /** @type {import("./session.mjs").Session | null} */ (null),
      // Whether one of them stops the items after it.
      isSuspect: false,
      helpers: otherCells(notebook),
      items: /** @type {any[]} */ ([]),
      // Milliseconds that are left; an item may use its share of them.
      left: 1000 * rubric.length * (timeout + ITEM_SECONDS),
    };
    try {
      for (const entry of rubric) {
        const begun = Date.now();
        work.end = begun + work.left / (rubric.length - work.items.length);
        work.items.push(await this.#gradeItem(entry, answers.get(entry.item), work));
        work.left -= Date.now() - begun;
      }
    } finally {
      work.session?.close();
    }
    const { items } = work;
    const remarks = remarksOn(notebook, source, names);
    return { items, points: sum(items, "points"), max: sum(items, "max"), remarks };
  }

  /** What a file gets that can't be graded, for this reason. */
  refuse(why) {
    const items = this.#means.rubric.map((entry) => nothing(entry, why));
    return { items, points: 0, max: sum(items, "max"), remarks: [why] };
  }

  async #gradeItem(entry, answer, work) {
    if (!answer) return nothing(entry, "The blank of this item was not found in the notebook.");
    if (isEmpty(answer.code)) return nothing(entry, "The blank is empty.");
    if (answer.code.length > MOST_CODE) {
      return nothing(entry, `The answer has more than ${MOST_CODE} characters.`);
    }
    const cell = cellWith(this.#blanks.get(entry.item), answer);
    // After the cells that are right, as in the notebook, and on its own: what an earlier item left
    // behind must not cost this one.
    const ways = work.right.size === 0 ? ["alone"] : ["after", "alone"];
    if (work.isSuspect) ways.reverse();
    let best = null;
    for (const way of ways) {
      const { graded, isFinal } = await this.#attempt(entry, cell, way, work);
      if (best === null || graded.points > best.points) best = graded;
      if (whole(best) || isFinal || Date.now() > work.end) break;
    }
    return best;
  }

  /**
   * Grades an item in one of the two ways, and keeps the session where the item is right.
   *
   * @returns {Promise<{ graded: object, isFinal: boolean }>}
   */
  async #attempt(entry, cell, way, work) {
    const before = way === "alone" ? [] : [...work.right.values()].flat();
    const missing = (entry.needs ?? []).filter((item) => way === "alone" || !work.right.has(item));
    const standIns = this.#means.rubric
      .filter(({ item }) => missing.includes(item))
      .map(({ standIn }) => standIn);
    const isShared = way === "after" && standIns.length === 0;
    const session = (isShared && work.session) || (await this.#open(before, standIns, work.end));
    if (isShared) work.session = null;
    const { graded, used = [], isFinal } = await this.#tried(entry, cell, session, way, work);
    if (!whole(graded) || standIns.length > 0) {
      session?.close();
      return { graded, isFinal };
    }
    // Right on its own, where it was not after the others: so one of those is at fault.
    if (way === "alone") work.right.clear();
    work.session?.close();
    work.right.set(entry.item, [...used, cell.source]);
    work.session = session;
    return { graded, isFinal };
  }

  async #tried(entry, cell, session, way, work) {
    try {
      if (session === null) throw new Lost("What earlier items left behind does not run again.");
      const { findings, used } = await this.#converse(entry, cell, session, work);
      return { graded: score(entry, findings), used, isFinal: false };
    } catch (error) {
      if (error instanceof Lost) {
        // On its own an answer may lack what an earlier one declares.
        const isFinal = error.isFinal && way === "after";
        return { graded: nothing(entry, error.message), isFinal };
      }
      session?.close();
      if (!(error instanceof WallsError)) throw error;
      if (way === "after") work.isSuspect = true;
      const why = wallsFault(error.kind, this.#means.timeout);
      return { graded: nothing(entry, why), isFinal: false };
    }
  }

  /**
   * A session with the set-up and stand-ins, in which these cells of the student's have run; `null`
   * where they do not.
   */
  async #open(cells, standIns, end) {
    let session;
    try {
      session = await insist(() => Session.open(this.#means, [...this.#setUp, ...standIns]));
    } catch (error) {
      throw new SetupError(
        `The lab's own cells do not run within walls (${error.message}): run npm run doctor.`,
      );
    }
    try {
      for (const source of cells) {
        const compiled = await session.compile(source);
        if (compiled.problems.length > 0) throw new Lost();
        const left = Math.max(1, (end - Date.now()) / 1000);
        await session.run(compiled, Math.min(left, this.#means.timeout));
      }
      return session;
    } catch {
      session.close();
      return null;
    }
  }

  /**
   * Leads the dialogue between the judge and the session; see the lab's judge.
   *
   * @returns {Promise<{ findings: object[], used: string[] }>} `used`: other cells that ran first
   */
  async #converse(entry, cell, session, work) {
    const { judge, timeout } = this.#means;
    // The seconds of the item's code are for all that is asked of it.
    let seconds = timeout;
    const timed = async (asking) => {
      const begun = Date.now();
      try {
        return await asking(Math.max(1, Math.min(seconds, (work.end - begun) / 1000)));
      } finally {
        seconds -= (Date.now() - begun) / 1000;
      }
    };
    const attempt = { session, work, timed, begun: [], used: [] };
    await timed((limit) => session.ask("begin", {}, limit));
    const compiled = await this.#compile(cell, attempt);
    if (compiled.problems.length > 0) throw new Lost(compileFault(compiled.problems, cell), true);
    let step = await judged(judge.begin(entry.item, randomInt(1, 2 ** 31)));
    for (let count = 0; !step.done && count < MOST_STEPS; count++) {
      const [[operation, name], ...rest] = Object.entries(step.value);
      const asked = { ...Object.fromEntries(rest), name };
      const [asking, words] =
        operation === "run"
          ? [(limit) => session.run(compiled, limit), runFault]
          : [(limit) => session.ask(operation, asked, limit), notGradable];
      const answer = await timed(asking).catch((error) => {
        throw error instanceof WallsError ? error : new Lost(words(error));
      });
      step = await judged(judge.next(answer ?? null));
    }
    if (!step.done) throw new SetupError(`The judge of item ${entry.item} asks without end.`);
    return { findings: step.value, used: attempt.used };
  }

  /**
   * Compiles a cell. Other cells that declare what it lacks run before it, these too after what they
   * lack; `attempt.begun` holds them all, `attempt.used` those that ran.
   */
  async #compile({ source }, attempt) {
    const { session, work, timed, begun, used } = attempt;
    for (;;) {
      const compiled = await session.compile(source, false, (work.end - Date.now()) / 1000);
      if (compiled.problems.length === 0) return compiled;
      const helper = await this.#helperFor(compiled.problems, begun, work);
      if (helper === undefined) return compiled;
      begun.push(helper);
      const ready = await this.#compile({ source: helper }, attempt);
      if (ready.problems.length > 0) return compiled;
      await timed((limit) => session.run(ready, limit)).catch((error) => {
        if (error instanceof WallsError) throw error;
        throw new Lost(`A cell on which your code builds failed. ${runFault(error)}`);
      });
      used.push(helper);
    }
  }

  /** The last of the other cells that declares a name which is missing. */
  async #helperFor(problems, begun, work) {
    const missing = missingNames(problems);
    if (missing.length === 0 || begun.length >= MOST_HELPERS) return undefined;
    // The notebooks' kernel imports what the library has.
    const known = missing.filter((name) => this.#means.exported.includes(name));
    const imports = `import { ${[...new Set(known)].join(", ")} } from "starlit";`;
    if (known.length > 0 && !begun.includes(imports)) return imports;
    work.declared ??= await this.#means.compiler.namesOf(work.helpers).catch(() => []);
    const place = work.declared.findLastIndex(
      (names, i) =>
        !begun.includes(work.helpers[i]) && names.some((name) => missing.includes(name)),
    );
    return work.helpers[place];
  }
}

/** @param {{ message?: string }} error */
const notGradable = ({ message }) => `Not gradable: ${message || "it could not be measured."}`;

/** A step of the judge; where it fails, the item could not be judged. */
async function judged(step) {
  try {
    return await step;
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new Lost(error instanceof WallsError ? notGradable({}) : notGradable(error));
  }
}

/** An item's cell with a student's `code` in its blank, and how many lines stand `before` that. */
function cellWith(source, { code, whole }) {
  if (whole) return { source: code, before: 0 };
  const filled = fillBlank(source, code);
  return {
    source: filled,
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

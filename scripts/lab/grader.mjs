// Grades one submission. Of the student's notebook only the code of the six blanks is taken; it is put
// into the source's cells, run in a sandbox, and judged here by the numbers that come back.
import { randomInt } from "node:crypto";
import { SandboxError } from "./sandbox.mjs";
import { fillBlank, sourceOf } from "./notebook.cjs";
import { answersOf, isEmpty, remarksOn, withoutComments } from "./submission.cjs";
import { compileFault, runFault, sandboxFault } from "./words.cjs";

/** Seconds for what the grader itself asks of the sandbox: loading, measuring, a short training. */
const OWN_SECONDS = 180;
/** Seeds what students' code draws at random, so that a score does not depend on luck. */
const SEED = 11;

/** The variable that each item gives a value, beside the two of item 01. */
const variables = {
  "02": "meanModel",
  "03": "meanModelFunctional",
  "04": "distances",
  "05": "lstmModel",
  "06": "lstmModelFunctional",
};

/** An item's cell with a student's code in its blank, and how many lines stand before it. */
function cellWith(source, { code, whole }) {
  if (whole) return { source: code, before: 0 };
  const filled = fillBlank(source, code);
  return { source: filled, before: filled.split("\n").indexOf(code.split("\n")[0]) };
}

export class Grader {
  /**
   * @param {object} parts
   * @param {object[]} parts.rubric see notebooks/lab/rubric.json
   * @param {object} parts.source the notebook with the solutions
   * @param {object} parts.data see data.mjs
   * @param {object} parts.judges the library's `labJudge`, `labProbe` and `labCheck`
   * @param {object} parts.compiler see compile.mjs
   * @param {() => object} parts.sandbox makes a sandbox
   * @param {number} parts.timeout seconds that an item's code may run
   */
  constructor(parts) {
    Object.assign(this, parts);
    const cells = parts.source.cells.filter((cell) => cell.cell_type === "code");
    this.setup = cells.filter((cell) => cell.metadata.starlit?.role === "setup").map(sourceOf);
    this.blanks = new Map(
      parts.rubric.map(({ item }) => {
        const cell = cells.find(({ metadata }) => metadata.nbgrader?.grade_id === `blank-${item}`);
        return [item, sourceOf(cell)];
      }),
    );
  }

  /**
   * @param {object} notebook as parsed JSON
   * @returns {Promise<{ items: object[], points: number, max: number, remarks: string[] }>}
   */
  async grade(notebook) {
    const names = this.rubric.map(({ item }) => item);
    const answers = answersOf(notebook, names);
    const right = []; // cells of items that earned all points: later items may build on them
    const items = [];
    let session = null;
    try {
      for (const entry of this.rubric) {
        const answer = answers.get(entry.item);
        const open = { session, right };
        const result = await this.#gradeItem(entry, answer, open, items);
        session = open.session;
        items.push(result);
      }
    } finally {
      session?.sandbox.close();
    }
    const sum = (key) => items.reduce((total, item) => total + item[key], 0);
    return {
      items,
      points: sum("points"),
      max: sum("max"),
      remarks: remarksOn(notebook, this.source, names),
    };
  }

  async #gradeItem(entry, answer, open, before) {
    if (!answer)
      return this.#nothing(entry, "The blank of this item was not found in the notebook.");
    if (isEmpty(answer.code)) return this.#nothing(entry, "The blank is empty.");
    const cell = cellWith(this.blanks.get(entry.item), answer);
    const missing = (entry.needs ?? []).filter((name) => {
      const { points, max } = before.find(({ item }) => item === name);
      return points < max;
    });
    const solutions = missing.map((name) => this.blanks.get(name));
    if (solutions.length > 0 || !open.session) {
      open.session?.sandbox.close();
      open.session = await this.#start([...open.right, ...solutions]);
    }
    let result = await this.#attempt(entry, cell, open.session);
    const lonely = open.right.length > 0 && !result.fatal && result.points < result.max;
    if (result.points === result.max && solutions.length === 0) {
      open.right.push(cell.source);
      return result;
    }
    open.session.sandbox.close();
    open.session = null;
    if (result.points === result.max) return result;
    if (!lonely) return result;
    // What an earlier item left behind must not cost this one: once more, on its own.
    const alone = await this.#start((entry.needs ?? []).map((name) => this.blanks.get(name)));
    const second = await this.#attempt(entry, cell, alone);
    alone.sandbox.close();
    return second.points > result.points ? second : result;
  }

  /** A fresh sandbox in which the set-up and these cells have run. */
  async #start(cells) {
    const session = { sandbox: this.sandbox(), declarations: "" };
    const { imdb } = this.data;
    await session.sandbox.ask("load", { imdb, seed: SEED }, OWN_SECONDS);
    for (const source of [...this.setup, ...cells]) {
      const compiled = await this.compiler.compile(session.declarations, source);
      if (compiled.problems.length > 0) throw new Error(`set-up: ${compiled.problems[0].text}`);
      await session.sandbox.ask("run", compiled, OWN_SECONDS);
      session.declarations = compiled.declarations;
    }
    return session;
  }

  async #attempt(entry, cell, session) {
    const compiled = await this.compiler.compile(session.declarations, cell.source);
    if (compiled.problems.length > 0) {
      return this.#nothing(entry, compileFault(compiled.problems, cell.before));
    }
    const seed = randomInt(1, 2 ** 31);
    try {
      if (entry.item === "04") {
        await session.sandbox.ask("reweigh", { name: "meanModel", seed }, OWN_SECONDS);
      }
      await session.sandbox.ask("run", compiled, this.timeout);
    } catch (error) {
      if (!(error instanceof SandboxError)) return this.#nothing(entry, runFault(error));
      return { ...this.#nothing(entry, sandboxFault(error.kind, this.timeout)), fatal: true };
    }
    try {
      const findings = await this.#inspect(entry.item, session.sandbox, seed, cell.source);
      session.declarations = compiled.declarations;
      return this.#score(entry, findings);
    } catch (error) {
      if (!(error instanceof SandboxError))
        return this.#nothing(entry, `Not gradable: ${error.message}`);
      return { ...this.#nothing(entry, sandboxFault(error.kind, OWN_SECONDS)), fatal: true };
    }
  }

  async #inspect(item, sandbox, seed, source) {
    const { judgePadding, judgeDistances, probeWeights, labModelTasks } = this.judges;
    if (item === "01") {
      const values = await sandbox.ask("matrices", { names: ["trainX", "testX"] }, OWN_SECONDS);
      const [train, test] = values.map(matrix);
      const { imdb } = this.data;
      return judgePadding(
        { train: imdb.train.sequences, test: imdb.test.sequences },
        { train, test },
      );
    }
    if (item === "04") {
      const given = await sandbox.ask("vector", { name: variables[item] }, OWN_SECONDS);
      const [table] = probeWeights([this.data.table], seed);
      const distances = given instanceof Float32Array ? Array.from(given) : null;
      return judgeDistances(table, this.data.great, distances);
    }
    return this.#inspectModel(item, labModelTasks[item], sandbox, seed, source);
  }

  async #inspectModel(item, task, sandbox, seed, source) {
    const { judgeModel, judgeLearning } = this.judges;
    const name = variables[item];
    const probe = checkedProbe(await sandbox.ask("probe", { name, seed }, OWN_SECONDS));
    const findings = judgeModel(task, probe, seed);
    const api = findings.find(({ criterion }) => criterion === "api");
    if (api.passed && !writtenIn(task.api, source)) {
      Object.assign(api, {
        passed: false,
        why: "The code of this item does not build the model in the way asked for.",
      });
    }
    if (
      !this.rubric.some(
        (entry) => entry.item === item && entry.criteria.some(({ id }) => id === "learns"),
      )
    ) {
      return findings;
    }
    const { examples, unseen, labels, options, least } = this.data.learning;
    const predictions = matrix(
      await sandbox
        .ask("learn", { name, examples, unseen, options }, OWN_SECONDS)
        .catch((error) => {
          if (error instanceof SandboxError) throw error;
          return null;
        }),
    );
    const right = labels.filter(
      (label, i) => (predictions?.data[i] > 0.5 ? 1 : 0) === label,
    ).length;
    const accuracy = predictions?.data.length === labels.length ? right / labels.length : NaN;
    return [...findings, judgeLearning(accuracy, least[task.kind])];
  }

  /** Points of an item from what was found. */
  #score({ item, title, gate, criteria }, findings) {
    const found = (id) => findings.find(({ criterion }) => criterion === id);
    const shut = gate !== undefined && !found(gate).passed;
    const graded = criteria.map(({ id, points, what }) => {
      const { passed, why } = found(id);
      const earned = passed && !shut ? points : 0;
      const reason =
        why || (shut ? "Counts only where the item is built in the way asked for." : "");
      return { id, what, points: earned, max: points, why: earned === points ? "" : reason };
    });
    const sum = (key) => graded.reduce((total, criterion) => total + criterion[key], 0);
    return { item, title, points: sum("points"), max: sum("max"), criteria: graded };
  }

  /** No points, for one reason. */
  #nothing({ item, title, criteria }, why) {
    const graded = criteria.map(({ id, points, what }) => ({
      id,
      what,
      points: 0,
      max: points,
      why,
    }));
    const max = criteria.reduce((total, { points }) => total + points, 0);
    return { item, title, points: 0, max, criteria: graded };
  }
}

/** Whether the code of an item speaks of the API that it should use. */
function writtenIn(api, source) {
  const code = withoutComments(source);
  return api === "sequential"
    ? /\bsequential\s*\(/.test(code)
    : /\bmodel\s*\(/.test(code) && /\.apply\s*\(/.test(code);
}

/** Numbers as they came from the sandbox, if they are what they say. */
function matrix(value) {
  const { data, shape } = value ?? {};
  const numbers = data instanceof Float32Array || data instanceof Int32Array;
  if (
    !numbers ||
    !Array.isArray(shape) ||
    !shape.every((size) => Number.isInteger(size) && size >= 0)
  )
    return null;
  return shape.reduce((a, b) => a * b, 1) === data.length ? { data, shape } : null;
}

function checkedProbe(value) {
  const [features, outputs] = [matrix(value?.features), matrix(value?.outputs)];
  const shapes = value?.weights;
  const sizes = (shape) =>
    Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0);
  const known = Array.isArray(shapes) && shapes.length > 0 && shapes.every(sizes);
  const count = known
    ? shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0)
    : Infinity;
  if (!features || !outputs || count > 2e7) throw new Error("the model could not be measured.");
  return {
    api: value.api === "sequential" ? "sequential" : "functional",
    weights: shapes,
    features,
    outputs,
  };
}

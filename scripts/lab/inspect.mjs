// What an item's code left behind, as findings. The sandbox is asked for numbers and believed in
// nothing: weights and reviews that it computes with are made up for each attempt, from a seed that
// it does not know before, and labels of unseen reviews never get there.
import { SandboxError } from "./sandbox.mjs";
import { withoutComments } from "./submission.cjs";

/** The variable to which an item that builds a model gives it. */
const models = {
  "02": "meanModel",
  "03": "meanModelFunctional",
  "05": "lstmModel",
  "06": "lstmModelFunctional",
};

/** Gets the session ready for an item's code. */
export async function prepare({ item }, session, seed) {
  // Distances from made-up vectors, so that none can be known beforehand.
  if (item === "04") await session.ask("reweigh", { name: models["02"], seed });
}

/**
 * Judges what an item's code made.
 *
 * @param {object} attempt
 * @param {object} attempt.entry of the rubric
 * @param {object} attempt.session in which the code has run
 * @param {number} attempt.seed the one given to `prepare`
 * @param {string} attempt.code the student's own
 * @param {object[]} attempt.known findings of an earlier attempt: learning need not be shown twice
 * @param {{ data: object, judges: object }} means see data.mjs and grade.mjs
 * @returns {Promise<{ criterion: string, passed: boolean, why: string }[]>}
 */
export async function inspect(attempt, { data, judges }) {
  const { entry, session, seed } = attempt;
  if (entry.item === "01") {
    const values = await session.ask("matrices", { names: ["trainX", "testX"] });
    const [train, test] = values.map(matrix);
    const { train: own, test: held } = data.imdb;
    return judges.judgePadding({ train: own.sequences, test: held.sequences }, { train, test });
  }
  if (entry.item === "04") {
    const given = await session.ask("vector", { name: "distances" });
    const [table] = judges.probeWeights([data.table], seed);
    const distances = given instanceof Float32Array ? Array.from(given) : null;
    return judges.judgeDistances(table, data.great, distances);
  }
  return inspectModel(attempt, { data, judges });
}

async function inspectModel({ entry, session, seed, code, known }, { data, judges }) {
  const task = judges.labModelTasks[entry.item];
  const name = models[entry.item];
  const probe = checkedProbe(await session.ask("probe", { name, seed }));
  const findings = judges
    .judgeModel(task, probe, seed)
    .map((finding) =>
      finding.criterion === "api" && finding.passed && !speaksOf(task.api, code)
        ? { ...finding, passed: false, why: "The model is not built by this item's own code." }
        : finding,
    );
  if (!entry.criteria.some(({ id }) => id === "learns")) return findings;
  const learns =
    known.find(({ criterion, passed }) => criterion === "learns" && passed) ??
    judges.judgeLearning(
      await accuracyAfterTraining(name, session, data.learning),
      data.learning.least[task.kind],
    );
  return [...findings, learns];
}

/** Share of unseen reviews that are predicted right after a short training; NaN where it fails. */
async function accuracyAfterTraining(name, session, { examples, unseen, labels, options }) {
  const answer = await session.ask("learn", { name, examples, unseen, options }).catch((error) => {
    if (error instanceof SandboxError) throw error;
    return null;
  });
  const predictions = matrix(answer);
  if (predictions?.data.length !== labels.length) return NaN;
  const right = labels.filter((label, i) => Number(predictions.data[i] > 0.5) === label);
  return right.length / labels.length;
}

/** Whether code speaks of the API that it should use, beside comments. */
function speaksOf(api, code) {
  const needed = api === "sequential" ? [/sequential\s*\(/i] : [/model\s*\(/i, /\.apply\s*\(/];
  return needed.every((words) => words.test(withoutComments(code)));
}

const size = (shape) => shape.reduce((a, b) => a * b, 1);
const isShape = (shape) =>
  Array.isArray(shape) && shape.every((length) => Number.isInteger(length) && length >= 0);

/** Numbers as they came from a sandbox, if they are what they say; else `null`. */
function matrix(value) {
  const { data, shape } = value ?? {};
  if (!(data instanceof Float32Array || data instanceof Int32Array) || !isShape(shape)) return null;
  return size(shape) === data.length ? { data, shape } : null;
}

/** A model's probe as it came from a sandbox, if it is one that can be judged. */
function checkedProbe(value) {
  const [features, outputs] = [matrix(value?.features), matrix(value?.outputs)];
  const weights = value?.weights;
  const known = Array.isArray(weights) && weights.length > 0 && weights.every(isShape);
  if (
    !features ||
    !outputs ||
    !known ||
    weights.reduce((sum, shape) => sum + size(shape), 0) > 2e7
  ) {
    throw new Error("it could not be measured.");
  }
  const api = value.api === "sequential" ? "sequential" : "functional";
  return { api, weights, features, outputs };
}

import type { LayersModel } from "@tensorflow/tfjs";
import { escapeHtml } from "../../../files/markup.cjs";
import type { KerasImdb } from "../../../data";
import { displayBundle, type NdArray, StarlitError } from "../../../engine";
import { attentionModel, gruModel, lstmModel } from "../networks";
import { type Finding, judgeDistances, judgeModel, judgePadding, type ModelTask } from "./judge";
import { matrixOf, type ModelProbe, probeModel, vectorOf } from "./probe";
import { published } from "../published";

/** Any seed will do: a check is there to help, so its weights need not be secret. */
const SEED = 5;

/** The four items that build a model. */
export const labModelTasks = {
  "02": { api: "sequential", kind: "mean" },
  "03": { api: "functional", kind: "mean" },
  "05": { api: "sequential", kind: "lstm" },
  "06": { api: "functional", kind: "lstm" },
} as const satisfies Record<string, ModelTask>;

/** A cell that ran in a notebook, as its kernel keeps them: the last one comes last. */
interface RanCell {
  code: string;
  failed: boolean;
}

/** Where the notebooks' kernel keeps the cells that ran. */
const CELLS = Symbol.for("kernel.cells");
const host = globalThis as { [CELLS]?: readonly RanCell[] };

/**
 * Ends the check where the cell of the blank failed when it ran last: what is there to judge is
 * then an answer of before.
 */
function ranToItsEnd(item: string): void {
  const blank = `START CODE HERE (${item})`;
  const ran = host[CELLS]?.filter(({ code }) => code.includes(blank)).at(-1);
  if (!ran?.failed) return;
  throw new StarlitError(
    `The cell of (${item}) failed when it ran last, so there is no new answer to check: read the message under it, mend it, run it, then this one.`,
  );
}

/** What was judged last of each item: it tells a new answer from the one before. */
const judged = new Map<string, unknown>();

/** A hint where the same answer is judged again, and the kernel does not say whether its cell failed. */
function sameAgain(item: string, answer: unknown): string {
  const isSame = !host[CELLS] && typeof answer === "object" && judged.get(item) === answer;
  judged.set(item, answer);
  return isSame
    ? " This is the answer of the check before: if you changed it since, its cell failed; read the message under it."
    : "";
}

function box(color: string, text: string): void {
  const style = `border-left:6px solid ${color};padding:0.5em 1em;margin:0`;
  displayBundle({ "text/html": `<p style="${style}">${escapeHtml(text)}</p>`, "text/plain": text });
}

/** Shows a green box where nothing is wrong; else ends the cell with what is. */
function tell(item: string, answer: unknown, findings: readonly Finding[], praise: string): void {
  const again = sameAgain(item, answer);
  const wrong = findings.filter(({ passed }) => !passed);
  if (wrong.length > 0) {
    const reasons = new Set(wrong.map(({ why }) => why));
    throw new StarlitError(`(${item}) is not right yet. ${[...reasons].join(" ")}${again}`);
  }
  box("#009E73", `✓ (${item}) is right: ${praise}${again}`);
}

/** Ends the cell where there is nothing to check: the blank's cell failed, or was left as it was. */
function needs(item: string, value: unknown, name: string): void {
  ranToItsEnd(item);
  if (value !== undefined && value !== null) return;
  throw new StarlitError(
    `(${item}) is still empty: ${name} has no value. Write your code between START CODE HERE (${item}) and END CODE HERE above, run that cell, then this one; the hint above it tells how to begin.`,
  );
}

/**
 * Check of item 01, padding, in the notebook.
 *
 * @throws StarlitError telling the student what is missing or wrong
 */
export function checkPadding(imdb: KerasImdb, trainX: NdArray, testX: NdArray): void {
  needs("01", trainX, "trainX");
  needs("01", testX, "testX");
  const reviews = { train: imdb.train.sequences, test: imdb.test.sequences };
  const findings = judgePadding(reviews, { train: matrixOf(trainX), test: matrixOf(testX) });
  tell("01", trainX, findings, "every review has 100 ids, its last words, with zeros in front.");
}

async function probed(item: string, model: LayersModel): Promise<ModelProbe> {
  try {
    return await probeModel(model, SEED);
  } catch (error) {
    throw new StarlitError(`(${item}) is not right yet: ${(error as Error).message}`);
  }
}

/**
 * Check of an item that builds a model, in the notebook: what it computes is compared, with weights
 * made for the purpose; the model keeps its own.
 *
 * @throws StarlitError telling the student what is missing or wrong
 */
export async function checkModel(
  item: keyof typeof labModelTasks,
  model: LayersModel,
): Promise<void> {
  needs(item, model, "the model");
  const probe = await probed(item, model);
  const parameters = model.countParams().toLocaleString("en");
  tell(
    item,
    model,
    judgeModel(labModelTasks[item], probe, SEED),
    `the model has ${parameters} parameters.`,
  );
}

/**
 * Says whether an accuracy on the test reviews lies where the published lab expects it, a point
 * more or less. Of stand-in data nothing is expected.
 *
 * @throws StarlitError if the accuracy is far below
 */
export function checkAccuracy(kind: ModelTask["kind"], accuracy: number, standIn: boolean): void {
  const [low, high] = published.models[kind].expected;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const reached = `Accuracy on the test reviews: ${percent(accuracy)}`;
  if (standIn) return box("#d55e00", `${reached}. On stand-in data no value is expected.`);
  const expected = `${percent(low)} to ${percent(high)}, give or take one point, is expected`;
  if (accuracy >= low - 0.01) return box("#009E73", `✓ ${reached}; ${expected}.`);
  throw new StarlitError(
    `${reached}, but ${expected}: was the model built anew before this training, and trained for ${published.training.epochs} epochs?`,
  );
}

/**
 * Check of item 04, distances from the vector of a word, in the notebook.
 *
 * @param model the trained model, whose embedding is its first layer
 * @param row id of the word
 * @throws StarlitError telling the student what is missing or wrong
 */
export function checkDistances(
  model: LayersModel,
  row: number,
  distances: ArrayLike<number>,
): void {
  needs("04", distances, "distances");
  const [table] = model.getWeights();
  const matrix = { data: table.dataSync<"float32">(), shape: table.shape };
  const findings = judgeDistances(matrix, row, vectorOf(distances));
  tell("04", distances, findings, "one Euclidean distance for each id.");
}

const extensions = {
  A: { build: () => lstmModel({ mask: true }), what: "an LSTM that skips the padding" },
  B: { build: () => gruModel(), what: "a GRU in the LSTM's place" },
  C: {
    build: () => attentionModel({ mask: true }),
    what: "attention over all states, padding masked",
  },
} as const;

/**
 * Check of an optional extension, in the notebook; one that was left out is no error.
 *
 * @throws StarlitError telling the student what is wrong
 */
export async function checkExtension(
  name: keyof typeof extensions,
  model: LayersModel,
): Promise<void> {
  const { build, what } = extensions[name];
  ranToItsEnd(name);
  if (!model) return box("#767676", `(${name}) is optional and still empty.`);
  const [given, own] = [await probed(name, model), await ownProbe(build)];
  const shapes = (probe: ModelProbe) => JSON.stringify(probe.weights);
  const same =
    shapes(given) === shapes(own) &&
    given.outputs.data.every((value, i) => Math.abs(value - own.outputs.data[i]) < 1e-4);
  const why = `What the model computes is not ${what}.`;
  tell(name, model, [{ criterion: "outputs", passed: same, why }], `${what}.`);
}

async function ownProbe(build: () => LayersModel): Promise<ModelProbe> {
  const model = build();
  try {
    return await probeModel(model, SEED);
  } finally {
    model.dispose();
  }
}

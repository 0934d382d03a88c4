import { type NdArray, tf } from "../../../engine";
import { type PadOptions, padSequences } from "../../../text";
import { labFeatures, type LabFeature } from "./features";
import { type ModelProbe, probeIds, probeWeights } from "./probe";
import { published } from "../published";

/** Whether a piece of an answer is right, and a sentence for the student where it is not. */
export interface Finding {
  /** Name of the criterion, as in `notebooks/lab/rubric.json`. */
  criterion: string;
  passed: boolean;
  /** What is wrong, as the student sees it; "" where nothing is. */
  why: string;
}

/** What a model of the lab shall be. */
export interface ModelTask {
  api: ModelProbe["api"];
  kind: "mean" | "lstm";
}

const { topWords, maxReviewLength, embeddingDim, units } = published.parameters;

const finding = (criterion: string, why: string): Finding => ({ criterion, passed: !why, why });

const number = (value: number) => value.toLocaleString("en");

const count = (value: number, what: string) => `${number(value)} ${what}${value === 1 ? "" : "s"}`;

const size = (shape: readonly (number | null)[]) => shape.map((n) => n ?? "any").join(" × ");

function equal(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 0): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!(Math.abs(a[i] - b[i]) <= tolerance)) return false;
  return true;
}

type Padding = Pick<PadOptions, "padding" | "truncating">;

/** Ways to pad that a student may have chosen, the right one first, and what is wrong with each. */
const paddings: [Padding, string][] = [
  [{}, ""],
  [
    { padding: "post" },
    "the zeros stand behind the words of a short review: they belong in front.",
  ],
  [
    { truncating: "post" },
    "the end of a long review is cut off: its last words are the ones to keep.",
  ],
  [
    { padding: "post", truncating: "post" },
    "long reviews lose their end and short ones have their zeros behind: it is the other way round.",
  ],
];

/**
 * What is wrong with rows that should be these reviews, cut and filled to the rows' own width;
 * `padded` tells whether they are the reviews at all.
 */
function paddingFault(
  name: string,
  sequences: readonly number[][],
  given: NdArray | null,
): { padded: boolean; fault: string } {
  if (!given) return { padded: false, fault: `${name} holds no rows of numbers.` };
  const [rows, maxlen] = given.shape;
  if (given.shape.length !== 2 || rows !== sequences.length) {
    const fault = `${name} has the shape ${size(given.shape)}, but there are ${number(sequences.length)} reviews, one a row.`;
    return { padded: false, fault };
  }
  const way = paddings.find(([options]) =>
    equal(given.data, padSequences(sequences, { maxlen, ...options }).data),
  );
  if (!way) return { padded: false, fault: `${name} does not hold the ids of its reviews.` };
  return { padded: true, fault: way[1] && `In ${name} ${way[1]}` };
}

/**
 * Item 01: are these the reviews, 100 ids each? A width that is wrong costs the criterion `shape`
 * alone.
 */
export function judgePadding(
  reviews: { train: readonly number[][]; test: readonly number[][] },
  given: { train: NdArray | null; test: NdArray | null },
): Finding[] {
  const train = paddingFault("trainX", reviews.train, given.train);
  const test = paddingFault("testX", reviews.test, given.test);
  const widths = [given.train, given.test].map((rows) => rows?.shape[1]);
  const wrong = widths.find((width) => width !== maxReviewLength);
  const shape =
    wrong === undefined && widths.every(Boolean)
      ? ""
      : `A row has ${wrong ?? "no"} ids instead of ${maxReviewLength}.`;
  // Zeros of the right shape are worth nothing.
  const none = train.padded || test.padded ? "" : train.fault;
  return [
    finding("shape", shape || none),
    finding("train", train.fault),
    finding("test", test.fault),
  ];
}

const bySequential = "Build it with tf.sequential() and add one layer after the other.";
const byFunctional =
  "Build it with tf.input() and tf.model(), each layer applied to the output of the one before.";

function embeddingFault([table]: number[][]): string {
  const [rows, columns] = table;
  if (table.length === 2 && rows === topWords && columns === embeddingDim) return "";
  return `The first layer with weights has ${size(table)} of them; the table of an embedding has one row an id (${number(topWords)}) and ${embeddingDim} columns.`;
}

/** Weights of the layers between embedding and dense layer. */
function middleOf({ weights }: ModelProbe): number[][] {
  return weights.slice(1, -2);
}

function meanFault(probe: ModelProbe, feature: LabFeature | undefined): string {
  const width = probe.features.shape.at(-1)!;
  if (middleOf(probe).length > 0) return "A layer with weights stands between embedding and dense.";
  if (feature === "mean") return "";
  const told: Partial<Record<LabFeature, string>> = {
    sum: "The vectors of a review are added up, not averaged.",
    max: "The largest value of each column is taken, not the mean.",
    last: "Only the vector of the last word is used, not the mean over all words.",
    first: "Only the vector of the first word is used, not the mean over all words.",
    masked: "The mean leaves the padding out; here it runs over all 100 places (no mask).",
  };
  if (feature) return told[feature]!;
  if (width === maxReviewLength * probe.weights[0][1]) {
    return "The vectors of a review are laid end to end, not averaged.";
  }
  if (probe.features.shape.length === 3) {
    return "The dense layer still reads one vector a word: a mean over the words must come first.";
  }
  return "What the dense layer reads is not the mean of the words' vectors.";
}

function lstmFault(probe: ModelProbe, feature: LabFeature | undefined): string {
  const middle = middleOf(probe);
  if (middle.length === 0) return "There is no recurrent layer with weights behind the embedding.";
  const [kernel, recurrent] = middle;
  const width = recurrent?.[0] ?? 0;
  const gates = recurrent?.length === 2 ? recurrent[1] / width : 0;
  if (gates === 3) return "The recurrent layer is a GRU, not an LSTM.";
  if (gates === 1) return "The recurrent layer is a simple one, without gates, not an LSTM.";
  if (middle.length > 3) return "More than one layer stands between embedding and dense layer.";
  if (gates !== 4 || kernel.length !== 2) return "The layer behind the embedding is not an LSTM.";
  if (width !== units) return `The LSTM has ${width} units instead of ${units}.`;
  if (feature === "last") return "";
  const told: Partial<Record<LabFeature, string>> = {
    mean: "The mean of all states is used: many-to-one takes the last state.",
    max: "The largest value of all states is taken: many-to-one takes the last state.",
    backwards: "The LSTM reads from the last word to the first.",
    masked: "The LSTM skips the padding; the mask comes later, among the extensions.",
  };
  if (feature && told[feature]) return told[feature];
  if (probe.features.shape.length === 3) {
    return "The LSTM returns its state after every word: many-to-one takes the last one.";
  }
  return "What the dense layer reads is not the last state of an LSTM.";
}

/** What the output would be with this activation, from features, kernel and bias of the last layer. */
function outputsOf(probe: ModelProbe, seed: number, activation: "linear" | "sigmoid" | "tanh") {
  const [kernel, bias] = probeWeights(probe.weights, seed).slice(-2);
  return tf.tidy(() => {
    const logits = tf
      .tensor2d(probe.features.data, probe.features.shape as [number, number])
      .matMul(tf.tensor2d(kernel.data, kernel.shape as [number, number]))
      .add(tf.tensor1d(bias.data));
    return activation === "linear" ? logits.dataSync() : logits[activation]().dataSync();
  });
}

function outputFault(probe: ModelProbe, seed: number): string {
  const { outputs, features, weights } = probe;
  const [kernel, bias] = weights.slice(-2);
  if (outputs.shape.length !== 2 || outputs.shape[1] !== 1) {
    return `The output has the shape ${size(["reviews" as never, ...outputs.shape.slice(1)])}: one number a review is asked for.`;
  }
  if (bias?.length !== 1 || kernel?.length !== 2 || kernel[0] !== features.shape.at(-1)) {
    return "The last layer is not a dense layer with a bias.";
  }
  if (features.shape.length !== 2) return "The last layer must read one vector a review.";
  const like = (values: ArrayLike<number>) => equal(outputs.data, values, 1e-4);
  if (like(outputsOf(probe, seed, "sigmoid"))) return "";
  if (like(outputsOf(probe, seed, "linear"))) {
    return "The output can be any number: a probability needs another activation.";
  }
  if (like(outputsOf(probe, seed, "tanh"))) {
    return "The output runs from −1 to 1: a probability runs from 0 to 1.";
  }
  if (outputs.data.every((value) => value === 1)) {
    return "The output is always 1: softmax over a single number has nothing to choose from.";
  }
  return "The output is not the sigmoid of what the dense layer computes.";
}

/**
 * Items 02, 03, 05 and 06: is this the model that is asked for? Judged by what it computes, so that
 * any way to write it counts.
 *
 * @param seed that of the probe
 */
export function judgeModel({ api, kind }: ModelTask, probe: ModelProbe, seed: number): Finding[] {
  const ids = probeIds(probe.weights[0][0], seed);
  const feature = labFeatures(kind, probe, ids, seed);
  return [
    finding("api", probe.api === api ? "" : api === "sequential" ? bySequential : byFunctional),
    finding("embedding", embeddingFault(probe.weights)),
    finding(kind, kind === "mean" ? meanFault(probe, feature) : lstmFault(probe, feature)),
    finding("output", outputFault(probe, seed)),
  ];
}

/** Items 02 and 05: does the model learn? */
export function judgeLearning(accuracy: number, least: number): Finding {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return finding(
    "learns",
    accuracy >= least
      ? ""
      : `After a short training it is right on ${Number.isFinite(accuracy) ? percent(accuracy) : "no"} of reviews that it has not seen; ${percent(least)} at least were expected.`,
  );
}

/** The places of the smallest values, smallest first. */
function smallest(values: readonly number[], count: number): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  return order.slice(0, count);
}

/** Squared Euclidean distances of all rows from one of them. */
function squaredDistances({ data, shape }: NdArray, row: number): number[] {
  const [rows, width] = shape;
  return Array.from({ length: rows }, (_, other) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (data[other * width + i] - data[row * width + i]) ** 2;
    return sum;
  });
}

/**
 * Item 04: are these the Euclidean distances of all rows of the table from this row? Squared ones
 * give the same nearest words, so they cost the criterion `values` alone; those from another row
 * cost the criterion `order`.
 */
export function judgeDistances(
  table: NdArray,
  row: number,
  distances: readonly number[] | null,
): Finding[] {
  const all = (why: string) => ["length", "order", "values"].map((name) => finding(name, why));
  const [rows] = table.shape;
  if (!distances) return all("distances has no value.");
  if (distances.length !== rows) {
    return all(
      `distances has ${count(distances.length, "number")} instead of ${number(rows)}, one for each id.`,
    );
  }
  const [from] = smallest(distances, 1);
  const squares = squaredDistances(table, from);
  const exact = equal(distances, squares.map(Math.sqrt), 1e-3);
  if (!exact && !equal(distances, squares, 1e-3)) {
    return all(
      "These are not Euclidean distances: the root of the sum of squared differences, a row each.",
    );
  }
  return [
    finding("length", ""),
    finding(
      "order",
      from === row ? "" : `These are distances from the word with id ${from}, not from "great".`,
    ),
    finding("values", exact ? "" : "These are the squares of the distances."),
  ];
}

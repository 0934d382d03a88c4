import type { LayersModel } from "@tensorflow/tfjs";
import { type KerasImdb, type KerasImdbPart, loadKerasImdb } from "../../data";
import { type NdArray, StarlitError } from "../../engine";
import { binaryAccuracy } from "../../metrics";
import { padSequences } from "../../text";
import { fingerprint, fit, type Run } from "../../training";
import { memo } from "../experiment/memo";
import { runNetwork } from "../experiment/network";
import { checkRunOptions, modelNamed, type Named, type RunOptions } from "../experiment/settings";
import { attentionModel, gruModel, lstmModel, meanModel, type Sizes } from "./networks";
import { published } from "./published";

const builders = {
  mean: meanModel,
  lstm: lstmModel,
  "lstm-mask": (sizes: Sizes) => lstmModel({ ...sizes, mask: true }),
  gru: gruModel,
  attention: (sizes: Sizes) => attentionModel({ ...sizes, mask: true }),
} satisfies Record<string, (sizes: Sizes) => LayersModel>;

/** Names of the lab's models: the two of the document, then the three extensions. */
export type Model = keyof typeof builders;

/** Names of the lab's models, in its order. */
export const models = Object.keys(builders) as readonly Model[];

const { topWords, maxReviewLength, indexFrom, embeddingDim, units } = published.parameters;
const { epochs, batchSize } = published.training;

/** What is chosen for all models of the lab. */
export const settings = {
  topWords,
  maxReviewLength,
  indexFrom,
  embeddingDim,
  units,
  epochs,
  batchSize,
};

/** The data as the lab loads it. */
export function load({ standIn }: { standIn?: boolean } = {}): Promise<KerasImdb> {
  return loaded({ numWords: topWords, indexFrom, standIn });
}

const loaded = memo(loadKerasImdb);

/** Reviews cut and filled to the lab's 100 ids, with their labels. */
export function examples({ sequences, labels }: KerasImdbPart): { x: NdArray; y: NdArray } {
  return {
    x: padSequences(sequences, { maxlen: maxReviewLength }),
    y: labels,
  };
}

/**
 * The rows of a matrix by their Euclidean distance from one of them, nearest first: that row itself
 * comes first, at distance 0.
 *
 * @param matrix values (V, E)
 * @param count how many rows to return
 */
export function nearestRows(
  { data, shape }: NdArray,
  row: number,
  count: number,
): { row: number; distance: number }[] {
  const [rows, width] = shape;
  if (shape.length !== 2 || !(Number.isInteger(row) && row >= 0 && row < rows)) {
    throw new StarlitError(`There is no row ${row} in a matrix of the shape [${shape}].`);
  }
  const distances = Array.from({ length: rows }, (_, other) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (data[other * width + i] - data[row * width + i]) ** 2;
    return { row: other, distance: Math.sqrt(sum) };
  });
  return distances.sort((a, b) => a.distance - b.distance).slice(0, count);
}

/** How many of the published ten words nearest to "great" stand among these ten. */
export function sharedNeighbours(words: readonly string[]): number {
  const nearest = published.nearest.words.slice(1, 11) as readonly string[];
  return words.filter((word) => nearest.includes(word)).length;
}

function neighboursOfGreat(model: LayersModel, { wordIndex }: KerasImdb): string[] {
  const [table] = model.getWeights();
  const matrix = { data: table.dataSync<"float32">(), shape: table.shape };
  const words = new Map(Array.from(wordIndex, ([word, rank]) => [rank + indexFrom, word]));
  const [, ...nearest] = nearestRows(matrix, wordIndex.get("great")! + indexFrom, 11);
  return nearest.map(({ row }) => words.get(row) ?? "");
}

/**
 * Trains a model of the lab as its document does, 3 epochs of batches of 64, or loads the run if it
 * was made before. The profile changes nothing but where the run is stored: all takes a minute.
 *
 * The run's history has `loss`, `accuracy`, `valLoss` and `valAccuracy`, validation being the test
 * reviews as published; its metrics are the last `valAccuracy` as `accuracy`, and for the first
 * model `sharedNeighbours`.
 *
 * @param model one of `models`
 * @throws StarlitError if there is no such model, or the reader stops the training
 */
export async function run(model: Named<Model>, options: RunOptions): Promise<Run> {
  const name = modelNamed("lab", model, models);
  checkRunOptions("lab", options, ["standIn"]);
  const { seed, profile, standIn } = options;
  const imdb = await load({ standIn });
  const [train, test] = [examples(imdb.train), examples(imdb.test)];
  return runNetwork({
    study: "lab",
    model: name,
    settings,
    seed,
    profile,
    data: {
      fingerprint: fingerprint(train.x, train.y, test.x, test.y),
      standIn: imdb.standIn,
    },
    published: name === "mean" || name === "lstm" ? published.models[name].history : undefined,
    build: () => builders[name]({}),
    train: (network, training) =>
      fit(network, train, {
        ...training,
        epochs,
        batchSize,
        loss: "binaryCrossentropy",
        metrics: { accuracy: binaryAccuracy },
        validation: test,
      }),
    measure: (network, { history }) => {
      const metrics: Record<string, number> = { accuracy: history.valAccuracy[epochs - 1] };
      if (name === "mean") {
        metrics.sharedNeighbours = sharedNeighbours(neighboursOfGreat(network, imdb));
      }
      return Promise.resolve({ metrics });
    },
  });
}

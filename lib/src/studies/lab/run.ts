import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type KerasImdb, type KerasImdbPart, loadKerasImdb } from "../../data";
import { type NdArray, type Profile, seedEverything, StarlitError } from "../../engine";
import { binaryAccuracy } from "../../metrics";
import { labAttention, labGru, labLstm, labMean, type LabSizes } from "./networks";
import { padSequences } from "../../text";
import { type Examples, fingerprint, fit, type Run, storedRun } from "../../training";
import { publishedLab } from "./published";

const builders = {
  mean: labMean,
  lstm: labLstm,
  "lstm-mask": (sizes: LabSizes) => labLstm({ ...sizes, mask: true }),
  gru: labGru,
  attention: (sizes: LabSizes) => labAttention({ ...sizes, mask: true }),
} satisfies Record<string, (sizes: LabSizes) => LayersModel>;

/** Names of the lab's models: the two of the document, then the three extensions. */
export type LabModel = keyof typeof builders;

/** Names of the lab's models, in its order. */
export const labModels = Object.keys(builders) as readonly LabModel[];

/** The data as the lab loads it. */
export function loadLab(options: { standIn?: boolean } = {}): Promise<KerasImdb> {
  const { topWords: numWords, indexFrom } = publishedLab.parameters;
  return loadKerasImdb({ numWords, indexFrom, ...options });
}

/** Reviews cut and filled to the lab's 100 ids, with their labels. */
export function labExamples({ sequences, labels }: KerasImdbPart): Examples & { x: NdArray } {
  return {
    x: padSequences(sequences, { maxlen: publishedLab.parameters.maxReviewLength }),
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
  const published = publishedLab.nearest.words.slice(1, 11);
  return words.filter((word) => published.includes(word)).length;
}

function neighboursOfGreat(model: LayersModel, { wordIndex }: KerasImdb): string[] {
  const { indexFrom } = publishedLab.parameters;
  const [table] = model.getWeights();
  const matrix = { data: table.dataSync<"float32">(), shape: table.shape };
  const words = new Map(Array.from(wordIndex, ([word, rank]) => [rank + indexFrom, word]));
  const [, ...nearest] = nearestRows(matrix, wordIndex.get("great")! + indexFrom, 11);
  return nearest.map(({ row }) => words.get(row) ?? "");
}

/** Options of `runLab`. */
export interface LabRunOptions {
  seed: number;
  profile: Profile;
  /** What `loadLab` returned, where it is at hand. */
  data?: KerasImdb;
}

/**
 * Trains a model of the lab as its document does, 3 epochs of batches of 64, or loads the run if it
 * was made before. The profile changes nothing but where the run is stored: all takes a minute.
 *
 * The run's history has `loss`, `accuracy`, `valLoss` and `valAccuracy`, validation being the test
 * reviews as published; its metrics are the last `valAccuracy` as `accuracy`, and for the first
 * model `sharedNeighbours`.
 *
 * @param name one of `labModels`
 * @throws StarlitError if there is no such model
 */
export async function runLab(
  name: string,
  { seed, profile, data: given }: LabRunOptions,
): Promise<Run> {
  if (!(name in builders)) {
    throw new StarlitError(`The lab has no model "${name}": use ${labModels.join(", ")}.`);
  }
  const data = given ?? (await loadLab());
  const [train, test] = [labExamples(data.train), labExamples(data.test)];
  const { epochs, batchSize } = publishedLab.training;
  const { topWords, maxReviewLength, indexFrom, embeddingDim, units } = publishedLab.parameters;
  const sizes = { topWords, maxReviewLength, indexFrom, embeddingDim, units };
  const spec = {
    study: "lab",
    model: name,
    hyperParameters: { ...sizes, epochs, batchSize },
    seed,
    profile,
    dataFingerprint: fingerprint(train.x, train.y, test.x, test.y),
    standIn: data.standIn,
  };
  return storedRun(spec, async (checkpoint) => {
    seedEverything(seed);
    const model = builders[name as LabModel]({});
    try {
      const history = await fit(model, train, {
        ...{ epochs, batchSize, seed, checkpoint },
        loss: "binaryCrossentropy",
        metrics: { accuracy: binaryAccuracy },
        validation: test,
        progress: `${name}, seed ${seed}`,
      });
      const metrics: Record<string, number> = {
        accuracy: history.history.valAccuracy.at(-1) ?? NaN,
      };
      if (name === "mean") {
        metrics.sharedNeighbours = sharedNeighbours(neighboursOfGreat(model, data));
      }
      return { history, metrics };
    } finally {
      model.dispose();
    }
  });
}

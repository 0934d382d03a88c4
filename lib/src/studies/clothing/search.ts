import { type Profile, Random, seedEverything } from "../../engine";
import {
  choice,
  type Dimension,
  drawPoints,
  fit,
  type Point,
  RandomSearch,
  type Run,
  runFile,
  storedRun,
  SuccessiveHalving,
  type Trial,
  type TrialTask,
} from "../../training";
import { readRun } from "../../training/runRecord";
import { publishedFit, publishedSettings } from "./protocol";
import { type ClothingData, type ClothingTexts, prepareClothing } from "./data";
import { soundCurves } from "./scores";
import {
  buildClothingModel,
  type ClothingModel,
  clothingModel,
  type ModelHyperParameters,
} from "./networks";
import { publishedClothing } from "./published";

/** The published space of a model: `units1` …, `dropout1` …, `learningRate`. */
export type ClothingSpace = Readonly<Record<string, Dimension<number>>>;

/** Options of `searchClothing`. */
export interface ClothingSearchOptions extends ClothingTexts {
  profile: Profile;
  /** Seed of the points, and of the training of each trial. */
  seed: number;
  /** The published random search, or a halving that costs as many epochs. Default `random`. */
  method?: "random" | "halving";
  /**
   * The curve that a trial is judged by: `auc` on the training rows as published, `valAuc` the same
   * on the validation rows, or the exact `valRocAuc`. Default `valRocAuc`.
   */
  objective?: "auc" | "valAuc" | "valRocAuc";
  classWeight?: "none" | "balanced";
}

/**
 * Trials of each profile. The published 50 × 3 epochs are 150 in all; halving 64 trials from 1 to
 * 9 epochs takes 64 + 2 · 21 + 6 · 7 = 148.
 */
const sizes = {
  full: { random: publishedClothing.search.trials, halving: 64 },
  quick: { random: 4, halving: 9 },
} as const;

/** Epochs that the trials of a search may have got, longest first. */
const rounds = { random: [publishedClothing.search.epochs], halving: [9, 3, 1] } as const;

/** What the document searched for a model. */
export function clothingSpace(model: ClothingModel): ClothingSpace {
  const { units, dropout, learningRate } = publishedClothing.search;
  const { hyperParameters } = publishedClothing.models[model];
  const numbered = (name: string, count: number, values: readonly number[]) =>
    Array.from({ length: count }, (_, i) => [`${name}${i + 1}`, choice(...values)] as const);
  return Object.fromEntries([
    ...numbered("units", hyperParameters.units.length, units[model]),
    ...numbered("dropout", hyperParameters.dropout.length, dropout),
    ["learningRate", choice(...learningRate)],
  ]);
}

/** A point of the space as a model's hyper-parameters. */
export function clothingHyperParameters(point: Point<ClothingSpace>): ModelHyperParameters {
  const values = (name: string) =>
    Object.keys(point)
      .filter((key) => key.startsWith(name))
      .map((key) => point[key]);
  return {
    units: values("units"),
    dropout: values("dropout"),
    learningRate: point.learningRate,
  };
}

/** What names the run of a trial. */
function trialSpec(
  model: ClothingModel,
  data: ClothingData,
  options: ClothingSearchOptions,
  { point, epochs }: { point: Point<ClothingSpace>; epochs: number },
) {
  const { batchSize, stopWords, text, classWeight } = { ...publishedSettings(model), ...options };
  return {
    study: "clothing/search",
    model,
    hyperParameters: {
      ...clothingHyperParameters(point),
      ...{ epochs, batchSize, stopWords, text, classWeight },
    },
    seed: options.seed,
    profile: options.profile,
    dataFingerprint: data.fingerprint,
    standIn: false,
  };
}

/** Trains a trial; neither its choice nor its result sees the test rows. */
function runTrial(
  model: ClothingModel,
  data: ClothingData,
  options: ClothingSearchOptions,
  point: Point<ClothingSpace>,
  { epochs, seed, checkpoint }: TrialTask,
): Promise<Run> {
  const spec = trialSpec(model, data, options, { point, epochs });
  const train = async () => {
    seedEverything(seed);
    const built = buildClothingModel(model, spec.hyperParameters);
    try {
      const published = publishedFit(data, spec.hyperParameters);
      const history = await fit(built, data.train, {
        ...{ ...published, validation: data.validation, seed, checkpoint, progress: false },
        metrics: { ...published.metrics, ...soundCurves },
      });
      return { history, metrics: {} };
    } finally {
      built.dispose();
    }
  };
  return storedRun(spec, train, { quiet: true });
}

/**
 * Searches a model's hyper-parameters as the document did, or by its better-founded variants. Each
 * trial is a stored run, so the search can be stopped, gone on with, and shared by processes.
 *
 * @param model `lstm-2`, `gru-1`, `gru-2` or `gru-4`
 * @returns the trials, best first
 * @throws StarlitError if there is no such model or the reader stops the search
 */
export async function searchClothing(
  model: string,
  options: ClothingSearchOptions,
): Promise<Trial<ClothingSpace>[]> {
  const name = clothingModel(model);
  const {
    profile,
    seed,
    method = "random",
    objective = "valRocAuc",
    classWeight = "none",
  } = options;
  const data = await prepareClothing(options);
  const common = {
    id: `clothing/search/${name}-${method}-${classWeight}-seed-${seed}-${data.fingerprint}`,
    title: `${name}, ${method} search by ${objective}`,
    space: clothingSpace(name),
    objective,
    direction: "max",
    trials: sizes[profile][method],
    seed,
    run: (point: Point<ClothingSpace>, task: TrialTask) =>
      runTrial(name, data, options, point, task),
  } as const;
  const search =
    method === "random"
      ? new RandomSearch({ ...common, epochs: rounds.random[0] })
      : new SuccessiveHalving({ ...common, minEpochs: 1, maxEpochs: rounds.halving[0] });
  return search.search();
}

/**
 * The trials of a search that are finished, best first, each with its longest training; nothing is
 * trained, so that a search that takes hours can be looked at while it runs.
 *
 * @throws StarlitError if there is no such model
 */
export async function storedTrials(
  model: string,
  options: ClothingSearchOptions,
): Promise<Trial<ClothingSpace>[]> {
  const name = clothingModel(model);
  const { profile, seed, method = "random", objective = "valRocAuc" } = options;
  const data = await prepareClothing(options);
  const points = drawPoints(clothingSpace(name), sizes[profile][method], new Random(seed));
  const stored = (point: Point<ClothingSpace>) =>
    rounds[method].flatMap((epochs) => {
      const run = readRun(runFile(trialSpec(name, data, options, { point, epochs })));
      return run ? [{ point, epochs, score: Math.max(...run.history[objective]), run }] : [];
    });
  return points
    .flatMap((point, i) => stored(point).map((found) => ({ trial: i + 1, ...found })))
    .filter(({ trial }, i, all) => trial !== all[i - 1]?.trial)
    .sort((a, b) => b.epochs - a.epochs || b.score - a.score || a.trial - b.trial);
}

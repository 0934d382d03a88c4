import { checkOptions, knownNames, type Profile, Random, StarlitError } from "../../engine";
import {
  choice,
  type Dimension,
  drawPoints,
  fit,
  type Point,
  RandomSearch,
  type Run,
  runFile,
  SuccessiveHalving,
  type Trial,
  type TrialTask,
} from "../../training";
import { readRun } from "../../training/runRecord";
import { publishedFit, publishedSettings } from "./protocol";
import { type Data, type Texts, prepare } from "./data";
import { soundCurves } from "./scores";
import { runNetwork, runSpec } from "../experiment/network";
import { modelNamed, profileNamed } from "../experiment/settings";
import { build, type HyperParameters, type Network, networks } from "./networks";
import { published } from "./published";

/** The published space of a model: `units1` …, `dropout1` …, `learningRate`. */
export type SearchSpace = Readonly<Record<string, Dimension<number>>>;

/** Options of `search`. */
export interface SearchOptions extends Texts {
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
  /** Trials; unless told, those of the profile. */
  trials?: number;
  /** Of a random search: the numbers, from 1, of the trials to make here; unless told, all of them. */
  only?: readonly number[];
}

/** What a trial is judged by unless told. */
export const searchObjective = "valRocAuc";

/**
 * Trials of each profile. The published 50 × 3 epochs are 150 in all; halving 64 trials from 1 to
 * 9 epochs takes 64 + 2 · 21 + 6 · 7 = 148.
 */
const sizes = {
  full: { random: published.search.trials, halving: 64 },
  quick: { random: 4, halving: 9 },
} as const;

/** Epochs that the trials of a search may have got, longest first. */
const rounds = { random: [published.search.epochs], halving: [9, 3, 1] } as const;

/** What the document searched for a model. */
export function searchSpace(model: Network): SearchSpace {
  const { units, dropout, learningRate } = published.search;
  const { hyperParameters } = published.models[model];
  const numbered = (name: string, count: number, values: readonly number[]) =>
    Array.from({ length: count }, (_, i) => [`${name}${i + 1}`, choice(...values)] as const);
  return Object.fromEntries([
    ...numbered("units", hyperParameters.units.length, units[model]),
    ...numbered("dropout", hyperParameters.dropout.length, dropout),
    ["learningRate", choice(...learningRate)],
  ]);
}

/** A point of the space as a model's hyper-parameters. */
export function hyperParametersOf(point: Point<SearchSpace>): HyperParameters {
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

/** Of a trial: its hyper-parameters, and the epochs that it gets. */
interface PointTrained {
  point: Point<SearchSpace>;
  epochs: number;
}

/** All that is chosen for the run of a trial. */
function trialSettings(model: Network, options: SearchOptions, { point, epochs }: PointTrained) {
  const { batchSize, stopWords, text, classWeight } = { ...publishedSettings(model), ...options };
  return { ...hyperParametersOf(point), epochs, batchSize, stopWords, text, classWeight };
}

/** What makes the run of a trial this run. */
function trialExperiment(model: Network, data: Data, options: SearchOptions, at: PointTrained) {
  const { seed, profile } = options;
  const settings = trialSettings(model, options, at);
  return { study: "clothing/search", model, settings, seed, profile, data };
}

/** The points of a search, in the order of its trials. */
function pointsOf(
  model: Network,
  { profile, seed, method = "random", trials = sizes[profile][method] }: SearchOptions,
) {
  return drawPoints(searchSpace(model), trials, new Random(seed));
}

/**
 * The trials of a random search in their order: all that is chosen for the run of each, and what a run
 * of the model differs by that has the trial's hyper-parameters. Nothing is trained, no data are read.
 *
 * @throws StarlitError if there is no such model
 */
export function searchedSettings(
  model: string,
  options: Omit<SearchOptions, "method" | "objective" | "only">,
): { settings: object; changes: HyperParameters }[] {
  const name = modelNamed("clothing", model, networks);
  checkSearch(options);
  const [epochs] = rounds.random;
  return pointsOf(name, options).map((point) => ({
    settings: trialSettings(name, options, { point, epochs }),
    changes: hyperParametersOf(point),
  }));
}

/** Trains a trial; neither its choice nor its result sees the test rows. */
function runTrial(
  model: Network,
  data: Data,
  options: SearchOptions,
  point: Point<SearchSpace>,
  { epochs, seed, checkpoint }: TrialTask,
): Promise<Run> {
  const experiment = trialExperiment(model, data, options, { point, epochs });
  const { metrics, ...published } = publishedFit(data, experiment.settings);
  return runNetwork({
    ...experiment,
    build: () => build(model, experiment.settings),
    train: (network) =>
      fit(network, data.train, {
        ...published,
        metrics: { ...metrics, ...soundCurves },
        validation: data.validation,
        seed,
        // That of the search: a trial that gets more epochs later goes on from it.
        checkpoint,
        progress: false,
      }),
    measure: () => Promise.resolve({ metrics: {} }),
    quiet: true,
  });
}

const methods = ["random", "halving"];
const objectives = ["auc", "valAuc", "valRocAuc"];

function checkSearch(options: SearchOptions): void {
  const known = ["profile", "seed", "method", "objective", "classWeight", "stopWords", "text"];
  checkOptions("clothing.search", options, [...known, "trials", "only"]);
  profileNamed(options.profile);
  for (const [name, value, words] of [
    ["method", options.method, methods],
    ["objective", options.objective, objectives],
  ] as const) {
    if (value === undefined || words.includes(value)) continue;
    throw new StarlitError(`There is no ${name} "${String(value)}": ${knownNames(value, words)}`);
  }
  if (options.only && options.method === "halving") {
    throw new StarlitError(
      "A halving makes all its trials, as those of a round compete: leave out their numbers.",
    );
  }
}

/**
 * Searches a model's hyper-parameters as the document did, or by its better-founded variants. Each
 * trial is a stored run, so the search can be stopped, gone on with, and shared by processes.
 *
 * @param model `lstm-2`, `gru-1`, `gru-2` or `gru-4`
 * @returns the trials, best first
 * @throws StarlitError if there is no such model or the reader stops the search
 */
export async function search(model: string, options: SearchOptions): Promise<Trial<SearchSpace>[]> {
  const name = modelNamed("clothing", model, networks);
  checkSearch(options);
  const {
    profile,
    seed,
    method = "random",
    objective = searchObjective,
    classWeight = "none",
    trials = sizes[profile][method],
    only,
  } = options;
  const data = await prepare(options);
  const common = {
    id: `clothing/search/${name}-${method}-${classWeight}-seed-${seed}-${data.fingerprint}`,
    title: `${name}, ${method} search by ${objective}`,
    space: searchSpace(name),
    objective,
    direction: "max",
    trials,
    seed,
    run: (point: Point<SearchSpace>, task: TrialTask) => runTrial(name, data, options, point, task),
  } as const;
  const search =
    method === "random"
      ? new RandomSearch({ ...common, epochs: rounds.random[0], only })
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
  options: SearchOptions,
): Promise<Trial<SearchSpace>[]> {
  const name = modelNamed("clothing", model, networks);
  checkSearch(options);
  const { method = "random", objective = searchObjective } = options;
  const data = await prepare(options);
  const points = pointsOf(name, options);
  const stored = (point: Point<SearchSpace>) =>
    rounds[method].flatMap((epochs) => {
      const run = readRun(
        runFile(runSpec(trialExperiment(name, data, options, { point, epochs }))),
      );
      return run ? [{ point, epochs, score: Math.max(...run.history[objective]), run }] : [];
    });
  return points
    .flatMap((point, i) => stored(point).map((found) => ({ trial: i + 1, ...found })))
    .filter(({ trial }, i, all) => trial !== all[i - 1]?.trial)
    .sort((a, b) => b.epochs - a.epochs || b.score - a.score || a.trial - b.trial);
}

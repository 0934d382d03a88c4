// What the notebooks of the study show in tables: plain rows, made of plain data.
import type { LayersModel } from "@tensorflow/tfjs";
import type { ClothingReview, TableRow } from "../../data";
import { type NdArray, profile } from "../../engine";
import { f1Score, meanAndSd, rocAucScore } from "../../metrics";
import { englishStopWords } from "../../text";
import { explainedShare, listRuns, type Run, type Trial, unpackArray } from "../../training";
import { countStars, type Data, type Part, stars } from "./data";
import { type HyperParameters, type Network, networks } from "./networks";
import { published } from "./published";
import { predictedStars } from "./scores";
import { hyperParametersOf, type SearchOptions, type SearchSpace, storedTrials } from "./search";

/** Runs of the published networks, one a seed. */
export type NetworkRuns = Readonly<Record<Network, readonly Run[]>>;

/** A trial of a search: its run, and the point that it tried. */
export type NetworkTrial = Trial<SearchSpace>;

/** Trials of the networks' searches, best first; none where nothing was searched. */
export type Searches = Readonly<Record<Network, readonly NetworkTrial[]>>;

/** Names of the ratings: "1 star", "2 stars", … */
export const starNames = stars.map((star) => (star === 1 ? "1 star" : `${star} stars`));

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const most = (values: readonly number[]) => Math.max(...values);

/** Negations among the stop words: "not", "no", "nor", and "don't" and its kin. */
const negations = new Set(
  [...englishStopWords].filter((word) => /^(no|nor|not|.*n't)$/.test(word)),
);

/** How many negations a text loses with the stop words. */
export function negationsIn(text: string): number {
  const words = text.toLowerCase().split(/\s+/);
  return words.filter((word) => negations.has(word)).length;
}

/** By rating: how many negations the reviews lose with the stop words, and which share loses one. */
export function negationRows(reviews: readonly ClothingReview[]): TableRow[] {
  return stars.map((star) => {
    const lost = reviews
      .filter(({ rating }) => rating === star)
      .map(({ text }) => negationsIn(text));
    return {
      stars: star,
      reviews: lost.length,
      "negations lost": sum(lost),
      "share of reviews that lose one": lost.filter((count) => count > 0).length / lost.length,
    };
  });
}

/** Reviews of each rating in each part, as published and ours, with the part's share of all. */
export function splitRows(data: Data): TableRow[] {
  const parts = ["train", "validation", "test"] as const;
  const all = sum(parts.map((part) => data[part].ratings.length));
  return parts.flatMap((part) => {
    const row = (from: string, counts: readonly number[], whole: number) => ({
      part,
      from,
      ...Object.fromEntries(counts.map((count, i) => [starNames[i], count])),
      all: sum(counts),
      share: `${((100 * sum(counts)) / whole).toFixed(0)} %`,
    });
    return [
      row("published", published.split[part], published.data.withText),
      row("ours", countStars(data[part].ratings), all),
    ];
  });
}

/** The layers of a network that have parameters: their output (reviews, words, units) and how many. */
export function layerRows(name: Network, model: LayersModel): TableRow[] {
  const layers = model.layers.filter((layer) => layer.countParams() > 0);
  return published.models[name].layers.map(([layer, parameters], i) => ({
    model: name.toUpperCase(),
    layer,
    output: JSON.stringify(layers[i].outputShape).replaceAll("null", "–"),
    published: parameters,
    ours: layers[i].countParams(),
  }));
}

/** The finished trials of all four searches; nothing is trained. */
export async function storedSearches(options: SearchOptions): Promise<Searches> {
  const found = await Promise.all(networks.map((name) => storedTrials(name, options)));
  return Object.fromEntries(networks.map((name, i) => [name, found[i]])) as unknown as Searches;
}

/** The networks that have trials. */
export function searchedNetworks(searches: Searches): Network[] {
  return networks.filter((name) => searches[name].length > 0);
}

/** The best epoch of a trial by one of its curves. */
export function reached({ run }: NetworkTrial, curve: string): number {
  return run ? most(run.history[curve]) : -Infinity;
}

/** The trial whose best epoch by a curve is the best of all. */
export function bestTrial(trials: readonly NetworkTrial[], curve: string): NetworkTrial {
  return trials.reduce((best, trial) =>
    reached(trial, curve) > reached(best, curve) ? trial : best,
  );
}

/** What each search chose, by the AUC of the training and of the validation reviews, as published too. */
export function searchRows(searches: Searches): TableRow[] {
  const chosen = (
    model: string,
    by: string,
    { units, dropout, learningRate }: HyperParameters,
  ) => ({
    model,
    by,
    units,
    dropout,
    learningRate,
  });
  return searchedNetworks(searches).flatMap((name) => {
    const title = name.toUpperCase();
    const { hyperParameters, search } = published.models[name];
    const ours = (["auc", "valAuc"] as const).map((curve) => {
      const trial = bestTrial(searches[name], curve);
      const by = curve === "auc" ? "ours, by training AUC" : "ours, by validation AUC";
      return {
        ...chosen(title, by, hyperParametersOf(trial.point)),
        training: reached(trial, "auc"),
        validation: reached(trial, "valAuc"),
      };
    });
    const row = chosen(title, "published", hyperParameters);
    return [{ ...row, training: search.bestAuc, validation: "not printed" }, ...ours];
  });
}

/** Trials that could learn something in three epochs. */
const learnable = (trials: readonly NetworkTrial[]) =>
  trials.filter(({ point }) => point.learningRate >= 1e-3);

/**
 * How much of the spread of the scores each hyper-parameter explains (η²): in all trials, in those that
 * could learn, and by chance.
 *
 * @param least how many times as much as by chance a hyper-parameter explains among the latter to be told
 */
export function shareRows(searches: Searches, least = 0): TableRow[] {
  return searchedNetworks(searches).flatMap((name) => {
    const trials = searches[name];
    const kept = learnable(trials);
    return Object.keys(trials[0].point).flatMap((parameter) => {
      const values = new Set(kept.map(({ point }) => point[parameter])).size;
      const chance = (values - 1) / Math.max(1, kept.length - 1);
      const share = explainedShare(kept, parameter);
      if (share < least * chance) return [];
      return [
        {
          model: name.toUpperCase(),
          parameter,
          "all trials": explainedShare(trials, parameter),
          "rate from 0.001": share,
          "by chance": chance,
          "trials there": kept.length,
        },
      ];
    });
  });
}

const bestEpochOf = (values: readonly number[]) => values.indexOf(most(values)) + 1;

/** The trials that halving trained to the end. */
const finalists = (trials: readonly NetworkTrial[]) => trials.filter(({ epochs }) => epochs === 9);

/**
 * Random search beside successive halving, of the networks whose halving has ended: what each found, after
 * which of their nine epochs halving's seven finalists were best, and how many of these were new.
 */
export function halvingRows(random: Searches, halved: Searches): TableRow[] {
  const found = (name: Network, search: string, [best]: readonly NetworkTrial[]) => ({
    model: name.toUpperCase(),
    search,
    ...hyperParametersOf(best.point),
    "validation AUC": best.score,
  });
  const ended = networks.filter((name) => finalists(halved[name]).length === 7);
  return ended.flatMap((name) => {
    const last = finalists(halved[name]);
    const tried = random[name].length;
    return [
      {
        ...found(name, `random, ${tried} × 3 epochs`, random[name]),
        "best epochs of the finalists": "–",
        "new finalists": "–",
      },
      {
        ...found(name, "halving, 148 epochs", last),
        "best epochs of the finalists": last
          .map(({ run }) => bestEpochOf(run!.history.valRocAuc))
          .join(", "),
        "new finalists": `${last.filter(({ trial }) => trial > tried).length} of ${last.length}`,
      },
    ];
  });
}

/** The value of a curve in the epoch that was kept, of each run. */
export function atBestEpoch(curve: string, runs: readonly Run[]): number[] {
  return runs.map(({ history, metrics }) => history[curve][metrics.bestEpoch - 1]);
}

/** The epochs that were kept, and loss and AUC of the validation reviews there, published and ours. */
export function bestEpochRows(runs: NetworkRuns): TableRow[] {
  return networks.map((name) => {
    const { history, bestEpoch } = published.models[name];
    return {
      model: name.toUpperCase(),
      "best epoch, published": bestEpoch,
      ours: runs[name].map(({ metrics }) => metrics.bestEpoch).join(", "),
      "validation loss, published": history.valLoss[bestEpoch - 1],
      "loss, ours": meanAndSd(atBestEpoch("valLoss", runs[name])),
      "validation AUC, published": history.valAuc[bestEpoch - 1],
      "AUC, ours": meanAndSd(atBestEpoch("valAuc", runs[name])),
    };
  });
}

/** The stored final trainings with the hyper-parameters of a search's best trial. */
export function searchedRuns(name: Network, trials: readonly NetworkTrial[]): Run[] {
  if (trials.length === 0) return [];
  const wanted = JSON.stringify({ ...hyperParametersOf(trials[0].point) });
  return listRuns("clothing").filter(({ model, hyperParameters, profile: made }) => {
    const { units, dropout, learningRate } = hyperParameters;
    const same = JSON.stringify({ units, dropout, learningRate }) === wanted;
    return model === name && made === profile() && same;
  });
}

/** Final trainings with the published hyper-parameters and with the best of our search, where stored. */
export function finalRows(searches: Searches, runs: NetworkRuns): TableRow[] {
  const row = (name: Network, from: string, trained: readonly Run[]) => ({
    model: name.toUpperCase(),
    "hyper-parameters": from,
    seeds: trained.length,
    "validation loss": meanAndSd(atBestEpoch("valLoss", trained)),
    "weighted F1": meanAndSd(testScores("weightedF1", trained)),
    "macro-F1": meanAndSd(testScores("macroF1", trained)),
    AUC: meanAndSd(testScores("auc", trained)),
  });
  return networks.flatMap((name) => {
    const own = searchedRuns(name, searches[name]);
    const published = row(name, "published", runs[name]);
    return own.length > 0 ? [published, row(name, "our search", own)] : [published];
  });
}

/** The scores that the study's tables show. */
export const scoreNames = [
  "accuracy",
  "weightedF1",
  "macroF1",
  "balancedAccuracy",
  "maeStars",
  "auc",
] as const;

/** A score of each run's test reviews. */
export function testScores(name: string, runs: readonly Run[]): number[] {
  return runs.map(({ metrics }) => metrics[name]);
}

/** Scores of the test reviews as a row: of runs the mean ± standard deviation. */
export function scoreRow(
  model: string,
  from: readonly Run[] | Readonly<Record<string, number>>,
  names: readonly string[] = scoreNames,
): TableRow {
  const isRuns = (each: typeof from): each is readonly Run[] => Array.isArray(each);
  const values = (name: string) => (isRuns(from) ? testScores(name, from) : [from[name]]);
  return {
    model,
    ...Object.fromEntries(names.map((name) => [name, meanAndSd(values(name))])),
  };
}

/** F1 and AUC of each rating against the others. */
export function starScores(
  { ratings, y }: Pick<Part, "ratings" | "y">,
  probabilities: NdArray,
): { stars: number; reviews: number; f1: number; auc: number }[] {
  const predicted = predictedStars(probabilities);
  const auc = rocAucScore(y, probabilities, { average: null });
  const counts = countStars(ratings);
  return stars.map((star, i) => ({
    stars: star,
    reviews: counts[i],
    f1: f1Score(ratings, predicted, { average: "macro", labels: [star] }),
    auc: auc[i],
  }));
}

/** The study's AUC and the exact one of the validation reviews, by learning rate of the trials. */
export function aucRows(searches: Searches): TableRow[] {
  const all = networks.flatMap((name) => searches[name]);
  const mean = (trials: readonly NetworkTrial[], curve: string) =>
    sum(trials.map((trial) => reached(trial, curve))) / trials.length;
  return published.search.learningRate
    .map((rate) => [rate, all.filter(({ point }) => point.learningRate === rate)] as const)
    .filter(([, trials]) => trials.length > 0)
    .map(([rate, trials]) => ({
      "learning rate": String(rate),
      trials: trials.length,
      "study's AUC": mean(trials, "valAuc"),
      "exact AUC": mean(trials, "valRocAuc"),
    }));
}

/** The epoch that early stopping keeps with a patience, from 1. */
export function keptEpoch(valLoss: readonly number[], patience: number): number {
  let best = 0;
  for (let epoch = 1; epoch < valLoss.length && epoch - best <= patience; epoch++)
    if (valLoss[epoch] < valLoss[best]) best = epoch;
  return best + 1;
}

/**
 * What the study's ways to choose are worth, a row each and a column a network: choosing by training
 * reviews, by AUC in place of recall, trials of three epochs in place of five, patience of five or two.
 */
export function choiceRows(searches: Searches, runs: NetworkRuns): TableRow[] {
  const row = (what: string, of: (name: Network) => string): TableRow => ({
    what,
    ...Object.fromEntries(networks.map((name) => [name.toUpperCase(), of(name)])),
  });
  const searched = (of: (trials: readonly NetworkTrial[]) => number) => (name: Network) =>
    searches[name].length > 0 ? of(searches[name]).toFixed(4) : "–";
  const lost = (by: string, wanted: string) =>
    searched(
      (trials) =>
        reached(bestTrial(trials, wanted), wanted) - reached(bestTrial(trials, by), wanted),
    );
  const moved = (curve: string) => (name: Network) => {
    const longer = runs[name].filter(({ history }) => history[curve].length >= 5);
    if (longer.length === 0) return "–";
    const at = (epoch: number) => sum(longer.map(({ history }) => history[curve][epoch - 1]));
    return ((at(5) - at(3)) / longer.length).toFixed(3).replace("-", "−");
  };
  const epochBy = (curve: "auc" | "valAuc") => (name: Network) => {
    const { history } = published.models[name];
    const epoch = bestEpochOf(history[curve]);
    return `${epoch} (${history.valLoss[epoch - 1]})`;
  };
  return [
    row("published: epoch with the best training AUC (validation loss there)", epochBy("auc")),
    row("published: epoch with the best validation AUC (loss there)", epochBy("valAuc")),
    row(
      "validation AUC lost: trial chosen by training AUC, not validation AUC",
      lost("auc", "valRocAuc"),
    ),
    row(
      "validation F1 lost: trial chosen by training AUC, not weighted F1",
      lost("auc", "valWeightedF1"),
    ),
    row("training AUC from epoch 3 to epoch 5", moved("auc")),
    row("validation AUC from epoch 3 to epoch 5", moved("valAuc")),
    row("our trainings that would keep another epoch with a patience of two", (name) => {
      const differ = runs[name].filter(
        ({ history }) => keptEpoch(history.valLoss, 2) !== keptEpoch(history.valLoss, 5),
      );
      return `${differ.length} of ${runs[name].length}`;
    }),
  ];
}

/**
 * The ratings that each run gives at all, a column a seed.
 *
 * @param least share of the validation reviews that a rating must be given to
 */
export function usedRatings(runs: NetworkRuns, least: number): TableRow[] {
  const used = (run: Run) => {
    const counts = countStars(Array.from(unpackArray(run.predictions!.validationStars).data));
    const all = sum(counts);
    return stars.filter((_, i) => counts[i] >= least * all).join(" ");
  };
  return networks.map((name) => ({
    model: name.toUpperCase(),
    ...Object.fromEntries(runs[name].map((run) => [`seed ${run.seed}`, used(run)])),
  }));
}

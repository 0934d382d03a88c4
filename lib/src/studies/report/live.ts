import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type SourceId } from "../../data";
import { StarlitError } from "../../engine";
import { writeWhole } from "../../files/whole.cjs";
import { summarize } from "../../metrics/summary";
import { type EngineInfo, listRuns, type Run } from "../../training";
import { published as attention } from "../attention/published";
import { settingsOf as attentionSettings } from "../attention/settings";
import { publishedSettings } from "../clothing/protocol";
import { published as clothing } from "../clothing/published";
import type { Network } from "../clothing/networks";
import { type Kind, kinds, resultRow, type ResultRow as Row } from "../experiment/resultRow";
import { published as lab } from "../lab/published";
import { settings as labSettings } from "../lab/run";
import { published as rating } from "../rating/published";
import { settingsOf as ratingSettings } from "../rating/settings";
import { findStudy, studies } from "../registry";
import { published as simplified } from "../simplifiedAttention/published";
import { settingsOf as simplifiedSettings } from "../simplifiedAttention/settings";
import type { Metric } from "./forensics";
import { nextTraining, verdict } from "./verdict";

/** The seed of live trainings: no stored run has it, so each is one more draw beside the stored ones. */
export const LIVE_SEED = 6;

/** A network that `npm run reproduce` trains by the full protocol. */
export interface LiveTraining {
  /** Id of the study. */
  study: string;
  /** Name of the model in the study. */
  model: string;
  /** What it is called: "LSTM-2". */
  name: string;
  /** Whether only `--live all` trains it: it takes more than a few minutes. */
  slow: boolean;
  /** The data set that it needs. */
  source: SourceId;
  /** What makes a stored run one of this network. */
  settings: object;
  /** What is read of it; the first number of a study's first training is the study's headline. */
  numbers: readonly LiveNumber[];
}

/** A number of a live training. */
export interface LiveNumber {
  what: string;
  kind: Kind;
  published: number | null;
  metric: Metric;
}

const bestLoss = ({ history }: Run) => Math.min(...history.valLoss);

function clothingTraining(model: Network, name: string): LiveTraining {
  const { history, bestEpoch } = clothing.models[model];
  const loss = history.valLoss[bestEpoch - 1];
  const f1 = {
    what: "weighted F1 of the test reviews",
    kind: "share",
    published: clothing.test.weightedF1,
    metric: "weightedF1",
  } as const;
  const best = {
    what: "best validation loss",
    kind: "loss",
    published: loss,
    metric: bestLoss,
  } as const;
  return {
    study: "clothing",
    model,
    name,
    slow: false,
    source: "clothing-reviews",
    settings: publishedSettings(model),
    numbers: model === clothing.test.model ? [f1, best] : [best],
  };
}

function labTraining(model: "lstm" | "mean", name: string): LiveTraining {
  const accuracy = lab.models[model].history.valAccuracy[2];
  return {
    study: "lab",
    model,
    name,
    slow: false,
    source: "imdb-reviews",
    settings: labSettings,
    numbers: [{ what: "test accuracy", kind: "share", published: accuracy, metric: "accuracy" }],
  };
}

/** All live trainings, study by study; the first of each has the study's headline. */
const trainings: readonly LiveTraining[] = [
  {
    study: "rating",
    model: "lstm-2-first-seen",
    name: "LSTM-2 (model D)",
    slow: true,
    source: "imdb-reviews",
    settings: ratingSettings("lstm-2-first-seen", "full"),
    numbers: [
      {
        what: "best validation error, ratings ÷ 10",
        kind: "squaredError",
        published: rating.models.find(({ family }) => family === "lstm-2")!.validation,
        metric: "bestValidation",
      },
    ],
  },
  {
    study: "rating",
    model: "pairs",
    name: "our reader of words and pairs",
    slow: true,
    source: "imdb-reviews",
    settings: ratingSettings("pairs", "full"),
    numbers: [
      {
        what: "squared error of the test reviews, in points",
        kind: "squaredError",
        published: null,
        metric: "mse",
      },
    ],
  },
  clothingTraining("lstm-2", "LSTM-2"),
  clothingTraining("gru-1", "GRU-1"),
  clothingTraining("gru-2", "GRU-2"),
  clothingTraining("gru-4", "GRU-4"),
  {
    study: "simplified-attention",
    model: "lstm",
    name: "LSTM with softmax",
    slow: true,
    source: "imdb-reviews",
    settings: simplifiedSettings("lstm", "full"),
    numbers: [
      {
        what: "best test accuracy",
        kind: "share",
        published: Math.max(...simplified.history.testAccuracy),
        metric: "bestWatched",
      },
    ],
  },
  {
    study: "attention",
    model: "imdb-lstm-attention",
    name: "LSTM with attention, film reviews",
    slow: false,
    source: "imdb-reviews",
    settings: attentionSettings("imdb-lstm-attention", "full"),
    numbers: [
      {
        what: "test accuracy",
        kind: "share",
        published: attention.imdb.models["lstm-attention"].test.accuracy,
        metric: "accuracy",
      },
    ],
  },
  {
    study: "attention",
    model: "tweets-published-lstm-attention",
    name: "LSTM with attention, tweets",
    slow: false,
    source: "tweets",
    settings: attentionSettings("tweets-published-lstm-attention", "full"),
    numbers: [
      {
        what: "test accuracy, the test tweets in the pool",
        kind: "share",
        published: attention.tweets.models["lstm-attention"].test.accuracy,
        metric: "accuracy",
      },
    ],
  },
  labTraining("lstm", "LSTM, 128 units"),
  labTraining("mean", "mean of word vectors"),
];

/** Which trainings are made live: those of minutes, all, or none. */
export type LiveChoice = "headline" | "all" | "none";

/**
 * The live trainings of a choice, in the order of the studies.
 *
 * @param study id of a study; all without
 * @throws StarlitError if there is no such choice or study
 */
export function liveTrainings(choice: string = "all", study?: string): LiveTraining[] {
  if (!["headline", "all", "none"].includes(choice)) {
    throw new StarlitError(`There is no choice "${choice}" of live trainings: use all or none.`);
  }
  if (study !== undefined) findStudy(study);
  if (choice === "none") return [];
  return trainings.filter(
    (each) => (choice === "all" || !each.slow) && (!study || each.study === study),
  );
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

/** The stored runs of a live training's network, by seed: full profile, the study's own data. */
function runsOf({ study, model, settings }: LiveTraining, folders?: readonly string[]): Run[] {
  const wanted = plain(settings);
  return listRuns(study, folders)
    .filter((run) => run.model === model && run.profile === "full" && !run.standIn)
    .filter(({ hyperParameters }) => isDeepStrictEqual(hyperParameters, wanted))
    .sort((a, b) => a.seed - b.seed);
}

const valueOf = (run: Run, metric: Metric) =>
  typeof metric === "string" ? run.metrics[metric] : metric(run);

/** What a live training gave: plain data, stored as JSON. */
export interface LiveResult {
  study: string;
  model: string;
  seed: number;
  epochs: number;
  /** Seconds of all epochs, validation included. */
  seconds: number;
  engine: EngineInfo;
  /** When it ended, ISO 8601. */
  finished: string;
  /** The training's numbers, in their order. */
  values: number[];
}

/**
 * The result of a live training whose run is stored in a folder of live runs; `null` where it is not
 * finished.
 */
export function liveResult(training: LiveTraining, folder: string): LiveResult | null {
  const run = runsOf(training, [folder]).find(({ seed }) => seed === LIVE_SEED);
  if (!run) return null;
  const { study, model, seed, timings, engine, finished } = run;
  return {
    study,
    model,
    seed,
    epochs: timings.secondsPerEpoch.length,
    seconds: timings.totalSeconds,
    engine,
    finished,
    values: training.numbers.map(({ metric }) => valueOf(run, metric)),
  };
}

const LIVE_FILE = "live.json";

/** Saves what the live trainings gave, beside the studies' results. */
export function saveLive(folder: string, results: readonly LiveResult[]): void {
  writeWhole(path.join(folder, LIVE_FILE), `${JSON.stringify(results, null, 1)}\n`);
}

/**
 * What live trainings gave, as `saveLive` stored it; none where nothing is stored.
 *
 * @throws StarlitError naming the file if it is damaged
 */
export function loadLive(folder: string): LiveResult[] {
  const file = path.join(folder, LIVE_FILE);
  if (!fs.existsSync(file)) return [];
  try {
    const results = JSON.parse(fs.readFileSync(file, "utf8")) as LiveResult[];
    if (results.some(({ values }) => !Array.isArray(values))) throw new Error("no values");
    return results;
  } catch (error) {
    throw new StarlitError(
      `${file} holds no live results (${(error as Error).message}): delete it.`,
    );
  }
}

/**
 * The seconds that a live training will take: as measured, else as its stored runs took in the mean, most
 * of them by one thread beside other work; NaN where there is neither.
 */
export function expectedSeconds(training: LiveTraining, measured: readonly LiveResult[]): number {
  const known = measured.find(
    ({ study, model }) => study === training.study && model === training.model,
  );
  if (known) return known.seconds;
  const times = runsOf(training).map(({ timings }) => timings.totalSeconds);
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

/** Where a live training's number stands among the stored ones. */
export type LiveVerdict =
  | "inside"
  /** Outside, but as near to the mean of the stored seeds as is the same for all that matters. */
  | "outside, by less than matters"
  | "outside"
  | "one stored seed has no spread"
  | "no stored seed";

/** A published number, ours of the stored seeds, and that of this machine. */
export interface LiveRow {
  training: LiveTraining;
  what: string;
  published: number | null;
  /** Ours of the stored seeds; `null` where none is stored. */
  stored: Row | null;
  /** The number of each stored seed. */
  values: number[];
  /** Where one more training would end with 95 % probability, see `nextTraining`. */
  interval: [number, number] | null;
  /** What was computed on this machine; `null` where nothing was. */
  live: { value: number; seconds: number; verdict: LiveVerdict } | null;
}

function liveVerdict(
  stored: Row | null,
  interval: LiveRow["interval"],
  value: number,
  kind: Kind,
): LiveVerdict {
  if (!stored) return "no stored seed";
  if (!interval) return "one stored seed has no spread";
  if (interval[0] <= value && value <= interval[1]) return "inside";
  const isNear = Math.abs(value - stored.ours) <= kinds[kind].margin;
  return isNear ? "outside, by less than matters" : "outside";
}

/** The numbers of trainings beside the stored seeds and the published ones. */
export function liveRows(
  chosen: readonly LiveTraining[],
  results: readonly LiveResult[],
): LiveRow[] {
  return chosen.flatMap((training) => {
    const runs = runsOf(training);
    const result = results.find(
      ({ study, model }) => study === training.study && model === training.model,
    );
    return training.numbers.map(({ what, kind, published, metric }, i): LiveRow => {
      const stored = runs.length > 0 ? resultRow(what, published, { runs, metric, kind }) : null;
      const interval = stored && nextTraining(stored);
      const value = result?.values[i];
      return {
        training,
        what: `${training.name}: ${what}`,
        published,
        stored,
        values: runs.map((run) => valueOf(run, metric)),
        interval: interval,
        live:
          result && value !== undefined
            ? {
                value: value,
                seconds: result.seconds,
                verdict: liveVerdict(stored, interval, value, kind),
              }
            : null,
      };
    });
  });
}

/** The five headlines: of each study the first number of its first training. */
export function headlines(results: readonly LiveResult[]): LiveRow[] {
  const first = studies.map(({ id }) => trainings.find(({ study }) => study === id)!);
  return first.map((training) => liveRows([training], results)[0]);
}

const number = (value: number) => value.toFixed(4);

/** The stored seeds in a cell: mean ± standard deviation (how many). */
function storedText(stored: Row | null): string {
  if (!stored) return "–";
  const spread = stored.values ? ` ± ${number(summarize(stored.values).std)}` : "";
  return `${number(stored.ours)}${spread} (${stored.seeds})`;
}

/** A row as a reader sees it. */
export interface LiveText {
  what: string;
  published: string;
  stored: string;
  live: string;
  minutes: string;
  verdict: string;
}

/**
 * A row as text. Without a live number the verdict is that on the published one.
 *
 * @param missing what stands in the place of a live number that is not there
 */
export function liveText(row: LiveRow, missing = "–"): LiveText {
  const { what, published, stored, live } = row;
  const onPublished = published === null ? "–" : `published: ${stored ? verdict(stored) : "–"}`;
  return {
    what,
    published: published === null ? "–" : number(published),
    stored: storedText(stored),
    live: live ? number(live.value) : missing,
    minutes: live ? (live.seconds / 60).toFixed(1) : "–",
    verdict: live?.verdict ?? (stored ? onPublished : "no stored seed"),
  };
}

/** What "inside" means, in a sentence. */
export const insideMeans =
  "inside: where one more training ends with 95 % probability, by the stored seeds " +
  "(mean ± t · sd · √(1 + 1/n), of shares on the logit scale, of errors on that of logarithms). " +
  "By less than matters: their mean is nearer than 0.01 (shares), 0.02 (losses), 0.005 (squared errors).";

/** Lines of cells in columns. */
function columns(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const header = ["", "published", "stored seeds", "just now", "minutes", "verdict"];

const cells = ({ what, published, stored, live, minutes, verdict }: LiveText) => [
  what,
  published,
  stored,
  live,
  minutes,
  verdict,
];

/** The table of a terminal: published, ours of the stored seeds, this machine just now, verdict. */
export function liveTable(rows: readonly LiveRow[]): string {
  return columns([header, ...rows.map((row) => cells(liveText(row)))]);
}

/** A line a study: its headline. */
export function headlineTable(rows: readonly LiveRow[]): string {
  const named = rows.map((row) => {
    const { study } = row.training;
    const place = studies.findIndex(({ id }) => id === study) + 1;
    const text = liveText(row, "not remade");
    return cells({ ...text, what: `${place} ${study}, ${row.what}` });
  });
  return columns([header, ...named]);
}

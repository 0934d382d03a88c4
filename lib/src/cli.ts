import * as path from "node:path";
import { Command } from "commander";
import { type Profile, profile } from "./engine/environment";
import { StarlitError } from "./engine/errors";
import { mendable } from "./files/errors.cjs";
import type { RateOptions } from "./reviews/command";
import type { Run } from "./training";

// What loads TensorFlow is loaded by the commands that need it: `rate` and `--help` don't.
const load = {
  data: () => require("./data") as typeof import("./data"),
  engine: () => require("./engine") as typeof import("./engine"),
  reviews: () => require("./reviews/train") as typeof import("./reviews/train"),
  settings: () =>
    require("./studies/experiment/settings") as typeof import("./studies/experiment/settings"),
  registry: () => require("./studies/registry") as typeof import("./studies/registry"),
  studies: () => require("./studies") as typeof import("./studies"),
  training: () => require("./training") as typeof import("./training"),
};

interface RunArguments {
  seed: string[];
  profile?: string;
}

/** `name=value` as a setting; the value is JSON, or a word. */
function readSetting(text: string): [name: string, value: unknown] {
  const [, name, value] = /^(\w+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw new StarlitError(`"${text}" is no setting: write it as name=value, e.g. units=64.`);
  }
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

function readCount(what: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new StarlitError(`${what} is "${text}": give a whole number above 0.`);
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 32) return seed;
  throw new StarlitError(`The seed "${text}" is not a whole number from 0 to ${2 ** 32 - 1}.`);
}

function readProfile(text: string | undefined): Profile {
  return text === undefined ? profile() : load.settings().profileNamed(text);
}

function metricsLine({ metrics }: Run): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toFixed(4))}`)
    .join(", ");
}

/** Says it where our operations are missing, as on a processor for which there is no build. */
function tellKernel(): void {
  const { name, reason } = load.engine().recurrentKernel();
  if (name === "block") console.error(`Recurrent layers, slower than they might be: ${reason}.`);
}

async function run(
  studyId: string,
  names: string[],
  options: RunArguments & { set?: string[] },
): Promise<void> {
  const { findModels, findStudy } = load.registry();
  const { describeRun } = load.training();
  const study = findStudy(studyId);
  const models = names.flatMap((name) => findModels(study, name));
  const seeds = options.seed.map(readSeed);
  const chosen = readProfile(options.profile);
  tellKernel();
  const settings = options.set && Object.fromEntries(options.set.map(readSetting));
  for (const seed of seeds) {
    for (const name of models) {
      const choice = { seed, profile: chosen };
      const run = await study.run(name, settings ? { ...choice, settings } : choice);
      console.log(`${describeRun(run)}\n  ${metricsLine(run)}`);
    }
  }
}

async function search(
  studyId: string,
  model: string,
  options: RunArguments & { method: string; trials?: string; only?: string[] },
): Promise<void> {
  const { findModels, findStudy } = load.registry();
  const study = findStudy(studyId);
  if (!study.search) throw new StarlitError(`The study ${study.id} has no search.`);
  const models = findModels({ ...study, models: study.search.models }, model);
  const { method } = options;
  if (method !== "random" && method !== "halving") {
    throw new StarlitError(`There is no search "${method}": use random or halving.`);
  }
  const chosen = readProfile(options.profile);
  tellKernel();
  const count = options.trials === undefined ? undefined : readCount("--trials", options.trials);
  const only = options.only?.map((trial) => readCount("--only", trial));
  for (const seed of options.seed.map(readSeed)) {
    for (const name of models) {
      const choice = { seed, profile: chosen, method, trials: count, only } as const;
      const trials = await study.search.run(name, choice);
      load.data().table(
        trials.map(({ trial, epochs, score, point }) => ({ trial, epochs, score, ...point })),
        { caption: `${name}, seed ${seed}: best trials`, head: 5 },
      );
    }
  }
}

async function rate(what: string | undefined, options: Partial<RateOptions>): Promise<void> {
  const { rateCommand } = await import("./reviews/command.js");
  const { filmRaterCaution, savedFilmRater } = await import("./studies/rating/raterFolder.js");
  if (options.model !== undefined) return rateCommand(what, { ...options, model: options.model });
  const saved = savedFilmRater();
  const caution = filmRaterCaution(saved);
  if (caution) console.error(caution);
  await rateCommand(what, { ...options, model: saved.folder });
}

/** The profile that was asked for; else the full one where the film reviews can be had. */
function raterProfile(text: string | undefined): Profile {
  if (text !== undefined || process.env.STARLIT_PROFILE) return readProfile(text);
  const films = load
    .data()
    .sourceStatus()
    .find(({ id }) => id === "imdb-reviews");
  return films?.place === "nowhere" || films?.place === "partly" ? "quick" : "full";
}

async function makeRater(options: { profile?: string }): Promise<void> {
  const profile = raterProfile(options.profile);
  console.error(`Training on the film reviews in the ${profile} profile.`);
  const { folder } = await load.studies().rating.trainRater(profile);
  console.log(`The model is saved in ${folder}: npx starlit rate "a review in your words".`);
}

interface TrainArguments {
  out: string;
  text?: string;
  rating?: string;
  title?: string;
  group?: string;
  test?: string;
  encoding?: string;
  scale?: string;
  strict?: true;
  seed: string[];
  most?: string;
  curve: boolean;
}

async function train(file: string, options: TrainArguments): Promise<void> {
  const { scaleOf } = await import("./reviews/stream.js");
  const { out, text, rating, title, group, test, encoding, scale, strict, seed, most, curve } =
    options;
  await load.reviews().trainRater(file, {
    out,
    text,
    rating,
    title,
    group,
    test,
    encoding,
    scale: scale === undefined ? undefined : scaleOf(scale),
    bad: strict ? "refuse" : "leaveOut",
    seeds: seed.map(readSeed),
    most: most === undefined ? undefined : Number(most),
    curve,
  });
}

function listStale(studyId: string | undefined): void {
  const id = studyId && load.registry().findStudy(studyId).id;
  const { problems } = load.training().examineRuns();
  const stale = problems.filter(
    ({ state, file }) => state === "stale" && (!id || file.split(path.sep).includes(id)),
  );
  console.log(stale.map(({ sentence }) => sentence).join("\n") || "No stored run is stale.");
}

function list(studyId: string | undefined, options: { stale?: true }): void {
  if (options.stale) return listStale(studyId);
  const { findStudy, studies } = load.registry();
  const { listRuns } = load.training();
  const chosen = studyId === undefined ? studies : [findStudy(studyId)];
  const found = chosen.map(({ id }) => ({ id, runs: listRuns(id) }));
  const some = found.filter(({ runs }) => runs.length > 0);
  if (some.length === 0) console.log("No runs are stored yet: make one with starlit run.");
  for (const { id, runs } of some) {
    const rows = runs.map(({ model, seed, profile, timings, finished, metrics }) => ({
      model,
      seed,
      profile,
      minutes: (timings.totalSeconds / 60).toFixed(1),
      trained: finished.slice(0, 10),
      ...metrics,
    }));
    load.data().table(rows, { caption: id, head: rows.length });
  }
}

/** The package's own description, wherever it is installed. */
const { version } = require("../package.json") as { version: string };

function knownModels(): string {
  const known = load.registry().studies.map(({ id, models }) => `  ${id}: ${models.join(", ")}`);
  return `\nStudies and models:\n${known.join("\n")}`;
}

function plan(
  study: string | undefined,
  options: { profile?: string; seed?: string; trials?: string },
): void {
  const seed = options.seed === undefined ? undefined : readSeed(options.seed);
  const trials = options.trials === undefined ? undefined : readCount("--trials", options.trials);
  const { plannedRuns } = load.studies();
  for (const planned of plannedRuns(readProfile(options.profile), { study, seed, trials })) {
    console.log(JSON.stringify(planned));
  }
}

function program(): Command {
  const program = new Command("starlit")
    .description("Rate what people write, train the studies' models and list the runs")
    .version(version);
  program
    .command("train")
    .description("train a rater on reviews of your own: CSV, JSON lines or JSON, a row a review")
    .argument("<file>", "the table; columns and scale are guessed unless they are named")
    .requiredOption("-o, --out <folder>", "folder of the rater and its report")
    .option("--text <column>", "column of the review")
    .option("--rating <column>", "column of the rating")
    .option("--title <column>", "column of a headline")
    .option("--group <column>", "what it is of, or who wrote it: never on both sides of a test")
    .option("--test <file>", "reviews to test on; unless given, some are kept back")
    .option("--scale <scale>", "its ends (1-5), or what words are worth (bad=1,good=2)")
    .option("--encoding <name>", "how the file is written, e.g. windows-1252")
    .option("--strict", "refuse a table with a bad row instead of leaving it out")
    .option("-s, --seed <seeds...>", "seeds of the network; the best on validation is kept", ["1"])
    .option("--most <reviews>", "learn from so many reviews at most (300,000)")
    .option("--no-curve", "without the learning curve, in half the time")
    .action(train);
  program
    .command("rate")
    .description("rate a text, a table or what is piped in")
    .argument("[what]", 'a review in quotes, a file, or "-"; a table keeps its columns')
    .option("-m, --model <folder>", "folder of a rater; that of film reviews unless given")
    .option("--text <column>", "column of the review")
    .option("--title <column>", "column of a headline")
    .option("--encoding <name>", "how the file is written, e.g. windows-1252")
    .option("--json", "answer in JSON, a line a row")
    .action(rate);
  program
    .command("run")
    .description("make runs and store them; what is stored already is only loaded")
    .argument("<study>", "id of a study")
    .argument("<models...>", "some of its models, or all")
    .option("-s, --seed <seeds...>", "seeds of the runs", ["1"])
    .option("-p, --profile <profile>", "quick (a subset) or full (the published protocol)")
    .option("--set <settings...>", "what differs from the model's settings, as name=value")
    .addHelpText("after", knownModels)
    .action(run);
  program
    .command("search")
    .description("search a model's hyper-parameters; several processes may share a search")
    .argument("<study>", "id of a study")
    .argument("<model>", "one of its models, or all")
    .option("-s, --seed <seeds...>", "seeds of the searches", ["1"])
    .option("-p, --profile <profile>", "quick (few trials) or full (as published)")
    .option("-m, --method <method>", "random or halving", "random")
    .option("--trials <count>", "trials, if not as many as the profile has")
    .option("--only <trials...>", "of a random search the trials with these numbers, from 1")
    .action(search);
  program
    .command("train-rater")
    .description("train the rater of film reviews, which rate takes unless told another")
    .option("-p, --profile <profile>", "full, unless the reviews cannot be had, or quick (a toy)")
    .action(makeRater);
  program
    .command("runs")
    .description("list the stored runs")
    .argument("[study]", "id of a study")
    .option("--stale", "those alone whose numbers the code of today would not compute")
    .action(list);
  program
    .command("plan")
    .description("all trainings of a profile as lines of JSON: command, run file, measured cost")
    .argument("[study]", "id of a study")
    .option("-s, --seed <seed>", "from this seed alone, not from those of the profile")
    .option("-p, --profile <profile>", "quick or full")
    .option("--trials <count>", "trials of each search, if not as many as the profile has")
    .action(plan);
  return program;
}

/**
 * The command `starlit`: `starlit train reviews.csv --out my-rater`, `starlit rate --model my-rater
 * "a review"`, `starlit run clothing lstm-2 --seed 1 2 3 --profile full`, `starlit runs`.
 * Errors that a reader can mend are one line on stderr and exit code 1.
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever reads the lines may have enough of them, as `head` has.
    if (error.code === "EPIPE") process.exit(0);
    tellError(error);
    process.exit();
  });
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    tellError(error);
  }
}

function tellError(error: unknown): void {
  const words = mendable(error);
  if (words === null) throw error;
  console.error(words);
  process.exitCode = 1;
}

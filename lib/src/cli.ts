import * as path from "node:path";
import { Command } from "commander";
import { table } from "./data";
import { type Profile, profile, recurrentKernel, StarlitError } from "./engine";
import { findStudy, plannedRuns, rating, studies } from "./studies";
import { profileNamed } from "./studies/experiment/settings";
import { findModels } from "./studies/registry";
import { describeRun, examineRuns, listRuns, type Run } from "./training";

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
  return text === undefined ? profile() : profileNamed(text);
}

function metricsLine({ metrics }: Run): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toFixed(4))}`)
    .join(", ");
}

/** Says it where our operations are missing, as on a processor for which there is no build. */
function tellKernel(): void {
  const { name, reason } = recurrentKernel();
  if (name === "block") console.error(`Recurrent layers, slower than they might be: ${reason}.`);
}

async function run(
  studyId: string,
  names: string[],
  options: RunArguments & { set?: string[] },
): Promise<void> {
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
      table(
        trials.map(({ trial, epochs, score, point }) => ({ trial, epochs, score, ...point })),
        { caption: `${name}, seed ${seed}: best trials`, head: 5 },
      );
    }
  }
}

const signed = (value: number) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

async function rate(text: string): Promise<void> {
  const rater = rating.loadRater();
  const rated = await rating.rateReview(rater, text);
  const best = rater.classes.at(-1);
  console.log(
    `${rated.rating.toFixed(1)} of ${best}, with 80 % probability ${rated.interval.join(" to ")}`,
  );
  console.log(rated.words.map(({ word, effect }) => `  ${signed(effect)}  ${word}`).join("\n"));
  if (rater.profile === "quick") console.log("A model of the quick profile: a toy.");
  if (rater.standIn) console.log("Learned from reviews of clothing.");
}

async function makeRater({ profile }: { profile?: string }): Promise<void> {
  await rating.trainRater(readProfile(profile));
  console.log('The model is saved: npx starlit rate "a review in your words".');
}

function listStale(studyId: string | undefined): void {
  const id = studyId && findStudy(studyId).id;
  const { problems } = examineRuns();
  const stale = problems.filter(
    ({ state, file }) => state === "stale" && (!id || file.split(path.sep).includes(id)),
  );
  console.log(stale.map(({ sentence }) => sentence).join("\n") || "No stored run is stale.");
}

function list(studyId: string | undefined, options: { stale?: true }): void {
  if (options.stale) return listStale(studyId);
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
    table(rows, { caption: id, head: rows.length });
  }
}

function plan(
  study: string | undefined,
  options: { profile?: string; seed?: string; trials?: string },
): void {
  const seed = options.seed === undefined ? undefined : readSeed(options.seed);
  const trials = options.trials === undefined ? undefined : readCount("--trials", options.trials);
  for (const planned of plannedRuns(readProfile(options.profile), { study, seed, trials })) {
    console.log(JSON.stringify(planned));
  }
}

function program(): Command {
  const program = new Command("starlit").description("Train the studies' models and list the runs");
  const known = studies.map(({ id, models }) => `  ${id}: ${models.join(", ")}`).join("\n");
  program
    .command("run")
    .description("make runs and store them; what is stored already is only loaded")
    .argument("<study>", "id of a study")
    .argument("<models...>", "some of its models, or all")
    .option("-s, --seed <seeds...>", "seeds of the runs", ["1"])
    .option("-p, --profile <profile>", "quick (a subset) or full (the published protocol)")
    .option("--set <settings...>", "what differs from the model's settings, as name=value")
    .addHelpText("after", `\nStudies and models:\n${known}`)
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
    .command("rate")
    .description("rate a film review from 1 to 10, and tell the words that moved the rating")
    .argument("<review>", "the text, in quotes")
    .action(rate);
  program
    .command("train-rater")
    .description("train the model behind rate and save it in the data cache")
    .option("-p, --profile <profile>", "quick (a toy, a minute) or full (five minutes)")
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
 * The command `starlit`: `starlit run clothing lstm-2 --seed 1 2 3 --profile full`,
 * `starlit search clothing gru-1`, `starlit runs`.
 * Errors that a reader can mend are one line on stderr and exit code 1.
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof StarlitError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

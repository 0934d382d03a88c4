// `npm run reproduce [-- --study ID --live all|none --out DIR --open]`: set-up if needed, trains the
// published networks by the full protocol, makes the pages, and prints published, stored and own numbers.
// `--smoke` runs the notebooks in the quick profile instead: it shows that they work, and no number.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { runNotebook } from "./notebooks/run.mjs";
import { runWorkflow } from "./cluster.mjs";
import { inLanes } from "./lanes.mjs";
import { command, setup } from "./setup.mjs";
import { inRoot, logs } from "./setup/paths.mjs";
import { readArguments, SetupError } from "./setup/run.mjs";
import { committedNotebooks, library, makeSite, openPage, placeName } from "./site.mjs";

// A quick cell that takes longer hangs.
const quickTimeout = 900;

/** What the live trainings leave: their runs, and their weights for the cells that make the same. */
const liveFolder = path.join(logs, "live");
const live = {
  runs: path.join(liveFolder, "runs"),
  kept: path.join(liveFolder, "kept"),
  /** Is there once a command has ended: the next one trains anew. */
  ended: path.join(liveFolder, "ended"),
};

const usage = `npm run reproduce [-- options]
  --study NAME      one study, e.g. clothing
  --live WHICH      which networks are trained here and now: headline (unless told), all or none
  --jobs N          trains them side by side on N cores, or with --cluster in N jobs at once
  --cluster NAME    trains them on a cluster, slurm or kubernetes: see docs/cluster.md
  --smoke           every notebook in the quick profile, for its cells alone
  --out DIR         where the pages go; site/ by default
  --open            open them in a browser`;

function readOptions() {
  return readArguments(usage, {
    options: {
      study: { type: "string" },
      live: { type: "string", default: "headline" },
      jobs: { type: "string" },
      cluster: { type: "string" },
      smoke: { type: "boolean", default: false },
      out: { type: "string", default: inRoot("site") },
      open: { type: "boolean", default: false },
    },
  }).values;
}

const minutesOf = (seconds) => `${(seconds / 60).toFixed(1)} min`;
const since = (begun) => (Date.now() - begun) / 1000;

/** The folder for the results: numbers of an earlier command must not stand in the report of this one. */
function emptyResults(folder) {
  const results = path.join(folder, "results");
  try {
    fs.rmSync(results, { recursive: true, force: true });
    fs.mkdirSync(results, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `The report cannot be written to ${folder} (${error.code}): choose another folder with --out.`,
    );
  }
  return results;
}

/** Forgets the trainings of an earlier command, unless it was broken off: then they are gone on with. */
function openLiveFolder() {
  if (fs.existsSync(live.ended)) fs.rmSync(liveFolder, { recursive: true });
  if (fs.existsSync(live.runs)) console.log("Going on where the last command was broken off.");
  fs.mkdirSync(live.runs, { recursive: true });
}

/** Why a data set cannot be had, by its id; what can be had is fetched. */
async function missingData(sources) {
  const { loadImdbReviews, loadTweets } = library();
  const loaders = { "imdb-reviews": loadImdbReviews, tweets: loadTweets };
  const missing = new Map();
  for (const id of new Set(sources)) {
    try {
      await loaders[id]?.({ standIn: false });
    } catch (error) {
      if (error.name !== "UnreachableError") throw error;
      missing.set(id, error.message);
    }
  }
  return missing;
}

/**
 * Trains the models of a study in a process of its own, which goes on where it was broken off.
 *
 * @returns {Promise<void>}
 */
function train(study, trainings) {
  const { report } = library();
  const models = trainings.map(({ model }) => model);
  const args = ["run", study, ...models, "--seed", String(report.LIVE_SEED), "--profile", "full"];
  const child = spawn(process.execPath, [inRoot("lib/bin/starlit.cjs"), ...args], {
    stdio: "inherit",
    env: { ...process.env, ...trainingEnvironment },
  });
  // Ctrl-C reaches the child too, which ends after its step; then this command ends.
  const wait = () => {};
  process.on("SIGINT", wait);
  const stop = () => child.kill("SIGTERM");
  process.once("SIGTERM", stop);
  return new Promise((resolve, reject) => {
    child.once("close", (code, signal) => {
      process.removeListener("SIGINT", wait);
      process.removeListener("SIGTERM", stop);
      if (code === 0) return resolve();
      const how = signal ? `ended by ${signal}` : `exit code ${code}`;
      reject(
        new SetupError(
          `The training of ${study} was broken off (${how}): the same command goes on from there.`,
        ),
      );
    });
  });
}

/**
 * Where trainings are made side by side: `--jobs` and `--cluster`.
 *
 * @typedef {{ jobs?: string, cluster?: string }} Place
 */

/** What a training gets by its environment. */
const trainingEnvironment = {
  STARLIT_FRESH: "",
  STARLIT_RUNS: live.runs,
  STARLIT_KEPT: live.kept,
};

/** Makes trainings side by side, on the cores of this machine or on a cluster. */
function trainTogether(trainings, /** @type {Place} */ { jobs, cluster }) {
  const seed = String(library().report.LIVE_SEED);
  return runWorkflow({
    targets: trainings.map(({ study, model }) => `runs/full/${study}/${model}-seed-${seed}`),
    jobs: jobs === undefined ? undefined : Number(jobs),
    cluster,
    folder: path.join(liveFolder, "workflow"),
    config: { profile: "full", seed },
    env: trainingEnvironment,
  });
}

/** Makes the live trainings, study by study, and returns what they gave. */
async function trainAll(trainings, measured, /** @type {Place} */ { jobs, cluster }) {
  const { findStudy, report } = library();
  const expected = trainings.map((each) => report.expectedSeconds(each, measured));
  const total = expected.filter(Number.isFinite).reduce((sum, seconds) => sum + seconds, 0);
  console.log(
    `\nTraining ${trainings.length} networks by the full protocol, seed ${report.LIVE_SEED}: about ` +
      `${minutesOf(total)}${measured.length === 0 ? " at most" : " on two cores"}.`,
  );
  const together = jobs !== undefined || cluster !== undefined;
  if (together) await trainTogether(trainings, { jobs, cluster });
  const results = [];
  for (const study of new Set(trainings.map((each) => each.study))) {
    const mine = trainings.filter((each) => each.study === study);
    console.log(`\n${findStudy(study).title}`);
    for (const row of report.liveRows(mine, [])) {
      const { published, stored } = report.liveText(row);
      console.log(`  ${row.what}: published ${published}, stored seeds ${stored}`);
    }
    const begun = Date.now();
    if (!together) await train(study, mine);
    console.log(`  ${minutesOf(since(begun))}`);
    results.push(...mine.map((each) => report.liveResult(each, live.runs)));
  }
  return results;
}

/** Runs the notebooks of studies that were remade, with the stored runs; returns the files of the pages. */
async function pagesOf(notebooks, remade, { folder, results }) {
  const pages = new Map(notebooks.map((file) => [file, file]));
  let allOk = true;
  const executed = notebooks.filter((file) => remade.has(path.basename(file)));
  // Side by side, each with a thread: two threads don't make a small network twice as fast.
  const threads = process.env.STARLIT_THREADS || (executed.length > 1 ? "1" : "");
  const execute = async (file) => {
    if (!allOk) return;
    const output = path.join(folder, "notebooks", path.basename(file));
    const { ok } = await runNotebook(file, {
      output,
      profile: "full",
      env: { STARLIT_RESULTS: results, STARLIT_KEPT: live.kept, STARLIT_THREADS: threads },
    });
    pages.set(file, output);
    allOk &&= ok;
  };
  await inLanes(executed.map((file) => () => execute(file)));
  return allOk ? [...pages.values()] : null;
}

/** Every notebook in the quick profile, for its cells alone: numbers go to no report. */
async function smoke(notebooks) {
  const folder = path.join(logs, "smoke");
  for (const file of notebooks) {
    const { ok } = await runNotebook(file, {
      output: path.join(folder, path.basename(file)),
      profile: "quick",
      timeout: quickTimeout,
      env: { STARLIT_RESULTS: path.join(folder, "results") },
    });
    if (!ok) return void (process.exitCode = 1);
  }
  console.log(
    `${notebooks.length} notebooks run in the quick profile. Their numbers mean nothing.`,
  );
}

/** Tells of studies that cannot be remade here, a line each. */
function tellMissing(trainings, missing) {
  const { findStudy } = library();
  for (const [id, reason] of missing) {
    const studies = trainings.filter(({ source }) => source === id).map(({ study }) => study);
    const titles = [...new Set(studies)].map((study) => `"${findStudy(study).title}"`);
    console.log(`Not remade here: ${titles.join(", ")}. ${reason}`);
  }
}

await command(async () => {
  const options = readOptions();
  const begun = Date.now();
  await setup();
  const { findStudy, notebooksOf, report } = library();
  const chosen = report.liveTrainings(options.live, options.study);
  const notebooks = options.study
    ? notebooksOf(findStudy(options.study)).map((name) => inRoot("notebooks", name))
    : committedNotebooks();
  if (options.smoke) return smoke(notebooks);
  const folder = path.resolve(options.out);
  const results = emptyResults(folder);
  console.log(`Set-up: ${minutesOf(since(begun))}`);

  const missing = await missingData(chosen.map(({ source }) => source));
  tellMissing(chosen, missing);
  const trainings = chosen.filter(({ source }) => !missing.has(source));
  const committed = inRoot("data/results");
  let found = [];
  if (trainings.length > 0) {
    openLiveFolder();
    found = await trainAll(trainings, report.loadLive(committed), options);
    report.saveLive(results, found);
  }

  // A notebook of which some data are missing would be run on stand-in data: its own page is shown.
  const incomplete = chosen.filter(({ source }) => missing.has(source)).map(({ study }) => study);
  const studies = trainings.map(({ study }) => study).filter((id) => !incomplete.includes(id));
  // Of two notebooks of a study the first trains; the second shows stored trainings alone.
  const remade = new Set(studies.map((id) => findStudy(id).notebook));
  const pagesBegun = Date.now();
  console.log(`\nPages: ${remade.size} notebooks are executed, the others shown as published.`);
  const executed = await pagesOf(notebooks, remade, { folder, results });
  if (!executed) {
    process.exitCode = 1;
    return;
  }
  const index = await makeSite({
    folder,
    notebooks: executed,
    results: report.load(committed),
    live: found,
    now: "just now",
  });
  console.log(`  ${minutesOf(since(pagesBegun))}`);
  if (trainings.length > 0) fs.writeFileSync(live.ended, new Date().toISOString());

  if (trainings.length > 0) {
    console.log(`\n${report.liveTable(report.liveRows(trainings, found))}`);
    console.log(report.insideMeans);
  }
  const lines = report
    .headlines(found)
    .filter(({ training }) => !options.study || training.study === options.study);
  console.log(`\n${report.headlineTable(lines)}`);
  console.log(`\nReport: ${placeName(index)} (${minutesOf(since(begun))} in all)`);
  if (options.open) openPage(index);
});

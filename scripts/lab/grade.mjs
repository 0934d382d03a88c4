// `npm run lab:grade -- FILE…|FOLDER [--csv out.csv] [--json] [--timeout 60]`: grades submissions of
// the lab. Reports go to stdout, what is being done to stderr.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { command } from "../setup.mjs";
import { inRoot } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { Compiler } from "./compile.mjs";
import { gradingData } from "./data.mjs";
import { Grader } from "./grader.mjs";
import { csv, submissionText } from "./report.cjs";
import { enforcement, Sandbox } from "./sandbox.mjs";

const require = createRequire(import.meta.url);

function readArguments() {
  const usage = "npm run lab:grade -- FILE…|FOLDER [--csv out.csv] [--json] [--timeout SECONDS]";
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        csv: { type: "string" },
        json: { type: "boolean" },
        timeout: { type: "string", default: "60" },
      },
    });
  } catch (error) {
    throw new SetupError(`${error.message} Usage: ${usage}`);
  }
  const { values, positionals } = parsed;
  const timeout = Number(values.timeout);
  if (!(timeout > 0))
    throw new SetupError(`--timeout ${values.timeout}: give a number of seconds.`);
  if (positionals.length === 0) throw new SetupError(`Name the notebooks to grade: ${usage}`);
  return { ...values, timeout, files: positionals.flatMap(notebooksIn) };
}

/** The notebooks that an argument names, a folder those in it and below. */
function notebooksIn(place) {
  if (!fs.existsSync(place)) throw new SetupError(`There is no ${place}.`);
  if (!fs.statSync(place).isDirectory()) return [place];
  const found = fs
    .readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter(
      (name) => name.endsWith(".ipynb") && !name.split(path.sep).includes(".ipynb_checkpoints"),
    )
    .sort();
  if (found.length === 0) throw new SetupError(`The folder ${place} holds no notebook (.ipynb).`);
  return found.map((name) => path.join(place, name));
}

function readSubmission(file) {
  try {
    const notebook = JSON.parse(fs.readFileSync(file, "utf8"));
    if (Array.isArray(notebook?.cells)) return { notebook, problem: null };
  } catch {
    // Told below.
  }
  return {
    notebook: { cells: [] },
    problem: "This file is not a Jupyter notebook: ask for it again.",
  };
}

/** Everything that all submissions of a call share. */
async function gatherMeans(timeout) {
  const library = inRoot("lib/dist/index.js");
  if (!fs.existsSync(library))
    throw new SetupError("The library is not compiled yet: run npm run setup.");
  const starlit = require(library);
  const studies = (name) => require(inRoot("lib/dist/studies", name));
  const read = (name) => JSON.parse(fs.readFileSync(inRoot("notebooks", name), "utf8"));
  return {
    rubric: read("lab/rubric.json"),
    source: read("05-lab.ipynb"),
    data: await gradingData(starlit),
    judges: { ...studies("labJudge"), ...studies("labProbe"), ...studies("labCheck") },
    compiler: new Compiler(),
    sandbox: () => new Sandbox(),
    timeout,
  };
}

async function main() {
  const { files, csv: csvFile, json, timeout } = readArguments();
  const means = await gatherMeans(timeout);
  const grader = new Grader(means);
  const { banner } = means.data.imdb;
  if (banner) console.error(banner);
  console.error(
    `Limits of a submission:\n${enforcement()
      .map((line) => `  ${line}`)
      .join("\n")}`,
  );
  const submissions = [];
  try {
    for (const file of files) {
      const begun = Date.now();
      const { notebook, problem } = readSubmission(file);
      const graded = await grader.grade(notebook);
      const remarks = problem ? [problem] : graded.remarks;
      const submission = { file, ...graded, remarks, seconds: (Date.now() - begun) / 1000 };
      submissions.push(submission);
      if (json) console.error(`${file}: ${submission.points} / ${submission.max}`);
      else console.log(submissionText(submission));
    }
  } finally {
    means.compiler.close();
  }
  if (json) console.log(JSON.stringify(submissions, null, 1));
  if (csvFile) writeCsv(csvFile, csv(submissions, means.rubric));
}

function writeCsv(file, text) {
  try {
    fs.writeFileSync(`${file}.part`, text);
    fs.renameSync(`${file}.part`, file);
  } catch (error) {
    throw new SetupError(
      `${file} could not be written (${error.code}): name a file in a folder that can.`,
    );
  }
}

// Leaving in good order ends the sandboxes.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
await command(main);

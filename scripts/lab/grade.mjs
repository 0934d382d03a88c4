// `npm run lab:grade -- FILE…|FOLDER [--csv out.csv [--resume]] [--json] [--timeout 60] [--jobs 2]`:
// grades submissions of the lab. Reports go to stdout, what is being done to stderr.
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { command } from "../setup.mjs";
import { inRoot } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { readArguments } from "./arguments.mjs";
import { Compiler } from "./compile.mjs";
import { gradingData } from "./data.mjs";
import { Grader } from "./grader.mjs";
import { progressLine, submissionText } from "./report.cjs";
import { enforcement, Sandbox } from "./sandbox.mjs";
import { gradedAs, Table } from "./table.mjs";

const require = createRequire(import.meta.url);

/** What submissions are graded by: a score is out of date where one of these has changed. */
const rules = ["lab/rubric.json", "05-lab.ipynb"].map((name) => inRoot("notebooks", name));

function readBytes(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return Buffer.alloc(0); // told as what it is then: no notebook
  }
}

function readSubmission(bytes) {
  try {
    const notebook = JSON.parse(bytes.toString("utf8"));
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
async function gatherMeans({ timeout, jobs }) {
  const library = inRoot("lib/dist/index.js");
  if (!fs.existsSync(library))
    throw new SetupError("The library is not compiled yet: run npm run setup.");
  const starlit = require(library);
  const judge = (name) => require(inRoot("lib/dist/studies/lab/judge", name));
  const [rubric, source] = rules.map((file) => JSON.parse(fs.readFileSync(file, "utf8")));
  const threads = Math.max(1, Math.floor(os.availableParallelism() / jobs));
  return {
    ...{ rubric, source, timeout },
    data: await gradingData(starlit),
    judges: { ...judge("judge"), ...judge("probe"), ...judge("check") },
    compiler: new Compiler(),
    sandbox: () => new Sandbox(threads),
  };
}

/** Calls `work` for each of the files, so many at once; after a failure no other is begun. */
async function forEach(files, jobs, work) {
  const waiting = [...files];
  const worker = async () => {
    try {
      while (waiting.length > 0) await work(waiting.shift());
    } finally {
      waiting.length = 0;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: jobs }, worker));
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
}

async function main() {
  const options = readArguments();
  const { files, others, json } = options;
  const ruleBytes = Buffer.concat(rules.map(readBytes));
  const versionOf = (file) => gradedAs(readBytes(file), ruleBytes);
  const rubric = JSON.parse(fs.readFileSync(rules[0], "utf8"));
  const table = options.csv && new Table(options.csv, rubric, files);
  const known = options.resume ? table.resume(versionOf) : new Set();
  const waiting = files.filter((file) => !known.has(file));
  table?.write();
  if (others.length > 0) console.error(`Left out, since not .ipynb: ${others.join(", ")}`);
  if (known.size > 0) console.error(`Graded before and not changed since: ${known.size}`);
  if (waiting.length === 0) return;

  const means = await gatherMeans(options);
  const { banner } = means.data.imdb;
  if (banner) console.error(banner);
  console.error(["Limits of a submission:", ...enforcement()].join("\n  "));
  const grader = new Grader(means);
  const begun = Date.now();
  const submissions = [];
  try {
    await forEach(waiting, options.jobs, async (file) => {
      const started = Date.now();
      const bytes = readBytes(file);
      const { notebook, problem } = readSubmission(bytes);
      const graded = await grader.grade(notebook);
      const submission = {
        ...{ file, ...graded, version: gradedAs(bytes, ruleBytes) },
        remarks: problem ? [problem] : graded.remarks,
        seconds: (Date.now() - started) / 1000,
      };
      submissions.push(submission);
      table?.add(submission);
      if (!json) console.log(submissionText(submission));
      if (waiting.length === 1) return;
      const elapsed = (Date.now() - begun) / 1000;
      console.error(progressLine(submission, submissions.length, waiting.length, elapsed));
    });
  } finally {
    means.compiler.close();
  }
  const places = new Map(files.map((file, place) => [file, place]));
  submissions.sort((a, b) => places.get(a.file) - places.get(b.file));
  if (json) console.log(JSON.stringify(submissions, null, 1));
}

// Leaving in good order ends the sandboxes.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
await command(main);

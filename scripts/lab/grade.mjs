// `npm run lab:grade -- FILE…|FOLDER [options]`: grades submissions of the lab. Reports go to stdout,
// what is being done to stderr.
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { command } from "../setup.mjs";
import { inRoot } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { readGradeArguments } from "./arguments.mjs";
import { namesByPlace, notebooksIn, readFile, tablesIn } from "./files.mjs";
import { Grader } from "./grader.mjs";
import { checkItems, readLab, readRubric } from "./lab.mjs";
import { readNotebook } from "./notebook.cjs";
import { Compiler, gatherProcesses, Judge } from "./processes.mjs";
import { plainly, progressLine, submissionText } from "./report.cjs";
import { Table } from "./table.mjs";
import { bubblewrapAdvice, tryWalls } from "./walls/trial.mjs";

const require = createRequire(import.meta.url);

/** Says what is limited; where not all is, goes on only if asked to. */
async function checkWalls(unsafe) {
  let { kept, missing } = await tryWalls(false);
  const isOff = missing.length > 0 && unsafe;
  if (isOff) ({ kept, missing } = await tryWalls(true));
  if (missing.length > 0 && !unsafe) {
    throw new SetupError(
      [
        "Here a submission could do what it likes, since these limits are missing:",
        ...missing.map((line) => `  ${line}`),
        `${bubblewrapAdvice() ?? "npm run doctor may tell more"}. Or read all code yourself and add --unsafe.`,
      ].join("\n"),
    );
  }
  console.error(["Limits of a submission, tried just now:", ...kept].join("\n  "));
  if (missing.length > 0) console.error(["NOT limited (--unsafe):", ...missing].join("\n  "));
  return isOff;
}

/** Reads a submission, or says what is wrong with it. */
function readSubmission(file, names) {
  let bytes;
  try {
    bytes = readFile(file, names);
    return { bytes, notebook: readNotebook(bytes) };
  } catch ({ message }) {
    return { bytes: bytes ?? Buffer.from(message), problem: message };
  }
}

/** Calls `work` for each of the files, so many at once; after a failure no other is begun. */
async function forEach(files, lanes, work) {
  const waiting = [...files];
  const worker = async (lane) => {
    try {
      while (waiting.length > 0) await work(waiting.shift(), lane);
    } finally {
      waiting.length = 0;
    }
  };
  const ends = await Promise.allSettled(lanes.map(worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** The names of a library's functions, those of its namespaces in an object of their own. */
function functionsIn(library, depth = 2) {
  const isSpace = (value) => typeof value === "object" && value !== null && depth > 1;
  const entries = Object.entries(library).map(([name, value]) => {
    if (typeof value === "function") return [name, true];
    return [name, isSpace(value) ? functionsIn(value, depth - 1) : false];
  });
  return Object.fromEntries(entries.filter(([, kept]) => kept));
}

/** What all submissions of a call share, and for each that is graded at once a grader of its own. */
async function gatherGraders(lab, rubric, options, jobs) {
  const { timeout, unsafe } = options;
  const threads = Math.max(1, Math.floor(os.availableParallelism() / jobs));
  const starlit = require(inRoot("lib/dist/index.js"));
  const judge = require(lab.files.judge);
  const [processes, { banner, given, kept }] = await Promise.all([
    gatherProcesses(lab, { threads, unsafe }),
    judge.load(starlit),
  ]);
  if (banner) console.error(banner);
  checkItems(rubric, lab, Object.keys(judge.items({ starlit, kept, rebuild: () => null })));
  const exported = Object.keys(starlit);
  const silent = functionsIn(starlit);
  const known = new Map();
  const makeGrader = () => {
    const compiler = new Compiler(processes.compiler, known);
    const own = new Judge(processes.judge, kept);
    const means = {
      rubric,
      source: lab.source,
      compiler,
      judge: own,
      student: processes.student,
      given,
      silent,
      exported,
      timeout,
    };
    const close = () => {
      compiler.close();
      own.close();
    };
    return { grader: new Grader(means), close };
  };
  return Array.from({ length: jobs }, makeGrader);
}

async function main() {
  const options = readGradeArguments();
  const { csv, json } = options;
  const found = options.named.map(notebooksIn);
  const files = [...new Set(found.flatMap(({ files }) => files))];
  const others = found.flatMap(({ others }) => others);
  if (!fs.existsSync(inRoot("lib/dist/index.js")))
    throw new SetupError("The library is not compiled yet: run npm run setup.");
  const lab = readLab(path.resolve(options.lab));
  const rubric = readRubric(lab);
  const { source, rubric: points, judge } = lab.files;
  const rules = [source, points, judge].map((file) => fs.readFileSync(file));
  const table = csv ? new Table(csv, rubric, files, Buffer.concat(rules)) : null;
  // A link to the solutions is none of the student's either.
  const names = namesByPlace([...files, source]);
  const bytesOf = (file) => readSubmission(file, names).bytes;
  const { kept, changed } =
    options.resume && table
      ? table.resume(bytesOf, options.rows ? tablesIn(options.rows) : [])
      : { kept: new Set(), changed: [] };
  const waiting = files.filter((file) => !kept.has(file));
  table?.write();
  const say = (words) => console.error(plainly(words));
  if (others.length > 0) say(`Left out, since not .ipynb: ${others.join(", ")}`);
  if (kept.size > 0) say(`Graded before and not changed since: ${kept.size}`);
  if (changed.length > 0)
    say(`Graded again, since they or their rows changed: ${changed.join(", ")}`);
  if (waiting.length === 0) return;

  const unsafe = await checkWalls(Boolean(options.unsafe));
  const jobs = Math.min(options.jobs, waiting.length);
  const graders = await gatherGraders(lab, rubric, { ...options, unsafe }, jobs);
  const begun = Date.now();
  const submissions = [];
  try {
    await forEach(waiting, graders, async (file, { grader }) => {
      const started = Date.now();
      const { bytes, notebook, problem } = readSubmission(file, names);
      const graded = problem ? grader.refuse(problem) : await grader.grade(notebook);
      const seconds = (Date.now() - started) / 1000;
      const submission = plainly({ ...graded, file, seconds });
      submissions.push({ place: files.indexOf(file), submission });
      table?.add(file, submission, bytes);
      if (!json) console.log(submissionText(submission));
      if (waiting.length === 1) return;
      const elapsed = (Date.now() - begun) / 1000;
      console.error(progressLine(submission, submissions.length, waiting.length, elapsed));
    });
  } finally {
    for (const { close } of graders) close();
  }
  submissions.sort((a, b) => a.place - b.place);
  if (json)
    console.log(
      JSON.stringify(
        submissions.map(({ submission }) => submission),
        null,
        1,
      ),
    );
}

// Leaving in good order ends the processes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
await command(main);

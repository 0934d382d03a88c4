// What `npm run lab:grade` is asked to do.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { SetupError } from "../setup/run.mjs";

const usage =
  "npm run lab:grade -- FILE…|FOLDER [--csv out.csv [--resume]] [--json] [--timeout SECONDS] [--jobs COUNT]";

/** A submission may use up to 2 GB. */
const JOB_BYTES = 2e9;

/**
 * The command line, checked.
 *
 * @returns {{ files: string[], others: string[], csv?: string, resume: boolean, json: boolean, timeout: number, jobs: number }}
 *   `others`: files in the named folders that are no notebooks
 */
export function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        csv: { type: "string" },
        resume: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        timeout: { type: "string", default: "60" },
        jobs: { type: "string", default: String(suitableJobs()) },
      },
    });
  } catch (error) {
    throw new SetupError(`${error.message} Usage: ${usage}`);
  }
  const { values, positionals } = parsed;
  const timeout = Number(values.timeout);
  if (!(timeout > 0))
    throw new SetupError(`--timeout ${values.timeout}: give a number of seconds.`);
  const jobs = Number(values.jobs);
  if (!(Number.isInteger(jobs) && jobs > 0))
    throw new SetupError(`--jobs ${values.jobs}: give how many submissions to grade at once.`);
  if (values.resume && (!values.csv || values.json))
    throw new SetupError(
      "--resume goes on with a table: name it with --csv, and leave out --json.",
    );
  if (positionals.length === 0) throw new SetupError(`Name the notebooks to grade: ${usage}`);
  const found = positionals.map(notebooksIn);
  return {
    ...{ ...values, timeout, jobs },
    files: [...new Set(found.flatMap(({ files }) => files))],
    others: found.flatMap(({ others }) => others),
  };
}

/** As many at once as the machine has cores and memory for. */
function suitableJobs() {
  const fitting = Math.floor(os.totalmem() / JOB_BYTES);
  return Math.max(1, Math.min(os.availableParallelism(), fitting));
}

/** The notebooks that an argument names, a folder those in it and below, and what else is there. */
function notebooksIn(place) {
  if (!fs.existsSync(place)) throw new SetupError(`There is no ${place}.`);
  if (!fs.statSync(place).isDirectory()) return { files: [place], others: [] };
  const found = fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !path.relative(place, file).split(path.sep).some(isHidden))
    .sort();
  const files = found.filter((file) => file.endsWith(".ipynb"));
  if (files.length === 0) throw new SetupError(`The folder ${place} holds no notebook (.ipynb).`);
  return { files, others: found.filter((file) => !file.endsWith(".ipynb")) };
}

/** As Jupyter's folder of checkpoints. */
const isHidden = (name) => name.startsWith(".");

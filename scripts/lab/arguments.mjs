// What the commands of the lab are asked to do. commander, which the library has for its own command,
// gives them --help and the nearest name of an option that is unknown.
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { inRoot } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { FIRST_LAB } from "./lab.mjs";

const { Command, CommanderError, InvalidArgumentError } = createRequire(inRoot("lib/package.json"))(
  "commander",
);

/** A submission may use up to 2 GB, and a compiler and a judge beside it one. */
const JOB_BYTES = 3e9;

/** Reads the command line; after --help the process ends. */
function read(command) {
  command
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
  try {
    command.parse();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exit(0);
    const words = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new SetupError(`${words} Help: ${command.name()} -- --help`);
  }
  return { ...command.opts(), named: command.args };
}

/** A number as an option's value. */
function number(what, isRight) {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !isRight(value)) throw new InvalidArgumentError(`Give ${what}.`);
    return value;
  };
}

const labFolder = path.relative(process.cwd(), FIRST_LAB);

/**
 * Of `npm run lab:grade`.
 *
 * @returns {{ named: string[], lab: string, csv?: string, resume?: true, rows?: string, json?: true, unsafe?: true, timeout: number, jobs: number }}
 */
export function readGradeArguments() {
  const seconds = number("a number of seconds, 1 to 3600", (value) => value >= 1 && value <= 3600);
  const count = number(
    "how many submissions to grade at once, 1 to 64",
    (value) => Number.isInteger(value) && value >= 1 && value <= 64,
  );
  const command = new Command("npm run lab:grade")
    .usage("-- FILE…|FOLDER [options]")
    .description(
      "Grades submissions of the lab. Reports go to stdout, what is being done to stderr.",
    )
    .argument("<files...>", "notebooks, or folders with notebooks")
    .option("--csv <file>", "write a table with a row a submission")
    .option("--resume", "with --csv: keep rows of submissions that are the same")
    .option("--rows <folder>", "with --resume: keep those of the tables in this folder too")
    .option("--json", "print every criterion, as JSON")
    .option("--timeout <seconds>", "seconds that the code of an item may run", seconds, 60)
    .option("--jobs <count>", "submissions that are graded at once", count, suitableJobs())
    .option("--lab <folder>", "folder of the lab's definition, a lab.json", labFolder)
    .option("--unsafe", "grade though not all limits are kept on this machine")
    .addHelpText("after", "\nAll of it: notebooks/lab/INSTRUCTOR.md");
  const options = read(command);
  if (options.resume && (!options.csv || options.json)) {
    throw new SetupError(
      "--resume goes on with a table: name it with --csv, and leave out --json.",
    );
  }
  if (options.rows && !options.resume) {
    throw new SetupError("--rows are taken over with --resume: add it, and a table with --csv.");
  }
  return options;
}

/**
 * Of `npm run lab:student`.
 *
 * @returns {{ from: string, to?: string }}
 */
export function readStudentArguments() {
  const command = new Command("npm run lab:student")
    .usage("[-- options]")
    .description("Makes the students' notebook from the one with the solutions.")
    .option("--from <place>", "the lab's folder, or a notebook with solutions", labFolder)
    .option("--to <file>", "the students' notebook, if not the one that lab.json names");
  return read(command);
}

/**
 * Of `npm run lab:nbgrader`.
 *
 * @returns {{ test?: true }}
 */
export function readNbgraderArguments() {
  const command = new Command("npm run lab:nbgrader")
    .usage("[-- options]")
    .description("Installs nbgrader beside the project's Python environment.")
    .option("--test", "then test it in a course of its own");
  return read(command);
}

/** As many at once as the machine has cores and memory for. */
function suitableJobs() {
  const fitting = Math.floor(os.totalmem() / JOB_BYTES);
  return Math.max(1, Math.min(os.availableParallelism(), fitting));
}

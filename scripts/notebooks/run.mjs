// Executes a notebook:
//   node scripts/notebooks/run.mjs notebooks/NAME.ipynb [--profile full] [--output FILE] [--timeout SECONDS] [--times]
// Without --output the notebook itself gets the new outputs. --times tells in long cells how long they take.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { command } from "../setup.mjs";
import { inRoot, logs, python } from "../setup/paths.mjs";
import { readArguments, SetupError } from "../setup/run.mjs";
import { jupyterEnvironment } from "./jupyter.mjs";
import { notebookProgress } from "./progress.mjs";

/**
 * Executes a notebook from top to bottom, in its own folder, and writes it with its outputs to
 * `output`; in the full profile its results are those that are committed. A failing cell is told on stderr, with its source and its error; nothing is written then.
 *
 * @param {string} file the notebook
 * @param {object} options
 * @param {string} options.output where the executed notebook goes
 * @param {"quick" | "full"} [options.profile]
 * @param {number} [options.timeout] seconds that a cell may take; no limit without it
 * @param {boolean} [options.times] whether long cells shall say how long they took
 * @param {Record<string, string>} [options.env] more environment variables for the kernel
 * @returns {Promise<{ ok: boolean, seconds: number }>}
 */
export async function runNotebook(file, { output, profile = "quick", timeout, times, env = {} }) {
  if (!fs.existsSync(file)) throw new SetupError(`There is no notebook ${file}.`);
  const begun = Date.now();
  const name = path.basename(file, ".ipynb");
  fs.mkdirSync(logs, { recursive: true });
  const args = [inRoot("scripts/notebooks/run.py"), file, "--output", output];
  const folder = path.basename(path.dirname(path.resolve(file)));
  args.push("--log", path.join(logs, `kernel-${folder}-${name}.log`));
  if (timeout) args.push("--timeout", String(timeout));
  if (times) args.push("--times");
  const committed = profile === "full" ? { STARLIT_RESULTS: inRoot("data/results") } : {};
  const own = { ...committed, ...process.env, ...jupyterEnvironment, ...env };
  const child = spawn(python, args, {
    env: { ...own, STARLIT_PROFILE: profile },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const release = stopWith(child);
  const progress = notebookProgress(name);
  const complaints = collect(child.stderr);
  let failure = null;
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.event === "failed") failure = event;
    progress(event);
  }
  const code = child.exitCode ?? (await new Promise((resolve) => child.once("close", resolve)));
  release();
  const ok = code === 0;
  const seconds = (Date.now() - begun) / 1000;
  if (failure) console.error(describe(name, failure));
  else if (!ok) console.error(`${name}: the notebook could not be run.\n${await complaints}`);
  return { ok, seconds };
}

function describe(name, { cell, source, error }) {
  const quoted = source.split("\n").map((line) => `  | ${line}`);
  const told = process.stderr.isTTY ? error : stripVTControlCharacters(error);
  return [`${name}: code cell ${cell} failed.`, ...quoted, told].join("\n");
}

async function collect(stream) {
  let text = "";
  for await (const piece of stream) text += piece;
  return text.trim();
}

/** Ctrl-C ends the runner, which shuts its kernel down, and then this command. */
function stopWith(child) {
  const stop = () => {
    child.once("close", () => process.exit(130));
    child.kill("SIGTERM");
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  return () => {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
  };
}

const usage = `node scripts/notebooks/run.mjs NOTEBOOK [--profile full] [--output FILE] [--timeout SECONDS]`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await command(async () => {
    const { values, positionals } = readArguments(usage, {
      allowPositionals: true,
      options: {
        profile: { type: "string", default: "quick" },
        output: { type: "string" },
        timeout: { type: "string" },
        times: { type: "boolean", default: false },
      },
    });
    const [file] = positionals;
    if (!file) throw new SetupError(`Name a notebook.\n${usage}`);
    const timeout = values.timeout ? Number(values.timeout) : undefined;
    if (timeout !== undefined && !(Number.isInteger(timeout) && timeout > 0))
      throw new SetupError(`--timeout is "${values.timeout}": give whole seconds.`);
    const { profile = "quick", output = file, times } = values;
    if (profile !== "quick" && profile !== "full")
      throw new SetupError(`--profile is "${profile}": use quick or full.`);
    const { ok } = await runNotebook(file, { output, profile, timeout, times });
    if (!ok) process.exitCode = 1;
  });
}

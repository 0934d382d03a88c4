// `npm run cluster -- [TARGET…] [--cluster slurm|kubernetes] [--jobs N] [--study ID] [--profile full]`: runs
// workflow/Snakefile, here or on a cluster; what follows a second `--` goes to Snakemake as it is.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { command, setup } from "./setup.mjs";
import { findPython } from "./setup/machine.mjs";
import { inRoot, root } from "./setup/paths.mjs";
import { fingerprint, isStamped, run, SetupError, stamp } from "./setup/run.mjs";

const engine = inRoot("workflow/.venv");
const clusters = ["local", "slurm", "kubernetes"];
const targets = ["all", "runs", "search", "raters", "grades"];

/** Snakemake in an environment of its own: its packages and JupyterLab's need not agree. */
async function snakemake() {
  const requirements = inRoot("workflow/requirements.txt");
  const python = path.join(engine, "bin/python");
  const mark = path.join(engine, ".starlit");
  const { command, version } = findPython();
  const print = fingerprint([engine, version], [requirements]);
  if (!isStamped(mark, print)) {
    console.log("  snakemake    the engine for many jobs, in workflow/.venv …");
    fs.rmSync(engine, { recursive: true, force: true });
    await run(command, ["-m", "venv", engine], { log: "snakemake" });
    const install = ["-m", "pip", "install", "--no-input", "-r", requirements];
    await run(python, install, { log: "snakemake" });
    stamp(mark, print);
  }
  return path.join(engine, "bin/snakemake");
}

/**
 * Runs targets of workflow/Snakefile. What is done already is not done again.
 *
 * @param {object} options
 * @param {string[]} [options.targets] of the Snakefile, or files that it makes
 * @param {"local" | "slurm" | "kubernetes"} [options.cluster]
 * @param {number} [options.jobs] on this machine: cores that the jobs share; elsewhere: jobs at once
 * @param {string} [options.folder] where marks, logs and pages go; unless told, beside the cached runs
 * @param {Record<string, string | undefined>} [options.config] see the Snakefile
 * @param {Record<string, string>} [options.env] more environment variables for the trainings
 * @param {string[]} [options.more] arguments for Snakemake
 * @throws {SetupError} if the engine ends with an error
 */
export async function runWorkflow({
  targets = [],
  cluster = "local",
  jobs = cluster === "local" ? os.availableParallelism() : 100,
  folder,
  config = {},
  env = {},
  more = [],
}) {
  if (!clusters.includes(cluster)) {
    throw new SetupError(`There is no cluster "${cluster}": use ${clusters.join(", ")}.`);
  }
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new SetupError("--jobs needs a whole number above 0.");
  }
  const program = await snakemake();
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const data = path.resolve(root, env.STARLIT_DATA ?? process.env.STARLIT_DATA ?? "data/cache");
  const args = [
    ...["--profile", `workflow/profiles/${cluster}`],
    // The profile for Kubernetes names a folder in the pods.
    ...(folder || cluster !== "kubernetes"
      ? ["--directory", folder ?? path.join(data, "workflow")]
      : []),
    ...[cluster === "local" ? "--cores" : "--jobs", String(jobs)],
    ...(given.length > 0 ? ["--config", ...given.map(([name, value]) => `${name}=${value}`)] : []),
    ...more,
    ...["--", ...targets],
  ];
  const child = spawn(program, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  // Ctrl-C reaches Snakemake too, which ends its jobs; then this command ends.
  const wait = () => {};
  process.on("SIGINT", wait);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  process.removeListener("SIGINT", wait);
  if (code !== 0) {
    throw new SetupError(
      "The workflow did not end: the same command goes on from here. The lines above name the logs.",
    );
  }
}

function readOptions() {
  const end = process.argv.indexOf("--", 2);
  const own = process.argv.slice(2, end < 0 ? undefined : end);
  const options = {
    cluster: { type: "string" },
    jobs: { type: "string" },
    study: { type: "string" },
    profile: { type: "string" },
    trials: { type: "string" },
    submissions: { type: "string" },
  };
  try {
    const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true });
    const unknown = positionals.find((name) => !targets.includes(name));
    if (unknown) throw new Error(`There is no target "${unknown}", but ${targets.join(", ")}`);
    return { ...values, targets: positionals, more: end < 0 ? [] : process.argv.slice(end + 1) };
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new SetupError(`${error.message.split("\n")[0]}. Use ${names.join(", ")}.`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await command(async () => {
    const { targets, cluster, jobs, study, profile, trials, submissions, more } = readOptions();
    await setup();
    await runWorkflow({
      targets,
      cluster,
      jobs: jobs === undefined ? undefined : Number(jobs),
      config: { study, profile, trials, submissions },
      more,
    });
  });
}

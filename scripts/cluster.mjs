// `npm run cluster [-- TARGET… options]`: runs workflow/Snakefile, on the cores of this machine or on a cluster.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { command, setup } from "./setup.mjs";
import { findPython } from "./setup/machine.mjs";
import { inRoot, root } from "./setup/paths.mjs";
import { fingerprint, isStamped, readArguments, run, SetupError, stamp } from "./setup/run.mjs";
import { pipInstall } from "./setup/steps.mjs";

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
    await run(python, pipInstall(requirements), { log: "snakemake" });
    stamp(mark, print);
  }
  return path.join(engine, "bin/snakemake");
}

/**
 * Runs targets of workflow/Snakefile. What is done already is not done again.
 *
 * @param {object} options
 * @param {string[]} [options.targets] of the Snakefile, or files that it makes
 * @param {string} [options.cluster] local (unless told), slurm or kubernetes
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

const usage = `npm run cluster [-- TARGET… options] [-- arguments for Snakemake]
  TARGET            all (unless told), runs, search, raters or grades
  --cluster NAME    local (unless told), slurm or kubernetes
  --jobs N          cores of this machine that the jobs share; of a cluster, jobs at once
  --study NAME      one study, e.g. clothing
  --profile NAME    quick (unless told) or full
  --seed N          one seed, whatever the profile has
  --trials N        trials of each search
  --submissions DIR of the target grades: a folder of lab submissions
All of it: docs/cluster.md`;

function readOptions() {
  const all = process.argv.slice(2);
  const end = all.includes("--") ? all.indexOf("--") : all.length;
  const { values, positionals } = readArguments(usage, {
    args: all.slice(0, end),
    allowPositionals: true,
    options: {
      cluster: { type: "string" },
      jobs: { type: "string" },
      study: { type: "string" },
      profile: { type: "string" },
      seed: { type: "string" },
      trials: { type: "string" },
      submissions: { type: "string" },
    },
  });
  const unknown = positionals.find((name) => !targets.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`There is no target "${unknown}": use ${targets.join(", ")}.`);
  }
  if (positionals.includes("grades") && values.submissions === undefined) {
    throw new SetupError(
      "The target grades needs a folder of submissions: give --submissions DIR.",
    );
  }
  return { ...values, targets: positionals, more: all.slice(end + 1) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await command(async () => {
    const { targets, cluster, jobs, study, profile, seed, trials, submissions, more } =
      readOptions();
    await setup();
    await runWorkflow({
      targets,
      cluster,
      jobs: jobs === undefined ? undefined : Number(jobs),
      config: { study, profile, seed, trials, submissions },
      more,
    });
  });
}

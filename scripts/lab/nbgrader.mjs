// Puts nbgrader beside the project's own Python environment, for courses and for its test.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { command, setup } from "../setup.mjs";
import { inRoot, logs, python } from "../setup/paths.mjs";
import { fingerprint, isStamped, run, stamp } from "../setup/run.mjs";
import { pipInstall } from "../setup/steps.mjs";
import { readNbgraderArguments } from "./arguments.mjs";

const requirements = inRoot("scripts/lab/requirements-nbgrader.txt");
const folder = `${logs}/nbgrader`;
const mark = `${folder}/.starlit`;

await command(async () => {
  const { test } = readNbgraderArguments();
  await setup();
  await install();
  if (!test) return;
  const args = [inRoot("scripts/test.mjs"), "lab.nbgrader"];
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
});

async function install() {
  const print = fingerprint([], [requirements]);
  if (isStamped(mark, print)) return;
  fs.rmSync(folder, { recursive: true, force: true });
  const args = pipInstall(requirements, "--no-deps", "--target", folder);
  await run(python, args, { log: "nbgrader" });
  stamp(mark, print);
  console.log("nbgrader is installed in .setup/nbgrader.");
}

// What this machine has.
import fs from "node:fs";
import { inRoot } from "./paths.mjs";
import { output, SetupError } from "./run.mjs";

/** Free disk that set-up needs, in GB; a GPU's libraries are downloaded and unpacked beside each other. */
export const diskNeeded = (gpu) => (gpu ? 10 : 3);

/** Throws where Node, the platform or the disk will not do. */
export function checkMachine({ gpu = false } = {}) {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node 20 or 22 and run this again.`,
    );
  }
  if (process.platform !== "linux") {
    throw new SetupError(
      `Set-up knows Linux alone (this is ${process.platform}): use WSL2 on Windows, or the Dockerfile. See the README.`,
    );
  }
  const { bavail, bsize } = fs.statfsSync(inRoot());
  const free = (bavail * bsize) / 1e9;
  const there = inRoot(".venv/tensorflow", gpu ? "nvidia" : ".starlit");
  if (free < diskNeeded(gpu) && !fs.existsSync(there)) {
    throw new SetupError(
      `The disk has ${free.toFixed(1)} GB free and set-up${gpu ? " for a GPU" : ""} needs ${diskNeeded(gpu)}: free some and run this again.`,
    );
  }
  return major > 22
    ? `Node ${process.versions.node} is newer than the versions tested here, 20 and 22.`
    : null;
}

/** The Python to make the environment with: $PYTHON, or the first of the usual names that is ≥ 3.10. */
export function findPython() {
  const names = [
    process.env.PYTHON,
    "python3",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python",
  ];
  for (const command of names) {
    if (!command) continue;
    const version = output(command, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const [major, minor] = (version ?? "0.0").split(".").map(Number);
    if (major === 3 && minor >= 10) return { command, version };
  }
  throw new SetupError(
    "No Python 3.10 or newer was found: install it (Debian, Ubuntu: apt install python3 python3-venv), or name one with PYTHON=/path/to/python3.",
  );
}

/** The C++ compiler: $CXX, g++ or clang++; null where there is none. `CXX=none` asks for none. */
export function findCompiler() {
  if (process.env.CXX === "none") return null;
  for (const command of [process.env.CXX, "g++", "clang++"]) {
    if (!command) continue;
    if (output(command, ["--version"]) !== null) return [command];
  }
  return null;
}

/** Whether a GPU is asked for, by STARLIT_DEVICE=gpu. */
export function wantsGpu(wish = process.env.STARLIT_DEVICE) {
  if (wish && !["cpu", "gpu"].includes(wish)) {
    throw new SetupError(
      `STARLIT_DEVICE is "${wish}": set it to "cpu" or "gpu", or leave it out for the CPU.`,
    );
  }
  return wish === "gpu";
}

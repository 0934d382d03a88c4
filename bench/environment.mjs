// The Python that the peers run in: made on first use, apart from the notebooks' own.
import fs from "node:fs";
import path from "node:path";
import { findPython } from "../scripts/setup/machine.mjs";
import { inRoot } from "../scripts/setup/paths.mjs";
import { fingerprint, isStamped, output, run, SetupError, stamp } from "../scripts/setup/run.mjs";
import { pipInstall } from "../scripts/setup/steps.mjs";

const without = "`npm run bench -- --only ours` needs no Python.";

/** Path of a Python with the pinned peers; `STARLIT_BENCH_PYTHON` names one that is there already. */
export async function peerPython() {
  const given = process.env.STARLIT_BENCH_PYTHON;
  if (given) return checked(given);
  const folder = inRoot("bench/.venv");
  const requirements = inRoot("bench/requirements.txt");
  const mark = path.join(folder, ".starlit");
  const python = path.join(folder, "bin", "python");
  try {
    const { command, version } = findPython();
    const print = fingerprint([folder, version], [requirements]);
    if (isStamped(mark, print)) return python;
    console.error("Making the peers' Python environment in bench/.venv (once; about 7 GB) …");
    fs.rmSync(folder, { recursive: true, force: true });
    await run(command, ["-m", "venv", folder], { log: "bench" });
    await run(python, pipInstall(requirements), { log: "bench" });
    stamp(mark, print);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(
      `The peers' Python environment could not be made: ${error.message}\n  ${without}`,
    );
  }
  return python;
}

function checked(python) {
  if (output(python, ["-c", "import sys"]) !== null) return python;
  throw new SetupError(
    `STARLIT_BENCH_PYTHON names ${python}, which does not run: name a Python with the packages of ` +
      `bench/requirements.txt, or leave it out. ${without}`,
  );
}

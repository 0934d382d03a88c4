// Makes everything the project needs, inside its own folder. Run again at any time: what is there
// and whole is left alone, what is missing or half made is made anew.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { mendable } from "../lib/src/files/errors.cjs";
import { waitForLock } from "../lib/src/files/lock.cjs";
import { checkMachine, wantsGpu } from "./setup/machine.mjs";
import { gpuProblem } from "./setup/gpu.mjs";
import { logs, root } from "./setup/paths.mjs";
import { readArguments, SetupError } from "./setup/run.mjs";
import * as steps from "./setup/steps.mjs";

/**
 * Makes what is missing. `quiet` prints only what is made; throws SetupError with what to do.
 * Steps that don't wait for each other run side by side.
 */
export async function setup({ quiet = true } = {}) {
  fs.mkdirSync(logs, { recursive: true });
  const lock = await waitForLock(path.join(logs, "lock"), { title: "Set-up", minutes: 60 });
  const started = Date.now();
  try {
    const gpu = wantsGpu();
    const note = checkMachine({ gpu });
    if (note) console.log(note);
    const packages = step("packages", "npm packages, about 800 MB", steps.packages);
    const environment = step(
      "environment",
      "Python environment with JupyterLab",
      steps.environment,
    );
    const tensorflow = environment.then(() =>
      step("tensorflow", `TensorFlow's C libraries (${gpu ? "NVIDIA GPU" : "CPU"})`, () =>
        steps.tensorflow({ gpu }),
      ),
    );
    const built = Promise.all([packages, tensorflow]).then(async () => {
      await step("binding", "TensorFlow.js bound to TensorFlow", steps.bind);
      await step("native", "recurrent operations in C++", steps.native).catch((error) => {
        console.log(
          `  ${error.message}\n  TensorFlow's own fused kernels are used instead; all works, slower.`,
        );
      });
    });
    const library = packages.then(() => step("library", "library starlit", steps.library));
    const kernel = Promise.all([packages, environment]).then(() =>
      step("kernel", "TypeScript kernel for JupyterLab", steps.kernel),
    );
    const ends = await Promise.allSettled([
      packages,
      environment,
      tensorflow,
      built,
      library,
      kernel,
    ]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    const problem = gpu && gpuProblem();
    if (problem) console.log(`  No GPU is used on this machine yet: ${problem}`);
  } finally {
    lock.release();
  }
  if (!quiet) console.log(`Set-up is complete (${seconds(started)}).`);

  async function step(name, what, work) {
    const begun = Date.now();
    const waiting = setTimeout(() => console.log(`  ${name.padEnd(12)} ${what} …`), 300);
    try {
      fs.rmSync(path.join(logs, `${name}.log`), { force: true });
      const done = await work();
      if (done === null) {
        if (!quiet) console.log(`  ${name.padEnd(12)} there`);
      } else console.log(`  ${name.padEnd(12)} done in ${seconds(begun)}`);
    } catch (error) {
      if (error instanceof SetupError)
        throw new SetupError(`Set-up, step "${name}": ${error.message}`);
      throw error;
    } finally {
      clearTimeout(waiting);
    }
  }
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs `main` of a command; what a person can mend is told in a sentence. */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    const words = error instanceof SetupError ? error.message : mendable(error);
    if (words === null) throw error;
    console.error(words);
    process.exitCode = 1;
  }
}

const usage = `npm run setup
  Makes everything that the project needs, inside its own folder. It has no options: STARLIT_DEVICE=gpu
  asks for TensorFlow's GPU build, PYTHON and CXX name a Python and a compiler.`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(root);
  await command(() => {
    readArguments(usage);
    return setup({ quiet: false });
  });
}

// `npm run doctor`: one line a component. A failing line says what to do, and the exit code is 1.
// `npm run doctor -- --measure` also times training steps on what this machine computes with.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bubblewrapAdvice } from "./lab/walls/trial.mjs";
import { gpuProblem, hasGpuBuild } from "./setup/gpu.mjs";
import { checkMachine, findCompiler, findPython, wantsGpu } from "./setup/machine.mjs";
import { binding, inRoot, python, root, tensorflowFolder, venv } from "./setup/paths.mjs";
import { output, readArguments, SetupError } from "./setup/run.mjs";

const places = {
  cache: "in the cache",
  shipped: "shipped with the project",
  mirror: "in the mirror",
  partly: "partly here, the rest comes when first needed",
  publisher: "not here; downloaded when first needed, and without a network a stand-in is used",
  nowhere:
    "not here, and to be got by hand (data/README.md says how); until then a stand-in is used",
};
const setupFirst = "run `npm run setup`";
const usage = `npm run doctor [-- --measure]
  One line a component, and what to do where one fails; --measure times training steps as well.`;

const { measure } = readOptions();
let failures = 0;

function readOptions() {
  try {
    return readArguments(usage, { options: { measure: { type: "boolean" } } }).values;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return process.exit(1);
  }
}

/** Prints a component's line; `look` returns what was found or throws what to do. */
function line(name, look) {
  let mark = "ok  ";
  let text;
  try {
    text = look();
  } catch (error) {
    failures++;
    mark = "FAIL";
    text = error.message.split("\n")[0];
  }
  console.log(`${mark} ${name.padEnd(12)} ${text}`);
}

function need(condition, advice) {
  if (!condition) throw new Error(advice);
}

line("Node", () => [process.versions.node, checkMachine()].filter(Boolean).join(": "));
line(
  "Python",
  () =>
    `${output(python, ["--version"]) ?? missingEnvironment()}, in ${path.relative(root, venv) || venv}`,
);
line("compiler", () => findCompiler()?.[0] ?? "none found: set-up uses the zig compiler's wheel");
line("packages", () => {
  need(
    fs.existsSync(inRoot("node_modules/.starlit")),
    `npm packages are missing or half installed: ${setupFirst}`,
  );
  return "as in package-lock.json";
});
line("TensorFlow", () => {
  need(
    fs.existsSync(path.join(tensorflowFolder(), "libtensorflow_cc.so.2")),
    `its libraries are missing: ${setupFirst}`,
  );
  return `wheel for ${hasGpuBuild() ? "NVIDIA GPU" : "CPU"}`;
});
line("binding", () => {
  need(fs.existsSync(binding), `TensorFlow.js is not bound to TensorFlow: ${setupFirst}`);
  return path.relative(root, binding);
});

line("GPU", () => {
  if (!wantsGpu() && !hasGpuBuild()) return "not asked for: the CPU computes (docs/gpu.md)";
  const problem = gpuProblem();
  if (problem && !wantsGpu())
    return `not asked for, the CPU computes; could not be used: ${problem}`;
  need(!problem, problem);
  return `${askLibrary({ STARLIT_DEVICE: "gpu" }).gpu}, where STARLIT_DEVICE=gpu`;
});

const library = askLibrary();
line("library", () => {
  // A sentence of the library says itself what to do.
  need(
    library.tensorflow,
    `${library.error}${/[.:]$/.test(library.error) ? "" : `: ${setupFirst}`}`,
  );
  return `starlit, on TensorFlow ${library.tensorflow}`;
});
// Of a library that does not load, nothing more is known.
if (library.kernel)
  line("recurrent", () => `${library.kernel.name} kernel (${library.kernel.reason})`);
line("notebooks", () => {
  const spec = path.join(venv, "share/jupyter/kernels/tslab/kernel.json");
  need(fs.existsSync(spec), `the TypeScript kernel is not installed: ${setupFirst}`);
  const [node, , launcher] = JSON.parse(fs.readFileSync(spec, "utf8")).argv;
  need(
    fs.existsSync(node) && fs.existsSync(launcher),
    `the TypeScript kernel points to a moved folder: ${setupFirst}`,
  );
  return "TypeScript kernel (tslab) installed";
});
for (const { title, place } of library.data ?? []) line("data", () => `${title}: ${places[place]}`);
runs();
line("lab", () => {
  const advice = bubblewrapAdvice();
  return advice
    ? `its grader can't run submissions safely: ${advice}`
    : "its grader has bubblewrap";
});
line("disk", () => {
  const { bavail, bsize } = fs.statfsSync(root);
  const free = (bavail * bsize) / 1e9;
  need(free > 1, `${free.toFixed(1)} GB free: free at least 1 GB`);
  return `${free.toFixed(0)} GB free`;
});
line("memory", () => {
  const free = os.freemem() / 1e9;
  const advice = free < 4 ? ": the full profile needs up to 6, close other programs before it" : "";
  return `${free.toFixed(1)} of ${(os.totalmem() / 1e9).toFixed(1)} GB free, ${os.availableParallelism()} cores${advice}`;
});
if (measure) {
  const { measureDevices } = await import("../bench/devices.mjs");
  console.log();
  console.log(await measureDevices());
}
process.exitCode = failures ? 1 : 0;

/** A line for all stored runs, and one for each that is damaged or another's. */
function runs() {
  if (!library.runs) return;
  const { files, problems } = library.runs;
  const bad = problems.filter(({ state }) => state !== "stale");
  const stale = problems.length - bad.length;
  for (const { state, sentence } of bad) line(`${state} run`, () => need(false, sentence));
  line("runs", () => {
    const told = stale ? `${stale} stale (npx starlit runs --stale says which)` : "none is stale";
    return `${files - bad.length} of ${files} can be used, ${told}`;
  });
}

function missingEnvironment() {
  throw new Error(
    `${findPython().command} is there, the project's environment is not: ${setupFirst}`,
  );
}

/** What the library says of itself, asked in a process of its own so that a crash is just a line. */
function askLibrary(environment = {}) {
  const question = `
    const { examineRuns, gpuName, recurrentKernel, sourceStatus, tf, usesGpu } = require("starlit");
    const answer = {
      tensorflow: tf.backend().binding.TF_Version,
      gpu: usesGpu() ? gpuName() : undefined,
      kernel: recurrentKernel(),
      data: sourceStatus(),
      runs: examineRuns(),
    };
    console.log("\\n" + JSON.stringify(answer));`;
  const asked = spawnSync(process.execPath, ["-e", question], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  if (asked.status === 0) return JSON.parse(asked.stdout.trim().split("\n").at(-1) ?? "");
  const error = /^\w*Error: (.*)$/m.exec(asked.stderr)?.[1] ?? "the library does not load";
  return { error };
}

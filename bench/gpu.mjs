// All that is to be shown on a machine with a GPU, in one command of a few minutes:
//   STARLIT_DEVICE=gpu npm run setup
//   node bench/gpu.mjs
// See docs/gpu.md. `--rehearse` runs the same on a processor, to see that the programs work; `--rows A,B`
// leaves some of the times out. PyTorch is timed where STARLIT_BENCH_PYTHON names a Python with its
// CUDA build.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { gpuProblem } from "../scripts/setup/gpu.mjs";
import { inRoot, root } from "../scripts/setup/paths.mjs";
import { output, SetupError } from "../scripts/setup/run.mjs";
import { command } from "../scripts/setup.mjs";
import { measureDevices, trainingRows } from "./devices.mjs";

/** Runs a Node program; returns its exit code and what it printed. */
function node(args, environment) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { cwd: root, env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}

/** A part of the checks with its time; a part that fails does not end the others. */
async function part(title, work) {
  const start = performance.now();
  let result;
  try {
    result = await work();
  } catch (error) {
    process.exitCode = 1;
    result = `FAILED: ${error.message}`;
  }
  console.log(`\n## ${title} (${((performance.now() - start) / 1000).toFixed(0)} s)\n\n${result}`);
}

const numericTests = [
  "layers.kernels",
  "layers.parity",
  "layers.attention",
  "layers.dropout",
  "layers.errors",
  "layers.normalization",
  "training.parity",
  "engine.adam",
  "engine.shortcuts",
  "engine.repeat",
];

async function runTests(device) {
  const jest = inRoot("node_modules/jest/bin/jest.js");
  const workers = Math.min(6, os.availableParallelism());
  const files = numericTests.map((name) => `test/${name}\\.test`);
  const { code, text } = await node([jest, `--maxWorkers=${workers}`, ...files], device);
  const lines = text.split("\n").filter((line) => /^(Tests|Test Suites):|●/.test(line.trim()));
  if (code !== 0) throw new Error(lines.join("\n"));
  return lines.join("\n");
}

/** The same training by two processes at once: beside each other, and to the same bits. */
async function trainTwice(device) {
  const folders = [1, 2].map(() => fs.mkdtempSync(path.join(os.tmpdir(), "starlit-gpu-")));
  const runs = await Promise.all(
    folders.map((folder) =>
      node(["lib/bin/starlit.cjs", "run", "clothing", "lstm-2", "--seed", "1"], {
        ...device,
        STARLIT_DATA: folder,
        STARLIT_FRESH: "1",
        STARLIT_PROFILE: "quick",
      }),
    ),
  );
  const failed = runs.find(({ code }) => code !== 0);
  if (failed) throw new Error(failed.text.trim().split("\n").slice(-8).join("\n"));
  const found = folders.map((folder) => {
    const files = fs.readdirSync(folder, { recursive: true }).map(String);
    const file = files.find((name) => /lstm-2-seed-1-\w+\.json$/.test(name)) ?? "no run";
    return JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  });
  for (const folder of folders) fs.rmSync(folder, { recursive: true });
  const [one, two] = found.map(({ history, metrics }) => JSON.stringify({ history, metrics }));
  if (one !== two) throw new Error(`two runs differ:\n${one}\n${two}`);
  const [{ engine, timings }] = found;
  return `Equal bit for bit. ${timings.totalSeconds.toFixed(1)} s; the run says: ${JSON.stringify(engine)}`;
}

await command(async () => {
  const { values } = parseArgs({
    options: { rehearse: { type: "boolean" }, rows: { type: "string" } },
  });
  const problem = values.rehearse ? null : gpuProblem();
  if (problem) throw new SetupError(`No GPU can be used: ${problem}`);
  const device = { STARLIT_DEVICE: values.rehearse ? "cpu" : "gpu" };
  const ours = ["native", "cudnn", "timeMajor", "autotune", "tf32", "block"];
  const names = values.rehearse ? ["native"] : ours;
  await part("Training steps", async () => {
    const rows = trainingRows(values.rows?.split(","));
    const python = process.env.STARLIT_BENCH_PYTHON;
    const ask = "import torch; print(torch.cuda.is_available())";
    const hasTorch = python && output(python, ["-c", ask]) === "True";
    if (!hasTorch) return `${await measureDevices({ names, rows })}\nPyTorch was not timed.`;
    return measureDevices({ names: [...names, "pytorchGpu"], rows, python });
  });
  await part("One training by two processes at once", () => trainTwice(device));
  await part("Numeric tests", () => runTests(device));
});

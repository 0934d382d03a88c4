// Reviews of one's own beside scikit-learn's tf-idf and logistic regression, on the same rows in one
// run: study 2's clothing reviews to learn from and to test on, and a table of a million to rate.
// scikit-learn's version is that of test/golden/requirements.txt; STARLIT_BENCH_PYTHON names a Python
// that has it.
//   node bench/reviews.mjs [--rows 1000000] [--seeds 1] [--curve] [--keep FOLDER] [--no-python]
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const { clothing } = require("starlit");
const here = path.dirname(fileURLToPath(import.meta.url));

const { values } = parseArgs({
  allowNegative: true,
  options: {
    rows: { type: "string", default: "1000000" },
    seeds: { type: "string", default: "1" },
    curve: { type: "boolean", default: false },
    keep: { type: "string" },
    python: { type: "boolean", default: true },
  },
});
const folder = values.keep ?? fs.mkdtempSync(path.join(os.tmpdir(), "starlit-reviews-"));
fs.mkdirSync(folder, { recursive: true });
const file = (name) => path.join(folder, name);

const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;
const line = ({ clothingId, rating, title, text }) =>
  `${clothingId},${rating},${cell(title)},${cell(text)}\n`;
const head = "product,rating,title,text\n";

/** Study 2's rows: those of the test as published, all others to learn from. */
async function writeTables() {
  const data = await clothing.prepare({ profile: "full", seed: 1 });
  const learn = [...data.train.reviews, ...data.validation.reviews];
  fs.writeFileSync(file("train.csv"), head + learn.map(line).join(""));
  fs.writeFileSync(file("test.csv"), head + data.test.reviews.map(line).join(""));
  const all = [...learn, ...data.test.reviews];
  const out = fs.openSync(file("million.csv"), "w");
  fs.writeSync(out, head);
  const count = Number(values.rows);
  for (let at = 0; at < count; at += all.length) {
    fs.writeSync(
      out,
      all
        .slice(0, count - at)
        .map(line)
        .join(""),
    );
  }
  fs.closeSync(out);
}

// The peak of a process's memory is known to itself alone.
fs.writeFileSync(
  file("peak.cjs"),
  `process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`,
);

/**
 * Runs a command; its seconds and its peak memory in MB (of Node; Python tells its own).
 *
 * @param {string} command
 * @param {string[]} args
 * @param {number | "inherit"} stdout
 * @returns {Promise<{ seconds: number, megabytes: number }>}
 */
function run(command, args, stdout = "inherit") {
  const begun = performance.now();
  const peak = file("peak.txt");
  fs.rmSync(peak, { force: true });
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PEAK: peak, NODE_OPTIONS: `--require ${file("peak.cjs")}` };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", stdout, 2], env });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`${command} ended with ${code}`));
      const megabytes = fs.existsSync(peak) ? Number(fs.readFileSync(peak)) / 1024 : NaN;
      resolve({ seconds: (performance.now() - begun) / 1000, megabytes });
    });
  });
}

const command = path.join(here, "../lib/bin/starlit.cjs");
await writeTables();
const rater = file("rater");
const seeds = values.seeds.split(",");
const train = await run(process.execPath, [
  ...[command, "train", file("train.csv"), "--test", file("test.csv"), "--out", rater],
  ...["--seed", ...seeds, ...(values.curve ? [] : ["--no-curve"])],
]);
const out = fs.openSync(file("rated.csv"), "w");
const rate = await run(
  process.execPath,
  [command, "rate", "--model", rater, file("million.csv")],
  out,
);
const { report } = JSON.parse(fs.readFileSync(path.join(rater, "rater.json"), "utf8"));
const [, other, kept] = report.scores;
const row = (what, { seconds, megabytes }, more) =>
  console.log(`${what}: ${seconds.toFixed(1)} s, peak ${megabytes.toFixed(0)} MB, ${more}`);
const f1 = ({ name, weightedF1, error }) =>
  `${name}: weighted F1 ${weightedF1.estimate.toFixed(4)}, error ${error.estimate.toFixed(4)}`;
row("Starlit, training", train, `${f1(kept)}; ${f1(other)}`);
row("Starlit, rating", rate, `${Math.round(Number(values.rows) / rate.seconds)} rows a second`);
if (values.python) {
  const python = process.env.STARLIT_BENCH_PYTHON ?? path.join(here, ".venv/bin/python");
  await run(python, [path.join(here, "peers/sklearn_reviews.py"), folder]);
}
if (!values.keep) fs.rmSync(folder, { recursive: true });

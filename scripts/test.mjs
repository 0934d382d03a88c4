// `npm test`: set-up if needed, then types, lint, spelling, unit, parity and browser tests, and every
// notebook executed in the quick profile. `npm test -- PATTERN` runs only the test files that match.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inLanes } from "./lanes.mjs";
import { command, setup } from "./setup.mjs";
import { inRoot, logs, venv } from "./setup/paths.mjs";

const bin = (file) => inRoot("node_modules", file);
const totals = { passed: 0, failed: 0, skipped: 0 };

/** One check that is a command: passed where it exits with 0. What it says is shown at its end. */
async function check(name, program, args) {
  const started = Date.now();
  const child = spawn(program, args, { cwd: inRoot() });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  const code = await new Promise((resolve) => child.on("error", resolve).on("close", resolve));
  if (code !== 0) process.stdout.write(Buffer.concat(said));
  count(name, code === 0, started);
}

/** Whether all is typed, imported and written as it should be. */
async function checks() {
  const folders = ["lib/src", "scripts", "bench", "test"];
  const sources = fs
    .readdirSync(inRoot("lib/native"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(cc|h)$/.test(name))
    .map((name) => inRoot("lib/native", name));
  const node = (name, file, ...args) => check(name, process.execPath, [bin(file), ...args]);
  const python = (name, tool, ...args) => check(name, path.join(venv, "bin", tool), args);
  await inLanes([
    () => node("lint", "eslint/bin/eslint.js", "--max-warnings=0", "."),
    () => node("types of TypeScript", "typescript/bin/tsc", "-p", "tsconfig.json"),
    () => node("types of JavaScript", "typescript/bin/tsc", "-p", "tsconfig.scripts.json"),
    () => node("format", "prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
    () => node("imports", "dependency-cruiser/bin/dependency-cruise.mjs", ...folders),
    () => check("spelling and style", process.execPath, [inRoot("scripts/prose.mjs"), "--check"]),
    () => python("format of C++", "clang-format", "--dry-run", "--Werror", ...sources),
    () => python("lint of Python", "ruff", "check", "--quiet", "."),
    () => python("format of Python", "ruff", "format", "--check", "--quiet", "."),
  ]);
}

function count(name, passed, started) {
  totals[passed ? "passed" : "failed"]++;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? "PASS" : "FAIL"} ${name} (${seconds} s)`);
}

/** The test files; their counts come from the runner's own report. */
function jest(patterns) {
  const report = inRoot(".setup/jest.json");
  fs.rmSync(report, { force: true });
  const args = [bin("jest/bin/jest.js"), "--json", `--outputFile=${report}`, ...patterns];
  spawnSync(process.execPath, args, { cwd: inRoot(), stdio: ["ignore", "ignore", "inherit"] });
  if (!fs.existsSync(report)) return void totals.failed++;
  const result = JSON.parse(fs.readFileSync(report, "utf8"));
  totals.passed += result.numPassedTests;
  totals.skipped += result.numPendingTests;
  // A file that could not even be loaded has no tests in it, and is a failure all the same.
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
}

/** These take longest, and begin first, so that none is left alone at the end. */
const longest = ["solutions/05-lab.ipynb", "01-rating.ipynb", "05-lab.ipynb", "02-clothing.ipynb"];

/** Notebooks side by side, each with a thread: two threads don't make a small network twice as fast. */
async function notebooks() {
  const { runNotebook } = await import(pathToFileURL(inRoot("scripts/notebooks/run.mjs")).href);
  const names = ["", "solutions"].flatMap((folder) =>
    fs
      .readdirSync(inRoot("notebooks", folder))
      .filter((name) => name.endsWith(".ipynb"))
      .map((name) => path.join(folder, name)),
  );
  const run = async (name) => {
    const started = Date.now();
    const { ok } = await runNotebook(inRoot("notebooks", name), {
      output: inRoot(".setup/notebooks", name),
      profile: "quick",
      env: { STARLIT_THREADS: "1" },
    });
    count(`notebook ${name}, quick profile`, ok, started);
  };
  const others = names.filter((name) => !longest.includes(name)).sort();
  await inLanes([...longest, ...others].map((name) => () => run(name)));
}

const usage = `npm test [-- PATTERN…]
  Types, lint, format, spelling, all tests and every notebook; with patterns the test files that match.`;

await command(async () => {
  if (/^(-h|--help)$/.test(process.argv[2])) return console.log(usage);
  await setup();
  fs.mkdirSync(logs, { recursive: true });
  const patterns = process.argv.slice(2);
  if (patterns.length === 0) await checks();
  jest(patterns);
  if (patterns.length === 0) await notebooks();
  if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
});

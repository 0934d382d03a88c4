// `npm test`: set-up if needed, then types, lint, unit, parity and browser tests, and every notebook
// executed in the quick profile. `npm test -- PATTERN` runs only the test files that match.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { pathToFileURL } from "node:url";
import { command, setup } from "./setup.mjs";
import { inRoot, logs } from "./setup/paths.mjs";

const node = process.execPath;
const bin = (file) => inRoot("node_modules", file);
const totals = { passed: 0, failed: 0, skipped: 0 };

/** One check that is a command: passed where it exits with 0. */
function check(name, args) {
  const started = Date.now();
  const { status } = spawnSync(node, args, { cwd: inRoot(), stdio: "inherit" });
  count(name, status === 0, started);
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
  spawnSync(node, args, { cwd: inRoot(), stdio: ["ignore", "ignore", "inherit"] });
  if (!fs.existsSync(report)) return void totals.failed++;
  const result = JSON.parse(fs.readFileSync(report, "utf8"));
  totals.passed += result.numPassedTests;
  totals.skipped += result.numPendingTests;
  // A file that could not even be loaded has no tests in it, and is a failure all the same.
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
}

async function notebooks() {
  const { runNotebook } = await import(pathToFileURL(inRoot("scripts/notebooks/run.mjs")).href);
  for (const name of fs
    .readdirSync(inRoot("notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .sort()) {
    const started = Date.now();
    const { ok } = await runNotebook(inRoot("notebooks", name), {
      output: inRoot(".setup/notebooks", name),
      profile: "quick",
    });
    count(`notebook ${name}, quick profile`, ok, started);
  }
}

const usage = `npm test [-- PATTERN…]
  Types, lint, format, all tests and every notebook; with patterns the test files that match.`;

await command(async () => {
  if (/^(-h|--help)$/.test(process.argv[2])) return console.log(usage);
  await setup();
  fs.mkdirSync(logs, { recursive: true });
  const patterns = process.argv.slice(2);
  if (patterns.length === 0) {
    check("types", [bin("typescript/bin/tsc"), "-p", inRoot("tsconfig.json")]);
    check("lint", [bin("eslint/bin/eslint.js"), "--max-warnings=0", "."]);
    check("format", [bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."]);
  }
  jest(patterns);
  if (patterns.length === 0) await notebooks();
  const skipped = totals.skipped ? `, ${totals.skipped} skipped` : "";
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
});

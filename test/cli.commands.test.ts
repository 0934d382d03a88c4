import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { clothing } from "../lib/src/studies";
import { type RunSpec, storedRun } from "../lib/src/training";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-cli-"));
const before = { ...process.env };
const environment = {
  ...process.env,
  STARLIT_DATA: path.join(folder, "cache"),
  STARLIT_RUNS: path.join(folder, "runs"),
  STARLIT_PROFILE: "",
  STARLIT_FRESH: "",
};
beforeAll(() => Object.assign(process.env, environment));
afterAll(() => {
  process.env = before;
  fs.rmSync(folder, { recursive: true });
});

function starlit(args: string[], own: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(__dirname, "../lib/bin/starlit.cjs"), ...args],
    { env: { ...environment, ...own }, encoding: "utf8" },
  );
  const errors = stderr.split("\n").filter((line) => line !== "");
  return { status, stdout, errors };
}

test.each([
  [
    "an unknown study",
    ["run", "cloth", "lstm-2"],
    'There is no study "cloth": use rating, clothing',
  ],
  ["an unknown model", ["run", "clothing", "lstm"], 'no model "lstm": did you mean "lstm-2"?'],
  [
    "an unknown profile",
    ["run", "clothing", "lstm-2", "-p", "huge"],
    'no profile "huge": use quick or full',
  ],
  ["a seed that is none", ["run", "clothing", "lstm-2", "--seed", "1", "x"], 'The seed "x" is not'],
  [
    "an unknown search",
    ["search", "clothing", "gru-1", "-m", "grid"],
    'no search "grid": use random or halving',
  ],
  [
    "an unknown study to list",
    ["runs", "cloth"],
    'There is no study "cloth": use rating, clothing',
  ],
])("%s: one line that says what to do, exit code 1", (_name, args, sentence) => {
  const { status, errors } = starlit(args);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(sentence);
  expect(status).toBe(1);
});

test("a data folder that cannot be written: one line, exit code 1, nothing left behind", () => {
  const file = path.join(folder, "file");
  fs.writeFileSync(file, "");
  const { status, errors } = starlit(["run", "clothing", "gru-2"], { STARLIT_DATA: file });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(`${file}/training/clothing/gru-2-seed-1-`);
  expect(errors[0]).toMatch(/could not be written \(ENOTDIR\): .* set STARLIT_DATA/);
  expect(status).toBe(1);
  expect(fs.readFileSync(file, "utf8")).toBe("");
});

test("a finished run is loaded and its numbers are told; runs lists it", async () => {
  expect(starlit(["runs"]).stdout).toContain("No runs are stored yet");
  const { fingerprint } = await clothing.prepare({ profile: "quick", seed: 7 });
  const spec: RunSpec = {
    study: "clothing",
    model: "gru-2",
    hyperParameters: { ...clothing.publishedSettings("gru-2") },
    seed: 7,
    profile: "quick",
    dataFingerprint: fingerprint,
    standIn: false,
  };
  const history = { history: { loss: [1] }, seconds: [90], bestEpoch: 1, ended: "epochs" as const };
  await storedRun(spec, () => Promise.resolve({ history, metrics: { weightedF1: 0.6125 } }));

  const loaded = starlit(["run", "clothing", "gru-2", "--seed", "7"]);
  expect(loaded.status).toBe(0);
  expect(loaded.stdout).toMatch(/gru-2, seed 7, quick profile: trained on .* in 1\.5 minutes/);
  expect(loaded.stdout).toContain("weightedF1 0.6125");
  const listed = starlit(["runs", "clothing"]);
  expect(listed.status).toBe(0);
  expect(listed.stdout).toMatch(
    /clothing\n[^]*gru-2\s+7\s+quick\s+1\.5\s+\d{4}-\d\d-\d\d\s+0\.6125/,
  );
});

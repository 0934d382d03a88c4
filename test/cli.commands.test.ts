import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { NUMERICS_VERSION } from "../lib/src/engine/numerics";
import { clothing } from "../lib/src/studies";
import { runFile, type RunSpec, storedRun } from "../lib/src/training";
import { writeRun } from "../lib/src/training/runRecord";

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

describe("stored runs of yesterday", () => {
  const spec: RunSpec = {
    study: "clothing",
    model: "gru-4",
    hyperParameters: {},
    seed: 2,
    profile: "quick",
    dataFingerprint: "abc",
    standIn: false,
  };
  const again = "STARLIT_FRESH=1 npx starlit run clothing gru-4 --seed 2 --profile quick";

  test("an older version of the numerics made them: runs --stale says how to make them again", async () => {
    expect(starlit(["runs", "--stale"]).stdout).toBe("No stored run is stale.\n");
    const history = { history: {}, seconds: [], bestEpoch: 0, ended: "epochs" as const };
    const run = await storedRun(spec, () => Promise.resolve({ history, metrics: {} }));
    writeRun(runFile(spec), { ...run, numerics: 0 });
    const told = `gru-4, seed 2, of clothing, quick profile, is stale: version 0 of the numerics trained it, this is version ${NUMERICS_VERSION}; ${again} trains it again.\n`;
    expect(starlit(["runs", "--stale"]).stdout).toBe(told);
    expect(starlit(["runs", "clothing", "--stale"]).stdout).toBe(told);
    expect(starlit(["runs", "rating", "--stale"]).stdout).toBe("No stored run is stale.\n");
  });

  test("doctor lists the damaged ones, counts the stale ones, and fails", () => {
    const doctor = () => {
      const script = path.join(__dirname, "../scripts/doctor.mjs");
      const { stdout, status } = spawnSync(process.execPath, [script], {
        env: environment,
        encoding: "utf8",
      });
      return { lines: stdout.split("\n").filter((line) => / runs? /.test(line)), status };
    };
    const { lines } = doctor();
    expect(lines).toEqual([
      "ok   runs         2 of 2 can be used, 1 stale (npx starlit runs --stale says which)",
    ]);
    fs.writeFileSync(runFile(spec), "{}");
    const broken = doctor();
    expect(broken.status).toBe(1);
    expect(broken.lines[0]).toMatch(
      /^FAIL damaged run .*gru-4-seed-2-\w+\.json is not a stored run/,
    );
    expect(broken.lines[0]).toContain(`${again} makes it again.`);
    expect(broken.lines[1]).toBe("ok   runs         1 of 2 can be used, none is stale");
  });
});

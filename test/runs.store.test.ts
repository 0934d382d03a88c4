import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { StarlitError } from "../lib/src/engine";
import {
  examineRuns,
  listRuns,
  packArray,
  type Run,
  runFile,
  type RunSpec,
  storedRun,
  type Trained,
  unpackArray,
} from "../lib/src/training";
import { readRun, writeRun } from "../lib/src/training/runRecord";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-runs-"));
const environment = { ...process.env };
let said: string[] = [];

beforeAll(() => {
  process.env.STARLIT_DATA = path.join(folder, "cache");
  process.env.STARLIT_RUNS = path.join(folder, "committed");
  delete process.env.STARLIT_FRESH;
});
beforeEach(() => {
  said = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => {
  process.env = environment;
  fs.rmSync(folder, { recursive: true });
});

const spec: RunSpec = {
  study: "clothing",
  model: "lstm-2",
  hyperParameters: { units: [64, 128], learningRate: 0.001 },
  seed: 3,
  profile: "full",
  dataFingerprint: "abc",
  standIn: false,
};

function trained(loss: number): Trained {
  return {
    history: { history: { loss: [1, loss] }, seconds: [30, 42], bestEpoch: 2, ended: "epochs" },
    metrics: { accuracy: 0.5 },
    predictions: { labels: { data: Float32Array.of(5, 1, 4), shape: [3] } },
  };
}

test("a run is trained once, then loaded with a line that says when and in how many minutes", async () => {
  const train = jest.fn(() => Promise.resolve(trained(0.5)));
  const first = await storedRun(spec, train);
  expect(first).toMatchObject({ ...spec, history: { loss: [1, 0.5] }, metrics: { accuracy: 0.5 } });
  const { peakMegabytes, ...times } = first.timings;
  expect(times).toEqual({ secondsPerEpoch: [30, 42], totalSeconds: 72 });
  // This process has more than 50 MB, and no more than the machine.
  expect(peakMegabytes).toBeGreaterThan(50);
  expect(peakMegabytes).toBeLessThan(os.totalmem() / 2 ** 20);
  expect(said).toEqual([]);
  expect(await storedRun(spec, train)).toEqual(first);
  expect(train).toHaveBeenCalledTimes(1);
  expect(said[0]).toMatch(
    /^lstm-2, seed 3, full profile: trained on \d{4}-\d\d-\d\d in 1\.2 minutes \(.+\); loaded from /,
  );
  expect([...unpackArray(first.predictions!.labels).data]).toEqual([5, 1, 4]);
  expect(fs.existsSync(path.join(folder, "cache/training/clothing"))).toBe(true);
  expect(fs.readdirSync(path.join(folder, "cache/training/clothing"))).toEqual([]);
});

test("STARLIT_FRESH=1 trains again", async () => {
  process.env.STARLIT_FRESH = "1";
  const run = await storedRun(spec, () => Promise.resolve(trained(0.25)));
  delete process.env.STARLIT_FRESH;
  expect(run.history.loss).toEqual([1, 0.25]);
  expect((await storedRun(spec, () => Promise.reject(new Error("unused")))).history.loss[1]).toBe(
    0.25,
  );
});

test("only runs of the full profile on the study's own data are for the repository", () => {
  const committed = path.join(folder, "committed/clothing");
  const cached = path.join(folder, "cache/runs/clothing");
  expect(path.dirname(runFile(spec))).toBe(committed);
  expect(path.dirname(runFile({ ...spec, profile: "quick" }))).toBe(cached);
  expect(path.dirname(runFile({ ...spec, standIn: true }))).toBe(cached);
});

test("each part of a spec makes another run; the order of the hyper-parameters does not", () => {
  const others: Partial<RunSpec>[] = [
    { seed: 4 },
    { dataFingerprint: "abd" },
    { hyperParameters: { units: [64, 127], learningRate: 0.001 } },
  ];
  for (const other of others) expect(runFile({ ...spec, ...other })).not.toBe(runFile(spec));
  const turned = { ...spec, hyperParameters: { learningRate: 0.001, units: [64, 128] } };
  expect(runFile(turned)).toBe(runFile(spec));
});

test("the stored runs of a study are listed", async () => {
  await storedRun({ ...spec, seed: 8, profile: "quick" }, () => Promise.resolve(trained(0.1)));
  const found = listRuns("clothing").map(({ seed, profile }) => `${profile} ${seed}`);
  expect(found).toEqual(["full 3", "quick 8"]);
  expect(listRuns("rating")).toEqual([]);
});

test.each([
  ["cut short", (text: string) => text.slice(0, 100), /is not a stored run \(.*JSON/],
  ["changed by hand", (text: string) => text.replace('"seed": 5', '"seed": "five"'), /\(seed: /],
])("a file that was %s is named", async (_name, damage, sentence) => {
  const damaged = { ...spec, seed: 5 };
  const file = runFile(damaged);
  fs.rmSync(file, { force: true });
  await storedRun(damaged, () => Promise.resolve(trained(0.5)));
  fs.writeFileSync(file, damage(fs.readFileSync(file, "utf8")));
  const again = storedRun(damaged, () => Promise.resolve(trained(0.5)));
  await expect(again).rejects.toThrow(StarlitError);
  await expect(again).rejects.toThrow(sentence);
  await expect(again).rejects.toThrow(file);
  fs.rmSync(file);
});

test("a metric that is no number is refused, and nothing is left behind", async () => {
  const bad = { ...spec, model: "bad" };
  const run = storedRun(bad, () => Promise.resolve({ ...trained(1), metrics: { auc: NaN } }));
  await expect(run).rejects.toThrow(/run of bad cannot be stored: metrics\.auc/);
  expect(fs.existsSync(runFile(bad))).toBe(false);
});

test("a training that the reader stops is not stored and says how to go on", async () => {
  const stopped = { ...spec, model: "stopped" };
  const outcome = trained(1);
  outcome.history.ended = "interrupt";
  await expect(storedRun(stopped, () => Promise.resolve(outcome))).rejects.toThrow(
    "stopped, seed 3: stopped after 2 finished epochs; the same command goes on from there.",
  );
  expect(fs.existsSync(runFile(stopped))).toBe(false);
});

describe("a stored run is believed if it is whole, and the run that was asked for", () => {
  const unused = () => Promise.reject(new Error("trained again"));
  let file: string;
  let stored: string;
  let asked: RunSpec;
  beforeAll(async () => {
    asked = { ...spec, model: "believed" };
    file = runFile(asked);
    await storedRun(asked, () => Promise.resolve(trained(0.5)));
    stored = fs.readFileSync(file, "utf8");
  });
  afterEach(() => fs.writeFileSync(file, stored));
  afterAll(() => fs.rmSync(file));

  /** The run of the file, without its sum. */
  function storedHere(): Run {
    const run = JSON.parse(stored) as Run & { sha256?: string };
    delete run.sha256;
    return run;
  }

  /** Writes a run whatever is in it, with a sum that is none. */
  function writeChanged(change: (run: Run) => void): void {
    const run = storedHere();
    change(run);
    fs.writeFileSync(file, JSON.stringify({ ...run, sha256: "0" }));
  }

  test("one flipped bit anywhere is seen", async () => {
    const bytes = Buffer.from(stored);
    const whole = await storedRun(asked, unused);
    const property = fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.nat({ max: 7 }),
      async (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] ^= 1 << bit;
        fs.writeFileSync(file, flipped);
        const outcome = await storedRun(asked, unused).catch((error: unknown) => error);
        // White space between the parts may change: the run is the same then.
        if (!(outcome instanceof StarlitError)) expect(outcome).toEqual(whole);
        else expect(outcome.message).toContain(`${file} `);
      },
    );
    await fc.assert(property, { seed: 3, numRuns: 300 });
  });

  test("a number that was changed by hand is seen, and so is a changed sum", async () => {
    for (const [from, to] of [
      ['"accuracy": 0.5', '"accuracy": 0.6'],
      ['"sha256": "', '"sha256": "0'],
    ]) {
      fs.writeFileSync(file, stored.replace(from, to));
      await expect(storedRun(asked, unused)).rejects.toThrow(
        /\(it was changed after it was stored\)/,
      );
    }
  });

  test("a run without a sum is refused, whatever its version of the numerics", async () => {
    const { numerics, ...first } = storedHere();
    for (const run of [first, { ...first, numerics }]) {
      fs.writeFileSync(file, JSON.stringify(run));
      await expect(storedRun(asked, unused)).rejects.toThrow(
        `${file} is not a stored run (it has no sum that shows whether it was changed): restore it from the repository, or delete it to train again.`,
      );
      expect(examineRuns().problems.map(({ state }) => state)).toEqual(["damaged"]);
    }
  });

  test.each<[string, (run: Run) => void, RegExp]>([
    ["an accuracy of 7.5", ({ metrics }) => (metrics.accuracy = 7.5), /\(accuracy: 7.5 is imposs/],
    ["a negative share", ({ metrics }) => (metrics.seenShare = -0.1), /\(seenShare: -0.1 is impos/],
    [
      "a squared error below 0",
      ({ metrics }) => (metrics.valMse = -1),
      /\(valMse: -1 is impossible/,
    ],
    [
      "a curve above 1",
      ({ history }) => (history.valF1 = [0.5, 1.5]),
      /\(valF1: 1.5 is impossible/,
    ],
    ["a NaN, which JSON has not", ({ metrics }) => (metrics.auc = NaN), /\(metrics.auc: /],
    [
      "a curve that is too short",
      ({ history }) => history.loss.pop(),
      /\(history.loss: 1 values, b/,
    ],
    [
      "predictions that are cut short",
      ({ predictions }) => (predictions!.labels.shape = [4]),
      /\(predictions.labels: its shape and its data differ/,
    ],
  ])("%s is refused", async (_, change, sentence) => {
    writeChanged(change);
    await expect(storedRun(asked, unused)).rejects.toThrow(sentence);
    await expect(storedRun(asked, unused)).rejects.toThrow(file);
  });

  test.each<[string, (run: Run) => void]>([
    ["another seed", (run) => (run.seed = 4)],
    ["another model", (run) => (run.model = "gru-2")],
    ["another study", (run) => (run.study = "lab")],
    ["other hyper-parameters", (run) => (run.hyperParameters = { units: [1], learningRate: 1 })],
    ["the other profile", (run) => (run.profile = "quick")],
    ["other data", (run) => (run.dataFingerprint = "abd")],
    ["stand-in data", (run) => (run.standIn = true)],
  ])("a run of %s under this name is another's", async (_, change) => {
    const run = storedHere();
    change(run);
    writeRun(file, run);
    await expect(storedRun(asked, unused)).rejects.toThrow(
      /believed-seed-3-\w+\.json holds another run, that of \S+ \(seed \d, \w+ profile\): restore/,
    );
    expect(() => listRuns("clothing")).toThrow(StarlitError);
  });

  test("a run that was copied over another, with its sum, is another's", async () => {
    const other = { ...asked, seed: 9 };
    await storedRun(other, () => Promise.resolve(trained(0.1)));
    fs.copyFileSync(runFile(other), file);
    await expect(storedRun(asked, unused)).rejects.toThrow(
      /holds another run, .*\(seed 9, full pro/,
    );
    fs.rmSync(runFile(other));
  });

  test("STARLIT_FRESH=1 trains again in place of a damaged one", async () => {
    fs.writeFileSync(file, "{");
    process.env.STARLIT_FRESH = "1";
    await storedRun(asked, () => Promise.resolve(trained(0.5)));
    delete process.env.STARLIT_FRESH;
    expect((await storedRun(asked, unused)).history.loss).toEqual([1, 0.5]);
  });

  test("a run of an older version of the numerics is loaded and said to be stale", async () => {
    // The first runs have no number.
    const { numerics, ...first } = storedHere();
    expect(numerics).toBe(1);
    writeRun(file, first);
    expect(await storedRun(asked, unused)).toBeDefined();
    expect(said).toHaveLength(1);
    writeRun(file, { ...first, numerics: 0 });
    expect(await storedRun(asked, unused)).toBeDefined();
    expect(said[2]).toBe(
      "believed, seed 3, of clothing, full profile, is stale: version 0 of the numerics trained it, " +
        "this is version 1; STARLIT_FRESH=1 npx starlit run clothing believed --seed 3 --profile full trains it again.",
    );
    const [{ state, sentence }] = examineRuns().problems;
    expect([state, sentence]).toEqual(["stale", said[2]]);
  });

  test("all of them are examined: which are damaged or another's, and how to make them again", () => {
    expect(examineRuns().problems).toEqual([]);
    const { files } = examineRuns();
    fs.writeFileSync(file, stored.slice(0, 99));
    const quick = runFile({ ...asked, study: "clothing/search", profile: "quick" });
    fs.mkdirSync(path.dirname(quick), { recursive: true });
    fs.writeFileSync(quick, stored);
    const found = examineRuns();
    expect(found.files).toBe(files + 1);
    expect(found.problems.map(({ file, state }) => [file, state])).toEqual([
      [file, "damaged"],
      [quick, "foreign"],
    ]);
    const [damaged, foreign] = found.problems.map(({ sentence }) => sentence);
    expect(damaged).toMatch(
      /^\S+ is not a stored run \(.*\): restore it from the repository, or delete it to train again\. STARLIT_FRESH=1 npx starlit run clothing believed --seed 3 --profile full makes it again\.$/,
    );
    expect(foreign).toMatch(
      / STARLIT_FRESH=1 npx starlit search clothing believed --seed 3 --profile quick makes it again\.$/,
    );
    fs.rmSync(quick);
  });
});

test("the committed runs are whole, each the one that its name says, and none is stale", () => {
  const { STARLIT_RUNS, STARLIT_DATA } = process.env;
  delete process.env.STARLIT_RUNS;
  process.env.STARLIT_DATA = path.join(folder, "empty");
  const { files, problems } = examineRuns();
  Object.assign(process.env, { STARLIT_RUNS, STARLIT_DATA });
  expect(files).toBeGreaterThanOrEqual(612);
  expect(problems).toEqual([]);
});

test("each committed run has a sum, and one digit that changed in any of them is seen", () => {
  const committed = path.join(__dirname, "../data/runs");
  const names = fs.readdirSync(committed, { recursive: true, encoding: "utf8" });
  const runs = names.filter((name) => name.endsWith(".json"));
  expect(runs.length).toBeGreaterThanOrEqual(612);
  for (const name of runs) {
    const text = fs.readFileSync(path.join(committed, name), "utf8");
    expect(`${name}: ${/"sha256": "[0-9a-f]{64}"/.test(text)}`).toBe(`${name}: true`);
    // A digit of the first result, or of the time, before those that a number rounds away.
    const changed = text.replace(
      /((?:"metrics": \{\s*"\w+"|"totalSeconds"): -?\d*(?:\.\d{0,5})?)(\d)/,
      (_, before: string, digit: string) => `${before}${(Number(digit) + 1) % 10}`,
    );
    expect(changed).not.toBe(text);
    const copy = path.join(folder, "changed", name);
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.writeFileSync(copy, changed);
    expect(() => readRun(copy)).toThrow(
      /\((it was changed after it was stored|.* is impossible)\)/,
    );
  }
});

test("packed labels are exact, packed probabilities right to 0.00001", () => {
  const labels = { data: Int32Array.of(3, 1, 5, 5), shape: [2, 2] };
  expect(packArray(labels).type).toBe("uint8");
  expect([...unpackArray(packArray(labels)).data]).toEqual([3, 1, 5, 5]);
  const shares = { data: Float32Array.of(0, 0.123456, 0.987654, 1), shape: [4] };
  const back = unpackArray(packArray(shares));
  shares.data.forEach((value, i) => expect(Math.abs(back.data[i] - value)).toBeLessThan(1e-5));
});

describe("in processes of their own", () => {
  interface Outcome {
    code: number | null;
    run?: { history: Record<string, number[]> };
  }

  function start(
    name: string,
    pause = 0,
  ): { child: ChildProcess; ended: Promise<Outcome>; notes: string } {
    const home = path.join(folder, name);
    fs.mkdirSync(home, { recursive: true });
    const notes = path.join(home, "notes");
    const script = path.join(__dirname, "fixtures/train.cjs");
    const child = spawn(process.execPath, [script, notes, String(pause)], {
      env: { ...environment, STARLIT_DATA: path.join(home, "cache"), TF_CPP_MIN_LOG_LEVEL: "3" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    child.stdout!.on("data", (chunk) => (text += chunk));
    const ended = new Promise<Outcome>((resolve) =>
      child.on("close", (code) => {
        const line = text.split("\n").find((each) => each.startsWith("RUN "));
        resolve({ code, run: line ? JSON.parse(line.slice(4)) : undefined });
      }),
    );
    return { child, ended, notes };
  }

  async function appears(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  test("killed in the middle and started again, a run ends with the same numbers", async () => {
    const whole = await start("whole").ended;
    expect(whole.run!.history.loss).toHaveLength(6);

    const killed = start("killed", 500);
    const work = path.join(folder, "killed/cache/training/test");
    await appears(() => {
      const runs = fs.existsSync(work) ? fs.readdirSync(work) : [];
      return runs.length > 0 && fs.existsSync(path.join(work, runs[0], "checkpoint.safetensors"));
    });
    killed.child.kill("SIGKILL");
    expect((await killed.ended).run).toBeUndefined();

    const resumed = start("killed");
    expect((await resumed.ended).run).toEqual(whole.run);
    expect(fs.readFileSync(resumed.notes, "utf8").trim().split("\n")).toHaveLength(2);
  });

  test("of two processes one trains, and the other waits for its result", async () => {
    const both = [start("both", 150), start("both", 150)];
    const [a, b] = await Promise.all(both.map(({ ended }) => ended));
    expect(a.run).toEqual(b.run);
    expect(a.run).toBeDefined();
    expect(fs.readFileSync(both[0].notes, "utf8").trim().split("\n")).toHaveLength(1);
  });
});

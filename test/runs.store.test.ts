import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { StarlitError } from "../lib/src/engine";
import {
  listRuns,
  packArray,
  runFile,
  type RunSpec,
  storedRun,
  type Trained,
  unpackArray,
} from "../lib/src/training";

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
  expect(first.timings).toEqual({ secondsPerEpoch: [30, 42], totalSeconds: 72 });
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

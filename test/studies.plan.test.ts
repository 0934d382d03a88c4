import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { plannedRuns, seedsOf, studies } from "../lib/src/studies";
import { describeWithMirror, freshData, mirror } from "./support";

freshData();

const root = path.resolve(__dirname, "..");

/** The files of the stored runs, from the project's folder. */
function storedFiles(): string[] {
  const names = fs.readdirSync(path.join(root, "data/runs"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".json")).map((name) => `data/runs/${name}`);
}

function starlit(args: readonly string[]) {
  const command = path.join(root, "lib/bin/starlit.cjs");
  return spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
}

describe("the plan of the full profile", () => {
  const planned = plannedRuns("full");

  test("has every stored run but the halvings' once", () => {
    const files = planned.flatMap(({ file }) => (file ? [path.relative(root, file)] : []));
    expect(new Set(files).size).toBe(files.length);
    const own = storedFiles().filter((file) => !file.includes("/search/"));
    expect(own.filter((file) => !files.includes(file))).toEqual([]);
  });

  test("has the 50 trials of four searches, all stored", () => {
    const trials = planned.filter(({ trial }) => trial !== undefined);
    expect(trials).toHaveLength(200);
    expect(trials.filter(({ file }) => file === null)).toEqual([]);
  });

  test("names each of a study's runs, and a command for it", () => {
    const keys = planned.map(({ study, name }) => `${study}/${name}`);
    expect(new Set(keys).size).toBe(keys.length);
    const commands = planned.map(({ command }) => command.join("\0"));
    expect(new Set(commands).size).toBe(commands.length);
    for (const { name } of planned) expect(name).toMatch(/^[\w-]+$/);
  });

  test("tells what a stored run took, of others what runs of other seeds took", () => {
    const file = "data/runs/lab/lstm-seed-1-caeb738d.json";
    const { timings, engine } = JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as {
      timings: { totalSeconds: number };
      engine: { threads: number };
    };
    const run = planned.find(({ study, name }) => study === "lab" && name === "lstm-seed-1")!;
    expect(path.relative(root, run.file!)).toBe(file);
    expect(run.measured).toEqual({
      threads: engine.threads,
      minutes: Number((timings.totalSeconds / 60).toFixed(2)),
      megabytes: null,
    });
  });
});

test("the quick profile trains from one seed", () => {
  const planned = plannedRuns("quick");
  expect(new Set(planned.map(({ seed }) => seed))).toEqual(new Set([1]));
  for (const { id, models } of studies) {
    const trained = planned.filter(({ study, trial }) => study === id && trial === undefined);
    expect(new Set(trained.map(({ model }) => model))).toEqual(new Set(models));
  }
  expect(seedsOf("clothing", "sound", "quick")).toEqual([1]);
  expect(seedsOf("clothing", "sound", "full")).toEqual([1, 2, 3, 4, 5]);
});

test("a search has as many trials as are asked for, and the first are the same", () => {
  const trials = (count: number) =>
    plannedRuns("quick", { study: "clothing", trials: count }).filter(
      ({ model, trial }) => model === "gru-1" && trial !== undefined,
    );
  expect(trials(5).map(({ name }) => name)).toEqual([
    "gru-1-seed-1-trial-1",
    "gru-1-seed-1-trial-2",
    "gru-1-seed-1-trial-3",
    "gru-1-seed-1-trial-4",
    "gru-1-seed-1-trial-5",
  ]);
  expect(() => plannedRuns("quick", { study: "cloth" })).toThrow('There is no study "cloth"');
});

describe("the command `plan`", () => {
  test("prints the same as lines of JSON", () => {
    const { status, stdout } = starlit(["plan", "lab", "--profile", "full"]);
    expect(status).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      plannedRuns("full", { study: "lab" }),
    );
  });

  test.each([
    [["plan", "cloth"], 'There is no study "cloth"'],
    [["plan", "lab", "--profile", "huge"], 'There is no profile "huge"'],
    [["plan", "--trials", "0"], '--trials is "0": give a whole number above 0.'],
    [["search", "clothing", "gru-1", "--only", "x"], '--only is "x": give a whole number above 0.'],
    [["run", "clothing", "gru-2", "--set", "text"], '"text" is no setting: write it as name=value'],
    [["run", "clothing", "gru-2", "--set", "txt=review"], 'has no setting "txt"'],
    [["run", "lab", "mean", "--set", "units=3"], 'lab.run has no option "settings"'],
    [
      ["search", "clothing", "gru-1", "--method", "halving", "--only", "1"],
      "A halving makes all its trials",
    ],
  ])("%j is refused in one line", (args, sentence) => {
    const { status, stderr } = starlit(args);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
  });
});

describeWithMirror("a planned command", () => {
  test.each([
    ["clothing", "gru-2-headline-balanced-seed-2"],
    ["clothing", "lstm-2-searched-seed-3"],
    ["lab", "mean-seed-1"],
  ])("of %s, %s, loads the file that the plan names", (study, name) => {
    const { command, file } = plannedRuns("full", { study }).find((run) => run.name === name)!;
    expect(mirror).toBeTruthy();
    const { stdout } = starlit(command);
    expect(stdout).toContain(`loaded from ${path.relative(root, file!)}`);
  });
});

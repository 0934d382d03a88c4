import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { report } from "../lib/src/studies";
import { findStudy } from "../lib/src/studies/registry";
import { listRuns, type Run } from "../lib/src/training";
import { writeRun } from "../lib/src/training/runRecord";
import { runFile } from "../lib/src/training/runs";
import { root } from "./kernel/kernel";

jest.setTimeout(120_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-reproduce-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = path.join(folder, "file");
fs.writeFileSync(file, "");

/** One line that says what is wrong, and where an option is, which there are; exit code 1, nothing written. */
test.each([
  [["--live", "some"], 'There is no choice "some" of live trainings: use all or none.'],
  [["--study", "clothng"], /^There is no study "clothng": did you mean "clothing"\?$/],
  [["--stdy", "clothing"], /^Unknown option '--stdy'\.$/],
  [
    ["--study", "clothing", "--out", path.join(file, "site")],
    /^The report cannot be written to .* choose another/,
  ],
])("%j", (args, line) => {
  const script = path.join(root, "scripts/reproduce.mjs");
  const given = args.includes("--out") ? args : [...args, "--out", path.join(folder, "site")];
  const { status, stderr } = spawnSync(process.execPath, [script, ...given], { encoding: "utf8" });
  expect(status).toBe(1);
  const [said, ...usage] = stderr.trim().split("\n");
  expect(said).toMatch(line);
  const options = usage.filter((each) => each.startsWith("  ")).map((each) => each.trim());
  if (args[0] === "--stdy") expect(options.join()).toMatch(/^--study .*--live .*--smoke .*--out /);
  else expect(usage).toEqual([]);
  expect(fs.readdirSync(folder)).toEqual(["file"]);
});

describe("the live trainings", () => {
  const names = (choice: string, study?: string) =>
    report.liveTrainings(choice, study).map(({ study, model }) => `${study} ${model}`);

  test("are the published networks, those of minutes unless all are wanted", () => {
    expect(names("headline")).toEqual([
      "clothing lstm-2",
      "clothing gru-1",
      "clothing gru-2",
      "clothing gru-4",
      "attention imdb-lstm-attention",
      "attention tweets-published-lstm-attention",
      "lab lstm",
      "lab mean",
    ]);
    expect(names("all").filter((name) => !names("headline").includes(name))).toEqual([
      "rating lstm-2-first-seen",
      "rating pairs",
      "simplified-attention lstm",
    ]);
    expect(names("headline", "lab")).toEqual(["lab lstm", "lab mean"]);
    expect(names("none")).toEqual([]);
    expect(() => report.liveTrainings("headline", "clothng")).toThrow('did you mean "clothing"?');
  });

  test("exist in their studies, with a seed that no stored training has", () => {
    for (const { study, model } of report.liveTrainings("all")) {
      expect(findStudy(study).models).toContain(model);
      const seeds = listRuns(study).filter((run) => run.model === model && run.profile === "full");
      expect(seeds.map(({ seed }) => seed)).not.toContain(report.LIVE_SEED);
    }
  });

  // Published in the documents; the means are those of README.md.
  test("stand beside published numbers and stored seeds", () => {
    const rows = report
      .liveRows(report.liveTrainings("headline"), [])
      .map((row) => report.liveText(row));
    expect(rows[0]).toEqual({
      what: "LSTM-2: weighted F1 of the test reviews",
      published: "0.5960",
      stored: "0.5830 ± 0.0151 (5)",
      live: "–",
      minutes: "–",
      verdict: "published: seeds differ too much",
    });
    const published = Object.fromEntries(rows.map(({ what, published }) => [what, published]));
    expect(published).toMatchObject({
      "GRU-4: best validation loss": "0.9036",
      "LSTM with attention, film reviews: test accuracy": "0.8648",
      "LSTM, 128 units: test accuracy": "0.8462",
    });
    expect(report.headlines([]).map(({ training }) => training.study)).toEqual([
      "rating",
      "clothing",
      "simplified-attention",
      "attention",
      "lab",
    ]);
  });

  /** A run of LSTM-2 as a live training stores it. */
  function liveRun(weightedF1: number): Run {
    const [stored] = listRuns("clothing").filter(
      ({ model, hyperParameters }) =>
        model === "lstm-2" &&
        hyperParameters.stopWords === "removed" &&
        hyperParameters.text === "review" &&
        hyperParameters.classWeight === "none" &&
        String(hyperParameters.units) === "64,128",
    );
    return { ...stored, seed: report.LIVE_SEED, metrics: { ...stored.metrics, weightedF1 } };
  }

  test.each([
    [0.57, "inside"],
    [0.62, "inside"],
    [0.64, "outside"],
    [0.5, "outside"],
  ])("a weighted F1 of %d is %s where one more seed would end", (value, verdict) => {
    const runs = path.join(folder, `runs-${value}`);
    const run = liveRun(value);
    writeRun(path.join(runs, "clothing", path.basename(runFile(run))), run);
    const [training] = report.liveTrainings("headline", "clothing");
    const result = report.liveResult(training, runs)!;
    expect(result).toMatchObject({ study: "clothing", model: "lstm-2", seed: report.LIVE_SEED });
    report.saveLive(runs, [result]);
    const [row] = report.liveRows([training], report.loadLive(runs));
    // scipy.stats.t.interval of the five stored scores' log-odds, widened by √(6/5).
    expect(row.interval!.map((end) => end.toFixed(3))).toEqual(["0.537", "0.628"]);
    expect(report.liveText(row)).toMatchObject({ live: value.toFixed(4), verdict });
    expect(report.expectedSeconds(training, [result])).toBe(result.seconds);
  });

  test("a value outside of a narrow spread may be nearer than matters", () => {
    const [training] = report.liveTrainings("headline", "lab");
    const verdictOf = (value: number) => {
      const result = { study: "lab", model: "lstm", seconds: 27, values: [value] };
      return report.liveRows([training], [result as unknown as report.LiveResult])[0].live!.verdict;
    };
    // Three stored seeds lie within 0.0012.
    expect([0.848, 0.8432, 0.83].map(verdictOf)).toEqual([
      "inside",
      "outside, by less than matters",
      "outside",
    ]);
  });

  test("one that is not finished has no result", () => {
    const [training] = report.liveTrainings("headline", "clothing");
    expect(report.liveResult(training, path.join(folder, "none"))).toBeNull();
    expect(report.loadLive(path.join(folder, "none"))).toEqual([]);
  });
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { StarlitError } from "../lib/src/engine";
import { report } from "../lib/src/studies";
import type { Run } from "../lib/src/training";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-results-"));
const before = process.env.STARLIT_RESULTS;
beforeAll(() => {
  process.env.STARLIT_RESULTS = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env.STARLIT_RESULTS;
  else process.env.STARLIT_RESULTS = before;
  fs.rmSync(folder, { recursive: true });
});

const made = { seeds: 3, profile: "quick", standIn: false } as const;
const values = [0.58644, 0.59874, 0.61104];
const f1: report.Row = { what: "weighted F1", published: 0.61, ours: 0.59874, values, ...made };
const size: report.Row = {
  what: "parameters",
  published: 641_701,
  ours: 641_701,
  ...made,
  seeds: 0,
};

test("a row of a number that needs no training is of the current profile", () => {
  process.env.STARLIT_PROFILE = "full";
  expect(report.row("rows", 22641, 22641)).toEqual({
    what: "rows",
    published: 22641,
    ours: 22641,
    seeds: 0,
    profile: "full",
    standIn: false,
  });
  delete process.env.STARLIT_PROFILE;
});

describe("a row of runs", () => {
  const made = (f1: number, changes: Partial<Run> = {}): Run =>
    ({ model: "gru", metrics: { f1 }, profile: "full", standIn: false, ...changes }) as Run;
  const three = [0.5, 0.6, 0.7].map((f1) => made(f1));

  test("is the mean of the seeds, and labelled by their files, not by this process", () => {
    process.env.STARLIT_PROFILE = "quick";
    const row = report.row("F1", null, { runs: three, metric: "f1" }, "mean of three");
    delete process.env.STARLIT_PROFILE;
    expect(row).toMatchObject({ published: null, seeds: 3, note: "mean of three" });
    expect(row).toMatchObject({ profile: "full", standIn: false });
    expect(row.ours).toBeCloseTo(0.6, 12);
    expect(row.values).toEqual([0.5, 0.6, 0.7]);
    expect(report.row("F1", null, { runs: [made(0.5)], metric: "f1" })).not.toHaveProperty(
      "values",
    );
  });

  test("is quick where one run is, and of stand-in data where one run saw some", () => {
    const mixed = [made(0.5), made(0.6, { profile: "quick" }), made(0.7, { standIn: true })];
    const row = report.row("F1", null, { runs: mixed, metric: ({ metrics }) => 2 * metrics.f1 });
    expect(row).toMatchObject({ profile: "quick", standIn: true });
    expect(row.ours).toBeCloseTo(1.2, 12);
  });

  test("holds one number of all runs together, as of their vote", () => {
    const row = report.row("vote", null, { runs: three, value: 0.72 });
    expect(row).toEqual({
      what: "vote",
      published: null,
      ours: 0.72,
      seeds: 3,
      profile: "full",
      standIn: false,
    });
  });

  test("refuses no runs, and a metric that they do not have", () => {
    expect(() => report.row("F1", null, { runs: [], metric: "f1" })).toThrow(
      'The result "F1" needs at least one run.',
    );
    expect(() => report.row("F1", null, { runs: three, metric: "F1" })).toThrow(
      'asks for the metric "F1", but a run of gru has only f1.',
    );
  });
});

test("results are saved whole and loaded", () => {
  expect(report.load()).toEqual([]);
  report.save("clothing", [f1]);
  report.save("clothing", [f1, size]);
  expect(report.load()).toEqual([{ study: "clothing", rows: [f1, size] }]);
  expect(fs.readdirSync(folder)).toEqual(["clothing.json"]);
});

test("a reader's Run All changes no committed file: only the project's own execution does", () => {
  const committed = path.join(__dirname, "../data/results/lab.json");
  const published = fs.readFileSync(committed, "utf8");
  const before = report.fullResults();
  const data = process.env.STARLIT_DATA;
  delete process.env.STARLIT_RESULTS;
  Object.assign(process.env, { STARLIT_DATA: path.join(folder, "cache"), STARLIT_PROFILE: "full" });
  report.save("lab", [f1]);
  expect(report.load()).toEqual([{ study: "lab", rows: [f1] }]);
  expect(fs.readFileSync(path.join(folder, "cache/results/full/lab.json"), "utf8")).toContain("F1");
  expect(report.fullResults()).toEqual(before);
  expect(fs.readFileSync(committed, "utf8")).toBe(published);
  if (data === undefined) delete process.env.STARLIT_DATA;
  else process.env.STARLIT_DATA = data;
  process.env.STARLIT_RESULTS = folder;
  delete process.env.STARLIT_PROFILE;
});

test("a further notebook of a study saves a part, which follows the others' rows", () => {
  report.save("clothing", [size], "sound");
  expect(report.load()).toEqual([{ study: "clothing", rows: [f1, size, size] }]);
  report.save("clothing", [f1]);
  expect(report.load()).toEqual([{ study: "clothing", rows: [f1, size] }]);
  expect(() => report.save("clothing", [f1], "../x")).toThrow(/lower-case letters, not "..\/x"/);
  fs.rmSync(path.join(folder, "clothing.sound.json"));
});

test("an unknown study, a number that is none and a damaged file are refused in a sentence", () => {
  expect(() => report.save("clothng", [f1])).toThrow(
    'There is no study "clothng": did you mean "clothing"?',
  );
  expect(() => report.save("clothing", [{ ...f1, ours: NaN }])).toThrow(StarlitError);
  fs.writeFileSync(path.join(folder, "clothing.json"), '{"study": "clo');
  expect(() => report.load()).toThrow(/clothing\.json holds no results .*: delete it/);
  fs.rmSync(path.join(folder, "clothing.json"));
});

test("numbers are written with equal decimals, a sign and their spread", () => {
  const [score, count, minutes, unpublished] = report.texts([
    f1,
    size,
    { what: "minutes", published: 22.2, ours: 19.75, ...made, seeds: 1, standIn: true },
    { what: "macro F1", published: null, ours: 0.5, ...made },
  ]);
  expect(score).toEqual({
    what: "weighted F1",
    published: "0.6100",
    ours: "0.5987 ± 0.0123",
    difference: "−0.0113",
    made: "quick, 3 seeds",
    note: "",
  });
  expect(count).toMatchObject({
    published: "641,701",
    ours: "641,701",
    difference: "0",
    made: "quick",
  });
  expect(minutes).toMatchObject({
    published: "–",
    ours: "19.75",
    difference: "",
    made: "quick, 1 seed, stand-in data",
  });
  expect(unpublished).toMatchObject({ published: "–", difference: "" });
});

test("the terminal's table is aligned under the study's title", () => {
  const lines = report.table([{ study: "clothing", rows: [f1, size] }]).split("\n");
  expect(lines).toEqual([
    "Women's clothing reviews, 5 stars",
    "               published             ours  difference  made with",
    "  weighted F1     0.6100  0.5987 ± 0.0123     −0.0113  quick, 3 seeds",
    "  parameters     641,701          641,701           0  quick",
  ]);
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { StarlitError } from "../lib/src/engine";
import {
  loadResults,
  type ResultRow,
  resultRow,
  resultsTable,
  resultTexts,
  saveResults,
} from "../lib/src/studies/report/results";

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
const f1: ResultRow = { what: "weighted F1", published: 0.61, ours: 0.59874, sd: 0.0123, ...made };
const size: ResultRow = {
  what: "parameters",
  published: 641_701,
  ours: 641_701,
  ...made,
  seeds: 0,
};

test("a row holds a plain number, or mean and standard deviation over seeds", () => {
  process.env.STARLIT_PROFILE = "full";
  expect(resultRow("rows", 22641, 22641)).toEqual({
    ...{ what: "rows", published: 22641, ours: 22641 },
    ...{ seeds: 0, profile: "full", standIn: false },
  });
  const row = resultRow("F1", null, [0.5, 0.6, 0.7], "mean of three");
  delete process.env.STARLIT_PROFILE;
  expect(row).toMatchObject({ published: null, seeds: 3, note: "mean of three" });
  expect(row.ours).toBeCloseTo(0.6, 12);
  expect(row.sd).toBeCloseTo(0.1, 12);
  expect(resultRow("F1", null, [0.5])).not.toHaveProperty("sd");
});

test("results are saved whole and loaded", () => {
  expect(loadResults()).toEqual([]);
  saveResults("clothing", [f1]);
  saveResults("clothing", [f1, size]);
  expect(loadResults()).toEqual([{ study: "clothing", rows: [f1, size] }]);
  expect(fs.readdirSync(folder)).toEqual(["clothing.json"]);
});

test("an unknown study, a number that is none and a damaged file are refused in a sentence", () => {
  expect(() => saveResults("clothng", [f1])).toThrow(
    /There is no study "clothng": use rating, clothing/,
  );
  expect(() => saveResults("clothing", [{ ...f1, ours: NaN }])).toThrow(StarlitError);
  fs.writeFileSync(path.join(folder, "clothing.json"), '{"study": "clo');
  expect(() => loadResults()).toThrow(/clothing\.json holds no results .*: delete it/);
  fs.rmSync(path.join(folder, "clothing.json"));
});

test("numbers are written with equal decimals, a sign and their spread", () => {
  const [score, count, minutes, unpublished] = resultTexts([
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
    ours: "19.75",
    difference: "−2.45",
    made: "quick, 1 seed, stand-in data",
  });
  expect(unpublished).toMatchObject({ published: "–", difference: "" });
});

test("the terminal's table is aligned under the study's title", () => {
  const lines = resultsTable([{ study: "clothing", rows: [f1, size] }]).split("\n");
  expect(lines).toEqual([
    "Women's clothing reviews, 5 stars",
    "               published             ours  difference  made with",
    "  weighted F1     0.6100  0.5987 ± 0.0123     −0.0113  quick, 3 seeds",
    "  parameters     641,701          641,701           0  quick",
  ]);
});

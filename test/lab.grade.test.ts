import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { type Notebook, type Submission, submissions } from "./fixtures/submissions";
import { filled, source, studentText } from "./fixtures/submissions/build";
import type * as NotebookModule from "./fixtures/submissions/modules";

const run = promisify(execFile);
const root = path.resolve(__dirname, "..");
const { blanksOf, notebookText, sourceOf, studentNotebook } =
  require("../scripts/lab/notebook.cjs") as typeof NotebookModule;

const read = (name: string) => fs.readFileSync(path.join(root, "notebooks", name), "utf8");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-submissions-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function write(submission: Submission): void {
  const file = path.join(folder, `${submission.name}.ipynb`);
  fs.writeFileSync(file, JSON.stringify(filled(submission)));
}

test("the student's notebook is made from the source as it is", () => {
  expect(studentText === notebookText(studentNotebook(source))).toBe(true);
});

test("the student's notebook has no solution and no output, but each hint and check", () => {
  const notebook = JSON.parse(studentText) as Notebook;
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const blanks = code.flatMap((cell) => blanksOf(sourceOf(cell)));
  expect(blanks.map(({ item }) => item)).toEqual([
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "A",
    "B",
    "C",
  ]);
  for (const { item, code, before } of blanks) {
    expect(code).toBe("");
    expect(before).toContain(`// Hint (${item}): `);
    expect(notebook.cells.map(({ id }) => id)).toContain(`check-${item}`);
  }
  expect(code.every((cell) => cell.outputs!.length === 0 && cell.execution_count === null)).toBe(
    true,
  );
});

test("filled with the solutions it runs as the source does: the same code, cell by cell", () => {
  const codeOf = ({ cells }: Notebook) =>
    cells.filter(({ cell_type }) => cell_type === "code").map((cell) => sourceOf(cell));
  const own = source.cells.filter(({ metadata }) => metadata.starlit?.role !== "project");
  expect(codeOf(filled({}))).toEqual(codeOf({ cells: own }));
});

const rubric = JSON.parse(read("lab/rubric.json")) as {
  item: string;
  criteria: { points: number }[];
}[];

test("points that nbgrader gives for an item are those of the rubric", () => {
  for (const { item, criteria } of rubric) {
    const check = source.cells.find(({ id }) => id === `check-${item}`)!;
    expect(check.metadata.nbgrader!.points).toBe(
      criteria.reduce((sum, { points }) => sum + points, 0),
    );
  }
});

const program = path.join(root, "scripts/lab/grade.mjs");

function grade(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}

describe("a folder of submissions, graded in one call", () => {
  const table = path.join(folder, "scores.csv");
  const broken = path.join(folder, "broken.ipynb");
  const all: Submission[] = submissions;
  let graded: Map<string, NotebookModule.Graded>;
  let said: string;

  beforeAll(async () => {
    all.forEach(write);
    fs.writeFileSync(broken, '{"cells": 3');
    fs.writeFileSync(path.join(folder, "anna.pdf"), "%PDF");
    const args = [program, folder, "--json", "--csv", table, "--timeout", "20"];
    const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 1e8 });
    said = stderr;
    const list = JSON.parse(stdout) as NotebookModule.Graded[];
    graded = new Map(list.map((each) => [path.basename(each.file, ".ipynb"), each]));
  }, 600_000);

  test.each(submissions.map(({ name }) => name))("%s", (name) => {
    const { points, told = {} } = all.find((each) => each.name === name)!;
    const { items, remarks } = graded.get(name)!;
    const reasons = items.map(({ criteria }) => criteria.map(({ why }) => why).join(" "));
    // With the reasons, so that a failure tells them.
    expect([items.map((item) => item.points), reasons]).toEqual([points, reasons]);
    for (const { criteria } of items) {
      for (const { points: earned, max, why } of criteria) {
        // Whoever loses points is told why, and nobody else.
        expect(why === "").toBe(earned === max);
        // Words for a student: no stack, no path, no file.
        expect(why).not.toMatch(/\n|\bat .*:\d+:\d+|\.c?js\b|\//);
      }
    }
    for (const [item, words] of Object.entries(told)) {
      expect(reasons[Number(item) - 1]).toMatch(words);
    }
    const tampered = remarks.some((remark) => /Check cells were changed/.test(remark));
    expect(tampered).toBe(name === "tampered");
  });

  test("a file that is no notebook costs nobody else anything; what was left out is told", () => {
    expect(graded.get("broken")).toMatchObject({
      points: 0,
      remarks: [expect.stringMatching(/not a Jupyter notebook/)],
    });
    expect(said).toContain(`Left out, since not .ipynb: ${path.join(folder, "anna.pdf")}`);
    expect(said).toMatch(/Limits of a submission, tried just now:\n {2}time: /);
    expect(said).not.toMatch(/NOT limited/);
    expect(said).toMatch(new RegExp(`^${all.length + 1}/${all.length + 1} .*all in`, "m"));
  });

  test("the table has a row for each, with the points of each item", () => {
    const [header, ...rows] = parse(fs.readFileSync(table, "utf8")) as string[][];
    expect(header).toEqual([
      "file",
      "points",
      "max",
      ...rubric.map(({ item }) => item),
      "why",
      "signature",
    ]);
    const scores = rows.map(([file, ...fields]) => [path.basename(file, ".ipynb"), ...fields]);
    const expected = all.map(({ name, points }) => [
      name,
      points.reduce((a, b) => a + b),
      25,
      ...points,
    ]);
    expect(scores.map((fields) => fields.slice(0, 9).map(String)).sort()).toEqual(
      [...expected, ["broken", 0, 25, 0, 0, 0, 0, 0, 0]].map((row) => row.map(String)).sort(),
    );
  });

  test("--resume grades what is new or changed, rows included, and keeps all other rows", () => {
    const before = fs.readFileSync(table, "utf8");
    const again = grade(folder, "--csv", table, "--resume");
    expect(again).toMatchObject({ status: 0, stdout: "" });
    expect(fs.readFileSync(table, "utf8")).toBe(before);

    // A score that somebody raised in the table.
    fs.writeFileSync(table, before.replace(/(empty\.ipynb),0,25,0/, "$1,25,25,3"));
    const forged = grade(folder, "--csv", table, "--resume");
    expect(forged.stderr).toMatch(
      /Graded again, since they or their rows changed: .*empty\.ipynb$/m,
    );
    expect(fs.readFileSync(table, "utf8")).toBe(before);

    fs.writeFileSync(broken, "[]");
    const changed = grade(folder, "--csv", table, "--resume");
    expect(changed.stdout).toMatch(/^.*broken\.ipynb: 0 \/ 25 points/);
    expect(changed.stdout.match(/ points \(/g)).toHaveLength(1);
    const [lines, now] = [before, fs.readFileSync(table, "utf8")].map((text) => text.split("\n"));
    const differing = now.filter((line) => !lines.includes(line));
    expect(differing.map((line) => line.includes("broken.ipynb"))).toEqual([true]);
    expect(now).toHaveLength(lines.length);
  }, 180_000);
});

test.each([
  [["nowhere.ipynb"], "There is no nowhere.ipynb."],
  [[], "missing required argument 'files'"],
  [["x", "--timeout", "soon"], "Give a number of seconds, 1 to 3600."],
  [["x", "--timeout", "Infinity"], "Give a number of seconds, 1 to 3600."],
  [["x", "--points", "9"], "unknown option '--points' Help: npm run lab:grade -- --help"],
  [["x", "--resumee"], "unknown option '--resumee' (Did you mean --resume?)"],
  [["x", "--jobs", "0"], "Give how many submissions to grade at once, 1 to 64."],
  [["notebooks/lab", "--lab", "notebooks"], "name a folder with a lab.json"],
  [["x", "--resume"], "--resume goes on with a table: name it with --csv, and leave out --json."],
])("arguments %j are told in one sentence", (args, words) => {
  const { status, stderr } = grade(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

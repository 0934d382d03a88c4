import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { adversary } from "./fixtures/submissions/adversary";
import { type Notebook, type Submission, submissions } from "./fixtures/submissions";
import type * as NotebookModule from "./fixtures/submissions/modules";

const run = promisify(execFile);
const root = path.resolve(__dirname, "..");
const { blanksOf, fillBlank, notebookText, sourceOf, studentNotebook } =
  require("../scripts/lab/notebook.cjs") as typeof NotebookModule;

const read = (name: string) => fs.readFileSync(path.join(root, "notebooks", name), "utf8");
const source = JSON.parse(read("05-lab.ipynb")) as Notebook;
const student = read("lab/sentiment-lab.ipynb");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-submissions-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The student's notebook with the solution in each blank, or with these answers instead. */
function filled({ answers = {}, change }: Omit<Submission, "name" | "points">): Notebook {
  const notebook = JSON.parse(student) as Notebook;
  for (const cell of notebook.cells) {
    const [blank] = blanksOf(sourceOf(cell));
    if (!blank) continue;
    const [solution] = blanksOf(sourceOf(source.cells.find(({ id }) => id === cell.id)!));
    const code = fillBlank(sourceOf(cell), answers[blank.item!] ?? solution.code);
    cell.source = [code];
  }
  change?.(notebook);
  return notebook;
}

function write(submission: Submission): void {
  const file = path.join(folder, `${submission.name}.ipynb`);
  fs.writeFileSync(file, JSON.stringify(filled(submission)));
}

test("the student's notebook is made from the source as it is", () => {
  expect(student === notebookText(studentNotebook(source))).toBe(true);
});

test("the student's notebook has no solution and no output, but each hint and check", () => {
  const notebook = JSON.parse(student) as Notebook;
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

/** Whether this machine can keep a process from network and signals. */
const namespaces =
  spawnSync("unshare", ["--user", "--map-root-user", "--net", "--pid", "--fork", "true"]).status ===
  0;

describe("a folder of submissions, graded in one call", () => {
  const server = net.createServer();
  const table = path.join(folder, "scores.csv");
  const broken = path.join(folder, "broken.ipynb");
  let all: Submission[];
  let graded: Map<string, NotebookModule.Graded>;
  let said: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    all = [adversary({ project: root, grader: process.pid, port, namespaces }), ...submissions];
    all.forEach(write);
    fs.writeFileSync(broken, '{"cells": 3');
    fs.writeFileSync(path.join(folder, "anna.pdf"), "%PDF");
    const args = [program, folder, "--json", "--csv", table, "--timeout", "20"];
    const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 1e8 });
    said = stderr;
    const list = JSON.parse(stdout) as NotebookModule.Graded[];
    graded = new Map(list.map((each) => [path.basename(each.file, ".ipynb"), each]));
  }, 600_000);
  afterAll(() => server.close());

  test.each(["adversary", ...submissions.map(({ name }) => name)])("%s", (name) => {
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
    expect(said).toMatch(namespaces ? /signals to other processes: none/ : /NOT limited/);
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
      "version",
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

  test("--resume grades what is new or changed, and keeps all other rows", () => {
    const before = fs.readFileSync(table, "utf8");
    const lines = before.split("\n");
    const tuned = before.replace(",25,25,3,5,4,4,5,4,", ",24,25,3,5,4,4,5,3,");
    fs.writeFileSync(table, tuned); // shows who wrote the row
    const again = grade(folder, "--csv", table, "--resume");
    expect(again).toMatchObject({ status: 0, stdout: "" });
    expect(fs.readFileSync(table, "utf8")).toBe(tuned);

    fs.writeFileSync(broken, "[]");
    const changed = grade(folder, "--csv", table, "--resume");
    expect(changed.stdout).toMatch(/^.*broken\.ipynb: 0 \/ 25 points/);
    expect(changed.stdout.match(/ points \(/g)).toHaveLength(1);
    const after = fs.readFileSync(table, "utf8").split("\n");
    const differing = after.filter((line) => !tuned.split("\n").includes(line));
    expect(differing.map((line) => line.includes("broken.ipynb"))).toEqual([true]);
    expect(after).toHaveLength(lines.length);
  }, 120_000);
});

test.each([
  [["nowhere.ipynb"], "There is no nowhere.ipynb."],
  [[], "Name the notebooks to grade"],
  [["x", "--timeout", "soon"], "--timeout soon: give a number of seconds."],
  [["--points", "9"], "Usage: npm run lab:grade"],
  [["x", "--jobs", "0"], "--jobs 0: give how many submissions to grade at once."],
  [["x", "--resume"], "--resume goes on with a table: name it with --csv, and leave out --json."],
])("arguments %j are told in one sentence", (args, words) => {
  const { status, stderr } = grade(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

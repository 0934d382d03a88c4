import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { adversary } from "./fixtures/submissions/adversary";
import { type Notebook, type Submission, submissions } from "./fixtures/submissions";
import type * as NotebookModule from "./fixtures/submissions/modules";

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

test("points that nbgrader gives for an item are those of the rubric", () => {
  const rubric = JSON.parse(read("lab/rubric.json")) as {
    item: string;
    criteria: { points: number }[];
  }[];
  for (const { item, criteria } of rubric) {
    const check = source.cells.find(({ id }) => id === `check-${item}`)!;
    expect(check.metadata.nbgrader!.points).toBe(
      criteria.reduce((sum, { points }) => sum + points, 0),
    );
  }
});

function grade(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [path.join(root, "scripts/lab/grade.mjs"), ...args], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
}

describe("a folder of submissions, graded in one call", () => {
  let graded: Map<string, NotebookModule.Graded>;
  let csv: string[];

  beforeAll(() => {
    submissions.forEach(write);
    const table = path.join(folder, "scores.csv");
    const { status, stdout, stderr } = grade(folder, "--json", "--csv", table, "--timeout", "15");
    if (status !== 0) throw new Error(stderr);
    const list = JSON.parse(stdout) as NotebookModule.Graded[];
    graded = new Map(list.map((each) => [path.basename(each.file, ".ipynb"), each]));
    csv = fs.readFileSync(table, "utf8").trim().split("\n");
  }, 600_000);

  test.each(submissions)("$name", ({ name, points, told = {} }) => {
    const { items, remarks } = graded.get(name)!;
    expect(items.map((item) => item.points)).toEqual(points);
    for (const { item, criteria } of items) {
      for (const { points: earned, max, why } of criteria) {
        // Whoever loses points is told why, and nobody else.
        expect(why === "").toBe(earned === max);
        // Words for a student: no stack, no path, no file.
        expect(why).not.toMatch(/\n|\bat .*:\d+:\d+|\.c?js\b|\//);
      }
      if (told[item]) expect(criteria.map(({ why }) => why).join(" ")).toMatch(told[item]);
    }
    const tampered = remarks.some((remark) => /Check cells were changed/.test(remark));
    expect(tampered).toBe(name === "tampered");
  });

  test("the table has a row for each, with the points of each item", () => {
    expect(csv[0]).toBe("file,points,max,01,02,03,04,05,06,why");
    expect(csv).toHaveLength(submissions.length + 1);
    for (const { name, points } of submissions) {
      const total = points.reduce((a, b) => a + b);
      const row = csv.find((line) => line.includes(`${name}.ipynb,`));
      expect(row).toContain(`.ipynb,${[total, 25, ...points].join(",")},`);
    }
  });
});

describe("a submission that attacks the grader", () => {
  const unshare = ["--user", "--map-root-user", "--net", "--pid", "--fork", "true"];
  const namespaces = spawnSync("unshare", unshare).status === 0;
  const server = net.createServer();
  let port: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as net.AddressInfo).port;
  });
  afterAll(() => server.close());

  test("reaches nothing, gets nothing, and the next one is graded", () => {
    const attack = adversary({ project: root, grader: process.pid, port, namespaces });
    const good = { name: "b-after", answers: submissions[1].answers };
    const files = [attack, good].map((submission) => {
      write({ points: attack.points, ...submission });
      return path.join(folder, `${submission.name}.ipynb`);
    });
    fs.writeFileSync(path.join(folder, "broken.ipynb"), '{"cells": 3');
    const broken = path.join(folder, "broken.ipynb");
    const { status, stdout, stderr } = grade(...files, broken, "--json", "--timeout", "8");
    expect(stderr).toMatch(namespaces ? /signals to other processes: none/ : /NOT limited/);
    expect(status).toBe(0);
    const [first, second, third] = JSON.parse(stdout) as NotebookModule.Graded[];
    const reasons = first.items.map(({ criteria }) => criteria.map(({ why }) => why).join(" "));
    expect([first.items.map(({ points }) => points), reasons]).toEqual([attack.points, reasons]);
    for (const [item, words] of Object.entries(attack.told!)) {
      expect(reasons[Number(item) - 1]).toMatch(words);
    }
    expect(second.points).toBe(0);
    expect(third).toMatchObject({
      points: 0,
      remarks: [expect.stringMatching(/not a Jupyter notebook/)],
    });
  }, 600_000);
});

test.each([
  [["nowhere.ipynb"], "There is no nowhere.ipynb."],
  [[], "Name the notebooks to grade"],
  [["x", "--timeout", "soon"], "--timeout soon: give a number of seconds."],
  [["--points", "9"], "Usage: npm run lab:grade"],
])("arguments %j are told in one sentence", (args, words) => {
  const { status, stderr } = grade(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Notebook, type Submission, submissions } from "./fixtures/submissions";

const root = path.resolve(__dirname, "..");
const source = fs.readFileSync(path.join(root, "notebooks/05-lab.ipynb"), "utf8");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-submissions-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Replaces the code between an item's markers. */
function answer(notebook: Notebook, item: string, code: string): void {
  const cell = notebook.cells.find(({ id }) => id === `blank-${item}`)!;
  const text = cell.source.join("");
  const begin = `// --- START CODE HERE (${item})\n`;
  const [before, rest] = [text.indexOf(begin) + begin.length, text.indexOf("// --- END CODE HERE")];
  cell.source = [text.slice(0, before), `${code}\n`, text.slice(rest)];
}

function write({ name, answers = {}, change }: Submission): string {
  const notebook = JSON.parse(source) as Notebook;
  for (const [item, code] of Object.entries(answers)) answer(notebook, item, code);
  change?.(notebook);
  const file = path.join(folder, `${name}.ipynb`);
  fs.writeFileSync(file, JSON.stringify(notebook));
  return file;
}

interface Graded {
  file: string;
  points: number;
  items: { item: string; points: number; criteria: { points: number; max: number; why: string }[] }[];
  remarks: string[];
}

function grade(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [path.join(root, "scripts/lab/grade.mjs"), ...args], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
}

describe("a folder of submissions, graded in one call", () => {
  let graded: Map<string, Graded>;
  let csv: string[];

  beforeAll(() => {
    submissions.forEach(write);
    const table = path.join(folder, "scores.csv");
    const { status, stdout, stderr } = grade(folder, "--json", "--csv", table, "--timeout", "15");
    if (status !== 0) throw new Error(stderr);
    const list = JSON.parse(stdout) as Graded[];
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

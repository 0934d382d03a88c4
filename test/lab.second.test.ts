import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as Modules from "./fixtures/submissions/modules";

const root = path.resolve(__dirname, "..");
const { blankIn, blanksOf, fillBlank, sourceOf } =
  require("../scripts/lab/notebook.cjs") as typeof Modules;
const lab = path.join(__dirname, "fixtures/second-lab");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-second-lab-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function run(program: string, ...args: string[]) {
  const file = path.join(root, "scripts/lab", program);
  return spawnSync(process.execPath, [file, ...args], { cwd: root, encoding: "utf8" });
}

const read = (file: string) => JSON.parse(fs.readFileSync(file, "utf8")) as Modules.Notebook;

describe("a second lab, in a folder of its own", () => {
  const student = path.join(folder, "student.ipynb");
  const source = read(path.join(lab, "source.ipynb"));

  test("gives its students' notebook", () => {
    const { status, stderr } = run("student.mjs", "--from", lab, "--to", student);
    expect([status, stderr]).toEqual([0, ""]);
    const blanks = read(student).cells.flatMap((cell) => blanksOf(sourceOf(cell)));
    expect(blanks.map(({ item, code }) => [item, code])).toEqual([
      ["words", ""],
      ["counts", ""],
    ]);
  });

  test("is graded by its own rubric and judge; a stand-in takes the place of a wrong answer", () => {
    const submit = (name: string, answers: Record<string, string>) => {
      const notebook = read(student);
      for (const cell of notebook.cells) {
        const blank = blankIn(sourceOf(cell));
        if (!blank) continue;
        const own = source.cells.find(({ id }) => id === cell.id)!;
        const code = answers[blank.item!] ?? blankIn(sourceOf(own))!.code;
        cell.source = fillBlank(sourceOf(cell), code);
      }
      fs.writeFileSync(path.join(folder, "handed-in", `${name}.ipynb`), JSON.stringify(notebook));
    };
    fs.mkdirSync(path.join(folder, "handed-in"));
    submit("right", {});
    submit("wrong", { words: 'words = text.split(" ");' });
    const { stdout, stderr } = run(
      "grade.mjs",
      ...[path.join(folder, "handed-in"), "--lab", lab, "--json", "--jobs", "1"],
    );
    expect(stderr).toContain("2/2");
    const graded = JSON.parse(stdout) as Modules.Graded[];
    expect(graded.map(({ items }) => items.map(({ points }) => points))).toEqual([
      [2, 3],
      [0, 3],
    ]);
  }, 120_000);

  test.each([
    [["--from", "nowhere"], "name a folder with a lab.json"],
    [["--from", "notebooks/05-lab.ipynb"], "Name the students' notebook with --to."],
    [["--from", "notebooks/01-rating.ipynb", "--to", "x.ipynb"], "has no blank"],
    [["--from", "package.ipynb", "--to", "x.ipynb"], "package.ipynb is no notebook"],
    [["--form", "x"], "unknown option '--form' (Did you mean --from?)"],
  ])("%j is told in one sentence", (args, words) => {
    const { status, stderr } = run("student.mjs", ...args);
    expect(status).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test.each(["grade.mjs", "student.mjs", "nbgrader.mjs"])("%s tells its options", (program) => {
    const { status, stdout } = run(program, "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run lab:/);
  });
});

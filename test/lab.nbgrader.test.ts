import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { smallSource } from "./fixtures/submissions/build";
import type * as Modules from "./fixtures/submissions/modules";
import { root, venv } from "./kernel/kernel";

const { fillBlank, blanksOf, sourceOf } = require("../scripts/lab/notebook.cjs") as typeof Modules;

const packages = path.join(root, ".setup/nbgrader");
const [installed, inCi] = [fs.existsSync(packages), process.env.CI === "true"];
const describeWithNbgrader = installed || inCi ? describe : describe.skip;
const advice = "not installed, npm run lab:nbgrader does it and runs this test";

/** The course lies below the project: cells find the library from their folder upwards. */
function makeCourse(): { course: string; home: string; student: string } {
  const course = fs.mkdtempSync(path.join(root, ".setup", "course-"));
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-nbgrader-"));
  const student = path.join(home, "student");
  for (const folder of [student, path.join(home, "exchange")]) fs.mkdirSync(folder);
  fs.chmodSync(path.join(home, "exchange"), 0o777);
  const config = fs.readFileSync(path.join(root, "notebooks/lab/nbgrader_config.py"), "utf8");
  const exchange = `c.Exchange.root = ${JSON.stringify(path.join(home, "exchange"))}\n`;
  for (const folder of [course, student]) {
    fs.writeFileSync(path.join(folder, "nbgrader_config.py"), config + exchange);
  }
  fs.mkdirSync(path.join(course, "source/lab"), { recursive: true });
  const source = path.join(course, "source/lab/sentiment-lab.ipynb");
  fs.writeFileSync(source, JSON.stringify(smallSource()));
  return { course, home, student };
}

describeWithNbgrader(
  installed || inCi ? "an nbgrader course" : `an nbgrader course: ${advice}`,
  () => {
    let places: ReturnType<typeof makeCourse>;
    beforeAll(() => {
      const program = path.join(root, "scripts/lab/nbgrader.mjs");
      if (!installed) execFileSync(process.execPath, [program], { stdio: "pipe" });
      places = makeCourse();
    }, 300_000);
    afterAll(() => {
      fs.rmSync(places.course, { recursive: true });
      fs.rmSync(places.home, { recursive: true });
    });

    /** Runs nbgrader without network and with an empty cache: on the stand-in, which is smaller. */
    function nbgrader(folder: string, ...args: string[]): void {
      execFileSync(path.join(venv, "bin/python"), ["-m", "nbgrader", ...args], {
        cwd: folder,
        stdio: "pipe",
        env: {
          ...process.env,
          STARLIT_MIRROR: "",
          PATH: `${path.join(packages, "bin")}:${process.env.PATH}`,
          PYTHONPATH: packages,
          JUPYTER_PATH: path.join(venv, "share/jupyter"),
          JUPYTER_CONFIG_DIR: path.join(places.home, "config"),
          JUPYTER_DATA_DIR: path.join(places.home, "data"),
          JUPYTER_RUNTIME_DIR: path.join(places.home, "runtime"),
          STARLIT_DATA: path.join(places.home, "cache"),
          NODE_OPTIONS: `--require ${path.join(__dirname, "fixtures/offline.cjs")}`,
        },
      });
    }

    const notebook = (folder: string) => path.join(folder, "lab/sentiment-lab.ipynb");
    const read = (file: string) => JSON.parse(fs.readFileSync(file, "utf8")) as Modules.Notebook;

    test("releases, collects and grades the lab's own source", () => {
      const { course, student } = places;
      nbgrader(course, "generate_assignment", "lab", "--create");
      const released = read(notebook(path.join(course, "release")));
      for (const { id, source } of released.cells) {
        if (!id.startsWith("blank-")) continue;
        const [blank] = blanksOf(sourceOf({ source }));
        expect(blank.code).toBe('// YOUR CODE HERE\nthrow new Error("not implemented");');
        expect(blank.before).toMatch(/\/\/ Hint \(\w+\): /);
      }
      nbgrader(course, "release_assignment", "lab");
      nbgrader(student, "fetch_assignment", "lab");

      const solutions = read(path.join(root, "notebooks/05-lab.ipynb"));
      const handedIn = read(notebook(student));
      for (const cell of handedIn.cells.filter(({ id }) => id.startsWith("blank-"))) {
        const own = solutions.cells.find(({ id }) => id === cell.id)!;
        cell.source = fillBlank(sourceOf(cell), blanksOf(sourceOf(own))[0].code);
      }
      fs.writeFileSync(notebook(student), JSON.stringify(handedIn));
      nbgrader(student, "submit", "lab");
      nbgrader(course, "collect", "lab");

      // A second student: zeros behind, an LSTM that is too small, and a check that always passes.
      for (const cell of handedIn.cells) {
        const text = sourceOf(cell);
        if (cell.id === "blank-01")
          cell.source = text.replace(/maxReviewLength }/g, 'maxReviewLength, padding: "post" }');
        if (cell.id === "blank-06") cell.source = text.replace("units: 128", "units: 12");
        if (cell.id === "check-06") cell.source = "1;";
      }
      const second = path.join(course, "submitted/otto");
      fs.mkdirSync(path.join(second, "lab"), { recursive: true });
      fs.writeFileSync(notebook(second), JSON.stringify(handedIn));

      nbgrader(course, "autograde", "lab", "--create");
      nbgrader(course, "export");
      const [header, ...rows] = fs
        .readFileSync(path.join(course, "grades.csv"), "utf8")
        .trim()
        .split(/\r?\n/);
      const columns = header.split(",");
      const scores = rows.map((row) => {
        const fields = row.split(",");
        const value = (name: string) => fields[columns.indexOf(name)];
        return [value("student_id") === "otto", Number(value("score")), Number(value("max_score"))];
      });
      expect(scores.sort()).toEqual([
        [false, 25, 25],
        [true, 18, 25],
      ]);
    }, 1_200_000);
  },
);

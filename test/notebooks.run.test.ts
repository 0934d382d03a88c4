import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

jest.setTimeout(180_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-notebooks-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Cell {
  cell_type: "code" | "markdown";
  id: string;
  metadata: Record<string, unknown>;
  source: string;
  outputs?: Record<string, unknown>[];
  execution_count?: number | null;
}

/** Writes a notebook of code cells; a string that begins with # is a heading. */
function notebook(name: string, sources: string[]): string {
  const cells = sources.map((source, i): Cell => {
    const base = {
      id: `cell-${i}`,
      metadata: { execution: { "iopub.status.busy": "then" } },
      source,
    };
    if (source.startsWith("#")) return { cell_type: "markdown", ...base };
    return { cell_type: "code", ...base, outputs: [], execution_count: null };
  });
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const file = path.join(folder, `${name}.ipynb`);
  const text = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
  fs.writeFileSync(file, JSON.stringify(text));
  return file;
}

const read = (file: string) => JSON.parse(fs.readFileSync(file, "utf8")) as { cells: Cell[] };
const script = path.join(root, "scripts/notebooks/run.mjs");

function run(...args: string[]) {
  const done = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", cwd: root });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe("a notebook that works", () => {
  const file = notebook("works", [
    "# Words",
    "const word = 'one';\nconsole.log(word); console.error('aside'); console.log('two');",
    "## The profile",
    "process.env.STARLIT_PROFILE + ' ' + process.env.STARLIT_RESULTS?.split('/').slice(-2).join('/')",
    "const write = require('tslab').display;\nwrite.html('<b>shown</b>');\n" +
      "console.log('after the display');",
    // Halves of a surrogate pair: in what is shown, in what is printed, in the source itself.
    "display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<p>\\ud83d</p>', 'text/plain': '\\ude00' }) });\n" +
      "process.stdout.write('half \\ud800'); '\ud83d'",
  ]);
  const before = fs.readFileSync(file, "utf8");
  const output = path.join(folder, "out/deep/works.ipynb");
  let first: ReturnType<typeof run>;
  beforeAll(() => {
    first = run(file, "--output", output, "--profile", "full");
  });

  test("a line for each cell, with its heading and seconds, then one for the notebook", () => {
    expect(first.err).toBe("");
    expect(first.code).toBe(0);
    expect(
      first.out
        .replace(/\d+(\.\d)? s$/gm, "N s")
        .trim()
        .split("\n"),
    ).toEqual([
      "works  cell  1/4  Words  N s",
      "works  cell  2/4  The profile  N s",
      "works  cell  3/4  The profile  N s",
      "works  cell  4/4  The profile  N s",
      "works  4 cells  N s",
    ]);
  });

  test("outputs are kept in order, cells are counted, times of day are not", () => {
    const cells = read(output).cells.filter(({ cell_type }) => cell_type === "code");
    expect(cells.map(({ execution_count }) => execution_count)).toEqual([1, 2, 3, 4]);
    expect(cells.map(({ metadata }) => metadata)).toEqual([{}, {}, {}, {}]);
    expect(cells[0].outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["one\n"] },
      { output_type: "stream", name: "stderr", text: ["aside\n"] },
      { output_type: "stream", name: "stdout", text: ["two\n"] },
    ]);
    expect(cells[1].outputs).toEqual([
      {
        output_type: "execute_result",
        execution_count: 2,
        data: { "text/plain": ["'full data/results'"] },
        metadata: {},
      },
    ]);
    expect(cells[2].outputs?.map(({ output_type }) => output_type)).toEqual([
      "display_data",
      "stream",
    ]);
  });

  test("what no file can hold does not cost the notebook", () => {
    expect(JSON.stringify(read(output))).not.toMatch(/(?<!\\)\\ud/);
    const { source, outputs } = read(output).cells.at(-1)!;
    expect([source].flat().join("")).toContain("'�'");
    expect(outputs).toMatchObject([
      { data: { "text/html": ["<p>�</p>"], "text/plain": ["�"] } },
      { text: ["half �"] },
      { data: { "text/plain": ["'�'"] } },
    ]);
  });

  test("the notebook itself is not touched, and another run writes the same bytes", () => {
    expect(fs.readFileSync(file, "utf8")).toBe(before);
    const bytes = fs.readFileSync(output);
    expect(run(file, "--output", output, "--profile", "full").code).toBe(0);
    expect(fs.readFileSync(output).equals(bytes)).toBe(true);
  });
});

test("a cell that takes long says so in its first line, from what was measured", () => {
  const wait = (seconds: number) => `await new Promise((r) => setTimeout(r, ${1000 * seconds}));`;
  const file = notebook("times", [
    wait(5.2),
    `// About 40 s on 2 cores.\n${wait(0.1)}`,
    `// About 6 s on 8 cores.\n${wait(5.1)}`,
    wait(0),
  ]);
  const output = path.join(folder, "times-out.ipynb");
  const sources = () => read(output).cells.map(({ source }) => [source].flat().join(""));
  expect(run(file, "--output", output, "--times").code).toBe(0);
  const [long, short, told, none] = sources();
  expect(long).toMatch(/^\/\/ About (5|10) s on \d+ cores?\.\nawait/);
  // What is no longer true goes, what still holds stays as it is.
  expect([short, told, none]).toEqual([
    wait(0.1),
    `// About 6 s on 8 cores.\n${wait(5.1)}`,
    wait(0),
  ]);
});

test("a failing cell is told with its source and its error, and nothing is written", () => {
  const file = notebook("fails", [
    "const fine = 1;",
    "const limit = 3;\nthrow new RangeError(`beyond ${limit}`);",
    "console.log('must not run')",
  ]);
  const output = path.join(folder, "fails-out.ipynb");
  const { code, err } = run(file, "--output", output);
  expect(code).toBe(1);
  expect(err.trim().split("\n")).toEqual([
    "fails: code cell 2 failed.",
    "  | const limit = 3;",
    "  | throw new RangeError(`beyond ${limit}`);",
    "RangeError: beyond 3",
    "Cell [2], line 2:",
    "  1 | const limit = 3;",
    "> 2 | throw new RangeError(`beyond ${limit}`);",
    "    |       ^",
  ]);
  expect(fs.existsSync(output)).toBe(false);
});

test("a cell that takes too long and a kernel that dies are failures", () => {
  const slow = notebook("slow", ["await new Promise(() => {})"]);
  expect(run(slow, "--output", `${slow}.out`, "--timeout", "2")).toMatchObject({
    code: 1,
    err: expect.stringContaining("The cell did not end within 2 seconds.") as string,
  });
  const dead = notebook("dead", ["process.kill(process.pid, 'SIGKILL')"]);
  expect(run(dead, "--output", `${dead}.out`)).toMatchObject({
    code: 1,
    err: expect.stringContaining("The kernel died") as string,
  });
});

test("what is no notebook is told in one line", () => {
  expect(run("no-such.ipynb").err).toBe("There is no notebook no-such.ipynb.\n");
  const broken = path.join(folder, "broken.ipynb");
  fs.writeFileSync(broken, "{");
  const { code, err } = run(broken);
  expect(code).toBe(1);
  expect(err).toContain("is no readable notebook");
  expect(err).not.toContain("Traceback");
  expect(fs.readFileSync(broken, "utf8")).toBe("{");
});

test("Ctrl-C ends the command and its kernel", async () => {
  const pidFile = path.join(folder, "pid");
  const file = notebook("endless", [
    `require('fs').writeFileSync('${pidFile}', String(process.pid));
     await new Promise((r) => setTimeout(r, 60000));`,
  ]);
  const child = spawn(process.execPath, [script, file, "--output", `${file}.out`], { cwd: root });
  const until = async (condition: () => boolean) => {
    for (let i = 0; i < 600 && !condition(); i++) await new Promise((r) => setTimeout(r, 100));
    expect(condition()).toBe(true);
  };
  await until(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, "utf8") !== "");
  const kernel = Number(fs.readFileSync(pidFile, "utf8"));
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  await until(() => !isRunning(kernel));
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(__dirname, "..");
const lab = path.join(__dirname, "fixtures/second-lab");
const program = path.join(root, "scripts/lab/grade.mjs");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-walls-test-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A submission of the second lab, with this code in its first blank. */
function submit(name: string, code?: string): string {
  const notebook = fs.readFileSync(path.join(lab, "source.ipynb"), "utf8");
  const solution = JSON.stringify('words = text.toLowerCase().split(" ");\n');
  const file = path.join(folder, `${name}.ipynb`);
  const written = code === undefined ? solution : JSON.stringify(`${code}\n`);
  expect(notebook).toContain(solution);
  fs.writeFileSync(file, notebook.replace(solution, written));
  return file;
}

const grade = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [program, "--lab", lab, ...args], {
    cwd: root,
    encoding: "utf8",
    env,
  });

/** A path on which Node and the shell are, and bubblewrap is not. */
function pathWithoutBubblewrap(): string {
  const bin = path.join(folder, "bin");
  fs.mkdirSync(bin);
  for (const name of ["sh", "node"]) {
    const file = execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    fs.symlinkSync(fs.realpathSync(file), path.join(bin, name));
  }
  return bin;
}

test("where bubblewrap is missing, the limits that are are told, and nothing runs unasked", () => {
  const file = submit("alone");
  const env = { ...process.env, PATH: pathWithoutBubblewrap() };
  const refused = grade([file], env);
  expect([refused.status, refused.stdout]).toEqual([1, ""]);
  const lines = refused.stderr.trim().split("\n");
  expect(lines[0]).toMatch(/these limits are missing:$/);
  for (const limit of ["files: none", "network", "programs", "processes"])
    expect(refused.stderr).toContain(`  ${limit}`);
  expect(lines.at(-1)).toMatch(/apt install bubblewrap.*--unsafe/);

  const unsafe = grade([file, "--unsafe"], env);
  expect(unsafe.stdout).toContain("5 / 5 points");
  expect(unsafe.stderr).toMatch(/NOT limited \(--unsafe\):[^]*network: nothing is reached/);
}, 180_000);

test("no file with an answer is in reach of a submission", async () => {
  const script = `
    const [{ gatherProcesses }, { readLab }] = await Promise.all(
      ["processes", "lab"].map((name) => import(${JSON.stringify(root)} + "/scripts/lab/" + name + ".mjs")));
    const lab = readLab(${JSON.stringify(path.join(root, "notebooks/lab"))});
    const { studentFiles } = await gatherProcesses(lab, { threads: 1, unsafe: false });
    console.log(JSON.stringify(studentFiles));`;
  const args = ["--input-type=module", "-e", script];
  const listed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const files = JSON.parse(listed) as string[];
  const own = files
    .map((file) => path.relative(root, file))
    .filter((file) => !file.startsWith("..") && !file.startsWith("node_modules"));
  expect(own).toContain(path.join("lib/dist/layers/embedding.js"));
  expect(own.filter((file) => /studies|notebooks|models|scripts/.test(file))).toEqual([
    path.join("lib/dist/studies/lab/judge/probe.js"),
  ]);
  // Files, and of packages their folders: no folder of the project, the machine's or a home.
  for (const file of files) {
    const isPackage = /\/node_modules\/(@[^/]+\/)?[^/]+$/.test(file);
    expect([file, fs.statSync(file).isDirectory()]).toEqual([file, isPackage]);
  }
});

test("of eight graders that start at once all sign with the same key", async () => {
  const file = path.join(folder, "keys", "lab.key");
  const script = `
    const { readKey } = await import(${JSON.stringify(root)} + "/scripts/lab/table.mjs");
    while (Date.now() < Number(process.argv[1]));
    console.log(readKey(${JSON.stringify(file)}).toString("hex"));`;
  const start = String(Date.now() + 3000);
  const ask = () =>
    promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, start]);
  const answers = await Promise.all(Array.from({ length: 8 }, ask));
  const keys = new Set(answers.map(({ stdout }) => stdout.trim()));
  expect([...keys]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(fs.readdirSync(path.dirname(file))).toEqual(["lab.key"]);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  fs.truncateSync(file, 20);
  await expect(ask()).rejects.toThrow(`${file} is damaged: delete it, and all rows are graded`);
});

test("what breaks the rules of the grader's pipe ends its process, and the next one works", async () => {
  const expected = {
    "text without an end": "output",
    "numbers without an end": "output",
    "a text that is too long": "output",
    "lists in lists": "crash",
    "too many values": "crash",
    "no JSON": "crash",
    "a number cut in two": "crash",
    "numbers that are nowhere": "crash",
    "two answers": "crash",
    "half an answer": "time",
    "half a head": "time",
    "an answer that nobody asked for": "crash",
  };
  const script = `
    import fs from "node:fs";
    const { Walled, WallsError } = await import(${JSON.stringify(root)} + "/scripts/lab/walls/walls.mjs");
    const program = ${JSON.stringify(path.join(__dirname, "fixtures/raw.cjs"))};
    const written = ${JSON.stringify(path.join(folder, "written"))};
    const start = (name) => new Walled({ program, args: [name, written], unsafe: true });
    const kind = (error) => (error instanceof WallsError ? error.kind : String(error));
    const ended = {};
    for (const name of ${JSON.stringify(Object.keys(expected))}) {
      const walled = start(name);
      let asked = walled.ask("go", {}, name.startsWith("half") ? 2 : 30);
      if (name.startsWith("an answer")) {
        await asked;
        while (!fs.existsSync(written)) await new Promise((resolve) => setTimeout(resolve, 50));
        await new Promise((resolve) => setTimeout(resolve, 100));
        asked = walled.ask("go", {}, 30);
      }
      const first = await asked.catch(kind);
      const then = await walled.ask("go", {}, 30).catch(kind);
      const next = start("right");
      const value = await next.ask("go", {}, 30).catch(kind);
      next.close();
      ended[name] = [first, then, value instanceof Float32Array && value.length];
    }
    console.log(JSON.stringify(ended));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(JSON.parse(stdout)).toEqual(
    // What ended stays so.
    Object.fromEntries(Object.entries(expected).map(([name, kind]) => [name, [kind, kind, 2]])),
  );
}, 120_000);

/** The processes below one, and their command lines. */
function family(pid: number): { pid: number; line: string }[] {
  return ofProcess(pid, `task/${pid}/children`)
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number)
    .flatMap((child) => [{ pid: child, line: ofProcess(child, "cmdline") }, ...family(child)]);
}

/** What Linux tells of a process; nothing where it has ended. */
function ofProcess(pid: number, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isReached: () => boolean): Promise<boolean> {
  for (let i = 0; i < 600; i++) {
    if (isReached()) return true;
    await wait(100);
  }
  return false;
}

test("an endless loop ends with the grader, though that is killed", async () => {
  const file = submit("endless", "for (;;);");
  const args = [program, "--lab", lab, file, "--timeout", "600"];
  const grader = spawn(process.execPath, args, { cwd: root, stdio: "ignore" });
  const workers = () => family(grader.pid!).filter(({ line }) => line.includes("worker.cjs"));
  expect(await until(() => workers().length > 0)).toBe(true);
  await wait(3000);
  const begun = workers();
  expect(begun.length).toBeGreaterThan(0);
  grader.kill("SIGKILL");
  const hasEnded = ({ pid, line }: (typeof begun)[0]) => ofProcess(pid, "cmdline") !== line;
  expect(await until(() => begun.every(hasEnded))).toBe(true);
}, 180_000);

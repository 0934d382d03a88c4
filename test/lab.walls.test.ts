import { execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

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

// A disk and a system that refuse: a sentence that names the file and says what to do, and no stack.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-faults-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Runs a piece of a command under `sh`, as somebody who is not root. */
function said(before: string, body: string) {
  const script = `import fs from "node:fs";
    import { command } from "./scripts/setup.mjs";
    import { writeWhole } from "./lib/src/files/whole.cjs";
    await command(() => { ${body} });`;
  const somebody =
    process.getuid?.() === 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : "";
  const shell = `${before} exec ${somebody} "$@"`;
  const node = [process.execPath, "--input-type=module", "-e", script];
  const { status, stderr } = spawnSync("sh", ["-c", shell, "sh", ...node], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stderr };
}
const place = (...names: string[]) => JSON.stringify(path.join(folder, ...names));

describe("a folder that may not be written, a file that may not grow, a name that is too long", () => {
  beforeAll(() => {
    fs.mkdirSync(path.join(folder, "locked"), { mode: 0o555 });
    fs.mkdirSync(path.join(folder, "open"));
    for (const name of ["open", ""]) fs.chmodSync(path.join(folder, name), 0o777);
  });

  const long = "a".repeat(300);
  test.each([
    [
      "a folder without the right to write",
      "",
      `fs.writeFileSync(${place("locked", "a")}, "x")`,
      /locked\/a could not be written \(EACCES\): make its folder writable/,
    ],
    [
      "a folder in it",
      "",
      `fs.mkdirSync(${place("locked", "a", "b")}, { recursive: true })`,
      /could not be written \(EACCES\)/,
    ],
    [
      "a lock or a run in it",
      "",
      `writeWhole(${place("locked", "a")}, "x")`,
      /locked\/a could not be written \(EACCES\)/,
    ],
    [
      "a copy into it",
      "",
      `fs.copyFileSync("package.json", ${place("locked", "a")})`,
      /could not be written \(EACCES\)/,
    ],
    [
      "a limit on the size of files",
      "ulimit -f 8;",
      `writeWhole(${place("open", "a")}, "x".repeat(1e6))`,
      /open\/a could not be written \(EFBIG\)/,
    ],
    [
      "a name of 300 letters",
      "",
      `fs.writeFileSync(${place(long)}, "x")`,
      /^A name is too long for this disk: shorten /,
    ],
    [
      "a folder's name of 300 letters",
      "",
      `fs.mkdirSync(${place(long, "a")}, { recursive: true })`,
      /^A name is too long for this disk/,
    ],
    [
      "a name of 300 letters, written whole",
      "",
      `writeWhole(${place(long)}, "x")`,
      /\(ENAMETOOLONG\): shorten its name/,
    ],
  ])("%s", (_, before, body, words) => {
    const { status, stderr } = said(before, body);
    expect({ status, lines: stderr.trim().split("\n").length, stderr }).toEqual({
      status: 1,
      lines: 1,
      stderr: expect.stringMatching(words) as string,
    });
  });

  test("an error that nobody can mend keeps its stack", () => {
    expect(said("", `null.x`).stderr).toContain("TypeError");
    expect(said("", `fs.readFileSync(${place("nowhere")})`).stderr).toContain("ENOENT");
  });
});

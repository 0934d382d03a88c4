// A disk and a system that refuse: a sentence that names the file and says what to do, and no stack.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-faults-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Runs Node.js under `sh`, as somebody who is not root. */
function ran(before: string, args: string[], after = "") {
  const somebody =
    process.getuid?.() === 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : "";
  const shell = `${before} exec ${somebody} "$@" ${after}`;
  const { status, stderr } = spawnSync("sh", ["-c", shell, "sh", process.execPath, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, STARLIT_DATA: path.join(folder, "open") },
  });
  return { status, stderr };
}

/** Runs a piece of a command. */
function said(before: string, body: string) {
  const script = `import fs from "node:fs";
    import { command } from "./scripts/setup.mjs";
    import { writeWhole } from "./lib/src/files/whole.cjs";
    await command(() => { ${body} });`;
  return ran(before, ["--input-type=module", "-e", script]);
}
const place = (...names: string[]) => JSON.stringify(path.join(folder, ...names));

describe("a folder that may not be written, a file that may not grow, a name that is too long", () => {
  beforeAll(() => {
    fs.mkdirSync(path.join(folder, "locked/within"), { recursive: true });
    fs.writeFileSync(path.join(folder, "locked/secret.csv"), "text,rating\na,5\n", { mode: 0 });
    fs.chmodSync(path.join(folder, "locked"), 0o555);
    fs.mkdirSync(path.join(folder, "shut"), { mode: 0 });
    fs.writeFileSync(path.join(folder, "reviews.csv"), "text,rating\na,5\n");
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
    [
      "a folder that cannot be removed",
      "",
      `fs.rmSync(${place("locked", "within")}, { recursive: true })`,
      /locked\/within could not be removed \(EACCES\)/,
    ],
    [
      "a folder in place of a file",
      "",
      `fs.readFileSync(${place("open")})`,
      /is a folder, and a file is needed: name a file/,
    ],
    [
      "a file that may not be read",
      "",
      `fs.readFileSync(${place("locked", "secret.csv")})`,
      /secret\.csv may not be opened \(EACCES\): change its rights/,
    ],
  ])("%s", (_, before, body, words) => expectSentence(said(before, body), words));

  const starlit = path.join(root, "lib/bin/starlit.cjs");
  const inFolder = (...names: string[]) => path.join(folder, ...names);
  const table = inFolder("reviews.csv");
  test.each<[string, string[], RegExp]>([
    [
      "a table with a name of 300 letters",
      ["train", inFolder(`${long}.csv`), "--out", inFolder("open", "a")],
      /^A name is too long for this disk: shorten /,
    ],
    [
      "a folder with a name of 300 letters",
      ["train", table, "--out", inFolder(long)],
      /^A name is too long for this disk: shorten /,
    ],
    [
      "a table in a folder that is shut",
      ["train", inFolder("shut", "a.csv"), "--out", inFolder("open", "a")],
      /a\.csv may not be opened \(EACCES\): change its rights or its folder's/,
    ],
    [
      "a table that may not be read",
      ["train", inFolder("locked", "secret.csv"), "--out", inFolder("open", "a")],
      /secret\.csv cannot be read \(EACCES\)/,
    ],
    [
      "a folder for a rater in one that is shut",
      ["train", table, "--out", inFolder("shut", "a")],
      /shut\/a may not be opened \(EACCES\)/,
    ],
    [
      "a rater in a folder that is shut",
      ["rate", "so good", "--model", inFolder("shut", "a")],
      /rater\.json cannot be read \(EACCES\)/,
    ],
    [
      "a rater with a name of 300 letters",
      ["rate", "so good", "--model", inFolder(long)],
      /cannot be read \(ENAMETOOLONG\)/,
    ],
  ])("starlit: %s", (_, args, words) => expectSentence(ran("", [starlit, ...args]), words));

  test("starlit: lines onto a full disk", () =>
    expectSentence(
      ran("", [starlit, "plan"], "> /dev/full"),
      /could not be written \(ENOSPC\): the disk is full/,
    ));

  test("starlit: lines that nobody reads to their end", () => {
    const shell = `${process.execPath} ${starlit} plan | head -n 1 >/dev/null`;
    expect(spawnSync("sh", ["-c", shell], { encoding: "utf8" }).stderr).toBe("");
  });

  function expectSentence({ status, stderr }: ReturnType<typeof ran>, words: RegExp): void {
    expect({ status, lines: stderr.trim().split("\n").length, stderr }).toEqual({
      status: 1,
      lines: 1,
      stderr: expect.stringMatching(words) as string,
    });
  }

  test("an error that nobody can mend keeps its stack", () => {
    expect(said("", `null.x`).stderr).toContain("TypeError");
    expect(said("", `fs.readFileSync(${place("nowhere")})`).stderr).toContain("ENOENT");
  });
});

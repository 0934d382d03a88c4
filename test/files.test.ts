import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { StarlitError } from "../lib/src/engine/errors";
import { tryLock, waitForLock } from "../lib/src/files/lock.cjs";
import { draft, writeWhole } from "../lib/src/files/whole.cjs";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-files-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  fs.rmSync(folder, { recursive: true });
});

const room = path.join(__dirname, "../lib/src/files");

/** A process that runs a script with `tryLock` and `fs` at hand; `said` waits for a line of it. */
function start(script: string) {
  const head = `const fs = require("fs"); const { tryLock } = require("${room}/lock.cjs");`;
  const child = spawn(process.execPath, ["-e", head + script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const said = async (line: string) => {
    while (!text.includes(line)) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { child, ended, said };
}

/** A process that holds a lock until it is killed. */
async function holder(file: string) {
  const held = start(
    `tryLock(${JSON.stringify(file)}); console.log("held"); setInterval(() => {}, 1000);`,
  );
  await held.said("held");
  return held;
}

describe("a lock", () => {
  test("is held once, in one process as among several, and is gone when it is released", async () => {
    const file = path.join(folder, "sub/lock");
    const lock = tryLock(file)!;
    expect(tryLock(file)).toBeNull();
    lock.release();
    expect(fs.existsSync(file)).toBe(false);
    const { child, ended } = await holder(file);
    expect(tryLock(file)).toBeNull();
    child.kill("SIGKILL");
    await ended;
    // Its file is still there, and says nothing.
    expect(fs.existsSync(file)).toBe(true);
    tryLock(file)!.release();
    expect(fs.readdirSync(path.dirname(file))).toEqual([]);
  });

  test.each([
    ["empty and of 1970", "", new Date(1000)],
    ["empty and of three days ago", "", new Date(Date.now() - 3 * 86_400_000)],
    ["empty and of this moment", "", new Date()],
    ["of a process that lives, and holds nothing", `process ${process.pid} on here`, new Date()],
    ["of an earlier form", JSON.stringify({ pid: 1, host: os.hostname() }), new Date()],
  ])("file that is %s is nobody's", (_, content, date) => {
    const file = path.join(folder, "lock");
    fs.writeFileSync(file, content);
    fs.utimesSync(file, date, date);
    const lock = tryLock(file);
    expect(lock).not.toBeNull();
    lock!.release();
  });

  test("of a process that lives is not taken, however long it is silent", async () => {
    const file = path.join(folder, "lock");
    const { child, ended } = await holder(file);
    child.kill("SIGSTOP");
    for (const minutes of [11, 60 * 24 * 365]) {
      const long = new Date(Date.now() - minutes * 60_000);
      fs.utimesSync(file, long, long);
      expect(tryLock(file)).toBeNull();
    }
    child.kill("SIGKILL");
    await ended;
    tryLock(file)!.release();
  });

  test("that someone deleted and another took is not deleted by its first holder", () => {
    const file = path.join(folder, "lock");
    const first = tryLock(file)!;
    fs.rmSync(file);
    const second = tryLock(file)!;
    expect(second).not.toBeNull();
    first.release();
    expect(fs.existsSync(file)).toBe(true);
    expect(tryLock(file)).toBeNull();
    second.release();
    expect(fs.existsSync(file)).toBe(false);
  });

  test("is waited for with a line that names holder and file, and not for ever", async () => {
    const said: string[] = [];
    jest.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
    const file = path.join(folder, "lock");
    const { child } = await holder(file);
    const wait = waitForLock(file, { title: "gru, seed 1", minutes: 0.001 });
    const held = `process ${child.pid} on ${os.hostname()} is at work on it (${file})`;
    await expect(wait).rejects.toThrow(StarlitError);
    await expect(wait).rejects.toThrow(
      `gru, seed 1: ${held} and has not ended for 0.001 minutes: end that process, or run this again later.`,
    );
    expect(said).toEqual([`gru, seed 1: ${held}; waiting for it.`]);
    const stopped = waitForLock(file, { title: "gru", minutes: 1, shouldStop: () => true });
    await expect(stopped).rejects.toThrow(`gru: stopped while ${held}.`);
  });

  test("that cannot be made is said in a sentence", () => {
    fs.mkdirSync(path.join(folder, "lock"));
    expect(() => tryLock(path.join(folder, "lock"))).toThrow(
      /lock could not be written \(EISDIR\)/,
    );
    expect(() => tryLock("/sys/starlit/lock")).toThrow(StarlitError);
  });

  test("lets one of several processes work at a time", async () => {
    const [file, count] = [path.join(folder, "lock"), path.join(folder, "count")];
    fs.writeFileSync(count, "0");
    const script = `
      for (let done = 0; done < 25; ) {
        const lock = tryLock(${JSON.stringify(file)});
        if (!lock) continue;
        const before = Number(fs.readFileSync(${JSON.stringify(count)}, "utf8"));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
        fs.writeFileSync(${JSON.stringify(count)}, String(before + 1));
        lock.release();
        done++;
      }`;
    await Promise.all([0, 1, 2].map(() => start(script).ended));
    expect(fs.readFileSync(count, "utf8")).toBe("75");
  });

  test("is free exactly when nobody holds it, whatever is taken, released and deleted", () => {
    const step = fc.record({
      act: fc.constantFrom("take", "release", "delete"),
      who: fc.nat({ max: 2 }),
    });
    const property = fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
      const file = path.join(folder, "lock");
      fs.rmSync(file, { force: true });
      const held = new Map<number, { release: () => void }>();
      // The holder whose file is there; one whose file was deleted bars nobody.
      let owner: number | null = null;
      for (const { act, who } of steps) {
        if (act === "take" && !held.has(who)) {
          const lock = tryLock(file);
          expect(lock === null).toBe(owner !== null);
          if (lock) held.set((owner = who), lock);
        } else if (act === "release" && held.has(who)) {
          held.get(who)!.release();
          held.delete(who);
          if (owner === who) owner = null;
          expect(fs.existsSync(file)).toBe(owner !== null);
        } else if (act === "delete") {
          fs.rmSync(file, { force: true });
          owner = null;
        }
      }
      for (const lock of held.values()) lock.release();
    });
    fc.assert(property, { seed: 7, numRuns: 40 });
  });
});

describe("a file that is written whole", () => {
  const names = () => fs.readdirSync(folder).sort();

  test("is there at the end, and not before; nothing else is", () => {
    const file = path.join(folder, "a.json");
    const { write, finish } = draft(file);
    write("one ");
    write(Buffer.from("two"));
    expect(fs.existsSync(file)).toBe(false);
    finish();
    expect([names(), fs.readFileSync(file, "utf8")]).toEqual([["a.json"], "one two"]);
    writeWhole(file, "three");
    expect([names(), fs.readFileSync(file, "utf8")]).toEqual([["a.json"], "three"]);
  });

  test("may be written twice at once: the last to end is there", () => {
    const file = path.join(folder, "a");
    const [first, second] = [draft(file), draft(file)];
    second.write("2");
    first.write("1");
    second.finish();
    first.finish();
    expect([names(), fs.readFileSync(file, "utf8")]).toEqual([["a"], "1"]);
  });

  test("is not there when its writer gives up, or is killed", async () => {
    const file = path.join(folder, "a");
    const { write, abandon } = draft(file);
    write("1");
    abandon();
    expect(names()).toEqual([]);
    const killed = start(`
      const { write } = require("${room}/whole.cjs").draft(${JSON.stringify(file)});
      write("half");
      process.kill(process.pid, "SIGKILL");`);
    await killed.ended;
    expect(fs.existsSync(file)).toBe(false);
    // What it left is removed by whoever writes there an hour later.
    const [left] = names();
    fs.utimesSync(path.join(folder, left), new Date(2020, 0), new Date(2020, 0));
    writeWhole(path.join(folder, "b"), "");
    expect(names()).toEqual(["b"]);
  });

  test("cannot take a folder's place: one sentence, and nothing is left", () => {
    fs.mkdirSync(path.join(folder, "a"));
    expect(() => writeWhole(path.join(folder, "a"), "1")).toThrow(StarlitError);
    expect(() => writeWhole(path.join(folder, "a"), "1")).toThrow(
      /a could not be written \(EISDIR\)/,
    );
    expect(names()).toEqual(["a"]);
  });
});

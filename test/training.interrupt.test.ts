import { spawn } from "node:child_process";
import * as path from "node:path";
import { withInterrupt } from "../lib/src/training/interrupt";

const HOOK = Symbol.for("kernel.onInterrupt");
const host = globalThis as { [HOOK]?: (() => void) | null };
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("in a notebook", () => {
  beforeEach(() => {
    host[HOOK] = null;
  });
  afterAll(() => {
    delete host[HOOK];
  });

  test("the kernel's hook stops the loop, once, and is taken back", async () => {
    const kept = await withInterrupt(async (shouldStop) => {
      const history: number[] = [];
      while (!shouldStop()) {
        history.push(history.length);
        if (history.length === 3) host[HOOK]?.();
        await turn();
      }
      expect(host[HOOK]).toBeNull(); // a second press ends the cell with an error
      return history;
    });
    expect(kept).toEqual([0, 1, 2]);
    expect(host[HOOK]).toBeNull();
  });

  test("one press stops nested loops", async () => {
    const stopped = await withInterrupt(async (outer) => {
      const inner = await withInterrupt(async (shouldStop) => {
        host[HOOK]?.();
        return shouldStop();
      });
      expect(host[HOOK]).toBeNull();
      return [inner, outer()];
    });
    expect(stopped).toEqual([true, true]);
  });

  test("an error passes through and leaves no hook", async () => {
    await expect(withInterrupt(() => Promise.reject(new Error("inside")))).rejects.toThrow(
      "inside",
    );
    expect(host[HOOK]).toBeNull();
  });

  test("an earlier press does not stop a later loop", async () => {
    await withInterrupt(() => Promise.resolve(host[HOOK]?.()));
    expect(await withInterrupt((shouldStop) => Promise.resolve(shouldStop()))).toBe(false);
  });
});

describe("in a terminal", () => {
  /** Runs a loop of 20 s as a command, presses Ctrl-C at each line it prints. */
  function command(
    body: string,
  ): Promise<{ code: number | null; signal: string | null; lines: string }> {
    const library = path.resolve(__dirname, "../lib/dist/training/interrupt.js");
    const child = spawn(process.execPath, [
      "-e",
      `const { withInterrupt } = require(${JSON.stringify(library)});
       const end = Date.now() + 20000;
       const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
       ${body}`,
    ]);
    let lines = "";
    child.stdout.on("data", (data) => {
      lines += String(data);
      child.kill("SIGINT");
    });
    return new Promise((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal, lines }));
    });
  }

  test("the first Ctrl-C ends the loop, which goes on to its result", async () => {
    const { code, lines } = await command(`
      withInterrupt(async (shouldStop) => {
        console.log("looping");
        while (!shouldStop() && Date.now() < end) await turn();
        return shouldStop();
      }).then((stopped) => process.exit(stopped ? 7 : 1));`);
    expect({ code, lines }).toEqual({ code: 7, lines: "looping\n" });
  });

  test("the second Ctrl-C kills a loop that does not end", async () => {
    const { signal, lines } = await command(`
      withInterrupt(async (shouldStop) => {
        console.log("looping");
        while (!shouldStop()) await turn();
        console.log("deaf");
        while (Date.now() < end) await turn();
      });`);
    expect({ signal, lines }).toEqual({ signal: "SIGINT", lines: "looping\ndeaf\n" });
  });

  test("other listeners are put back", async () => {
    const { code } = await command(`
      process.on("SIGINT", () => process.exit(9));
      withInterrupt(async (shouldStop) => {
        console.log("looping");
        while (!shouldStop() && Date.now() < end) await turn();
      }).then(() => { console.log("after"); setTimeout(() => {}, 20000); });`);
    expect(code).toBe(9);
  });
});

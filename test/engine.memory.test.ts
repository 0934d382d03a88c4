import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { nativeModule } from "../lib/src/engine/kernels/addon";

interface Megabytes {
  start: number;
  kept: number;
  later: number;
  released: number;
}

function measure(...options: string[]): Megabytes {
  const script = path.join(__dirname, "fixtures/memory.cjs");
  const run = spawnSync(process.execPath, ["--expose-gc", script, ...options], {
    encoding: "utf8",
    env: { ...process.env, STARLIT_KERNEL: "native", STARLIT_THREADS: "2" },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Megabytes;
}

const testNative = nativeModule().problem ? test.skip : test;

// What a step of 512 × 200 × LSTM 128 keeps for its backward pass: 300 MB.
testNative("memory of large steps is kept for the next one, until it is given back", () => {
  const { start, kept, later, released } = measure();
  expect(kept - start).toBeGreaterThan(250);
  expect(later - start).toBeGreaterThan(250);
  expect(released - start).toBeLessThan(60);
});

testNative("no more of it is kept than was said", () => {
  const { start, kept } = measure(String(50 * 2 ** 20));
  expect(kept - start).toBeLessThan(120);
});

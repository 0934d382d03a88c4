import { spawnSync } from "node:child_process";
import * as path from "node:path";

/** What fixtures/steps.cjs prints. */
interface Report {
  kernel: string;
  threads: number;
  hash: string;
  tensors: number[];
  megabytes: number[];
}

function run(steps: number, environment: Record<string, string>): Report {
  const script = path.join(__dirname, "fixtures/steps.cjs");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    // The heap of young objects starts at its largest: its growth must not look like a leak.
    ["--expose-gc", "--min-semi-space-size=16", script, String(steps)],
    { encoding: "utf8", env: { ...process.env, ...environment } },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

test.each(["1", "2"])("two processes with %s threads train to the same bits", (threads) => {
  const [first, second] = [0, 1].map(() => run(20, { STARLIT_THREADS: threads }));
  expect(second.hash).toBe(first.hash);
  if (first.kernel === "native") expect(first.threads).toBe(Number(threads));
});

test.each(["block", "reference"])("so do two processes with the kernel %s", (kernel) => {
  const [first, second] = [0, 1].map(() => run(4, { STARLIT_KERNEL: kernel }));
  expect(first.kernel).toBe(kernel);
  expect(second.hash).toBe(first.hash);
});

test("many steps leave tensors and memory as they were", () => {
  const { tensors, megabytes } = run(400, {});
  expect(new Set(tensors).size).toBe(1);
  // From the second quarter on; a leak of one row of weights a step would be more than this.
  expect(megabytes[3] - megabytes[1]).toBeLessThan(12);
});

import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { nativeModule } from "../lib/src/engine/kernels/addon";

/** What a process of its own answers when it is asked for its kernel, or the name of its error. */
function choice(environment: Record<string, string>) {
  const engine = path.resolve(__dirname, "../lib/dist/engine");
  const program = `
    try { console.log(JSON.stringify(require(${JSON.stringify(engine)}).recurrentKernel())); }
    catch ({ name, message }) { console.log(JSON.stringify({ name, message })); }`;
  const env = { ...process.env, STARLIT_DEVICE: "", STARLIT_KERNEL: "", ...environment };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
    encoding: "utf8",
    env,
  });
  return {
    answer: JSON.parse(stdout) as { name: string; reason?: string; message?: string },
    stderr,
  };
}

const missing = { STARLIT_OPS: "/nowhere/starlit_ops.node" };

const testNative = nativeModule().problem ? test.skip : test;

testNative(
  "our operations are chosen where they are built, with as many threads as asked for",
  () => {
    const { answer } = choice({ STARLIT_THREADS: "3" });
    expect(answer).toEqual({
      name: "native",
      reason: "our operations, compiled on this machine",
      threads: 3,
    });
  },
);

test("TensorFlow's own where they are not, and it is said why", () => {
  const { answer } = choice(missing);
  expect(answer.name).toBe("block");
  expect(answer.reason).toMatch(/our operations are missing.*npm run setup/);
});

test.each(["block", "javascript", "reference"])("STARLIT_KERNEL forces %s", (name) => {
  expect(choice({ STARLIT_KERNEL: name }).answer).toMatchObject({ name, threads: 1 });
});

test("a kernel that is forced and not there, or unknown, is told in a sentence", () => {
  const forced = choice({ STARLIT_KERNEL: "native", ...missing }).answer;
  expect(forced.name).toBe("StarlitError");
  expect(forced.message).toMatch(/STARLIT_KERNEL asks for our native operations, but .*setup/);
  const cudnn = choice({ STARLIT_KERNEL: "cudnn" }).answer;
  expect(cudnn.name).toBe("StarlitError");
  expect(cudnn.message).toMatch(/asks for cuDNN, but this process computes on the CPU.*DEVICE=gpu/);
  const unknown = choice({ STARLIT_KERNEL: "fast" }).answer;
  expect(unknown.name).toBe("StarlitError");
  expect(unknown.message).toMatch(/set it to native, cudnn, block, javascript or reference/);
});

test("nothing is written to stderr, which a notebook would show in red", () => {
  expect(choice({}).stderr).toBe("");
});

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gpuName, StarlitError, tensorflowEnvironment, tf, threadCount } from "../lib/src/engine";
import { cores } from "../lib/src/engine/cores";
import { buildFor } from "../lib/src/engine/kernels/addon";
import { checkProcessor } from "../lib/src/engine/processor";
import { engineInfo } from "../lib/src/training/machine";

const engine = path.resolve(__dirname, "../lib/dist/engine");

/** What a process of its own prints of an expression, or its error. */
function ask(expression: string, environment: Record<string, string | undefined>) {
  const program = `
    const engine = require(${JSON.stringify(engine)});
    console.log(JSON.stringify(${expression}));`;
  const env = { ...process.env, STARLIT_DEVICE: "", STARLIT_KERNEL: "", ...environment };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
    encoding: "utf8",
    env,
  });
  return { answer: stdout && (JSON.parse(stdout) as unknown), stderr };
}

describe("what TensorFlow finds in its environment", () => {
  const threads = { STARLIT_THREADS: "3" };

  test("on the CPU, which is the default: no card is seen, and the threads are ours", () => {
    for (const device of [undefined, "", "cpu"]) {
      expect(tensorflowEnvironment({ ...threads, STARLIT_DEVICE: device })).toEqual({
        TF_CPP_MIN_LOG_LEVEL: "2",
        TF_NUM_INTRAOP_THREADS: "3",
        TF_NUM_INTEROP_THREADS: "3",
        OMP_NUM_THREADS: "3",
        CUDA_VISIBLE_DEVICES: "-1",
      });
    }
  });

  const gpu = { ...threads, STARLIT_DEVICE: "gpu" };

  test("on a GPU: memory as it is needed, the same sums each time, whole floats, one card", () => {
    expect(tensorflowEnvironment(gpu)).toMatchObject({
      TF_FORCE_GPU_ALLOW_GROWTH: "true",
      TF_DETERMINISTIC_OPS: "1",
      TF_CUDNN_RNN_USE_AUTOTUNE: "0",
      NVIDIA_TF32_OVERRIDE: "0",
      CUDA_VISIBLE_DEVICES: "0",
    });
  });

  test("STARLIT_TF32 lets a GPU multiply with fewer digits, also below a process that does not", () => {
    const below = tensorflowEnvironment(gpu);
    const found = tensorflowEnvironment({ ...gpu, ...below, STARLIT_TF32: "1" });
    expect(found.NVIDIA_TF32_OVERRIDE).toBe("1");
    expect(() => tensorflowEnvironment({ ...gpu, STARLIT_TF32: "yes" })).toThrow(
      'STARLIT_TF32 is "yes": set it to 1',
    );
  });

  test("what a person has set stays, and of several cards the first is taken", () => {
    const set = {
      TF_FORCE_GPU_ALLOW_GROWTH: "false",
      TF_DETERMINISTIC_OPS: "0",
      NVIDIA_TF32_OVERRIDE: "1",
    };
    const found = tensorflowEnvironment({ ...gpu, ...set, CUDA_VISIBLE_DEVICES: "2,1" });
    expect(found).toMatchObject({ ...set, CUDA_VISIBLE_DEVICES: "2" });
    const pools = {
      TF_NUM_INTRAOP_THREADS: "1",
      TF_NUM_INTEROP_THREADS: "1",
      OMP_NUM_THREADS: "1",
    };
    expect(tensorflowEnvironment(pools)).toMatchObject(pools);
    // Those of the process that started this one yield to STARLIT_THREADS.
    expect(tensorflowEnvironment({ ...pools, ...threads }).TF_NUM_INTRAOP_THREADS).toBe("3");
  });

  test.each(["GPU", "cuda", "1"])("the device %s is refused in words", (device) => {
    expect(() => tensorflowEnvironment({ STARLIT_DEVICE: device })).toThrow(StarlitError);
    expect(ask("0", { STARLIT_DEVICE: device }).stderr).toContain(
      `STARLIT_DEVICE is "${device}": set it to "cpu" or "gpu", or leave it out for the CPU.`,
    );
  });
});

test("a GPU that is asked for and not there is an error, not a slow run", () => {
  // On a machine with a card: none is seen.
  const { stderr } = ask("0", { STARLIT_DEVICE: "gpu", CUDA_VISIBLE_DEVICES: "-1" });
  expect(stderr).toMatch(
    /STARLIT_DEVICE asks for a GPU, but TensorFlow finds none.*npm run doctor/,
  );
});

test("the card's name is that of the card in use, as the driver tells it", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  const driver = '#!/bin/sh\n[ "$4" = 2 ] && echo "NVIDIA H100 80GB HBM3" || echo "NVIDIA T4"\n';
  fs.writeFileSync(path.join(folder, "nvidia-smi"), driver, { mode: 0o755 });
  const found = (cards: string) =>
    ask("engine.gpuName()", {
      PATH: `${folder}:${process.env.PATH}`,
      STARLIT_DEVICE: "cpu",
      CUDA_VISIBLE_DEVICES: cards,
    }).answer;
  expect(found("2,0")).toBe("NVIDIA H100 80GB HBM3");
  expect(found("0")).toBe("NVIDIA T4");
  fs.rmSync(folder, { recursive: true });
  expect(gpuName({ CUDA_VISIBLE_DEVICES: "no-card" })).toBe("NVIDIA GPU");
});

test("a run names the card that computed it", () => {
  const backend = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  const before = backend.isUsingGpuDevice;
  backend.isUsingGpuDevice = true;
  expect(engineInfo().gpu).toBe(gpuName());
  backend.isUsingGpuDevice = false;
  expect("gpu" in engineInfo()).toBe(false);
  backend.isUsingGpuDevice = before;
});

describe("threads", () => {
  test.each(["0", "abc", "1000", "-2", "1.5", "2 "])("STARLIT_THREADS=%j is refused", (value) => {
    expect(() => threadCount(value)).toThrow(
      `STARLIT_THREADS is "${value}": set it to a whole number from 1 to 256, or leave it out`,
    );
  });

  test("as many as asked for; else the cores of this process", () => {
    expect(threadCount("1")).toBe(1);
    expect(threadCount("256")).toBe(256);
    expect(threadCount("")).toBe(cores());
    const one = spawnSync("taskset", ["-c", "0", process.execPath, "-p", `
      require(${JSON.stringify(path.join(engine, "cores"))}).threadCount("")`]); // prettier-ignore
    if (!one.error) expect(one.stdout.toString().trim()).toBe("1");
  });

  // Of TensorFlow's pools and of our operations together: the others are Node's, 11 or so.
  test("TensorFlow takes no more than that", () => {
    const count = (threads: string) =>
      ask(
        `(engine.recurrentKernel(), engine.tf.randomNormal([600, 600]).matMul(engine.tf.randomNormal([600, 600])).dataSync(),
          require("node:fs").readdirSync("/proc/self/task").length)`,
        { STARLIT_THREADS: threads, TF_NUM_INTRAOP_THREADS: "", TF_NUM_INTEROP_THREADS: "" },
      ).answer as number;
    const [one, nine] = [count("1"), count("9")];
    expect(nine - one).toBeGreaterThanOrEqual(8);
    expect(nine - one).toBeLessThanOrEqual(2 * 8);
  });

  describe("a control group's share of the processor's time", () => {
    let folder: string;
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    };
    beforeEach(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    test("is heeded, also where a group above sets it (version 2)", () => {
      write("proc/self/cgroup", "0::/pods/one\n");
      write("sys/fs/cgroup/pods/one/cpu.max", "max 100000\n");
      expect(cores(folder)).toBe(os.availableParallelism());
      write("sys/fs/cgroup/pods/cpu.max", "100000 100000\n");
      expect(cores(folder)).toBe(1);
    });

    test("in a container, which sees its own group as the root", () => {
      write("proc/self/cgroup", "0::/\n");
      write("sys/fs/cgroup/cpu.max", "50000 100000\n");
      expect(cores(folder)).toBe(1);
    });

    test("of version 1", () => {
      write("proc/self/cgroup", "5:memory:/job\n4:cpu,cpuacct:/job\n");
      write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
      write("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
      expect(cores(folder)).toBe(os.availableParallelism());
      write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "90000\n");
      expect(cores(folder)).toBe(1);
    });
  });
});

describe("the build of our operations for a processor", () => {
  const cpuinfo = (flags: string) => `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: none\n`;
  const haswell = "fpu sse4_2 avx f16c fma movbe bmi1 avx2 bmi2";
  const skylake = `${haswell} avx512f avx512dq avx512cd avx512bw avx512vl`;
  const at = (name: string) => expect.stringMatching(new RegExp(`/starlit_ops-${name}\\.node$`));

  test("is the one with most of its instructions", () => {
    expect(buildFor("x64", cpuinfo(skylake)).file).toEqual(at("x86-64-v4"));
    expect(buildFor("x64", cpuinfo(haswell)).file).toEqual(at("x86-64-v3"));
    // Knights Landing has some of AVX-512, not what the builds need.
    expect(buildFor("x64", cpuinfo(`${haswell} avx512f avx512cd`)).file).toEqual(at("x86-64-v3"));
    expect(buildFor("arm64", "Features\t: fp asimd evtstrm\n").file).toEqual(at("armv8-a"));
  });

  test("where none fits it is said what the processor lacks", () => {
    const sandyBridge = buildFor("x64", cpuinfo("fpu sse4_2 avx"));
    expect(sandyBridge).toEqual({
      problem:
        "the processor lacks avx2, fma, bmi1, bmi2, f16c, movbe, which the least of their builds " +
        "(x86-64-v3) needs",
    });
    expect(buildFor("riscv64", "").problem).toMatch(/no build of them for .* riscv64/);
  });

  test("one on which TensorFlow itself does not run is refused", () => {
    expect(() => checkProcessor("x64", cpuinfo("fpu sse4_2 popcnt"))).toThrow(StarlitError);
    expect(() => checkProcessor("x64", cpuinfo("fpu sse4_2 popcnt"))).toThrow(
      "The processor lacks avx, without which TensorFlow does not run",
    );
    expect(() => checkProcessor("x64", cpuinfo("fpu sse4_2 avx"))).not.toThrow();
    expect(() => checkProcessor("arm64", "Features\t: fp asimd evtstrm\n")).not.toThrow();
    expect(() => checkProcessor("x64", "")).not.toThrow();
  });

  // A namespace in which the system describes another processor.
  const hasBubblewrap = spawnSync("bwrap", ["--dev-bind", "/", "/", "true"]).status === 0;
  (hasBubblewrap && process.arch === "x64" ? test : test.skip)(
    "a command says it, and goes on with TensorFlow's own kernels or ends",
    () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-processor-"));
      const starlitOn = (flags: string) => {
        fs.writeFileSync(path.join(folder, "cpuinfo"), cpuinfo(flags));
        const walls = ["--dev-bind", "/", "/", "--ro-bind", `${folder}/cpuinfo`, "/proc/cpuinfo"];
        const command = [process.execPath, path.resolve(__dirname, "../lib/bin/starlit.cjs")];
        // Ends after the words about the kernel: there is no such setting.
        const args = ["run", "clothing", "gru-2", "--set", "none=1"];
        return spawnSync("bwrap", [...walls, ...command, ...args], { encoding: "utf8" });
      };
      const old = starlitOn("fpu sse4_2 avx");
      expect(old.stderr).toMatch(
        /^Recurrent layers, slower than they might be: TensorFlow's own: our operations are missing, the processor lacks avx2, fma,/,
      );
      expect(old.stderr).toMatch(/no setting "none"/);
      const older = starlitOn("fpu sse4_2");
      expect(older.status).toBe(1);
      expect(older.stderr.trim().split("\n")).toEqual([
        expect.stringMatching(
          /^The processor lacks avx, without which TensorFlow does not run: use/,
        ),
      ]);
      fs.rmSync(folder, { recursive: true });
    },
  );

  test("all builds of this kind of processor are there", () => {
    const folder = path.resolve(__dirname, "../lib/native");
    const all = JSON.parse(fs.readFileSync(path.join(folder, "processors.json"), "utf8")) as {
      [arch: string]: object;
    };
    if (!fs.existsSync(path.join(folder, "build/starlit_ops.starlit"))) return; // no compiler
    for (const name of Object.keys(all[process.arch])) {
      expect(fs.existsSync(path.join(folder, `build/starlit_ops-${name}.node`))).toBe(true);
    }
  });
});

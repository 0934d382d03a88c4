// A peer is a process of its own that times its steps when it is asked to, and sleeps otherwise.
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { SetupError } from "../scripts/setup/run.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));

/** The peers: how they are called in the report, and the program of each. */
export const peers = {
  ours: { title: "Starlit", program: ["node", "ours.mjs"] },
  pytorch: { title: "PyTorch", program: ["python", "pytorch.py"] },
  keras: { title: "Keras", program: ["python", "keras_tensorflow.py"] },
  stock: { title: "tfjs-layers", program: ["node", "stock.mjs"] },
  spacy: { title: "spaCy", program: ["python", "spacy_english.py"] },
};

const onGpu = { STARLIT_DEVICE: "gpu" };

/** What one machine can train on: our kernels on its processor and its GPU, and PyTorch on the GPU. */
export const devices = {
  native: {
    title: "native, CPU",
    program: ["node", "ours.mjs"],
    environment: { STARLIT_DEVICE: "cpu", STARLIT_KERNEL: "native" },
  },
  cudnn: { title: "cuDNN, GPU", program: ["node", "ours.mjs"], environment: onGpu },
  timeMajor: {
    title: "cuDNN, time-major",
    program: ["node", "ours.mjs"],
    environment: { ...onGpu, BENCH_TIME_MAJOR: "1" },
  },
  autotune: {
    title: "cuDNN, its choice",
    program: ["node", "ours.mjs"],
    environment: { ...onGpu, TF_CUDNN_RNN_USE_AUTOTUNE: "1" },
  },
  tf32: {
    title: "cuDNN, TF32",
    program: ["node", "ours.mjs"],
    environment: { ...onGpu, STARLIT_TF32: "1" },
  },
  block: {
    title: "block, GPU",
    program: ["node", "ours.mjs"],
    environment: { ...onGpu, STARLIT_KERNEL: "block" },
  },
  pytorchGpu: {
    title: "PyTorch, GPU",
    program: ["python", "pytorch.py"],
    environment: { BENCH_DEVICE: "cuda" },
  },
};

const all = { ...peers, ...devices };

export const needsPython = (name) => all[name].program[0] === "python";

/** Starts a peer. `ask(command, more)` sends one request and waits for its answer. */
export function startPeer(name, { python, threads }) {
  const { title, program, environment = {} } = all[name];
  const [language, file] = program;
  const command = language === "node" ? process.execPath : python;
  const count = String(threads);
  const child = spawn(command, [path.join(folder, "peers", file)], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      STARLIT_THREADS: count,
      OMP_NUM_THREADS: count,
      TF_NUM_INTRAOP_THREADS: count,
      TF_NUM_INTEROP_THREADS: count,
      TF_CPP_MIN_LOG_LEVEL: "3",
      PYTHONUNBUFFERED: "1",
      ...environment,
    },
  });
  let said = "";
  child.stderr.on("data", (text) => (said = (said + text).slice(-4000)));
  const waiting = [];
  const fail = (why) => {
    const error = new SetupError(`${title} ${why}.\n${tail(said)}`);
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on("error", (error) => fail(`could not be started (${error.message})`));
  child.on("close", (code, signal) => fail(`ended early (${signal ?? `exit code ${code}`})`));
  child.stdin.on("error", () => {}); // told by "close"
  readline.createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line);
    const { resolve, reject } = waiting.shift();
    if (answer.error) reject(new SetupError(`${title}: ${answer.error}`));
    else resolve(answer);
  });
  return {
    name,
    ask: (what, more = {}) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
      }),
    end: () =>
      new Promise((resolve) => {
        child.once("close", resolve);
        child.stdin.end();
        // A peer that does not hear the end of its input is not worth waiting for.
        setTimeout(() => child.kill("SIGKILL"), 5000).unref();
      }),
  };
}

const tail = (text) =>
  text
    .trim()
    .split("\n")
    .slice(-8)
    .map((line) => `    ${line}`)
    .join("\n");

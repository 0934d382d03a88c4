// One process that runs a submission's code, with limits on time, memory, files, network and output.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inRoot, root } from "../setup/paths.mjs";
import wire from "./wire.cjs";

const MEMORY_MB = 2000;
const HEAP_MB = 1000;
const CPU_SECONDS = 3600;
const ANSWER_BYTES = 64e6;
const WORKER = fileURLToPath(new URL("worker.cjs", import.meta.url));

/** Why a sandbox ended before it answered; `kind` is "time", "memory", "output" or "crash". */
export class SandboxError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Node's name for its permission model: `--permission`, or in older versions `--experimental-permission`. */
const permission = ["--permission", "--experimental-permission"].find((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);
const addons = process.allowedNodeEnvironmentFlags.has("--allow-addons");

/** Whether processes can be put in namespaces of their own: without network, and seeing no other. */
const namespaces =
  process.platform === "linux" && spawnSync("unshare", [...unshare(), "true"]).status === 0;

function unshare() {
  return ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"];
}

/** What this machine enforces, a line each, for the report. */
export function enforcement() {
  const files = permission && addons;
  return [
    `time, memory (${MEMORY_MB} MB${process.platform === "linux" ? "" : "; the heap alone"}) and output: limited`,
    `files: ${files ? "nothing is written, and only the library's own files are read" : "NOT limited (Node 20.12 or newer is needed)"}`,
    `other programs: ${files ? "none is started" : "NOT limited"}`,
    `network and signals to other processes: ${namespaces ? "none" : "NOT limited (unshare is not available here)"}`,
  ];
}

/** Folders and files that the worker reads: the library, its packages, and its own program. */
function readable() {
  const places = [
    ...["node_modules", "lib/dist", "lib/node_modules", "lib/native/build"].map((name) =>
      inRoot(name),
    ),
    ...["lib/package.json", "package.json"].map((name) => inRoot(name)),
    ...["worker.cjs", "wire.cjs"].map((name) => path.join(path.dirname(WORKER), name)),
  ].filter((place) => fs.existsSync(place));
  const linked = fs.realpathSync(inRoot("node_modules", "@tensorflow/tfjs-node-gpu"));
  // Node 20 aborts if a path is granted twice.
  return [...new Set([...places, path.resolve(linked, "../..")])];
}

function commandLine() {
  const files = readable().map((place) => `--allow-fs-read=${place}`);
  const limits = permission && addons ? [permission, "--allow-addons", ...files] : [];
  const node = [process.execPath, "--no-warnings", `--max-old-space-size=${HEAP_MB}`, ...limits];
  const program = [...(namespaces ? ["unshare", ...unshare()] : []), ...node, WORKER, root];
  // Should the grader be killed, a loop that it was watching still ends.
  return ["sh", "-c", `ulimit -t ${CPU_SECONDS}; exec "$@"`, "sh", ...program];
}

/** Nothing of the grader's environment but what TensorFlow and the library need. */
function environment(threads) {
  const names = ["PATH", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "STARLIT_KERNEL"];
  const kept = names.filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    ...{ STARLIT_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: "3" },
  };
}

export class Sandbox {
  /** The end of what went to the error stream, for when the worker does not even start. */
  complaint = "";
  #process;
  #waiting = null;
  #pieces = [];
  #bytes = 0;
  #count = 0;
  #ended = null;
  #watch;

  /** @param {number} threads that the library computes with */
  constructor(threads) {
    const [command, ...args] = commandLine();
    this.#process = spawn(command, args, {
      cwd: "/",
      env: environment(threads),
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      detached: true, // a signal to its whole group must not reach the grader
    });
    const { stdout, stderr, stdio } = this.#process;
    stdout.resume(); // whatever a submission prints is dropped
    stderr.on("data", (chunk) => (this.complaint = `${this.complaint}${chunk}`.slice(-2000)));
    stdio[3].on("data", (chunk) => this.#receive(chunk)).on("error", () => {});
    this.#process.on("error", () => this.#end("crash")).on("close", () => this.#end("crash"));
    this.#watch = setInterval(() => this.#checkMemory(), 200);
    open.add(this);
  }

  /**
   * Asks the worker for an operation; see worker.cjs.
   *
   * @returns its value; rejects with a SandboxError, or with an Error that has the worker's words
   */
  ask(operation, rest, seconds) {
    if (this.#ended) return Promise.reject(new SandboxError(this.#ended));
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end("time"), seconds * 1000);
      this.#waiting = { id, resolve, reject, timer };
      this.#process.stdio[3].write(wire.encode({ ...rest, id, operation }));
    });
  }

  #receive(chunk) {
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_BYTES) return this.#end("output");
    const end = chunk.indexOf(10);
    this.#pieces.push(end === -1 ? chunk : chunk.subarray(0, end));
    if (end === -1) return;
    const text = Buffer.concat(this.#pieces).toString("utf8");
    this.#pieces = [];
    this.#bytes = 0;
    this.#answer(text);
    const rest = chunk.subarray(end + 1);
    if (rest.length > 0) this.#receive(rest);
  }

  #answer(text) {
    let message;
    try {
      message = wire.decode(text);
    } catch {
      return this.#end("crash");
    }
    if (!this.#waiting || message?.id !== this.#waiting.id) return;
    const { resolve, reject, timer } = this.#waiting;
    this.#waiting = null;
    clearTimeout(timer);
    if (message.ok === true) return resolve(message.value);
    reject(
      Object.assign(new Error(String(message.error?.message)), {
        name: String(message.error?.name),
      }),
    );
  }

  /** Memory of the worker, which with namespaces is the child of the process that made them. */
  #checkMemory() {
    const { pid } = this.#process;
    try {
      const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
      for (const each of [pid, ...children.split(" ").filter(Boolean)]) {
        const [, resident] = fs.readFileSync(`/proc/${each}/statm`, "utf8").split(" ");
        if (Number(resident) * 4096 > MEMORY_MB * 1e6) return this.#end("memory");
      }
    } catch {
      // Not Linux, or just ended.
    }
  }

  #end(kind) {
    this.#ended ??= kind;
    clearInterval(this.#watch);
    open.delete(this);
    this.#process.kill("SIGKILL");
    if (!this.#waiting) return;
    clearTimeout(this.#waiting.timer);
    this.#waiting.reject(new SandboxError(this.#ended));
    this.#waiting = null;
  }

  /** Ends the process. */
  close() {
    this.#end("crash");
  }
}

const open = new Set();
process.on("exit", () => {
  for (const sandbox of open) sandbox.close();
});

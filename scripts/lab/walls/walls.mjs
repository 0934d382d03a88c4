// A process within walls: bubblewrap gives it namespaces of its own (files, processes, network, users,
// host name, messages, control groups), an empty root into which only the files that it needs are
// bound, read-only, and a filter of system calls; the shell before it sets limits that the kernel
// keeps. The grader talks to it over one pipe and believes its messages only within bounds.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serialize } from "node:v8";
import { SetupError } from "../../setup/run.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Memory that a process may use. The kernel keeps the second, should the first be missed. */
export const MEMORY_MB = 2000;
const DATA_MB = 3000;
const HEAP_MB = 1000;
const CPU_SECONDS = 3600;
const OPEN_FILES = 64;

/** What is read of one message: its JSON, and the numbers behind it. */
const JSON_BYTES = 500_000;
const JSON_VALUES = 100_000;
const JSON_DEPTH = 20;
const NUMBER_BYTES = 64e6;

/** Why a process ended before it answered; `kind` is "time", "memory", "output" or "crash". */
export class WallsError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/**
 * The files that a process needs which loads these modules: asked of one that does, without walls.
 * Of a package all of it, of the project only the files themselves.
 *
 * @param {string[]} modules paths of CommonJS modules
 * @returns {Promise<string[]>}
 */
export async function filesOf(modules) {
  const question = `
    // The library loads its operations when its kernel is first asked for.
    for (const module of ${JSON.stringify(modules)}) require(module).recurrentKernel?.();
    process.report.excludeNetwork = true;
    const { sharedObjects } = process.report.getReport();
    console.log(JSON.stringify([...Object.keys(require.cache), ...sharedObjects]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", question], {
    maxBuffer: 1e8,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
  }).catch(({ stderr, message }) => {
    throw new SetupError(`The library does not load (${stderr || message}): run npm run doctor.`);
  });
  const loaded = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  const places = loaded.filter(path.isAbsolute).map((name) => {
    const file = path.normalize(name);
    return packageOf(file) ?? file;
  });
  return [...new Set([...places, process.execPath])].sort();
}

/** The folder of the package that a file belongs to. */
const packageOf = (file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

/** Where Debian's own Node keeps parts of itself. */
const NODE_PARTS = ["/usr/share/nodejs", "/usr/share/node_modules"];

/** bubblewrap's options: what of the machine is inside, and what the process may do. */
function walls({ files, folders }) {
  const filter = here(`seccomp-${process.arch}.bpf`);
  return {
    filter: fs.existsSync(filter) ? filter : null,
    options: [
      ...["--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"],
      ...["--die-with-parent", "--new-session", "--hostname", "walls", "--unsetenv", "PATH"],
      ...files.flatMap((file) => ["--ro-bind", file, file]),
      ...NODE_PARTS.flatMap((place) => ["--ro-bind-try", place, place]),
      ...folders.flatMap((folder) => ["--dir", folder]),
      // TensorFlow asks where its program is, our operations what the processor knows. There is no
      // other /proc.
      ...["--symlink", process.execPath, "/proc/self/exe"],
      ...["--ro-bind-try", "/proc/cpuinfo", "/proc/cpuinfo"],
      // C++'s random numbers come from there.
      ...["/dev/null", "/dev/urandom"].flatMap((device) => ["--dev-bind", device, device]),
      ...["--remount-ro", "/", "--chdir", "/"],
    ],
  };
}

function commandLine({ program, args, files, folders, heap, unsafe }) {
  const node = [process.execPath, "--no-warnings", `--max-old-space-size=${heap}`];
  const limits = [`-t ${CPU_SECONDS}`, `-d ${DATA_MB * 1000}`, `-n ${OPEN_FILES}`, "-f 0", "-c 0"];
  // A limit that a system does not know is left out, which trial.mjs finds.
  const shell = [...limits.map((limit) => `ulimit ${limit} 2>/dev/null`), 'exec "$@"'].join("; ");
  const { filter, options } = walls({ files, folders });
  const seccomp = filter ? ["--seccomp", String(FILTER)] : [];
  const bwrap = unsafe ? [] : ["bwrap", ...options, ...seccomp];
  return { filter, args: ["-c", shell, "sh", ...bwrap, ...node, program, ...args] };
}

/** Descriptors of a process: its pipe, and where bubblewrap reads the filter. */
const PIPE = 3;
const FILTER = 4;

export class Walled {
  /** The end of what went to the error stream, for when the process does not even start. */
  complaint = "";
  #process;
  #memory;
  /** @type {{ resolve: (value: any) => void, reject: (error: Error) => void, timer: NodeJS.Timeout } | null} */
  #waiting = null;
  #pieces = [];
  #received = 0;
  #ended = null;
  #watch;

  /**
   * @param {object} asked
   * @param {string} asked.program a file that uses wire.cjs
   * @param {string[]} [asked.args] its arguments
   * @param {string[]} [asked.files] what it needs beside its own file and wire.cjs, see `filesOf`
   * @param {string[]} [asked.folders] empty folders that have to be there
   * @param {Record<string, string>} [asked.environment] all of it
   * @param {number} [asked.memory] in MB
   * @param {number} [asked.heap] in MB, of JavaScript's objects
   * @param {boolean} [asked.unsafe] without bubblewrap
   */
  constructor({ program, args = [], files = [], folders = [], ...rest }) {
    const { environment = {}, memory = MEMORY_MB, heap = HEAP_MB, unsafe = false } = rest;
    this.#memory = memory;
    const needed = [...new Set([...files, program, here("wire.cjs")])];
    const command = commandLine({ program, args, files: needed, folders, heap, unsafe });
    const filter = command.filter === null ? "ignore" : fs.openSync(command.filter, "r");
    this.#process = spawn("sh", command.args, {
      cwd: "/",
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "ignore", "pipe", "pipe", filter],
      detached: true, // a signal to its whole group must not reach the grader
    });
    if (typeof filter === "number") fs.closeSync(filter);
    const { stderr } = this.#process;
    stderr?.on("data", (chunk) => (this.complaint = `${this.complaint}${chunk}`.slice(-2000)));
    this.#pipe.on("data", (chunk) => this.#receive(chunk)).on("error", () => {});
    this.#process.on("error", () => this.#end("crash")).on("close", () => this.#end("crash"));
    this.#watch = setInterval(() => this.#checkMemory(), 100);
    open.add(this);
  }

  /**
   * Sends a message and waits for the answer.
   *
   * @returns what the process answers; rejects with a WallsError, or with an Error that has the
   *   process's words
   */
  ask(operation, rest, seconds) {
    if (this.#ended) return Promise.reject(new WallsError(this.#ended));
    const message = serialize({ ...rest, operation });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end("time"), seconds * 1000);
      this.#waiting = { resolve, reject, timer };
      this.#pipe.write(length);
      this.#pipe.write(message);
    });
  }

  get #pipe() {
    return /** @type {import("node:stream").Duplex} */ (this.#process.stdio[PIPE]);
  }

  #receive(chunk) {
    // What comes unasked is no answer to anything.
    if (this.#ended || !this.#waiting) return this.#end("crash");
    this.#pieces.push(chunk);
    this.#received += chunk.length;
    if (this.#received < 8) return;
    const head = this.#pieces[0].length < 8 ? Buffer.concat(this.#pieces) : this.#pieces[0];
    const [text, numbers] = [head.readUInt32LE(0), head.readUInt32LE(4)];
    if (text > JSON_BYTES || numbers > NUMBER_BYTES) return this.#end("output");
    const length = 8 + text + numbers;
    if (this.#received < length) return;
    if (this.#received > length) return this.#end("crash");
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#received = 0;
    this.#answer(all.subarray(8, 8 + text), all.subarray(8 + text));
  }

  #answer(text, numbers) {
    if (!this.#waiting) return;
    let message;
    try {
      message = readMessage(text.toString("utf8"), numbers);
    } catch {
      return this.#end("crash");
    }
    const { resolve, reject, timer } = this.#waiting;
    this.#waiting = null;
    clearTimeout(timer);
    if (message?.ok === true) return resolve(message.value);
    const { name, message: words } = message?.error ?? {};
    const error = new Error(typeof words === "string" ? words : "");
    reject(Object.assign(error, { name: typeof name === "string" ? name : "" }));
  }

  /** Memory of the process and of those that bubblewrap put before it. */
  #checkMemory() {
    try {
      for (const pid of family(this.#process.pid)) {
        const [, resident] = fs.readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
        if (Number(resident) * 4096 > this.#memory * 1e6) return this.#end("memory");
      }
    } catch {
      // Not Linux, or just ended.
    }
  }

  #end(kind) {
    const starved = /heap out of memory|bad_alloc|[Cc]annot allocate memory/.test(this.complaint);
    this.#ended ??= kind === "crash" && starved ? "memory" : kind;
    clearInterval(this.#watch);
    open.delete(this);
    this.#pieces = [];
    this.#process.kill("SIGKILL");
    if (!this.#waiting) return;
    clearTimeout(this.#waiting.timer);
    this.#waiting.reject(new WallsError(this.#ended));
    this.#waiting = null;
  }

  /** Ends the process. */
  close() {
    this.#end("crash");
  }
}

/** A process and all below it. */
function family(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...children.split(" ").filter(Boolean).flatMap(family)];
}

/** A message's JSON with its arrays in their places; throws where it is not within bounds. */
function readMessage(text, numbers) {
  const message = JSON.parse(text);
  const kinds = { f32: Float32Array, i32: Int32Array };
  let left = JSON_VALUES;
  const place = (value, depth) => {
    if (--left < 0 || depth > JSON_DEPTH) throw new Error("out of bounds");
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => place(each, depth + 1));
    const kind = Object.keys(kinds).find((name) => Object.hasOwn(value, name));
    if (kind) {
      const [start, end] = value[kind];
      return new kinds[kind](new Uint8Array(numbers.subarray(start, end)).buffer);
    }
    const entries = Object.entries(value).map(([name, each]) => [name, place(each, depth + 1)]);
    return Object.fromEntries(entries);
  };
  return place(message, 0);
}

const open = new Set();
process.on("exit", () => {
  for (const walled of open) walled.close();
});

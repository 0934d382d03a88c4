// The three kinds of processes that grading takes, all within walls: the one that compiles cells, the
// one that runs them, and the one that judges. Each gets only the files that it needs.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inRoot, root } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { filesOf, Walled, WallsError } from "./walls/walls.mjs";

const program = (name) => fileURLToPath(new URL(name, import.meta.url));
const inLibrary = (...names) => inRoot("lib/dist", ...names);

/** Rooms of the library that a submission gets: none has an answer in it. */
const ROOMS = ["engine", "text", "layers", "training", "metrics"].map((room) =>
  inLibrary(room, "index.js"),
);
const PROBE = inLibrary("studies/lab/judge/probe.js");
const LIBRARY = inLibrary("index.js");

/** The compiled operations, which the library loads when it first needs them. */
function nativeFiles() {
  const folder = inRoot("lib/native/build");
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names.filter((name) => name.endsWith(".node")).map((name) => path.join(folder, name));
}

/** The library finds the project's folder by two folders in it. */
const folders = [inRoot("notebooks"), inRoot("lib")];

/**
 * Gathers what the processes need.
 *
 * @param {{ folder: string, files: { judge: string } }} lab see lab.mjs
 * @param {{ threads: number, unsafe: boolean }} options
 */
export async function gatherProcesses({ folder, files: { judge } }, { threads, unsafe }) {
  const loaded = await Promise.all([filesOf([...ROOMS, PROBE]), filesOf([LIBRARY, judge])]);
  const [studentFiles, judgeFiles] = loaded.map((files) => [...files, ...nativeFiles()]);
  const variables = ["STARLIT_KERNEL", "LD_LIBRARY_PATH"];
  const kept = variables.filter((name) => process.env[name] !== undefined);
  const environment = {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    STARLIT_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: "3",
  };
  const common = { environment, unsafe };
  return {
    studentFiles,
    student: () =>
      new Walled({
        ...common,
        program: program("worker.cjs"),
        args: [JSON.stringify({ rooms: ROOMS, probe: PROBE })],
        files: [...studentFiles, program("journal.cjs")],
        folders,
      }),
    judge: () =>
      new Walled({
        ...common,
        program: program("judge.cjs"),
        args: [LIBRARY, judge],
        files: [...judgeFiles, program("rebuild.cjs")],
        folders,
      }),
    compiler: () =>
      new Walled({
        unsafe,
        heap: 1500,
        program: program("compiler.cjs"),
        args: [folder],
        // Types are looked for from the lab's folder upwards; the library's are files of dist.
        files: [...nodeItself(studentFiles), ...typeFiles()],
        folders: [folder],
      }),
  };
}

/** Node and the libraries of the machine, without those of this project. */
const nodeItself = (files) => files.filter((file) => !file.startsWith(root + path.sep));

const typeFiles = () =>
  ["node_modules", "lib/dist", "lib/package.json", "package.json"]
    .concat(fs.existsSync(inRoot("lib/node_modules")) ? ["lib/node_modules"] : [])
    .map((name) => inRoot(name));

/**
 * Does what has to succeed up to three times: a submission beside it may have taken the machine's
 * memory or time.
 */
export async function insist(attempt) {
  for (let left = 2; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** A process that is replaced by a new one when it does not answer. */
class Replaced {
  #make;
  /** @type {Promise<Walled> | null} */
  #process = null;

  /** @param {() => Promise<Walled>} make a process that is ready */
  constructor(make) {
    this.#make = make;
  }

  async ask(operation, rest, seconds) {
    this.#process ??= this.#make();
    const asked = this.#process;
    try {
      return await (await asked).ask(operation, rest, seconds);
    } catch (error) {
      if (error instanceof WallsError && this.#process === asked) this.#process = null;
      throw error;
    }
  }

  close() {
    this.#process?.then((walled) => walled.close()).catch(() => {});
    this.#process = null;
  }
}

/** Seconds for the lab's own cells and data: a machine may be slow and busy. */
export const OWN_SECONDS = 180;
const COMPILE_SECONDS = 30;
const JUDGE_SECONDS = 90;

/** Compiles cells; the lab's own ones once for all. */
export class Compiler {
  #process;
  #known;
  #isWarm = false;

  /**
   * @param {() => Walled} make see `gatherProcesses`
   * @param {Map<string, Promise<object>>} known compiled cells of the lab, shared by all compilers
   */
  constructor(make, known) {
    this.#process = new Replaced(async () => make());
    this.#known = known;
  }

  /**
   * @param {string} declarations of the cells before
   * @param {string} source of the cell
   * @param {boolean} [isOwn] whether it is the lab's own
   * @param {number} [seconds] that are left for it
   * @returns {Promise<{ problems: { line: number, code: number, text: string }[], code: string, awaits: boolean, declarations: string }>}
   *   `line` counts from 0, `code` is TypeScript's
   */
  async compile(declarations, source, isOwn = false, seconds = COMPILE_SECONDS) {
    if (!isOwn) {
      return this.#compile(declarations, source, Math.max(1, Math.min(seconds, COMPILE_SECONDS)));
    }
    const key = `${declarations}\0${source}`;
    if (!this.#known.has(key)) {
      this.#known.set(key, this.#compile(declarations, source, OWN_SECONDS));
    }
    const compiled = await this.#known.get(key);
    if (compiled.problems.length > 0) this.#known.delete(key);
    return compiled;
  }

  async #compile(declarations, source, seconds) {
    try {
      await this.#warm();
      return await this.#process.ask("compile", { declarations, source }, seconds);
    } catch (error) {
      if (error instanceof WallsError) this.#isWarm = false;
      const text = error instanceof WallsError ? "" : error.message;
      return { problems: [{ line: 0, code: 0, text }] };
    }
  }

  /** The first cell waits for the library's types, which must not cost a student's time. */
  async #warm() {
    if (this.#isWarm) return;
    const source = 'import { tf } from "starlit"; tf;';
    await this.#process.ask("compile", { declarations: "", source }, OWN_SECONDS);
    this.#isWarm = true;
  }

  /** The names that each of these cells declares. */
  namesOf(sources) {
    return this.#process.ask("names", { sources }, COMPILE_SECONDS);
  }

  close() {
    this.#process.close();
  }
}

/** Judges items of a lab. */
export class Judge {
  #process;

  /**
   * @param {() => Walled} make see `gatherProcesses`
   * @param {object} kept see the lab's judge
   */
  constructor(make, kept) {
    const start = async () => {
      const walled = make();
      await walled.ask("load", { kept }, OWN_SECONDS).catch((error) => {
        const words = [error.message, walled.complaint.trim()].filter(Boolean).join(": ");
        throw new SetupError(`The lab's judge does not start (${words}): run npm run doctor.`);
      });
      return walled;
    };
    this.#process = new Replaced(() => insist(start));
  }

  /** Begins the dialogue of an item; see the lab's judge. */
  begin(item, seed) {
    return this.#process.ask("begin", { item, seed }, JUDGE_SECONDS);
  }

  /** Goes on with an answer. */
  next(answer) {
    return this.#process.ask("next", { answer }, JUDGE_SECONDS);
  }

  close() {
    this.#process.close();
  }
}

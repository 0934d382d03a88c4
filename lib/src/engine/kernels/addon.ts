import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { threadCount } from "../cores";
import { packageFolder } from "../environment";
import { abilitiesIn, processorText } from "../processor";
import { hasTensorflow, tf } from "../tensorflow";

/** What the compiled module exports. */
export interface NativeModule {
  /** Floats in one register, by the instructions that it was built with. */
  lanes: number;
  /** How many threads its operations use, and how many bytes they keep at most for the next step. */
  configure(threads: number, idleBytes: number): void;
  /** Gives the memory that they keep back to the system. */
  trim(): void;
}

let loaded: { module?: NativeModule; problem?: string } | undefined;

/** Loads our operations into TensorFlow, once; `problem` says in a few words why they are missing. */
export function nativeModule(): { module?: NativeModule; problem?: string } {
  return (loaded ??= load());
}

function load(): { module?: NativeModule; problem?: string } {
  const threads = threadCount();
  if (!hasTensorflow) return { problem: "TensorFlow's C library is not installed" };
  if (tf.getBackend() !== "tensorflow") return { problem: `the backend is ${tf.getBackend()}` };
  // scripts/sanitize.mjs names another build of it.
  const { file, problem } = process.env.STARLIT_OPS
    ? { file: process.env.STARLIT_OPS }
    : buildFor(process.arch, processorText());
  if (!file) return { problem };
  if (!fs.existsSync(file)) return { problem: "they are not built: run `npm run setup`" };
  try {
    const module = require(file) as NativeModule;
    module.configure(threads, idleBytes());
    return { module };
  } catch (error) {
    const [message] = (error as Error).message.split("\n");
    return { problem: `they don't load (${message}): run \`npm run setup\`` };
  }
}

/**
 * The build with the most instructions that a processor knows. Set-up makes them all, so that one
 * folder serves the different machines of a network.
 *
 * @param cpuinfo what Linux tells of the processor in `/proc/cpuinfo`
 */
export function buildFor(arch: string, cpuinfo: string): { file?: string; problem?: string } {
  const folder = path.join(packageFolder, "native");
  const all = require(path.join(folder, "processors.json")) as {
    [arch: string]: { [name: string]: string[] } | undefined;
  };
  const known = Object.entries(all[arch] ?? {});
  const has = abilitiesIn(cpuinfo);
  const fits = known.find(([, needed]) => needed.every((name) => has.has(name)));
  if (fits) return { file: path.join(folder, `build/starlit_ops-${fits[0]}.node`) };
  const [least, needed] = known.at(-1) ?? [];
  if (!needed) return { problem: `there is no build of them for the processor's kind, ${arch}` };
  if (cpuinfo === "") return { problem: "/proc/cpuinfo does not tell what the processor knows" };
  const lacking = needed.filter((name) => !has.has(name)).join(", ");
  return {
    problem: `the processor lacks ${lacking}, which the least of their builds (${least}) needs`,
  };
}

/** A quarter of the memory that the process may use. */
function idleBytes(): number {
  return Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / 4;
}

/**
 * Gives back the memory that our operations keep between training steps. `fit` calls it at its end;
 * a loop of one's own may, when no step follows.
 */
export function releaseMemory(): void {
  loaded?.module?.trim();
}

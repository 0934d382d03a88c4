import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../environment";
import { tf } from "../tensorflow";

/** What the compiled module tells of itself. */
export interface NativeModule {
  /** Threads that its operations use: `STARLIT_THREADS`, or the number of cores. */
  threads: number;
  /** Floats in one register of the processor it was built for. */
  lanes: number;
}

let loaded: { module?: NativeModule; problem?: string } | undefined;

/** Loads our operations into TensorFlow, once; `problem` says in a few words why they are missing. */
export function nativeModule(): { module?: NativeModule; problem?: string } {
  return (loaded ??= load());
}

function load(): { module?: NativeModule; problem?: string } {
  // scripts/sanitize.mjs names another build of it.
  const file =
    process.env.STARLIT_OPS ?? path.join(projectRoot(), "lib/native/build/starlit_ops.node");
  if (tf.getBackend() !== "tensorflow") return { problem: `the backend is ${tf.getBackend()}` };
  if (usesGpu()) return { problem: "TensorFlow computes on a GPU" };
  if (!fs.existsSync(file)) return { problem: "they are not built: run `npm run setup`" };
  try {
    return { module: require(file) as NativeModule };
  } catch (error) {
    const [message] = (error as Error).message.split("\n");
    return { problem: `they don't load (${message}): run \`npm run setup\`` };
  }
}

/** Whether TensorFlow found a GPU to compute on. */
export function usesGpu(): boolean {
  return (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

/**
 * The one place where TensorFlow.js is loaded. `@tensorflow/tfjs-node-gpu` is bound, by set-up, to
 * the libraries of the TensorFlow wheel, whose GPU build computes on a CPU as well.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tensorflowEnvironment, wantedDevice } from "./device";
import { projectRoot } from "./environment";
import { StarlitError } from "./errors";
import { checkProcessor } from "./processor";

// All must be there before the first import of the binding, hence `require` below.
const { CUDA_VISIBLE_DEVICES } = process.env;
Object.assign(process.env, tensorflowEnvironment(process.env));
// Node 23 removed this function; tfjs-node 4.22 still calls it.
const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

/** Calls a function with stderr off: oneDNN greets there while it is loaded, whatever the log level. */
function quietly(load: () => void): void {
  const module = path.join(projectRoot(), "lib/native/build/quiet.node");
  // `npm run doctor` reads what TensorFlow says of a GPU.
  if (process.env.STARLIT_LOUD || !fs.existsSync(module)) return load();
  (require(module) as { quietly(work: () => void): void }).quietly(load);
}

checkProcessor();
quietly(() => require("@tensorflow/tfjs-node-gpu"));

// A process that is started from here may choose for itself.
if (CUDA_VISIBLE_DEVICES === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
else process.env.CUDA_VISIBLE_DEVICES = CUDA_VISIBLE_DEVICES;

/** TensorFlow.js on the TensorFlow C library: tensors, layers, optimizers, `tf.io`. */
export const tf = require("@tensorflow/tfjs-node-gpu") as typeof tfjs;

/** Whether TensorFlow computes on a GPU. */
export function usesGpu(): boolean {
  return (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

if (wantedDevice() === "gpu" && !usesGpu()) {
  throw new StarlitError(
    "STARLIT_DEVICE asks for a GPU, but TensorFlow finds none: `STARLIT_DEVICE=gpu npm run doctor` " +
      "says why, or leave STARLIT_DEVICE out for the CPU.",
  );
}

/**
 * The one place where TensorFlow.js is loaded. `@tensorflow/tfjs-node-gpu` is bound, by set-up, to
 * the libraries of the TensorFlow wheel, whose GPU build computes on a CPU as well. Where the library
 * was installed as a package and that binding was not, TensorFlow.js computes in plain JavaScript.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type * as tfjs from "@tensorflow/tfjs";
import { tensorflowEnvironment, wantedDevice } from "./device";
import { packageFolder } from "./environment";
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
  const module = path.join(packageFolder, "native/build/quiet.node");
  // `npm run doctor` reads what TensorFlow says of a GPU.
  if (process.env.STARLIT_LOUD || !fs.existsSync(module)) return load();
  (require(module) as { quietly(work: () => void): void }).quietly(load);
}

/** The package that TensorFlow.js is taken from. */
export const tensorflowPackage = isInstalled("@tensorflow/tfjs-node-gpu")
  ? "@tensorflow/tfjs-node-gpu"
  : "@tensorflow/tfjs";

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

if (tensorflowPackage !== "@tensorflow/tfjs") checkProcessor();
quietly(() => require(tensorflowPackage));

// A process that is started from here may choose for itself.
if (CUDA_VISIBLE_DEVICES === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
else process.env.CUDA_VISIBLE_DEVICES = CUDA_VISIBLE_DEVICES;

/** TensorFlow.js, on the TensorFlow C library where it is: tensors, layers, optimizers, `tf.io`. */
export const tf = require(tensorflowPackage) as typeof tfjs;

/** Whether TensorFlow's C library computes; else plain JavaScript does. */
export const hasTensorflow = tensorflowPackage !== "@tensorflow/tfjs";

// Else it advises, at the first operation, to install the binding.
if (!hasTensorflow) tf.env().set("PROD", true);

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

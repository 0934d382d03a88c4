/**
 * The one place where TensorFlow.js is loaded. `@tensorflow/tfjs-node-gpu` is bound, by set-up, to
 * the libraries of the TensorFlow wheel; whether that is the CPU or the GPU wheel decides where the
 * numbers are computed.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { projectRoot } from "./environment";

// All must be there before the first import of the binding, hence `require` below.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
// Node 23 removed this function; tfjs-node 4.22 still calls it.
const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

/** Calls a function with stderr off: oneDNN greets there while it is loaded, whatever the log level. */
function quietly(load: () => void): void {
  const module = path.join(projectRoot(), "lib/native/build/quiet.node");
  if (!fs.existsSync(module)) return load();
  (require(module) as { quietly(work: () => void): void }).quietly(load);
}

quietly(() => require("@tensorflow/tfjs-node-gpu"));

/** TensorFlow.js on the TensorFlow C library: tensors, layers, optimizers, `tf.io`. */
export const tf = require("@tensorflow/tfjs-node-gpu") as typeof tfjs;

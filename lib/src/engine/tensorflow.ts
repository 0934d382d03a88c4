/**
 * The one place where TensorFlow.js is loaded. `@tensorflow/tfjs-node-gpu` is bound, by set-up, to
 * the libraries of the TensorFlow wheel; whether that is the CPU or the GPU wheel decides where the
 * numbers are computed.
 */
import type * as tfjs from "@tensorflow/tfjs-node-gpu";

// All must be there before the first import of the binding, hence `require` below.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
// oneDNN makes nothing here faster, and it announces itself on stderr whatever the log level.
process.env.TF_ENABLE_ONEDNN_OPTS ??= "0";
// Node 23 removed this function; tfjs-node 4.22 still calls it.
const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

/** TensorFlow.js on the TensorFlow C library: tensors, layers, optimizers, `tf.io`. */
export const tf = require("@tensorflow/tfjs-node-gpu") as typeof tfjs;

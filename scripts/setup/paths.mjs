// Where things lie. Plain Node: this runs before any package is installed.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const inRoot = (...parts) => path.join(root, ...parts);

/** An active conda environment made from environment.yml is used in place of `.venv`. */
export const conda =
  process.env.CONDA_PREFIX && process.env.CONDA_DEFAULT_ENV === "starlit"
    ? process.env.CONDA_PREFIX
    : null;

/** The Python environment: its prefix, interpreter and scripts. */
export const venv = conda ?? inRoot(".venv");
export const python = path.join(venv, "bin", "python");

/** The folder that holds TensorFlow's `include/` and its two libraries. */
export function tensorflowFolder() {
  if (!conda) return inRoot(".venv/tensorflow/tensorflow");
  const lib = path.join(conda, "lib");
  const version = fs.readdirSync(lib).find((name) => /^python3\.\d+$/.test(name)) ?? "python3";
  return path.join(lib, version, "site-packages", "tensorflow");
}

export const packageFolder = inRoot("node_modules/@tensorflow/tfjs-node-gpu");
export const binding = path.join(packageFolder, "lib/napi-v8/tfjs_binding.node");
export const logs = inRoot(".setup");

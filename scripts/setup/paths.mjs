// Where things lie. Plain Node: this runs before any package is installed.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const inRoot = (...parts) => path.join(root, ...parts);

/** The site-packages of a Python prefix, whatever the version of its Python. */
function sitePackages(prefix) {
  const lib = path.join(prefix, "lib");
  const names = fs.existsSync(lib) ? fs.readdirSync(lib) : [];
  const version = names.find((name) => /^python3\.\d+$/.test(name)) ?? "python3";
  return path.join(lib, version, "site-packages");
}

/**
 * An environment made from environment.yml is used in place of `.venv`: conda's where it is
 * active, and Binder's, which has another name and is known by its TensorFlow.
 */
function findConda() {
  const { CONDA_DEFAULT_ENV, CONDA_PREFIX, NB_PYTHON_PREFIX } = process.env;
  if (CONDA_PREFIX && CONDA_DEFAULT_ENV === "starlit") return CONDA_PREFIX;
  const isOurs = NB_PYTHON_PREFIX && fs.existsSync(tensorflowIn(NB_PYTHON_PREFIX));
  return isOurs ? NB_PYTHON_PREFIX : null;
}

const tensorflowIn = (prefix) => path.join(sitePackages(prefix), "tensorflow");

export const conda = findConda();

/** The Python environment: its prefix, interpreter and scripts. */
export const venv = conda ?? inRoot(".venv");
export const python = path.join(venv, "bin", "python");

/** The folder that holds TensorFlow's `include/` and its two libraries. */
export function tensorflowFolder() {
  return conda ? tensorflowIn(conda) : inRoot(".venv/tensorflow/tensorflow");
}

export const packageFolder = inRoot("node_modules/@tensorflow/tfjs-node-gpu");
export const binding = path.join(packageFolder, "lib/napi-v8/tfjs_binding.node");
export const logs = inRoot(".setup");

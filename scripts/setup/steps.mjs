// What set-up makes, one function a step: each returns null where there is nothing to do.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { makeWhole } from "../../lib/src/files/whole.cjs";
import { findCompiler, findPython } from "./machine.mjs";
import {
  binding,
  conda,
  inRoot,
  logs,
  packageFolder,
  python,
  tensorflowFolder,
  venv,
} from "./paths.mjs";
import { fingerprint, isStamped, run, SetupError, stamp } from "./run.mjs";

/** Lists of Python packages with the SHA-256 of each file, see ../lock.mjs. */
const list = (name) => inRoot("scripts/setup", `${name}.txt`);
const requirements = list("requirements");
const tensorflowRequirements = list("requirements-tensorflow");
const gpuRequirements = list("requirements-gpu");
const zigRequirements = list("requirements-zig");

/** Arguments of Python that install a list; pip refuses a file whose sum is another. */
export const pipInstall = (file, ...options) => [
  ...["-m", "pip", "install", "--no-input", "--require-hashes", ...options],
  ...["--requirement", file],
];

/** npm packages from the lock file. Their install scripts stay off: what they would fetch is made here. */
export async function packages() {
  const mark = inRoot("node_modules/.starlit");
  const print = fingerprint([process.versions.modules], [inRoot("package-lock.json")]);
  if (isStamped(mark, print)) return null;
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { log: "packages" });
  stamp(mark, print);
}

/** A Python environment of the project's own. */
export async function environment() {
  if (conda) return null;
  const { command, version } = findPython();
  const mark = path.join(venv, ".starlit");
  const print = fingerprint([venv, version], [requirements]);
  if (isStamped(mark, print)) return null;
  // Half an environment, or one that was moved here, is not worth mending.
  fs.rmSync(venv, { recursive: true, force: true });
  await run(command, ["-m", "venv", venv], { log: "environment" });
  await run(python, pipInstall(requirements), { log: "environment" });
  stamp(mark, print);
}

/**
 * What Python shall install of TensorFlow. Its C libraries don't depend on the Python version: the
 * wheel of any CPython serves, also one that this machine's Python, being too new, has no wheel of.
 */
export function tensorflowInstall({ gpu }, ...options) {
  const any = ["--no-deps", "--python-version", "3.12", "--only-binary=:all:"];
  return pipInstall(gpu ? gpuRequirements : tensorflowRequirements, ...any, ...options);
}

/**
 * The TensorFlow wheel, of which only the C headers and the two libraries are kept. Its GPU build,
 * with NVIDIA's libraries, computes on a CPU as well: where it is, it stays.
 */
export async function tensorflow({ gpu }) {
  if (conda) {
    if (!fs.existsSync(tensorflowFolder())) {
      throw new SetupError(
        "The conda environment `starlit` lacks TensorFlow: run `conda env update -f environment.yml` and try again.",
      );
    }
    if (!gpu) return null;
    throw new SetupError(
      "The environment made from environment.yml has TensorFlow's CPU build: for a GPU leave it (`conda deactivate`) and run `STARLIT_DEVICE=gpu npm run setup`.",
    );
  }
  const folder = path.dirname(tensorflowFolder());
  const mark = path.join(folder, ".starlit");
  const cpuPrint = `cpu ${fingerprint([], [tensorflowRequirements])}`;
  const gpuPrint = `gpu ${fingerprint([], [gpuRequirements])}`;
  if (isStamped(mark, gpuPrint) || (!gpu && isStamped(mark, cpuPrint))) return null;
  // pip unpacks gigabytes, for which the system's own place may be too small.
  const scratch = path.join(logs, "tmp");
  for (const old of [folder, scratch]) fs.rmSync(old, { recursive: true, force: true });
  fs.mkdirSync(scratch, { recursive: true });
  const options = ["--no-compile", ...(gpu ? ["--no-cache-dir"] : [])];
  await makeWhole(folder, async (part) => {
    await run(python, tensorflowInstall({ gpu }, ...options, "--target", part), {
      log: "tensorflow",
      env: { TMPDIR: scratch },
    });
    fs.rmSync(scratch, { recursive: true, force: true });
    for (const name of ["python", "compiler", "lite", "core", "_api", "tools"]) {
      fs.rmSync(path.join(part, "tensorflow", name), { recursive: true, force: true });
    }
    if (gpu) linkGpuLibraries(part);
  });
  stamp(mark, gpu ? gpuPrint : cpuPrint);
}

/**
 * TensorFlow opens cuSOLVER from a library whose search path has no folder of it: it gets a link in
 * one that is searched. `folder` holds `nvidia/` as pip lays the wheels.
 */
export function linkGpuLibraries(folder) {
  const name = "libcusolver.so.11";
  const link = path.join(folder, "nvidia/cusparse/lib", name);
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.join("../../cusolver/lib", name), link);
}

/** Where nothing compiles C++, the wheel of the zig compiler does. */
export async function compiler() {
  const found = findCompiler();
  if (found) return found;
  const zig = [python, "-m", "ziglang", "c++"];
  // It would keep what it compiled in the person's home folder.
  process.env.ZIG_GLOBAL_CACHE_DIR ??= path.join(logs, "zig");
  if (!fs.existsSync(path.join(venv, ".zig"))) {
    await run(python, pipInstall(zigRequirements), { log: "compiler" });
    stamp(path.join(venv, ".zig"), fingerprint([], [zigRequirements]));
  }
  return zig;
}

/**
 * The binding of TensorFlow.js, compiled from the source in its package against TensorFlow's
 * libraries; and a module that keeps stderr quiet while those are loaded.
 */
export async function bind() {
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) =>
    path.join(packageFolder, "binding", name),
  );
  const quietSource = inRoot("lib/native/quiet/quiet.cc");
  const mark = `${binding}.starlit`;
  const folder = tensorflowFolder();
  const print = fingerprint([folder], [tensorflowRequirements, ...sources, quietSource]);
  if (isStamped(mark, print) && fs.existsSync(binding)) return null;
  await compile(inRoot("lib/native/build/quiet.node"), [quietSource]);
  const runtime = conda ? folder : `$ORIGIN/${path.relative(path.dirname(binding), folder)}`;
  await compile(binding, [
    `-I${path.join(folder, "include")}`,
    `-I${path.join(packageFolder, "binding")}`,
    ...sources,
    path.join(folder, "libtensorflow_cc.so.2"),
    path.join(folder, "libtensorflow_framework.so.2"),
    `-Wl,-rpath,${runtime}`,
  ]);
  stamp(mark, print);
}

/** Makes a Node module of these sources, which appears whole or not at all. */
async function compile(module, args) {
  const [command, ...first] = await compiler();
  const options = "-std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8".split(" ");
  const headers = `-I${inRoot("node_modules/node-api-headers/include")}`;
  const all = [...first, ...options, headers, ...args];
  await makeWhole(module, (part) => run(command, [...all, "-o", part], { log: "binding" }));
}

/** The recurrent operations in C++. Without them TensorFlow's own fused ones are used. */
export async function native() {
  const { buildNative, instructionSets, nativeLibrary } = await import(
    pathToFileURL(inRoot("scripts/build-native.mjs")).href
  );
  const folder = inRoot("lib/native");
  const sources = fs
    .readdirSync(folder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort();
  const libraries = instructionSets(inRoot()).map((set) => nativeLibrary(inRoot(), set));
  if (libraries.length === 0) return null;
  const mark = inRoot("lib/native/build/starlit_ops.starlit");
  const print = fingerprint(
    [tensorflowFolder()],
    [
      tensorflowRequirements,
      ...sources.map((name) => path.join(folder, name)),
      path.join(folder, "processors.json"),
      inRoot("scripts/build-native.mjs"),
    ],
  );
  if (isStamped(mark, print) && libraries.every((file) => fs.existsSync(file))) return null;
  await buildNative({
    root: inRoot(),
    tensorflow: tensorflowFolder(),
    compiler: await compiler(),
    log: "native",
  });
  stamp(mark, print);
}

/** The library `starlit`, TypeScript to JavaScript. */
export async function library() {
  const sources = fs
    .readdirSync(inRoot("lib/src"), { recursive: true })
    .map((name) => inRoot("lib/src", String(name)))
    .filter((file) => fs.statSync(file).isFile())
    .sort();
  const mark = inRoot("lib/dist/.starlit");
  const print = fingerprint(sources, [
    ...sources,
    inRoot("tsconfig.json"),
    inRoot("lib/tsconfig.json"),
  ]);
  if (isStamped(mark, print)) return null;
  fs.rmSync(inRoot("lib/dist"), { recursive: true, force: true });
  await run(process.execPath, [inRoot("node_modules/typescript/bin/tsc"), "-b", inRoot("lib")], {
    log: "library",
  });
  stamp(mark, print);
}

/** The TypeScript kernel, announced to the Jupyter of this environment alone. */
export async function kernel() {
  const { installKernelspec } = await import(
    pathToFileURL(inRoot("scripts/kernel/install.mjs")).href
  );
  return installKernelspec({ root: inRoot(), venv }) ? undefined : null;
}

// Compiles lib/native into a Node module that adds our operations to TensorFlow. Plain Node: set-up
// calls it before any package of the project is in use; also a command of its own.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { makeWhole } from "../lib/src/files/whole.cjs";
import { run } from "./setup/run.mjs";

/** The instruction sets that are built for on this machine's kind of processor. */
export function instructionSets(root) {
  const file = path.join(root, "lib/native/processors.json");
  return Object.keys(JSON.parse(fs.readFileSync(file, "utf8"))[process.arch] ?? {});
}

/** Where the module for an instruction set lies; engine/kernels/addon.ts looks for it there. */
export const nativeLibrary = (root, instructions) =>
  path.join(root, `lib/native/build/starlit_ops-${instructions}.node`);

/**
 * Compiles and links a module for each instruction set, each of which appears whole or not at all.
 * `tensorflow` is the folder of its headers and libraries, `compiler` a command with its first
 * arguments, `log` the name of the log file.
 */
export async function buildNative({ root, tensorflow, compiler, log }) {
  const sets = instructionSets(root);
  await Promise.all(
    sets.map((instructions) =>
      compileNative({
        root,
        tensorflow,
        compiler,
        log,
        output: nativeLibrary(root, instructions),
        instructions,
        optimization: ["-O3"],
      }),
    ),
  );
  return sets.map((instructions) => nativeLibrary(root, instructions));
}

/** The option that names an instruction set; zig has names of its own. */
function forInstructions(compiler, instructions) {
  if (!compiler.includes("ziglang")) return `-march=${instructions}`;
  return `-mcpu=${instructions === "armv8-a" ? "generic" : instructions.replaceAll("-", "_")}`;
}

/** The same with another place and other options of the compiler. */
export async function compileNative({
  root,
  tensorflow,
  compiler,
  log,
  output,
  instructions = "native",
  optimization,
}) {
  const folder = path.join(root, "lib/native");
  const sources = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".cc"))
    .sort();
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
  const [command, ...first] = compiler;
  const compile = (/** @type {string} */ part) =>
    run(
      command,
      [
        ...first,
        // No -ffast-math: a NaN must stay one.
        ..."-std=c++17 -fno-math-errno -fPIC -fvisibility=hidden -pthread".split(" "),
        forInstructions(compiler, instructions),
        ...optimization,
        "-DNAPI_VERSION=8",
        `-I${path.join(root, "node_modules/node-api-headers/include")}`,
        `-I${path.join(tensorflow, "include")}`,
        "-shared",
        ...sources.map((name) => path.join(folder, name)),
        ...libraries.map((name) => path.join(tensorflow, name)),
        // Relative, so that the project can be moved as a whole.
        `-Wl,-rpath,$ORIGIN/${path.relative(path.dirname(output), tensorflow)}`,
        "-o",
        part,
      ],
      { log },
    );
  await makeWhole(output, compile);
  return output;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { root, tensorflowFolder } = await import("./setup/paths.mjs");
  const { compiler } = await import("./setup/steps.mjs");
  const built = await buildNative({
    root,
    tensorflow: tensorflowFolder(),
    compiler: await compiler(),
    log: "native",
  });
  console.log(built.join("\n"));
}

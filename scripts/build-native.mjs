// Compiles lib/native into a Node module that adds our operations to TensorFlow. Plain Node: set-up
// calls it before any package of the project is in use; also a command of its own.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "./setup/run.mjs";

/** Where the module lies. */
export const nativeLibrary = (root) => path.join(root, "lib/native/build/starlit_ops.node");

/** Arguments of a compiler for the sources in lib/native, without what to make of them. */
export function compilerArguments({ root, tensorflow }) {
  return [
    ..."-std=c++17 -O3 -march=native -fno-math-errno -fPIC -fvisibility=hidden -pthread".split(" "),
    "-DNAPI_VERSION=8",
    `-I${path.join(root, "node_modules/node-api-headers/include")}`,
    `-I${path.join(tensorflow, "include")}`,
  ];
}

/** Arguments of the linker that find TensorFlow's libraries again when the project is moved whole. */
export function linkerArguments({ tensorflow, output }) {
  return [
    ...["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) =>
      path.join(tensorflow, name),
    ),
    `-Wl,-rpath,$ORIGIN/${path.relative(path.dirname(output), tensorflow)}`,
  ];
}

/**
 * Compiles and links; returns the path of the module, which appears whole or not at all.
 * `compiler` is a command with its first arguments, `log` the name of the log file.
 */
export async function buildNative({ root, tensorflow, compiler, log }) {
  const folder = path.join(root, "lib/native");
  const output = nativeLibrary(root);
  const sources = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".cc"))
    .sort();
  const [command, ...first] = compiler;
  fs.mkdirSync(path.dirname(output), { recursive: true });
  await run(
    command,
    [
      ...first,
      ...compilerArguments({ root, tensorflow }),
      "-shared",
      ...sources.map((name) => path.join(folder, name)),
      ...linkerArguments({ tensorflow, output }),
      "-o",
      `${output}.part`,
    ],
    { log },
  );
  fs.renameSync(`${output}.part`, output);
  return output;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { root, tensorflowFolder } = await import("./setup/paths.mjs");
  const { compiler } = await import("./setup/steps.mjs");
  console.log(
    await buildNative({
      root,
      tensorflow: tensorflowFolder(),
      compiler: await compiler(),
      log: "native",
    }),
  );
}

// Builds the operations of lib/native with the address and undefined-behaviour sanitizers and runs
// their tests on that build: a read or write outside of an array, or arithmetic without a meaning,
// ends the run. Linux with g++ or clang++.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { compileNative } from "./build-native.mjs";
import { findCompiler } from "./setup/machine.mjs";
import { inRoot, root, tensorflowFolder } from "./setup/paths.mjs";

const tests = [
  "layers.kernels",
  "layers.errors",
  "layers.dropout",
  "layers.normalization",
  "engine.adam",
];
const compiler = findCompiler();
if (!compiler) {
  console.error("The sanitizers need g++ or clang++: install one of them.");
  process.exit(1);
}
const output = inRoot("lib/native/build/sanitized.node");
console.log("Compiling with sanitizers …");
await compileNative({
  root,
  tensorflow: tensorflowFolder(),
  compiler,
  output,
  log: "sanitize",
  optimization: [
    "-O1",
    "-g",
    "-fno-omit-frame-pointer",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
  ],
});
// Node itself is not sanitized, so the sanitizers' libraries must be there before it.
const libraries = ["libasan.so", "libubsan.so"]
  .map((name) =>
    execFileSync(compiler[0], [`-print-file-name=${name}`], { encoding: "utf8" }).trim(),
  )
  .filter((file) => path.isAbsolute(file) && fs.existsSync(file));
let failed = false;
for (const threads of ["1", "3"]) {
  console.log(`Tests with ${threads} thread${threads === "1" ? "" : "s"} …`);
  const jest = [
    inRoot("node_modules/jest/bin/jest.js"),
    "--runInBand",
    "--silent",
    // The other kernels have no operations of ours.
    "--testNamePattern=^(?!.*(kernel (cudnn|block|reference)|(cudnn|block) equals))",
    ...tests.map((name) => `test/${name}`),
  ];
  const { status } = spawnSync(process.execPath, jest, {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      LD_PRELOAD: libraries.join(" "),
      ASAN_OPTIONS: "detect_leaks=0", // of Node's own, at its end
      UBSAN_OPTIONS: "print_stacktrace=1",
      STARLIT_OPS: output,
      STARLIT_KERNEL: "native",
      STARLIT_THREADS: threads,
    },
  });
  failed ||= status !== 0;
}
console.log(failed ? "The sanitizers or the tests found something." : "Nothing found.");
process.exitCode = failed ? 1 : 0;

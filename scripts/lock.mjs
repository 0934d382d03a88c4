// `npm run lock`: from each list of Python packages (`*.in`) the list that is installed (`*.txt`), with
// all that they need and the SHA-256 of every file. For Linux and every Python that set-up takes.
import path from "node:path";
import { command } from "./setup.mjs";
import { inRoot, logs, python } from "./setup/paths.mjs";
import { readArguments, run } from "./setup/run.mjs";

/** uv makes such lists for several versions of Python at once. */
const UV = "uv==0.13.9";

/** The lists, without `.in`; `alone`: what they need is there already. */
const lists = [
  { name: "scripts/setup/requirements", python: "3.10" },
  { name: "scripts/setup/requirements-tensorflow", python: "3.10", alone: true },
  { name: "scripts/setup/requirements-gpu", python: "3.10", alone: true },
  { name: "scripts/setup/requirements-zig", python: "3.10", alone: true },
  // nbgrader and Keras ask for a newer one.
  { name: "scripts/lab/requirements-nbgrader", python: "3.11", alone: true },
  { name: "bench/requirements", python: "3.11" },
  { name: "workflow/requirements", python: "3.11" },
];

const usage = `npm run lock
  Makes the lists of Python packages with their sums anew; it has no options.`;

await command(async () => {
  readArguments(usage);
  const folder = path.join(logs, "uv");
  await run(python, ["-m", "pip", "install", "--no-input", "--target", folder, UV], {
    log: "lock",
  });
  const options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--upgrade"];
  for (const { name, python: version, alone } of lists) {
    const files = [`${name}.in`, "--output-file", `${name}.txt`];
    const all = [
      ...options,
      "--python-version",
      version,
      ...(alone ? ["--no-deps"] : []),
      ...files,
    ];
    await run(path.join(folder, "bin/uv"), ["pip", "compile", ...all], {
      log: "lock",
      cwd: inRoot(),
    });
    console.log(`${name}.txt`);
  }
});

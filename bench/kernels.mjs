// Times our kernel beside ipykernel and Deno's. See README.md for what is timed.
//   node bench/kernels.mjs [--rounds 5] [--before FOLDER] [--json FILE]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { jupyterEnvironment } from "../scripts/notebooks/jupyter.mjs";
import { inRoot, python } from "../scripts/setup/paths.mjs";
import { run, SetupError } from "../scripts/setup/run.mjs";
import { command } from "../scripts/setup.mjs";

const DENO = "2.9.6";

/** Deno from its npm package, which is fetched once, apart from the notebooks' own. */
async function deno() {
  const folder = inRoot("bench/.deno");
  const program = path.join(folder, "node_modules/.bin/deno");
  if (!fs.existsSync(program)) {
    fs.mkdirSync(folder, { recursive: true });
    const install = ["install", "--no-audit", "--no-fund", "--prefix", folder, `deno@${DENO}`];
    await run("npm", install, { log: "bench" });
  }
  return program;
}

/** The kernel of a checkout, started as its kernelspec says. */
const oursIn = (folder) => ({
  argv: [
    process.execPath,
    "--max-old-space-size=6144",
    path.resolve(folder, "scripts/kernel/launch.cjs"),
    "--config-path",
    "{connection_file}",
  ],
  language: "typescript",
});

const middle = (values, share = 0.5) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};

function table(found, names) {
  const least = (digits, scale, unit) => (values) =>
    `${(scale * Math.min(...values)).toFixed(digits)}–${(scale * middle(values)).toFixed(digits)} ${unit}`;
  /** @type {[string, string, (values: any) => string][]} */
  const rows = [
    ["start to first cell", "first cell", least(2, 1, "s")],
    ["idle, resident", "resident", least(0, 1e-6, "MB")],
    ["idle, proportional", "proportional", least(0, 1e-6, "MB")],
    ["completion, least–median", "completion", least(1, 1e3, "ms")],
    ["completion, 95 of 100", "completion", (v) => `${(1e3 * middle(v, 0.95)).toFixed(1)} ms`],
    ["a further cell", "next cell", least(1, 1e3, "ms")],
    ["3·10⁷ rounds, top of a cell", "loop", least(2, 1, "s")],
    ["the same in a function", "function", least(2, 1, "s")],
  ];
  const lines = rows.map(
    ([title, what, text]) =>
      `| ${[title, ...names.map((name) => text(found[name][what]))].join(" | ")} |`,
  );
  const start = found["npm start"];
  const lab = ["JupyterLab answers", "first cell"].map(
    (what) => `npm start, ${what}: ${least(1, 1, "s")(start[what])}`,
  );
  const head = [
    `| least–median | ${names.join(" | ")} |`,
    `| --- |${" --- |".repeat(names.length)}`,
  ];
  return [...head, ...lines, "", ...lab].join("\n");
}

await command(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      before: { type: "string" },
      json: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new SetupError(`--rounds is ${values.rounds}: give a whole number above 0.`);
  const kernels = {
    starlit: oursIn(inRoot()),
    ...(values.before ? { before: oursIn(values.before) } : {}),
    ipykernel: {
      argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      language: "python",
    },
    deno: {
      argv: [await deno(), "jupyter", "--kernel", "--conn", "{connection_file}"],
      language: "typescript",
    },
  };
  const { status, stdout } = spawnSync(python, [inRoot("bench/kernels.py")], {
    input: JSON.stringify({ rounds, kernels, lab: [process.execPath, inRoot("scripts/lab.mjs")] }),
    encoding: "utf8",
    maxBuffer: 1e8,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...jupyterEnvironment },
  });
  if (status !== 0) throw new SetupError("A kernel could not be measured; what it said is above.");
  const found = JSON.parse(stdout);
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(found, null, 1)}\n`);
  console.log(table(found, Object.keys(kernels)));
});

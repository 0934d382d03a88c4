// The library as a package: in a project of its own, without this repository around it.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "./kernel/kernel";

jest.setTimeout(180_000);

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
}
/** A package in package-lock.json, https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */
interface Locked {
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
}
const manifest = JSON.parse(
  fs.readFileSync(path.join(root, "lib/package.json"), "utf8"),
) as Manifest;

const project = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-package-"));
afterAll(() => fs.rmSync(project, { recursive: true }));

// What `npm install` of the packed package makes, with the packages that are here: those that it
// depends on, and none of the optional ones.
beforeAll(() => {
  const npm = (args: string[]) =>
    spawnSync("npm", args, { cwd: path.join(root, "lib"), encoding: "utf8" });
  const { stdout } = npm(["pack", "--json", "--pack-destination", project]);
  const [{ filename }] = JSON.parse(stdout) as { filename: string }[];
  const modules = path.join(project, "node_modules");
  fs.mkdirSync(path.join(modules, "starlit"), { recursive: true });
  spawnSync("tar", [
    "xzf",
    path.join(project, filename),
    "--strip-components=1",
    "-C",
    path.join(modules, "starlit"),
  ]);
  for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) {
    const here = [path.join(root, "lib/node_modules", name), path.join(root, "node_modules", name)];
    const link = path.join(modules, name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(
      here.find((each) => fs.existsSync(each))!,
      link,
    );
  }
});

function write(name: string, text: string): string {
  fs.writeFileSync(path.join(project, name), text);
  return name;
}

/** Runs a file of the project; what it printed, or what went wrong. */
function node(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: project },
  });
  return status === 0 ? stdout.trim() : `failed: ${stderr}`;
}

test("asks the registry alone, and for nothing that loads more when it is installed", () => {
  expect(Object.keys(manifest.peerDependencies)).toEqual(
    Object.keys(manifest.peerDependenciesMeta).filter(
      (name) => manifest.peerDependenciesMeta[name].optional,
    ),
  );
  for (const name of ["danfojs-node", "@tensorflow/tfjs-node-gpu", "vega"]) {
    expect(Object.keys(manifest.dependencies)).not.toContain(name);
  }
  const types = spawnSync(
    "grep",
    ["-rl", "tfjs-node-gpu", path.join(root, "lib/dist"), "--include=*.d.ts"],
    { encoding: "utf8" },
  );
  expect(types.stdout).toBe("");
});

test("all that it needs is locked, comes from the registry, and loads nothing more when it is installed", () => {
  const { packages } = JSON.parse(
    fs.readFileSync(path.join(root, "package-lock.json"), "utf8"),
  ) as {
    packages: Record<string, Locked>;
  };
  const needed = new Set<string>();
  // npm looks in the package's own node_modules, then in those above it.
  const need = (name: string, from: string) => {
    const above = from
      .split(/(?=\/node_modules\/)/)
      .map((_, i, all) => all.slice(0, i + 1).join(""));
    const folders = [...above.reverse().map((folder) => `${folder}/`), ""];
    const place = folders
      .map((folder) => `${folder}node_modules/${name}`)
      .find((each) => packages[each]);
    if (place === undefined) throw new Error(`${name}, which ${from} needs, is not locked.`);
    if (needed.has(place)) return;
    needed.add(place);
    for (const each of Object.keys(packages[place].dependencies ?? {})) need(each, place);
  };
  for (const name of Object.keys(manifest.dependencies)) need(name, "lib");
  expect(needed.size).toBeGreaterThan(20);
  const scripts: string[] = [];
  for (const place of needed) {
    const { resolved, integrity, hasInstallScript } = packages[place];
    // Without an address it comes from the registry that npm asks.
    const from = resolved ?? "https://registry.npmjs.org/";
    expect([place, from]).toEqual([
      place,
      expect.stringMatching(/^https:\/\/registry\.npmjs\.org\//),
    ]);
    expect([place, integrity]).toEqual([place, expect.stringMatching(/^sha512-/)]);
    if (hasInstallScript) scripts.push(place);
  }
  // That of core-js, which TensorFlow.js asks for, prints a call for donations.
  expect(scripts).toEqual(["node_modules/core-js"]);
  const script = fs.readFileSync(path.join(root, "node_modules/core-js/postinstall.js"), "utf8");
  expect(script.match(/require\(.*?\)/g)).toEqual([
    "require('fs')",
    "require('os')",
    "require('path')",
  ]);
});

const words = `const rows = Array.from({ length: 120 }, (_, i) => ({
  text: (i % 2 ? "lovely soft dress, number " : "awful thin fabric, number ") + i, stars: i % 2 ? 5 : 1 }));`;

test("trains, saves and rates in plain JavaScript, from CommonJS and from ESM", () => {
  write(
    "train.cjs",
    `const { trainRater, recurrentKernel } = require("starlit");
    ${words}
    trainRater(rows, { out: "rater", curve: false, progress: false }).then((rater) => {
      console.log(recurrentKernel().name, rater.rate("lovely dress").label, rater.report.split.train);
    });`,
  );
  expect(node("train.cjs")).toMatch(/^javascript 5 \d+$/);
  write(
    "rate.mjs",
    `import { loadRater, padSequences } from "starlit";
    import { loadRater as same } from "starlit/reviews";
    const [good, bad] = loadRater("rater").rate(["lovely and soft", "awful"]);
    console.log(good.label, bad.label, padSequences([[1], [2, 3]]).data.join(" "), loadRater === same);`,
  );
  expect(node("rate.mjs")).toBe("5 1 0 1 2 3 true");
  const command = "node_modules/starlit/bin/starlit.cjs";
  expect(node(command, "--version")).toBe(manifest.version);
  expect(node(command, "--help")).toContain("rate [options] [what]");
  expect(node(command, "rate", "--model", "rater", "lovely")).toMatch(/^[45]\.\d of 5/);
});

test("an LSTM learns in plain JavaScript what it learns on TensorFlow's library", () => {
  const script = `const { tf, embedding, lstm, fit, seedEverything, predict } = require("starlit");
  seedEverything(1);
  const model = tf.sequential({ layers: [
    embedding({ inputDim: 9, outputDim: 3, maskZero: true, inputLength: 4 }), lstm({ units: 5 }), tf.layers.dense({ units: 1 })] });
  model.setWeights(model.getWeights().map((w, k) => tf.tensor(
    Array.from(w.dataSync(), (_, i) => Math.sin(i + k) / 2), w.shape)));
  const x = [[1, 2, 3, 0], [4, 5, 0, 0], [6, 7, 8, 1], [2, 2, 2, 2]];
  fit(model, { x, y: [1, 0, 1, 0] }, { epochs: 5, batchSize: 2, loss: "meanSquaredError", optimizer: { learningRate: 0.05 }, seed: 3, progress: false })
    .then(async ({ history }) => console.log(JSON.stringify([...history.loss, ...(await predict(model, x)).data])));`;
  const outside = JSON.parse(node(write("lstm.cjs", script))) as number[];
  const here = spawnSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  (JSON.parse(here.stdout.trim().split("\n").at(-1)!) as number[]).forEach((value, i) => {
    expect(outside[i]).toBeCloseTo(value, 4);
  });
});

test("its types are strict, those of the reviews also with every library checked", () => {
  write(
    "own.ts",
    `import { loadRater, loadReviews, type Rater, trainRater } from "starlit/reviews";
    const rater: Rater = loadRater("rater");
    export const one: number = rater.rate("a").rating;
    export const many: number[] = rater.rate(["a"]).map(({ rating }) => rating);
    // @ts-expect-error a number is no text
    rater.rate(5);
    export async function all() {
      const { reviews } = await loadReviews("a.csv", { text: "body", bad: "refuse" });
      return trainRater(reviews, { out: "rater" });
    }`,
  );
  write(
    "whole.ts",
    `import { loadRater, lstm } from "starlit"; export const all = [loadRater("a"), lstm({ units: 3 })];`,
  );
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const options =
    "--strict --noEmit --module node16 --moduleResolution node16 --target es2022 --types node".split(
      " ",
    );
  expect(node(tsc, ...options, "own.ts")).toBe("");
  // TensorFlow.js's own types don't pass.
  expect(node(tsc, ...options, "--skipLibCheck", "whole.ts")).toBe("");
});

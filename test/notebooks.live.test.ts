import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readTensors } from "../lib/src/training/tensorFile";
import { root } from "./kernel/kernel";

// The cells of the notebooks that train, on the quick profile's rows: what they compute is what
// `npx starlit run` computes, weight for weight and to the last bit.

jest.setTimeout(180_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-live-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Case {
  notebook: string;
  cells: string;
  /** The namespace of the study, and what it trains. */
  study: string;
  model: string;
  /** Makes a long training a short one, in the cell and in the run. */
  shorter?: { from: string; to: string; settings: object };
}

const cases: Case[] = [
  {
    notebook: "01-rating",
    cells: "imports,load,build-lstm-2,fit-lstm-2",
    study: "rating",
    model: "lstm-2-first-seen",
  },
  {
    notebook: "02-clothing",
    cells: "2705b269,764cd73a,build-lstm-2,fit-lstm-2",
    study: "clothing",
    model: "lstm-2",
    shorter: { from: "epochs: 15", to: "epochs: 2", settings: { epochs: 2 } },
  },
  {
    notebook: "03-simplified-attention",
    cells: "imports,load,build,plan,fit",
    study: "simplifiedAttention",
    model: "lstm",
    shorter: { from: "full ? 20 : 4", to: "2", settings: { epochs: 2 } },
  },
  {
    notebook: "04-attention",
    cells: "imports,load,build-imdb,fit-imdb",
    study: "attention",
    model: "imdb-lstm-attention",
    shorter: { from: "? 15 : 3", to: "? 15 : 1", settings: { epochs: 1 } },
  },
];

/** Runs a script of Node without a network, so that other data stand in for those of the film studies. */
function node(args: string[], kept: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", path.join(__dirname, "fixtures/offline.cjs"), ...args],
    {
      encoding: "utf8",
      cwd: root,
      env: {
        ...process.env,
        STARLIT_MIRROR: "",
        STARLIT_PROFILE: "quick",
        STARLIT_DATA: path.join(folder, "data"),
        STARLIT_RUNS: path.join(folder, "runs"),
        STARLIT_KEPT: path.join(folder, kept),
      },
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Weights and history of a notebook's trainings that are kept in a folder, by name. */
function trainings(kept: string, notebook: string) {
  const study = notebook.replace(/^\d+-/, "");
  const all = fs.readdirSync(path.join(folder, kept)).sort();
  const files = all.filter((file) => file.startsWith(study));
  return files.map((file) => {
    const { tensors, note } = readTensors<{ history: { history: object } }>(
      path.join(folder, kept, file),
      "",
    );
    const weights = [...tensors.values()].map(({ shape, data }) => ({
      shape,
      bytes: Buffer.from(data.buffer).toString("base64"),
    }));
    return { file, weights, history: note.history.history };
  });
}

const keptBy = { command: "by-command", cells: "by-cells" };
const script = path.join(__dirname, "fixtures/cells.cjs");
const cellsOf = ({ notebook, cells, shorter }: Case) => [
  path.join(root, "notebooks", `${notebook}.ipynb`),
  cells,
  ...(shorter ? [shorter.from, shorter.to] : []),
];

// A process each: of all commands, and of all cells.
beforeAll(() => {
  const runs = cases.map(({ study, model, shorter }) => {
    const options = JSON.stringify({ profile: "quick", seed: 6, settings: shorter?.settings });
    return `await starlit.${study}.run("${model}", ${options});`;
  });
  const commands = `const starlit = require("starlit"); (async () => { ${runs.join("\n")} })();`;
  node(["-e", commands], keptBy.command);
  const printed = node([script, JSON.stringify(cases.map(cellsOf))], keptBy.cells);
  expect(printed).not.toContain("taken from there");
});

test.each(cases)("$notebook: the cell's training is that of the command", ({ notebook }) => {
  const [ours, theirs] = [keptBy.cells, keptBy.command].map((kept) => trainings(kept, notebook));
  expect(theirs.length).toBeGreaterThan(0);
  expect(ours).toEqual(theirs);
});

test("what the command has kept is not trained again", () => {
  const clothing = cases.find(({ study }) => study === "clothing")!;
  const printed = node([script, JSON.stringify([cellsOf(clothing)])], keptBy.command);
  expect(printed).toContain("npm run reproduce has trained it");
});

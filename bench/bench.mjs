// Times our library beside PyTorch and Keras. See README.md for how to read what it prints.
import fs from "node:fs";
import os from "node:os";
import { setup } from "../scripts/setup.mjs";
import { readArguments, SetupError } from "../scripts/setup/run.mjs";
import { peerPython } from "./environment.mjs";
import { measureRow } from "./measure.mjs";
import { needsPython, peers } from "./peer.mjs";
import { ratio, report } from "./report.mjs";
import { rows as allRows } from "./rows.mjs";
import { geometricMean } from "./statistics.mjs";

const usage = `npm run bench -- [options]
  --only A,B     peers: ${Object.keys(peers).join(", ")}; ours alone needs no Python
  --rows A,B     rows: ${allRows.map(({ id }) => id).join(", ")}
  --rounds N     how often the peers take turns, default 3
  --steps N      training steps a turn, default by row
  --share X      share of the rows of studies from text to score, default 1: to try them out
  --threads N    threads of each peer, default all cores
  --json FILE    write the figures as JSON as well`;

function options(args) {
  const { values } = readArguments(usage, {
    args,
    options: {
      only: { type: "string" },
      rows: { type: "string" },
      rounds: { type: "string" },
      steps: { type: "string" },
      share: { type: "string" },
      threads: { type: "string" },
      json: { type: "string" },
    },
  });
  return {
    json: values.json,
    only: names("only", values.only, Object.keys(peers)),
    rows: names(
      "rows",
      values.rows,
      allRows.map(({ id }) => id),
    ),
    rounds: whole("rounds", values.rounds ?? "3"),
    steps: values.steps && whole("steps", values.steps),
    share: shareOf(values.share ?? "1"),
    threads: whole("threads", values.threads ?? String(os.availableParallelism())),
  };
}

function names(option, text, known) {
  const wanted = text?.split(",") ?? known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return wanted;
  throw new SetupError(`--${option} ${unknown} is not known: use ${known.join(", ")}.`);
}

function whole(option, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new SetupError(`--${option} is ${text}: give a whole number above 0.`);
}

function shareOf(text) {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new SetupError(`--share is ${text}: give a number above 0, at most 1.`);
}

function machine() {
  return {
    processor: os.cpus()[0]?.model ?? "unknown processor",
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** One row with everything a report needs; a data row that cannot run says why. */
async function timeRow(row, wanted, settings, run) {
  const names = row.peers.filter((name) => wanted.includes(name));
  if (names.length === 0) return;
  console.error(`${row.name} …`);
  const { id, name, kind, notes } = row;
  try {
    const { results, peak, versions, gflop } = await measureRow(row, names, settings);
    run.rows.push({ id, name, kind, notes, gflop, ...results });
    run.peakGflops = Math.max(run.peakGflops, peak);
    Object.assign(run.versions, versions);
  } catch (error) {
    if (!["data", "whole"].includes(kind) || !(error instanceof SetupError)) throw error;
    run.rows.push({ id, name, kind, notes: { all: `not run: ${error.message}` } });
  }
}

/** Shares of the peak, and the means over the recurrent rows that a peer has a layer for. */
function conclude(run) {
  const recurrent = run.rows.filter(({ kind }) => kind === "recurrent");
  for (const row of recurrent) {
    for (const peer of Object.keys(peers)) {
      const layer = row[peer]?.layer;
      if (layer) layer.share = row.gflop / (layer.median / 1000) / run.peakGflops;
    }
  }
  for (const peer of ["pytorch", "keras"]) {
    const ratios = recurrent.filter((row) => !row.notes?.[peer]).map((row) => ratio(row, peer));
    const mean = geometricMean(ratios.filter(Boolean));
    if (mean) run.geometricMean[peer] = mean;
  }
}

/** The command: runs the wanted rows, prints the report, writes the JSON. */
export async function bench(args) {
  const { only, rows: ids, rounds, steps, share, threads, json } = options(args);
  if (process.env.STARLIT_DEVICE === "gpu") {
    throw new SetupError(
      "npm run bench compares libraries on the processor: leave STARLIT_DEVICE out. `node bench/gpu.mjs` times a GPU.",
    );
  }
  await setup();
  const wanted = allRows.filter(({ id }) => ids.includes(id));
  const python = wanted.some((row) =>
    row.peers.some((name) => only.includes(name) && needsPython(name)),
  )
    ? await peerPython()
    : undefined;
  const run = {
    machine: machine(),
    threads,
    rounds,
    peakGflops: 0,
    versions: {},
    geometricMean: {},
    rows: [],
  };
  const settings = { python, threads, rounds, steps, share };
  for (const row of wanted) await timeRow(row, only, settings, run);
  conclude(run);
  console.log(report(run));
  if (json) fs.writeFileSync(json, `${JSON.stringify(run, null, 2)}\n`);
}

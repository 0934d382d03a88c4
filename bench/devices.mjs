// Training steps on what one machine can train on: its processor, and its GPU where one is used.
import os from "node:os";
import { gpuProblem } from "../scripts/setup/gpu.mjs";
import { measureRow } from "./measure.mjs";
import { devices } from "./peer.mjs";
import { table } from "./report.mjs";
import { rows as allRows } from "./rows.mjs";

const few = ["lstm-small", "lstm-clothing", "lstm-imdb", "gru-clothing", "attention", "mlp"];

/** The rows that train a network, by their ids; all without. */
export const trainingRows = (ids) =>
  allRows.filter(({ id, kind }) => !["data", "whole"].includes(kind) && (!ids || ids.includes(id)));

/**
 * Times rows on some of the devices of `peer.mjs` and writes a table: median milliseconds of a step,
 * and the fastest of ours. Without options: some sizes on the processor and, where one can be used,
 * on the GPU.
 *
 * @param {{ names?: string[], rows?: object[], python?: string, steps?: number }} [options]
 */
export async function measureDevices({ names, rows = trainingRows(few), python, steps = 8 } = {}) {
  const problem = names ? null : gpuProblem();
  const timed = names ?? (problem ? ["native"] : ["native", "cudnn"]);
  const settings = {
    python,
    threads: os.availableParallelism(),
    rounds: 2,
    steps,
    stepsAlone: true,
  };
  const lines = [];
  for (const row of rows) {
    console.error(`${row.name} …`);
    const { results } = await measureRow(row, timed, settings);
    const ours = timed.filter((name) => !devices[name].program.includes("pytorch.py"));
    const [best] = ours.sort((a, b) => results[a].median - results[b].median);
    const times = timed.map((name) => results[name].median.toFixed(1));
    lines.push([row.name, ...times, devices[best].title]);
  }
  const header = ["ms per training step", ...timed.map((name) => devices[name].title), "fastest"];
  const text = table(header, lines);
  return problem ? `${text}\nNo GPU to compare with: ${problem}` : text;
}

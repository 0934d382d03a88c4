// Tables for people.
import { peers } from "./peer.mjs";

const milliseconds = (value) =>
  value >= 1e4
    ? `${(value / 1000).toFixed(1)} s`
    : value >= 100
      ? value.toFixed(0)
      : value.toFixed(1);
const cell = (result) =>
  result ? `${milliseconds(result.median)} (${milliseconds(result.min)})` : "–";
const times = (ratio) => (ratio ? `${ratio.toFixed(2)}×` : "–");

/** How many times as fast ours is, by median. */
export const ratio = (row, peer) => row[peer] && row.ours && row[peer].median / row.ours.median;

function stepCells(row, peer, withRatio) {
  const time = cell(row[peer]) + (row[peer] && row.notes?.[peer] ? "*" : "");
  return withRatio && peer !== "ours" ? [time, times(ratio(row, peer))] : [time];
}

/** Lines of cells under a header, in columns. */
export function table(header, lines) {
  const widths = header.map((title, i) =>
    Math.max(title.length, ...lines.map((line) => line[i].length)),
  );
  const text = (line) =>
    line.map((part, i) => (i ? part.padStart(widths[i]) : part.padEnd(widths[i]))).join("  ");
  return [
    text(header),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...lines.map(text),
  ].join("\n");
}

/** The whole report of a run. */
export function report({ machine, threads, peakGflops, rows, geometricMean, versions }) {
  const timed = Object.keys(peers).filter((peer) => rows.some((row) => row[peer]));
  const withOurs = timed.includes("ours");
  const steps = table(
    [
      "ms per step, median (minimum)",
      ...timed.flatMap((peer) =>
        withOurs && peer !== "ours" ? [peers[peer].title, "ratio"] : [peers[peer].title],
      ),
    ],
    rows.map((row) => [row.name, ...timed.flatMap((peer) => stepCells(row, peer, withOurs))]),
  );
  const alone = rows.filter((row) => row.ours?.layer ?? row.pytorch?.layer ?? row.keras?.layer);
  const withLayer = ["ours", "pytorch", "keras"].filter((peer) => alone.some((row) => row[peer]));
  const layers = table(
    [
      "recurrent layer alone, ms",
      "GFLOP",
      ...withLayer.flatMap((peer) => [peers[peer].title, "of peak"]),
    ],
    alone.map((row) => [
      row.name,
      row.gflop.toFixed(1),
      ...withLayer.flatMap((peer) => [cell(row[peer]?.layer), percent(row[peer]?.layer?.share)]),
    ]),
  );
  const done = rows.filter((row) => timed.some((peer) => row[peer]));
  const memory = table(
    ["peak memory of the process, MB", ...timed.map((peer) => peers[peer].title)],
    done.map((row) => [
      row.name,
      ...timed.map((peer) => (row[peer] ? (row[peer].memory / 1e6).toFixed(0) : "–")),
    ]),
  );
  const notes = rows.flatMap((row) =>
    Object.entries(row.notes ?? {})
      .filter(([peer]) => peer === "all" || row[peer])
      .map(([, note]) => `* ${row.name}: ${note}`),
  );
  const means = Object.entries(geometricMean).map(
    ([peer, value]) => `${times(value)} as fast as ${peers[peer].title}`,
  );
  return [
    `${machine.processor}, ${threads} of ${machine.cores} cores, ${machine.memoryGb} GB; Node ${machine.node}`,
    Object.entries(versions)
      .map(([peer, version]) => `${peers[peer].title} ${version}`)
      .join(", "),
    "",
    steps,
    ...notes,
    ...scores(rows, timed),
    ...(means.length ? [`Geometric mean over recurrent rows: ${means.join(", ")}`] : []),
    ...(alone.length
      ? ["", layers, `Peak of matrix products in this run: ${peakGflops.toFixed(0)} GFLOP/s`]
      : []),
    "",
    memory,
    ...busyWhileIdle(rows),
  ].join("\n");
}

/** Of the rows from text to score: the score that each peer ends with, and its epochs. */
function scores(rows, timed) {
  const whole = rows.filter((row) => row.kind === "whole");
  if (whole.length === 0) return [];
  const lines = whole.map((row) => [
    row.name,
    ...timed.map((peer) =>
      row[peer] ? `${row[peer].score.toFixed(4)} (${row[peer].epochs})` : "–",
    ),
  ]);
  return ["", table(["test score (epochs)", ...timed.map((peer) => peers[peer].title)], lines)];
}

const percent = (share) => (share ? `${(100 * share).toFixed(0)} %` : "–");

/** A peer that works while the others are timed would spoil the comparison: say so. */
function busyWhileIdle(rows) {
  return rows.flatMap((row) =>
    Object.keys(peers)
      .filter((peer) => row[peer]?.idle > 0.05)
      .map((peer) => {
        const share = percent(row[peer].idle);
        return `Note: ${peers[peer].title} kept ${share} of a core busy while others were timed (${row.name}).`;
      }),
  );
}

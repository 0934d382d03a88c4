// One row: all its peers side by side, taking turns, A B C A B C.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeMaterial } from "./material.mjs";
import { startPeer } from "./peer.mjs";
import { recurrentGflop } from "./rows.mjs";
import { summary } from "./statistics.mjs";

const WARM_UP = 3;

/** How far the first loss of two peers may differ, relative: they are to train the same model. */
const SAME_LOSS = 1e-3;

/**
 * Times a row. `settings`: {python, threads, rounds, steps?, stepsAlone?}; with `stepsAlone` nothing but
 * the training steps. Returns the row's results by peer, the
 * machine's matrix-product peak as seen meanwhile, and the peers' versions.
 */
export async function measureRow(row, names, settings) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-bench-"));
  const peers = names.map((name) => startPeer(name, settings));
  if (row.kind === "whole") return measureWhole(row, peers, folder, settings);
  try {
    const versions = await prepare(row, peers, folder, settings);
    const count = settings.steps ?? row.stepsPerRound;
    const training = await takeTurns(peers, "steps", { count }, settings.rounds);
    const results = {};
    for (const { name } of peers) results[name] = summary(training.ms[name]);
    let peak = 0;
    if (row.kind === "recurrent" && !settings.stepsAlone) {
      const able = peers.filter(({ name }) => name !== "stock");
      const layers = await takeTurns(able, "layer", { count }, settings.rounds);
      for (const { name } of able) results[name].layer = summary(layers.ms[name]);
      const peaks = await takeTurns(able, "peak", {}, 1);
      peak = Math.max(...Object.values(peaks.gflops));
    }
    for (const { name, ask } of peers) {
      results[name].memory = (await ask("usage")).memory;
      results[name].idle = training.idle[name];
    }
    return {
      results,
      peak,
      versions,
      gflop: row.kind === "recurrent" ? recurrentGflop(row) : undefined,
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    fs.rmSync(folder, { recursive: true });
  }
}

/** A study from text to score: each peer once, alone, with the same rows, by the same protocol. */
async function measureWhole(row, peers, folder, settings) {
  try {
    const file = path.join(folder, "parts.json");
    const loader = startPeer("ours", settings);
    try {
      await loader.ask("parts", { row, file, share: settings.share });
    } finally {
      await loader.end();
    }
    const [results, versions] = [{}, {}];
    for (const { name, ask } of peers) {
      versions[name] = (
        await ask("prepare", { row: { ...row, kind: "data" }, texts: file })
      ).version;
      const { ms, score, epochs } = await ask("whole", { row, file });
      const { memory } = await ask("usage");
      results[name] = { ...summary(ms), memory, idle: 0, score, epochs };
    }
    return { results, peak: 0, versions };
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    fs.rmSync(folder, { recursive: true });
  }
}

async function prepare(row, peers, folder, settings) {
  const given =
    row.kind === "data"
      ? { texts: await textsFile(settings) }
      : { material: writeMaterial(row, folder) };
  const versions = {};
  const first = {};
  for (const { name, ask } of peers) {
    versions[name] = (await ask("prepare", { row, ...given })).version;
    first[name] = (await ask("steps", { count: row.kind === "data" ? 1 : WARM_UP })).result;
  }
  requireSame(row, first);
  return versions;
}

/** All peers must do the same work: their first losses agree, or the ids that they made. */
function requireSame(row, first) {
  const [[name, value], ...others] = Object.entries(first);
  const tolerance = row.kind === "data" ? 0 : SAME_LOSS * Math.abs(value);
  for (const [other, theirs] of others) {
    if (Math.abs(theirs - value) <= tolerance) continue;
    throw new Error(
      `${row.name}: ${name} and ${other} don't do the same work, the first result is ${value} ` +
        `with the one and ${theirs} with the other.`,
    );
  }
}

let texts;

/** The reviews, written once in a run by a process of its own, for all peers to read. */
async function textsFile(settings) {
  if (texts) return texts;
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "starlit-texts-")), "texts.json");
  process.once("exit", () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
  const loader = startPeer("ours", settings);
  try {
    await loader.ask("texts", { file });
  } finally {
    await loader.end();
  }
  return (texts = file);
}

/**
 * Asks each peer in turn, `rounds` times over. Numbers of a peer's answers are put together; `idle`
 * is the share of the others' time in which it kept a processor busy.
 */
async function takeTurns(peers, what, more, rounds) {
  const [ms, gflops, idle] = [{}, {}, {}];
  const others = Object.fromEntries(peers.map(({ name }) => [name, { processor: 0, wall: 0 }]));
  const last = {};
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask } of peers) {
      const before = await ask("usage");
      if (last[name]) {
        others[name].processor += before.processor - last[name].processor;
        others[name].wall += performance.now() / 1000 - last[name].wall;
      }
      const answer = await ask(what, more);
      (ms[name] ??= []).push(...(answer.ms ?? []));
      gflops[name] = answer.gflops;
      // Threads that spin for a moment after their work must not run into the next turn.
      await new Promise((resolve) => setTimeout(resolve, 200));
      last[name] = { processor: (await ask("usage")).processor, wall: performance.now() / 1000 };
    }
  }
  for (const { name } of peers) idle[name] = others[name].processor / (others[name].wall || 1);
  return { ms, gflops, idle };
}

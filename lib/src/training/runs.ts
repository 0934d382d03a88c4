import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder } from "../data/places";
import { type NdArray, projectRoot, StarlitError } from "../engine";
import { deleteCheckpoint } from "./checkpoint";
import type { History } from "./fit";
import { withInterrupt } from "./interrupt";
import { type Lock, lockHolder, tryLock } from "./lock";
import { engineInfo, versions } from "./machine";
import { packArray } from "./packing";
import { readRun, type Run, runName, type RunSpec, writeRun } from "./runRecord";

/** What a training gives to be stored. */
export interface Trained {
  history: History;
  /** Results by name. */
  metrics: Record<string, number>;
  /** Outputs from which figures and intervals can be drawn again; keep them below 100 KB. */
  predictions?: Record<string, NdArray>;
}

/** Trains; `checkpoint` is the folder to be given to `fit`. */
export type Train = (checkpoint: string) => Promise<Trained>;

/** Options of `storedRun`. */
export interface StoredRunOptions {
  /** Says nothing when a finished run is loaded. */
  quiet?: boolean;
}

/** The runs that are committed: full profile, the study's own data. `STARLIT_RUNS` moves them. */
function committedFolder(): string {
  return path.resolve(projectRoot(), process.env.STARLIT_RUNS || "data/runs");
}

/** All other runs. */
function cachedFolder(): string {
  return path.join(cacheFolder(), "runs");
}

/** Where the run of a spec is stored, or will be. */
export function runFile(spec: RunSpec): string {
  const committed = spec.profile === "full" && !spec.standIn;
  const root = committed ? committedFolder() : cachedFolder();
  return path.join(root, spec.study, `${runName(spec)}.json`);
}

/** Where a run is worked on: its checkpoint and its lock. */
function workFolder(spec: RunSpec): string {
  return path.join(cacheFolder(), "training", spec.study, runName(spec));
}

/** A hash of the data that a model sees, for `RunSpec.dataFingerprint`. */
export function fingerprint(...arrays: readonly NdArray[]): string {
  const hash = crypto.createHash("sha256");
  for (const { data, shape } of arrays) hash.update(JSON.stringify(shape)).update(data);
  return hash.digest("hex").slice(0, 16);
}

/** When, where and in how many minutes a run was trained, in a line. */
export function describeRun(run: Run): string {
  const { model, seed, profile, finished, timings, engine } = run;
  const minutes = (timings.totalSeconds / 60).toFixed(1);
  const threads = engine.threads === 1 ? "1 thread" : `${engine.threads} threads`;
  return (
    `${model}, seed ${seed}, ${profile} profile: trained on ${finished.slice(0, 10)} in ${minutes} ` +
    `minutes (${engine.cpu}, ${threads}, ${engine.kernel} kernel)` +
    (run.standIn ? ", on stand-in data" : "")
  );
}

/** All stored runs of a study; those of the full profile first, then by name. */
export function listRuns(study: string): Run[] {
  return [committedFolder(), cachedFolder()].flatMap((root) => {
    const folder = path.join(root, study);
    if (!fs.existsSync(folder)) return [];
    const names = fs.readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.sort().flatMap((name) => readRun(path.join(folder, name)) ?? []);
  });
}

/** The lock of a run, waiting while another process trains it. */
async function waitForLock(file: string, title: string): Promise<Lock> {
  return withInterrupt(async (shouldStop) => {
    for (let told = false; ; told = true) {
      const lock = tryLock(file);
      if (lock) return lock;
      if (!told) {
        const holder = lockHolder(file);
        const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
        console.log(`${title}: ${who} is training it; waiting for the result.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (shouldStop())
        throw new StarlitError(`${title}: stopped while another process trains it.`);
    }
  });
}

async function trainAndStore(spec: RunSpec, train: Train): Promise<Run> {
  const work = workFolder(spec);
  const { history, metrics, predictions } = await train(work);
  const done = history.seconds.length;
  if (history.ended === "interrupt") {
    throw new StarlitError(
      `${spec.model}, seed ${spec.seed}: stopped after ${done} finished epochs; the same command goes on from there.`,
    );
  }
  const packed = Object.entries(predictions ?? {}).map(([name, array]) => [name, packArray(array)]);
  const run: Run = {
    ...spec,
    history: history.history,
    metrics,
    timings: {
      secondsPerEpoch: history.seconds.map((seconds) => Number(seconds.toFixed(3))),
      totalSeconds: Number(history.seconds.reduce((a, b) => a + b, 0).toFixed(1)),
    },
    engine: engineInfo(),
    versions: versions(),
    finished: new Date().toISOString(),
    ...(packed.length > 0 && { predictions: Object.fromEntries(packed) as Run["predictions"] }),
  };
  writeRun(runFile(spec), run);
  fs.rmSync(work, { recursive: true, force: true });
  return run;
}

/**
 * The run of a spec: loaded if it is finished, gone on with if it was broken off, else trained. Of
 * several processes that ask for the same run one trains it and the others wait for its result.
 * `STARLIT_FRESH=1` trains again what is stored.
 *
 * @param train trains with the checkpoint folder that it is given, and measures
 * @throws StarlitError if the stored file is damaged or the reader stops the training
 */
export async function storedRun(
  spec: RunSpec,
  train: Train,
  { quiet = false }: StoredRunOptions = {},
): Promise<Run> {
  const file = runFile(spec);
  const title = `${spec.model}, seed ${spec.seed}`;
  const asked = Date.now();
  const load = () => {
    const run = readRun(file);
    const fresh = process.env.STARLIT_FRESH === "1";
    if (!run || (fresh && Date.parse(run.finished) < asked)) return null;
    if (!quiet)
      console.log(`${describeRun(run)}; loaded from ${path.relative(projectRoot(), file)}.`);
    return run;
  };
  const found = load();
  if (found) return found;
  const lock = await waitForLock(path.join(workFolder(spec), "lock"), title);
  try {
    const finished = load();
    if (finished) return finished;
    if (process.env.STARLIT_FRESH === "1") deleteCheckpoint(workFolder(spec));
    return await trainAndStore(spec, train);
  } finally {
    lock.release();
  }
}

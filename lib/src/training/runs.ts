import * as fs from "node:fs";
import * as path from "node:path";
import { checkOptions, type NdArray, projectRoot, StarlitError } from "../engine";
import { cacheFolder, fromProject } from "../engine/environment";
import { NUMERICS_VERSION } from "../engine/numerics";
import { waitForLock } from "../files/lock.cjs";
import { sha256 } from "../files/sum.cjs";
import { deleteCheckpoint } from "./checkpoint";
import type { History } from "./history";
import { tellLoaded } from "./loaded";
import { withInterrupt } from "./interrupt";
import { engineInfo, versions } from "./machine";
import {
  ForeignRunError,
  packArray,
  readRun,
  type Run,
  runName,
  type RunSpec,
  writeRun,
} from "./runRecord";

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

/** Minutes that a run waits for the process that trains it. */
const LONGEST_TRAINING = 24 * 60;

/** The runs that are committed: full profile, the study's own data. `STARLIT_RUNS` moves them. */
function committedFolder(): string {
  return fromProject(process.env.STARLIT_RUNS || "data/runs");
}

/** All other runs. */
function cachedFolder(): string {
  return path.join(cacheFolder(), "runs");
}

const runFolders = (): readonly string[] => [committedFolder(), cachedFolder()];

/** Where the run of a spec is stored, or will be. */
export function runFile(spec: RunSpec): string {
  const committed = spec.profile === "full" && !spec.standIn;
  const root = committed ? committedFolder() : cachedFolder();
  return path.join(root, spec.study, `${runName(spec)}.json`);
}

/** Where the checkpoint of a run lies while it is worked on; its lock lies beside that folder. */
function workFolder(spec: RunSpec): string {
  return path.join(cacheFolder(), "training", spec.study, runName(spec));
}

/** A hash of the data that a model sees, for `RunSpec.dataFingerprint`. */
export function fingerprint(...arrays: readonly NdArray[]): string {
  const parts = arrays.flatMap(({ data, shape }) => [JSON.stringify(shape), data]);
  return sha256(...parts).slice(0, 16);
}

/**
 * Why a run is stale, in a sentence that says what to do; "" if the code of today would compute the
 * same numbers.
 */
export function staleness(run: Run): string {
  const { study, model, seed, profile, numerics = 1 } = run;
  if (numerics === NUMERICS_VERSION) return "";
  return (
    `${model}, seed ${seed}, of ${study}, ${profile} profile, is stale: version ${numerics} of the ` +
    `numerics trained it, this is version ${NUMERICS_VERSION}; ${trainAgain(run)} trains it again.`
  );
}

/** The command that trains a run again. */
function trainAgain(spec: Pick<RunSpec, "study" | "model" | "seed" | "profile">): string {
  const [id, searched] = spec.study.split("/");
  const command = `npx starlit ${searched ? "search" : "run"} ${id} ${spec.model}`;
  return `STARLIT_FRESH=1 ${command} --seed ${spec.seed} --profile ${spec.profile}`;
}

/** The files of stored runs below folders, by name. */
function runFiles(study: string, recursive: boolean, folders = runFolders()): string[] {
  return folders.flatMap((root) => {
    const folder = path.join(root, study);
    if (!fs.existsSync(folder)) return [];
    const names = fs.readdirSync(folder, { recursive, encoding: "utf8" });
    const files = names.filter((name) => name.endsWith(".json")).sort();
    return files.map((name) => path.join(folder, name));
  });
}

/**
 * All stored runs of a study; those of the full profile first, then by name.
 *
 * @param folders where to look; unless told, where runs are stored
 */
export function listRuns(study: string, folders?: readonly string[]): Run[] {
  return listStoredRuns(study, folders).map(({ run }) => run);
}

/** As `listRuns`, each with the file that holds it. */
export function listStoredRuns(
  study: string,
  folders?: readonly string[],
): { file: string; run: Run }[] {
  return runFiles(study, false, folders).flatMap((file) => {
    const run = readRun(file);
    return run ? [{ file, run }] : [];
  });
}

/** What `examineRuns` finds. */
export interface ExaminedRuns {
  /** Number of files. */
  files: number;
  /** Runs that cannot be used as they are, each with what is wrong and what to do in a sentence. */
  problems: { file: string; state: "damaged" | "foreign" | "stale"; sentence: string }[];
}

/** Reads every stored run, of searches too, and tells which are damaged, foreign or stale. */
export function examineRuns(): ExaminedRuns {
  const files = runFiles("", true);
  const problems = files.flatMap((file): ExaminedRuns["problems"] => {
    try {
      const sentence = staleness(readRun(file)!);
      return sentence ? [{ file, state: "stale", sentence }] : [];
    } catch (error) {
      if (!(error instanceof StarlitError)) throw error;
      const state = error instanceof ForeignRunError ? "foreign" : "damaged";
      return [{ file, state, sentence: `${error.message} ${namedRun(file)}`.trim() }];
    }
  });
  return { files: files.length, problems };
}

/** How to make the run that a file should hold, as far as its name tells. */
function namedRun(file: string): string {
  const isCommitted = file.startsWith(committedFolder() + path.sep);
  const root = isCommitted ? committedFolder() : cachedFolder();
  const { dir: study, name } = path.parse(path.relative(root, file));
  const [, model, seed] = /^(.+)-seed-(\d+)-[0-9a-f]{8}$/.exec(name) ?? [];
  if (!model) return "";
  const profile = isCommitted ? "full" : "quick";
  return `${trainAgain({ study, model, seed: Number(seed), profile })} makes it again.`;
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
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    },
    engine: engineInfo(),
    versions: versions(),
    numerics: NUMERICS_VERSION,
    finished: new Date().toISOString(),
    ...(packed.length > 0 && { predictions: Object.fromEntries(packed) as Run["predictions"] }),
  };
  writeRun(runFile(spec), run);
  fs.rmSync(work, { recursive: true, force: true });
  return run;
}

/** A stored run, or `null` where there is none or a damaged one, which is about to be replaced. */
function readIfWhole(file: string): Run | null {
  try {
    return readRun(file);
  } catch (error) {
    if (error instanceof StarlitError) return null;
    throw error;
  }
}

/**
 * The run of a spec: loaded if it is finished, gone on with if it was broken off, else trained. Of
 * several processes that ask for the same run one trains it and the others wait for its result.
 * `STARLIT_FRESH=1` trains again what is stored. A run that an older version of the numerics trained
 * is loaded, and said to be stale.
 *
 * @param train trains with the checkpoint folder that it is given, and measures
 * @throws StarlitError if the stored file is damaged or holds another run, the reader stops the
 *   training, or another process trains it for a day
 */
export async function storedRun(
  spec: RunSpec,
  train: Train,
  options: StoredRunOptions = {},
): Promise<Run> {
  checkOptions("storedRun", options, ["quiet"]);
  const file = runFile(spec);
  const title = `${spec.model}, seed ${spec.seed}`;
  const asked = Date.now();
  const fresh = process.env.STARLIT_FRESH === "1";
  const load = () => {
    const run = fresh ? readIfWhole(file) : readRun(file);
    if (!run || (fresh && Date.parse(run.finished) < asked)) return null;
    if (!options.quiet) tellLoaded(run, path.relative(projectRoot(), file));
    if (staleness(run)) console.log(staleness(run));
    return run;
  };
  const found = load();
  if (found) return found;
  const lock = await withInterrupt((shouldStop) =>
    waitForLock(`${workFolder(spec)}.lock`, { title, minutes: LONGEST_TRAINING, shouldStop }),
  );
  try {
    const finished = load();
    if (finished) return finished;
    if (fresh) deleteCheckpoint(workFolder(spec));
    return await trainAndStore(spec, train);
  } finally {
    lock.release();
  }
}

import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { type NdArray, type Profile, StarlitError } from "../engine";
import { sha256 } from "../files/sum.cjs";
import { writeWhole } from "../files/whole.cjs";
import type { Curves } from "./history";
import type { EngineInfo } from "./machine";

/** Plain data that JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What makes a run this run: two runs with the same of all these are one. */
export interface RunSpec {
  /** Id of the study, e.g. `clothing`. */
  study: string;
  /** Name of the model in the study, e.g. `lstm-2`. */
  model: string;
  /** All that was chosen: sizes, rates, loss, epochs, how texts were prepared. */
  hyperParameters: { readonly [name: string]: Json };
  seed: number;
  profile: Profile;
  /** Hash of the data that the model saw. */
  dataFingerprint: string;
  /** Whether the data stand in for those of the study, so that the numbers are not comparable. */
  standIn: boolean;
}

/** A finished training run, as stored in one JSON file. */
export interface Run extends RunSpec {
  /** Loss and metrics by epoch. */
  history: Curves;
  /** Results by name, e.g. `weightedF1` on the test rows. */
  metrics: Record<string, number>;
  timings: {
    secondsPerEpoch: number[];
    totalSeconds: number;
    /** The most memory that its process had until it was stored, in units of 2²⁰ bytes. */
    peakMegabytes?: number;
  };
  engine: EngineInfo;
  versions: Record<string, string>;
  /** When it ended, ISO 8601. */
  finished: string;
  /** Outputs from which figures and intervals can be drawn again. */
  predictions?: Record<string, PackedArray>;
  /** `NUMERICS_VERSION` of the code that trained it; runs without it were trained by version 1. */
  numerics?: number;
}

/** What a file holds: the run, and its sum (`sumOf`). */
type StoredRun = Run & { sha256: string };

const count = z.number().int().nonnegative();
const schema: z.ZodType<Run> = z.object({
  study: z.string(),
  model: z.string(),
  hyperParameters: z.record(z.string(), z.json()),
  seed: count,
  profile: z.enum(["quick", "full"]),
  dataFingerprint: z.string(),
  standIn: z.boolean(),
  history: z.record(z.string(), z.array(z.number())),
  metrics: z.record(z.string(), z.number()),
  timings: z.object({
    secondsPerEpoch: z.array(z.number()),
    totalSeconds: z.number(),
    peakMegabytes: count.optional(),
  }),
  engine: z.object({
    kernel: z.string(),
    tensorflow: z.string(),
    threads: count,
    cpu: z.string(),
    gpu: z.string().optional(),
  }),
  versions: z.record(z.string(), z.string()),
  finished: z.iso.datetime(),
  predictions: z
    .record(
      z.string(),
      z.object({
        shape: z.array(count),
        type: z.enum(["uint8", "uint16"]),
        offset: z.number(),
        scale: z.number(),
        data: z.base64(),
      }),
    )
    .optional(),
  numerics: count.optional(),
});

/** What a metric can be, by the end of its name. */
const ranges: readonly (readonly [name: RegExp, least: number, most: number])[] = [
  [/(accuracy|precision|recall|f1|auc|share|coverage|attention)$/i, 0, 1],
  [/(mse|mae|stars)$/i, 0, Infinity],
  [/r2$/i, -Infinity, 1],
];

/** What is wrong with a value that should be a run; "" if it is one. */
function fault(value: unknown): string {
  const { error } = schema.safeParse(value);
  if (error) {
    const [{ path: place, message }] = error.issues;
    return place.length > 0 ? `${place.join(".")}: ${message}` : message;
  }
  const { metrics, history, timings, predictions = {} } = value as Run;
  const curves = Object.entries(history);
  const epochs = timings.secondsPerEpoch.length;
  const uneven = curves.find(([, curve]) => curve.length !== epochs);
  if (uneven) return `history.${uneven[0]}: ${uneven[1].length} values, but ${epochs} epochs`;
  for (const [name, values] of [...curves, ...Object.entries(metrics)]) {
    const [, least, most] = ranges.find(([names]) => names.test(name)) ?? [0, -Infinity, Infinity];
    const wrong = [values].flat().find((value) => value < least || value > most);
    if (wrong !== undefined) return `${name}: ${wrong} is impossible`;
  }
  const broken = Object.entries(predictions).find(([, array]) => !isWhole(array));
  return broken ? `predictions.${broken[0]}: its shape and its data differ` : "";
}

/** SHA-256 of a run's canonical text, whatever the order of the names. */
function sumOf(run: Run): string {
  return sha256(canonical(run as unknown as Json));
}

/** A file that holds another run than its name says: one that was copied, or renamed. */
export class ForeignRunError extends StarlitError {
  override name = "ForeignRunError";
}

/**
 * Reads a stored run.
 *
 * @returns the run, or `null` if there is no such file
 * @throws ForeignRunError if the file holds another run than its name says
 * @throws StarlitError naming the file if it is damaged, or holds numbers that cannot be
 */
export function readRun(file: string): Run | null {
  if (!fs.existsSync(file)) return null;
  const remedy = "restore it from the repository, or delete it to train again";
  const { run, wrong } = parseRun(file);
  if (wrong) throw new StarlitError(`${file} is not a stored run (${wrong}): ${remedy}.`);
  const place = path.join(run.study, `${runName(run)}.json`);
  if (path.resolve(file).endsWith(path.sep + place)) return run;
  throw new ForeignRunError(
    `${file} holds another run, that of ${place} (seed ${run.seed}, ${run.profile} profile): ${remedy}.`,
  );
}

/** A run from its file, and what is wrong with it, or "". */
function parseRun(file: string): { run: Run; wrong: string } {
  try {
    const value = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<StoredRun>;
    const { sha256: sum, ...rest } = value;
    const run = rest as Run;
    return { run, wrong: fault(run) || unsealed(run, sum) };
  } catch (error) {
    return { run: {} as Run, wrong: (error as Error).message };
  }
}

/** What a run's sum says against it; "" if it is the one that was stored. */
function unsealed(run: Run, sum: string | undefined): string {
  if (sum === undefined) return "it has no sum that shows whether it was changed";
  return sum === sumOf(run) ? "" : "it was changed after it was stored";
}

/** Writes a run, whole or not at all; a number that is none (NaN) or cannot be is refused before. */
export function writeRun(file: string, run: Run): void {
  const wrong = fault(run);
  if (wrong) throw new StarlitError(`The run of ${run.model} cannot be stored: ${wrong}.`);
  const stored: StoredRun = { ...run, sha256: sumOf(run) };
  writeWhole(file, `${JSON.stringify(stored, null, 1)}\n`);
}

/** The same text for the same data, whatever the order of the names; what is undefined is not there. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(",")}}`;
}

/** The name of a run's file, without folder and ending: readable, and different for each spec. */
export function runName(spec: RunSpec): string {
  const { study, model, hyperParameters, seed, profile, dataFingerprint, standIn } = spec;
  const identity = { study, model, hyperParameters, seed, profile, dataFingerprint, standIn };
  return `${model}-seed-${seed}-${sha256(canonical(identity)).slice(0, 8)}`;
}

/** Numbers in a small JSON text: each is `offset + scale · q`, with `q` a small whole number. */
export interface PackedArray {
  shape: number[];
  /** Bytes of each `q`, unsigned, lowest first. */
  type: "uint8" | "uint16";
  offset: number;
  scale: number;
  /** The `q` in base64. */
  data: string;
}

/**
 * Packs numbers for a stored run. Whole numbers with a range below 256 keep their value in a byte;
 * others are rounded to one of 65,536 levels between the smallest and the largest.
 */
export function packArray({ data, shape }: NdArray): PackedArray {
  let [low, high] = [Infinity, -Infinity];
  let whole = true;
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  const asByte = data.length === 0 || (whole && high - low < 256);
  const scale = asByte || high === low ? 1 : (high - low) / 65535;
  const offset = data.length === 0 ? 0 : low;
  const level = (value: number) => Math.round((value - offset) / scale);
  const quotients = asByte ? Uint8Array.from(data, level) : Uint16Array.from(data, level);
  return {
    shape,
    type: asByte ? "uint8" : "uint16",
    offset,
    scale,
    data: Buffer.from(quotients.buffer).toString("base64"),
  };
}

/** The numbers of a packed array; probabilities are right to 0.00001. */
export function unpackArray(packed: PackedArray): NdArray<Float32Array> {
  const bytes = Uint8Array.from(Buffer.from(packed.data, "base64"));
  const quotients = packed.type === "uint8" ? bytes : new Uint16Array(bytes.buffer);
  const data = Float32Array.from(quotients, (q) => packed.offset + packed.scale * q);
  return { data, shape: packed.shape };
}

/** Whether a packed array has as many numbers as its shape says. */
function isWhole({ shape, type, data }: PackedArray): boolean {
  const bytes = Buffer.from(data, "base64").length / (type === "uint8" ? 1 : 2);
  return bytes === shape.reduce((size, length) => size * length, 1);
}

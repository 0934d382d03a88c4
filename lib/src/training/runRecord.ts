import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { z } from "zod";
import { type Profile, StarlitError } from "../engine";
import { writeWhole } from "./files";
import type { Curves } from "./earlyStopping";
import type { EngineInfo } from "./machine";
import type { PackedArray } from "./packing";

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
  timings: { secondsPerEpoch: number[]; totalSeconds: number };
  engine: EngineInfo;
  versions: Record<string, string>;
  /** When it ended, ISO 8601. */
  finished: string;
  /** Outputs from which figures and intervals can be drawn again. */
  predictions?: Record<string, PackedArray>;
}

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
  timings: z.object({ secondsPerEpoch: z.array(z.number()), totalSeconds: z.number() }),
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
});

/** What is wrong with a value that should be a run; "" if it is one. */
function fault(value: unknown): string {
  const { error } = schema.safeParse(value);
  if (!error) return "";
  const [{ path, message }] = error.issues;
  return path.length > 0 ? `${path.join(".")}: ${message}` : message;
}

/**
 * Reads a stored run.
 *
 * @returns the run, or `null` if there is no such file
 * @throws StarlitError naming the file if it is damaged
 */
export function readRun(file: string): Run | null {
  if (!fs.existsSync(file)) return null;
  let value: unknown;
  let wrong: string;
  try {
    value = JSON.parse(fs.readFileSync(file, "utf8"));
    wrong = fault(value);
  } catch (error) {
    wrong = (error as Error).message;
  }
  if (!wrong) return value as Run;
  throw new StarlitError(
    `${file} is not a stored run (${wrong}): restore it from the repository, or delete it to train again.`,
  );
}

/** Writes a run, whole or not at all; a number that is none (NaN) is refused before. */
export function writeRun(file: string, run: Run): void {
  const wrong = fault(run);
  if (wrong) throw new StarlitError(`The run of ${run.model} cannot be stored: ${wrong}.`);
  writeWhole(file, `${JSON.stringify(run, null, 1)}\n`);
}

/** The same text for the same data, whatever the order of the names. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(",")}}`;
}

/** The name of a run's file, without folder and ending: readable, and different for each spec. */
export function runName(spec: RunSpec): string {
  const { study, model, hyperParameters, seed, profile, dataFingerprint, standIn } = spec;
  const identity = { study, model, hyperParameters, seed, profile, dataFingerprint, standIn };
  const hash = crypto.createHash("sha256").update(canonical(identity)).digest("hex");
  return `${model}-seed-${seed}-${hash.slice(0, 8)}`;
}

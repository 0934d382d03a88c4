import * as fs from "node:fs";
import * as path from "node:path";
import { StarlitError } from "../engine/errors";
import { sha256 } from "../files/sum.cjs";
import { writeWhole } from "../files/whole.cjs";
import type { CalibrationBin, Interval } from "../metrics";
import type { LoadedReviews } from "./load";
import type { Mistake, RatingErrors, Scores, TermEffect } from "./measure";
import { open, type PackedRater, type Rated, type Token, type WordEffect } from "./player.cjs";

/** A point of the learning curve. */
export interface CurvePoint {
  /** Reviews that were learned from. */
  reviews: number;
  /** Error of the expected rating on the test reviews. */
  error: Interval;
  /** By how much more reviews than at the point before lowered the error; `null` at the first. */
  gain: Interval | null;
}

/** All that is known of a rater beside its numbers: its report as plain data. */
export interface RaterReport {
  /** Sum of what it was trained on and how: the same training is not done twice. */
  fingerprint: string;
  /** Day on which it was trained, e.g. "2026-11-27". */
  trained: string;
  version: string;
  seconds: number;
  data: Omit<LoadedReviews, "reviews">;
  /** How the reviews were parted. */
  split: { by: string; train: number; validation: number; test: number; unused: number };
  /** Which model was kept, and the cross-entropy of both on the validation reviews. */
  kept: PackedRater["kind"];
  losses: { bag: number; network: number };
  /** Each seed of the network: its validation loss, and its weighted F1 and error on the test reviews. */
  seeds: { seed: number; loss: number; weightedF1: number; error: number }[];
  scores: Scores[];
  /** By how much the error of the model that was kept is below that of the other one. */
  gain: Interval;
  calibration: CalibrationBin[];
  coverage: number;
  errors: RatingErrors[];
  words: TermEffect[];
  pairs: TermEffect[];
  mistakes: Mistake[];
  curve: CurvePoint[];
}

/** A trained rater. */
export interface Rater {
  /** The folder that it lies in. */
  folder: string;
  /** The ratings that it knows, ascending, and what they are called. */
  values: readonly number[];
  labels: readonly string[];
  /** Its numbers, as they are saved and put into pages. */
  packed: PackedRater;
  report: RaterReport;
  /** What it says of a text. */
  rate(text: string): Rated;
  /** What it says of texts, in their order. */
  rate(texts: readonly string[]): Rated[];
  /** What it says of a text, the words that moved the rating, and where the network looked. */
  explain(text: string): Rated & {
    words: WordEffect[];
    tokens: (Token & { attention: number | null })[];
  };
}

const FORMAT = "starlit rater 1";

interface Saved {
  format: string;
  sha256: string;
  report: RaterReport;
  packed: PackedRater;
}

const sumOf = (packed: PackedRater, report: RaterReport) =>
  sha256(JSON.stringify(packed), JSON.stringify(report));

/** The file of a rater in its folder. */
export const raterFile = (folder: string) => path.join(folder, "rater.json");

/** Saves a rater in a folder, whole or not at all. */
export function saveRater(folder: string, packed: PackedRater, report: RaterReport): void {
  const saved: Saved = { format: FORMAT, sha256: sumOf(packed, report), report, packed };
  writeWhole(raterFile(folder), JSON.stringify(saved));
}

function read(file: string): Saved {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StarlitError(
      code === "ENOENT" || code === "ENOTDIR"
        ? `There is no rater in ${path.dirname(file)}: make one with \`npx starlit train reviews.csv --out ${path.dirname(file)}\`.`
        : `${file} cannot be read (${code}): check that it is a readable file.`,
    );
  }
  try {
    const saved = JSON.parse(text) as Saved;
    if (saved.format !== FORMAT) throw new Error("another format");
    if (saved.sha256 === sumOf(saved.packed, saved.report)) return saved;
  } catch {
    // Told below.
  }
  throw new StarlitError(
    `${file} is damaged, or another version wrote it: train the rater again, the file is replaced.`,
  );
}

/**
 * Loads the rater that a training left in a folder. It needs no TensorFlow and no other file.
 *
 * @throws StarlitError if there is none, or it is damaged
 */
export function loadRater(folder: string): Rater {
  const { packed, report } = read(raterFile(folder));
  return raterOf(folder, packed, report);
}

/** A rater of its numbers and its report. */
export function raterOf(folder: string, packed: PackedRater, report: RaterReport): Rater {
  const opened = open(packed);
  function rate(text: string): Rated;
  function rate(texts: readonly string[]): Rated[];
  function rate(given: string | readonly string[]): Rated | Rated[] {
    if (typeof given === "string") return opened.rate(given);
    const wrong = Array.isArray(given) ? given.find((text) => typeof text !== "string") : given;
    if (wrong === undefined && Array.isArray(given)) return given.map((text) => opened.rate(text));
    throw new StarlitError(`rate got ${String(wrong)}: give a text, or a list of texts.`);
  }
  const { values, labels } = packed;
  return { folder, values, labels, packed, report, rate, explain: opened.explain };
}

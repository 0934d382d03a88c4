import * as fs from "node:fs";
import * as path from "node:path";
import { profile, projectRoot, StarlitError } from "../../engine";
import { cacheFolder } from "../../engine/environment";
import { writeWhole } from "../../files/whole.cjs";
import { summarize } from "../../metrics/summary";
import type { ResultRow as Row } from "../experiment/resultRow";
import { findStudy, studies } from "../registry";

/** The rows of one study, as a notebook saved them. */
export interface StudyResults {
  study: string;
  rows: Row[];
}

/** The results of the full profile, committed beside the notebooks. */
export function committedResults(): string {
  return path.join(projectRoot(), "data/results");
}

/**
 * Where a notebook's results lie: `STARLIT_RESULTS`, as when the project itself executes its
 * notebooks; else in the cache, so that a reader's Run All changes no committed file.
 */
function resultsFolder(): string {
  return process.env.STARLIT_RESULTS || path.join(cacheFolder(), "results", profile());
}

/**
 * Saves the numbers of a study beside the published ones, for the report. Replaces what the study, or
 * this part of it, had saved before.
 *
 * @param study id of a study
 * @param part name of what a further notebook of the study adds, in lower-case letters
 * @throws StarlitError if there is no such study, or a number is none (NaN)
 */
export function save(study: string, rows: readonly Row[], part?: string): void {
  findStudy(study);
  if (part !== undefined && !/^[a-z]+$/.test(part)) {
    throw new StarlitError(`A part of results is named by lower-case letters, not "${part}".`);
  }
  for (const { what, published, ours, values = [] } of rows) {
    if ([published ?? 0, ours, ...values].every(Number.isFinite)) continue;
    throw new StarlitError(`The result "${what}" of ${study} holds a value that is no number.`);
  }
  const file = path.join(resultsFolder(), [study, part, "json"].filter(Boolean).join("."));
  writeWhole(file, `${JSON.stringify({ study, rows }, null, 1)}\n`);
}

/**
 * The results of all studies that have some, in the order of the studies; a study's parts follow what
 * it saved without a part.
 *
 * @param folder where to look; unless told, where `save` writes under the current profile
 * @throws StarlitError naming the file if one is damaged
 */
export function load(folder: string = resultsFolder()): StudyResults[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  return studies.flatMap(({ id }) => {
    const parts = names.filter((name) => new RegExp(`^${id}\\.[a-z]+\\.json$`).test(name));
    const files = [...names.filter((name) => name === `${id}.json`), ...parts];
    if (files.length === 0) return [];
    const rows = files.flatMap((name) => readResults(path.join(folder, name)).rows);
    return [{ study: id, rows }];
  });
}

function readResults(file: string): StudyResults {
  try {
    const value = JSON.parse(fs.readFileSync(file, "utf8")) as StudyResults;
    if (!Array.isArray(value.rows)) throw new Error("no rows");
    return value;
  } catch (error) {
    const why = (error as Error).message;
    throw new StarlitError(`${file} holds no results (${why}): delete it and run the study again.`);
  }
}

/** A row as a reader sees it. */
export interface RowText {
  what: string;
  published: string;
  ours: string;
  difference: string;
  /** Profile, seeds, and a warning where other data stood in. */
  made: string;
  note: string;
}

/**
 * Rows as text: numbers with equal decimals, ours with its spread, the difference with its sign. Beside
 * a number that comes from stand-in data no published one is shown.
 */
export function texts(rows: readonly Row[]): RowText[] {
  return rows.map((row) => {
    const { what, reading, ours, values, note = "" } = row;
    const published = row.standIn ? null : row.published;
    const digits = decimals(published ?? ours, ours);
    const spread = values ? ` ± ${number(summarize(values).std, digits)}` : "";
    return {
      what: reading === undefined ? what : `${what} (${reading})`,
      published: published === null ? "–" : number(published, digits),
      ours: number(ours, digits) + spread,
      difference: published === null ? "" : signed(ours - published, digits),
      made: howMade(row),
      note,
    };
  });
}

function howMade({ profile: of, seeds, standIn }: Row): string {
  const trainings = seeds === 0 ? "" : `, ${seeds} ${seeds === 1 ? "seed" : "seeds"}`;
  return `${of}${trainings}${standIn ? ", stand-in data" : ""}`;
}

function decimals(...values: number[]): number {
  if (values.every(Number.isInteger)) return 0;
  const largest = Math.max(...values.map(Math.abs));
  return largest >= 100 ? 1 : largest >= 10 ? 2 : 4;
}

// The minus sign and the grouping of English print.
const number = (value: number, digits: number) =>
  value
    .toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace("-", "−");

function signed(value: number, digits: number): string {
  const text = number(value, digits);
  if (Number(value.toFixed(digits)) === 0) return number(0, digits);
  return value > 0 ? `+${text}` : text;
}

/** The table of the report in a terminal: published, ours and the difference, study by study. */
export function table(results: readonly StudyResults[]): string {
  const header = ["", "published", "ours", "difference", "made with"];
  const blocks = results.map(({ study, rows }) => ({
    title: findStudy(study).title,
    lines: texts(rows).map((row) => [row.what, row.published, row.ours, row.difference, row.made]),
  }));
  const all = [header, ...blocks.flatMap(({ lines }) => lines)];
  const widths = header.map((_, column) => Math.max(...all.map((line) => line[column].length)));
  const numeric = (column: number) => column >= 1 && column <= 3;
  const aligned = (line: string[]) =>
    line
      .map((text, i) => (numeric(i) ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  return blocks
    .map(({ title, lines }) => [title, ...[header, ...lines].map((line) => `  ${aligned(line)}`)])
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

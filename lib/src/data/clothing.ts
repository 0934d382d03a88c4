import { parse } from "csv-parse/sync";
import { StarlitError } from "../engine/errors";
import { catalogue } from "./catalogue";
import { readText } from "./read";
import { resolveFile } from "./resolve";

/** A review of a piece of clothing; texts are as written, line breaks (CR LF) included. */
export interface ClothingReview {
  /** Number of the row in the publisher's file, from 0. */
  index: number;
  /** Number of the product. */
  clothingId: number;
  /** Age of the reviewer in years. */
  age: number;
  /** Headline, "" where there is none. */
  title: string;
  /** The review, "" where there is none. */
  text: string;
  /** 1 to 5 stars. */
  rating: number;
  /** Whether the reviewer recommends the product. */
  recommended: boolean;
  /** How many customers found the review helpful. */
  positiveFeedbackCount: number;
  /** Division of the product, e.g. "General Petite"; "" where unknown. */
  division: string;
  /** Department of the product, e.g. "Dresses"; "" where unknown. */
  department: string;
  /** Class of the product, e.g. "Blouses"; "" where unknown. */
  className: string;
}

const columns = {
  index: "",
  clothingId: "Clothing ID",
  age: "Age",
  title: "Title",
  text: "Review Text",
  rating: "Rating",
  recommended: "Recommended IND",
  positiveFeedbackCount: "Positive Feedback Count",
  division: "Division Name",
  department: "Department Name",
  className: "Class Name",
} satisfies Record<keyof ClothingReview, string>;

/**
 * The Women's E-Commerce Clothing Reviews (CC0): 23,486 rows, 22,641 of them with text.
 *
 * @throws StarlitError if the shipped file is damaged
 */
export async function loadClothingReviews(): Promise<ClothingReview[]> {
  const info = catalogue["clothing-reviews"];
  return readClothingReviews(await resolveFile(info.files[0], info));
}

/** The whole numbers that a column may hold. */
const ranges: Partial<Record<keyof ClothingReview, [least: number, most: number]>> = {
  age: [1, 120],
  rating: [1, 5],
  recommended: [0, 1],
};

/**
 * Reads reviews from a CSV file with the columns of the Women's E-Commerce Clothing Reviews, in UTF-8.
 *
 * @param file path of the file; gzip-compressed if it ends in `.gz`
 * @throws StarlitError if the file cannot be read, a column is missing or there twice, a number is
 *   none or out of its range, or two reviews have the same index
 */
export function readClothingReviews(file: string): ClothingReview[] {
  const all = parseCsv(file);
  const [header, ...records] = all;
  const at = locateColumns(header, file);
  const seen = new Map<number, number>();
  return records.map((record, row) => {
    const fail = (what: string): never => {
      const line = endLine(all, row + 1);
      throw new StarlitError(`${file}, record ${row + 1}: ${what}: correct line ${line}.`);
    };
    const text = (name: keyof ClothingReview) => record[at[name]];
    const number = (name: keyof ClothingReview) => {
      const [least, most] = ranges[name] ?? [0, Number.MAX_SAFE_INTEGER];
      const value = /^\d+$/.test(text(name)) ? Number(text(name)) : NaN;
      if (value >= least && value <= most) return value;
      const range = name in ranges ? `${least} to ${most}` : "0 on";
      return fail(`"${columns[name]}" is "${text(name)}", not a whole number from ${range}`);
    };
    const index = number("index");
    if (seen.has(index)) fail(`its index ${index} is also that of record ${seen.get(index)}`);
    seen.set(index, row + 1);
    return {
      index,
      clothingId: number("clothingId"),
      age: number("age"),
      title: text("title"),
      text: text("text"),
      rating: number("rating"),
      recommended: number("recommended") === 1,
      positiveFeedbackCount: number("positiveFeedbackCount"),
      division: text("division"),
      department: text("department"),
      className: text("className"),
    };
  });
}

function locateColumns(header: string[], file: string): Record<keyof ClothingReview, number> {
  const there = header.map((column) => `"${column}"`).join(", ");
  const fail = (what: string): never => {
    throw new StarlitError(
      `${file} has ${what} (it has ${there}): name the columns as the publisher does.`,
    );
  };
  const names = Object.values(columns);
  const missing = names.filter((column) => !header.includes(column));
  if (missing.length > 0) fail(`no column ${missing.map((column) => `"${column}"`).join(", ")}`);
  const twice = names.find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice !== undefined) fail(`the column "${twice}" twice`);
  const located = Object.entries(columns).map(([name, column]) => [name, header.indexOf(column)]);
  return Object.fromEntries(located) as Record<keyof ClothingReview, number>;
}

/** The line of a file in which a record ends, from 1: texts may have line breaks. */
function endLine(records: readonly string[][], record: number): number {
  const breaks = (cells: readonly string[]) => cells.join("").split("\n").length - 1;
  return records.slice(0, record + 1).reduce((line, cells) => line + 1 + breaks(cells), 0);
}

function parseCsv(file: string): string[][] {
  const text = readText(file, "CSV");
  let records: string[][];
  try {
    // The record delimiter is named, lest csv-parse guess it from a line break inside a text.
    records = parse(text, {
      bom: true,
      record_delimiter: ["\r\n", "\n"],
      max_record_size: 1e6,
    });
  } catch (error) {
    const reason = (error as Error).message;
    throw new StarlitError(`${file} cannot be read as CSV (${reason}): get the file again.`);
  }
  if (records.length > 0) return records;
  throw new StarlitError(`${file} is empty: get the file again.`);
}

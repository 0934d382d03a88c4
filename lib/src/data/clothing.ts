import * as fs from "node:fs";
import * as zlib from "node:zlib";
import { parse } from "csv-parse/sync";
import { StarlitError } from "../engine/errors";
import { catalogue } from "./catalogue";
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

/**
 * Reads reviews from a CSV file with the columns of the Women's E-Commerce Clothing Reviews.
 *
 * @param file path of the file; gzip-compressed if it ends in `.gz`
 * @throws StarlitError if the file cannot be read, a column is missing, or a number is none
 */
export function readClothingReviews(file: string): ClothingReview[] {
  const [header, ...records] = parseCsv(file);
  const at = locateColumns(header, file);
  return records.map((record, row) => {
    const text = (name: keyof ClothingReview) => record[at[name]];
    const number = (name: keyof ClothingReview) => {
      const value = Number(text(name) || NaN);
      if (Number.isInteger(value)) return value;
      throw new StarlitError(
        `${file}, record ${row + 1}: "${columns[name]}" is "${text(name)}", not a whole number: correct it.`,
      );
    };
    return {
      index: number("index"),
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
  const located = Object.entries(columns).map(([name, column]) => [name, header.indexOf(column)]);
  const missing = located.filter(([, at]) => at === -1).map(([name]) => `"${columns[name as keyof ClothingReview]}"`);
  if (missing.length > 0) {
    const there = header.map((column) => `"${column}"`).join(", ");
    throw new StarlitError(
      `${file} has no column ${missing.join(", ")} (it has ${there}): name the columns as the publisher does.`,
    );
  }
  return Object.fromEntries(located) as Record<keyof ClothingReview, number>;
}

function parseCsv(file: string): string[][] {
  try {
    const bytes = fs.readFileSync(file);
    // The record delimiter is named, lest csv-parse guess it from a line break inside a text.
    const records = parse(file.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes, {
      bom: true,
      record_delimiter: ["\r\n", "\n"],
    }) as string[][];
    if (records.length > 0) return records;
  } catch (error) {
    const reason = (error as Error).message;
    throw new StarlitError(`${file} cannot be read as CSV (${reason}): get the file again.`);
  }
  throw new StarlitError(`${file} is empty: get the file again.`);
}

import type { DataFrame } from "danfojs-node";
import { StarlitError } from "../engine/errors";

/**
 * Rows as a danfojs DataFrame: `head`, `groupby`, `query` and so on, shown with `table`. A field
 * `index` becomes the index of the frame, its values being unique; a missing number becomes NaN.
 * The first call takes a second or two, since danfojs is loaded only then.
 *
 * @param rows objects with the same fields
 * @throws StarlitError if there are no rows, or a field has the name of a DataFrame's own property
 */
export function dataFrame<Row extends object>(rows: readonly Row[]): DataFrame {
  if (rows.length === 0) throw new StarlitError("A DataFrame needs at least one row.");
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  const fields = Object.keys(rows[0]) as (keyof Row & string)[];
  const columns = fields.filter((field) => field !== "index");
  // A column is also a property of the frame: one named `values` would break every method.
  const taken = columns.find((column) => column in danfo.DataFrame.prototype);
  if (taken) {
    throw new StarlitError(`The field "${taken}" has the name of a DataFrame's own: rename it.`);
  }
  const data = Object.fromEntries(columns.map((column) => [column, columnOf(rows, column)]));
  const index = fields.includes("index" as keyof Row & string)
    ? { index: rows.map((row) => (row as { index: string | number }).index) }
    : {};
  return new danfo.DataFrame(data, { columns, ...index });
}

function columnOf<Row extends object>(rows: readonly Row[], column: keyof Row): unknown[] {
  const values = rows.map((row) => row[column] as unknown);
  const numeric = values.every((value) => typeof value === "number" || missing(value));
  return numeric ? values.map((value) => (missing(value) ? NaN : value)) : values;
}

const missing = (value: unknown) => value === null || value === undefined;

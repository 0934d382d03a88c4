import type { DataFrame, Series } from "danfojs-node";
import { DISPLAY } from "../engine/display";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { describeRows } from "./describe";
import { tableData } from "./table";

/**
 * Rows as a danfojs DataFrame: `head`, `describe`, `groupby`, `query` and so on, shown with `table`.
 * A field `index` becomes the index of the frame, its values being unique; a missing number becomes
 * NaN. The first call takes a second or two, since danfojs is loaded only then.
 *
 * @param rows objects with the same fields
 * @throws StarlitError if there are no rows, or a field has the name of a DataFrame's own property
 */
export function dataFrame<Row extends object>(rows: readonly Row[]): DataFrame {
  if (rows.length === 0) throw new StarlitError("A DataFrame needs at least one row.");
  const { DataFrame: Frame } = danfo();
  const fields = Object.keys(rows[0]) as (keyof Row & string)[];
  const columns = fields.filter((field) => field !== "index");
  // A column is also a property of the frame: one named `values` would break every method.
  const taken = columns.find((column) => column in Frame.prototype);
  if (taken) {
    throw new StarlitError(`The field "${taken}" has the name of a DataFrame's own: rename it.`);
  }
  const data = Object.fromEntries(columns.map((column) => [column, columnOf(rows, column)]));
  if (columns.length === fields.length) return new Frame(data, { columns });
  return new Frame(data, { columns, index: rows.map((row) => (row as Indexed).index) });
}

/** Options of `merge`, with pandas' names. */
export interface MergeOptions {
  /** Columns that both frames have, by whose values their rows belong together. */
  on: string[];
  /** Which rows stay: those of both frames, of one of them, or all. Default `inner`. */
  how?: "inner" | "left" | "right" | "outer";
}

/**
 * Rows of two frames side by side where their values in `on` are the same, as `pandas.merge`.
 *
 * @throws StarlitError if an option is unknown, or a frame lacks a column
 */
export function merge(left: DataFrame, right: DataFrame, options: MergeOptions): DataFrame {
  checkOptions("merge", options, ["on", "how"]);
  const { on, how = "inner" } = options;
  for (const column of on) {
    if ([left, right].every(({ columns }) => columns.includes(column))) continue;
    throw new StarlitError(`merge: a frame has no column "${column}": give one that both have.`);
  }
  return danfo().merge({ left, right, on, how });
}

interface Indexed {
  index: string | number;
}

/** danfojs, with a `describe` that has quartiles and takes missing values and repeated ones. */
function danfo(): typeof import("danfojs-node") {
  const library = require("danfojs-node") as typeof import("danfojs-node");
  // Its own seeks medians by a quickselect that needs minutes where many of 20,000 values are equal.
  // What a frame gives, as `loc` does, is of a class above `DataFrame`: there is the method.
  let owner = library.DataFrame.prototype as object;
  while (!Object.hasOwn(owner, "describe")) owner = Object.getPrototypeOf(owner) as object;
  (owner as DataFrame).describe = function describe(this: DataFrame) {
    const values = this.values as unknown[][];
    const rows = values.map((row) => Object.fromEntries(row.map((v, i) => [this.columns[i], v])));
    return dataFrame(
      describeRows(rows).map(({ statistic, ...rest }) => ({ index: statistic, ...rest })),
    );
  };
  // As the last line of a cell a frame, or a column of it, is a table.
  let common = library.DataFrame.prototype as object;
  while (Object.getPrototypeOf(common) !== Object.prototype)
    common = Object.getPrototypeOf(common) as object;
  Object.defineProperty(common, DISPLAY, {
    configurable: true,
    value(this: DataFrame | Series) {
      return tableData(this);
    },
  });
  return library;
}

function columnOf<Row extends object>(rows: readonly Row[], column: keyof Row): unknown[] {
  const values = rows.map((row) => row[column] as unknown);
  const numeric = values.every((value) => typeof value === "number" || missing(value));
  return numeric ? values.map((value) => (missing(value) ? NaN : value)) : values;
}

const missing = (value: unknown) => value === null || value === undefined;

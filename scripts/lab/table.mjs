// The table of scores as a file that is whole after every submission, so that a batch that was
// interrupted can be gone on with.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import { SetupError } from "../setup/run.mjs";
import { csvHeader, csvRow, csvText, textField } from "./report.cjs";

const { parse } = createRequire(import.meta.url)("csv-parse/sync");

/** Says whether a submission was graded as it is, by the rules of now. */
export function gradedAs(submission, rules) {
  return createHash("sha256").update(rules).update(submission).digest("hex").slice(0, 12);
}

export class Table {
  #file;
  #header;
  #places;
  #rows = new Map();

  /**
   * @param {string} file where it is written
   * @param {object[]} rubric see notebooks/lab/rubric.json
   * @param {string[]} files in the order of the rows
   */
  constructor(file, rubric, files) {
    this.#file = file;
    this.#header = csvHeader(rubric);
    this.#places = files;
  }

  /**
   * Takes over rows of an earlier call.
   *
   * @param {(file: string) => string} versionOf what `gradedAs` says of a file now
   * @returns {Set<string>} files that need not be graded again
   */
  resume(versionOf) {
    if (!fs.existsSync(this.#file)) return new Set();
    const [header, ...rows] = readTable(this.#file);
    if (String(header) !== String(this.#header)) {
      throw new SetupError(`${this.#file} is not a table of these scores: name another file.`);
    }
    const known = new Map(rows.map((row) => [row[0], row]));
    for (const file of this.#places) {
      const row = known.get(textField(file));
      if (row?.at(-1) === versionOf(file)) this.#rows.set(file, row);
    }
    return new Set(this.#rows.keys());
  }

  add(submission) {
    this.#rows.set(submission.file, csvRow(submission, this.#header));
    this.write();
  }

  /** Writes all rows, or leaves the file as it was. */
  write() {
    const rows = this.#places.filter((file) => this.#rows.has(file));
    const text = csvText([this.#header, ...rows.map((file) => this.#rows.get(file))]);
    try {
      fs.writeFileSync(`${this.#file}.part`, text);
      fs.renameSync(`${this.#file}.part`, this.#file);
    } catch (error) {
      throw new SetupError(
        `${this.#file} could not be written (${error.code}): name a file in a folder that can.`,
      );
    }
  }
}

function readTable(file) {
  try {
    return parse(fs.readFileSync(file, "utf8"), { bom: true });
  } catch {
    throw new SetupError(`${file} is not a table of these scores: name another file.`);
  }
}

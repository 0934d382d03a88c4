// The table of scores as a file that is whole after every submission, so that a batch that was
// interrupted can be gone on with. Each row is signed: one that somebody changed is graded again.
import { createHmac, randomBytes } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { writeWhole } from "../../lib/src/files/whole.cjs";
import { logs } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { csvHeader, csvRow, csvText, plain, textField } from "./report.cjs";

const { parse } = createRequire(import.meta.url)("csv-parse/sync");

/** The key of the signatures: made once, and for the person alone who grades. */
const KEY = path.join(logs, "lab.key");
const KEY_BYTES = 32;

/**
 * The key in its file. Processes that make it at the same time get the same one: only the first can
 * give its own the name, and it is whole by then.
 */
export function readKey(file = KEY) {
  try {
    if (!fs.existsSync(file)) makeKey(file);
    const key = fs.readFileSync(file);
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    throw new SetupError(
      `The key that signs the table could not be read or written, ${file} (${error.code}): grade with an account that may do so, or leave out --csv.`,
    );
  }
  throw new SetupError(`${file} is damaged: delete it, and all rows are graded again.`);
}

function makeKey(file) {
  const own = `${file}.${process.pid}.part`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    fs.writeFileSync(own, randomBytes(KEY_BYTES), { mode: 0o600 });
    fs.linkSync(own, file);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

export class Table {
  #file;
  #header;
  #places;
  #rules;
  #key = readKey();
  #rows = new Map();

  /**
   * @param {string} file where it is written
   * @param {object[]} rubric see notebooks/lab/rubric.json
   * @param {string[]} files in the order of the rows
   * @param {Buffer} rules what submissions are graded by: rows of other rules are out of date
   */
  constructor(file, rubric, files, rules) {
    this.#file = file;
    this.#header = csvHeader(rubric);
    this.#places = files;
    this.#rules = rules;
  }

  /** Says that this row is the one of a submission which holds these bytes, by the rules of now. */
  #signature(row, bytes) {
    const hmac = createHmac("sha256", this.#key);
    for (const part of [this.#rules, bytes, Buffer.from(JSON.stringify(row.slice(0, -1)))]) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(part.length));
      hmac.update(length).update(part);
    }
    return hmac.digest("hex");
  }

  /**
   * Takes over rows of earlier calls: those of this table, where it is there, and of others.
   *
   * @param {(file: string) => Buffer} bytesOf what a submission holds now
   * @param {string[]} others
   * @returns {{ kept: Set<string>, changed: string[] }} files that need not be graded again, and
   *   those whose row, or whose submission, was changed since
   */
  resume(bytesOf, others = []) {
    const tables = [...others, ...(fs.existsSync(this.#file) ? [this.#file] : [])];
    const known = new Map();
    for (const file of tables) {
      const [header, ...rows] = readTable(file);
      if (String(header) !== String(this.#header)) {
        throw new SetupError(`${file} is not a table of these scores: name another file.`);
      }
      for (const row of rows) known.set(row[0], [...(known.get(row[0]) ?? []), row]);
    }
    const changed = [];
    for (const file of this.#places) {
      const rows = known.get(nameOf(file));
      if (!rows) continue;
      const bytes = bytesOf(file);
      const row = rows.find((each) => each.at(-1) === this.#signature(each, bytes));
      if (row) this.#rows.set(file, row);
      else changed.push(file);
    }
    return { kept: new Set(this.#rows.keys()), changed };
  }

  /** @param {Buffer} bytes of the submission */
  add(file, submission, bytes) {
    const row = csvRow(submission, this.#header);
    row[row.length - 1] = this.#signature(row, bytes);
    this.#rows.set(file, row);
    this.write();
  }

  /** Writes all rows, or leaves the file as it was. */
  write() {
    const rows = this.#places.filter((file) => this.#rows.has(file));
    const text = csvText([this.#header, ...rows.map((file) => this.#rows.get(file))]);
    writeWhole(this.#file, text);
  }
}

/** A file's name as the table has it. */
const nameOf = (file) => textField(plain(file));

function readTable(file) {
  try {
    return parse(fs.readFileSync(file, "utf8"), { bom: true });
  } catch {
    throw new SetupError(`${file} is not a table of these scores: name another file.`);
  }
}

import { pipeline } from "node:stream";
import { parse, type Info } from "csv-parse";
import { parse as parseNow } from "csv-parse/sync";
import { StarlitError } from "../engine/errors";
import { openText } from "./encoding";

/** A row of a table: its cells in the order of the columns. */
export interface TableRow {
  /** Line of the file in which it begins, from 1; the number of the row where there is no file. */
  line: number;
  cells: readonly string[];
  /** The row as JSON had it. */
  object?: object;
  /** Why the row could not be read, where it could not. */
  problem?: string;
}

/** How a table is written. */
export type TableForm =
  | { kind: "delimited"; delimiter: string; header: boolean }
  | { kind: "json lines" }
  | { kind: "json" }
  | { kind: "lines" }
  | { kind: "rows" };

/** A table that is open: its rows can be read once. */
export interface Table {
  /** What it is called in messages. */
  name: string;
  form: TableForm;
  columns: string[];
  encoding: string;
  /** What a person should know of the reading, a sentence each. */
  notes: string[];
  rows: AsyncIterable<TableRow>;
}

/** So much of a file is looked at before its form is told. */
const SAMPLE = 1 << 17;
/** A record of more characters is no review: a quotation mark was opened and not closed. */
const LONGEST = 4_000_000;
/** JSON that is one array must be read at once. */
const LONGEST_JSON = 400_000_000;

const delimiters = [",", ";", "\t", "|"];
const delimiterNames: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
};

/** How a table is written, in words. */
export function formText(form: TableForm): string {
  if (form.kind === "delimited") {
    return `a table with ${delimiterNames[form.delimiter] ?? `"${form.delimiter}"`} between its columns`;
  }
  return { "json lines": "JSON lines", json: "JSON", lines: "a text a line", rows: "rows" }[
    form.kind
  ];
}

/** How a table is opened. */
export interface OpenTableOptions {
  encoding?: string;
  /** Whether a text without a table's form may be a list of texts, a line each, by its first line. */
  isList?: (firstLine: readonly string[]) => boolean;
}

/**
 * Opens a table: CSV with commas, semicolons, tabs or bars (a first line `sep=;` is believed), JSON
 * lines, or JSON that is, or holds, an array of objects.
 *
 * @param file its path, or "-" for what is piped in
 * @throws StarlitError if there is no such file, or nothing in it can be read as a table
 */
export async function openTable(file: string, options: OpenTableOptions = {}): Promise<Table> {
  const name = file === "-" ? "What is piped in" : file;
  const text = await openText(file, options.encoding);
  const { sample, chunks } = await sampled(text.chunks);
  if (sample.trim() === "") throw new StarlitError(`${name} is empty: give a file with reviews.`);
  const notes: string[] = [];
  if (text.guessed) {
    notes.push(
      `${name} is not UTF-8; it was read as ${text.encoding}. Where letters look wrong, name another encoding.`,
    );
  }
  if (text.damaged > 0) {
    notes.push(
      `${text.damaged} bytes of ${name} are no UTF-8 and were read as "\ufffd": the texts that hold them were damaged before.`,
    );
  }
  const given = { name, sample, chunks, notes, encoding: text.encoding };
  const start = sample.trimStart()[0];
  if (start === "[" || start === "{") return start === "[" ? openJson(given) : openJsonLines(given);
  return openDelimited(given, options);
}

interface Opened {
  name: string;
  encoding: string;
  sample: string;
  /** All of the text, the sample too. */
  chunks: AsyncIterable<string>;
  notes: string[];
}

async function sampled(chunks: AsyncIterable<string>) {
  const rest = chunks[Symbol.asyncIterator]();
  let sample = "";
  while (sample.length < SAMPLE) {
    const next = await rest.next();
    if (next.done) break;
    sample += next.value;
  }
  sample = sample.replace(/^\ufeff/, "");
  const all = async function* () {
    yield sample;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  };
  return { sample, chunks: all() };
}

// Delimited

const lineEnds = (sample: string) => (sample.includes("\n") ? ["\r\n", "\n"] : ["\r"]);

const csvOptions = (delimiter: string, sample: string, firstLine: number) => ({
  delimiter,
  // Named, lest it be guessed from a line break inside a text.
  record_delimiter: lineEnds(sample),
  // Rows are checked one by one: the rest of the table can be read where one has a cell too many.
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: LONGEST,
  from_line: firstLine,
});

/** The delimiter by which most rows have as many cells as the first, the more cells the better. */
function findDelimiter(sample: string): string {
  const judged = delimiters.map((delimiter) => {
    const rows = sampleRows(sample, delimiter, 1);
    const width = rows[0]?.length ?? 0;
    const like = rows.filter((row) => row.length === width).length / Math.max(1, rows.length);
    return { delimiter, width, like };
  });
  const fit = judged.filter(({ width, like }) => width > 1 && like > 0.5);
  fit.sort((a, b) => b.width - a.width || b.like - a.like);
  return (fit[0] ?? judged[0]).delimiter;
}

function sampleRows(sample: string, delimiter: string, firstLine: number): string[][] {
  // The last line may be cut.
  const whole = sample.length < SAMPLE ? sample : sample.slice(0, sample.lastIndexOf("\n") + 1);
  try {
    return parseNow(whole, {
      ...csvOptions(delimiter, sample, firstLine),
      to: 200,
    }) as unknown as string[][];
  } catch {
    return [];
  }
}

/** Whether a first row holds data already: a number, a long text, or a cell without letters. */
function looksLikeData(cells: readonly string[]): boolean {
  return cells.some(
    (cell) =>
      /^[-+−]?\d+([.,]\d+)?%?$/.test(cell.trim()) || cell.length > 80 || /[★☆⭐]/u.test(cell),
  );
}

function openDelimited(opened: Opened, { isList }: OpenTableOptions): Table {
  const { name, sample, chunks, notes, encoding } = opened;
  const told = /^sep=(.)\r?\n/.exec(sample);
  const firstLine = told ? 2 : 1;
  const delimiter = told ? told[1] : findDelimiter(sample);
  const [first = []] = sampleRows(sample, delimiter, firstLine);
  if (!told && isList?.(first)) return openLines(opened);
  const header = !looksLikeData(first);
  if (!header) {
    notes.push(
      `The first line of ${name} holds no names of columns: they are called ${first.map((_, i) => i + 1).join(", ")}.`,
    );
  }
  const columns = header ? named(first) : first.map((_, i) => String(i + 1));
  const rows = async function* (): AsyncGenerator<TableRow> {
    const parser = parse({ ...csvOptions(delimiter, sample, firstLine), info: true });
    // An error on the way comes out of the parser.
    pipeline(chunks, parser, () => undefined);
    let isHeader = header;
    let last = firstLine;
    try {
      for await (const { record, info } of parser as AsyncIterable<{
        record: string[];
        info: Info;
      }>) {
        const breaks = record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
        const line = info.lines - breaks;
        last = info.lines;
        if (isHeader) {
          isHeader = false;
          continue;
        }
        // Of a row that goes on in empty cells nothing is lost.
        const extra = record.slice(columns.length);
        const fits = record.length >= columns.length && extra.every((cell) => cell.trim() === "");
        const problem = `${record.length} cells where the first line has ${columns.length}`;
        if (fits) yield { line, cells: record.slice(0, columns.length) };
        else yield { line, cells: record, problem };
      }
    } catch (error) {
      throw csvError(name, error, last);
    }
  };
  const form = { kind: "delimited", delimiter, header } as const;
  return { name, encoding, form, columns, notes, rows: rows() };
}

function csvError(name: string, error: unknown, line: number): unknown {
  const { code } = error as { code?: string };
  if (code === "CSV_QUOTE_NOT_CLOSED" || code === "CSV_MAX_RECORD_SIZE") {
    return new StarlitError(
      `${name}: a quotation mark that opens after line ${line} does not close: close it, and double marks within a text ("").`,
    );
  }
  if (!code?.startsWith("CSV_")) return error;
  return new StarlitError(
    `${name} cannot be read as a table after line ${line} (${(error as Error).message}): correct it there.`,
  );
}

function openLines({ name, chunks, notes, encoding }: Opened): Table {
  const rows = async function* (): AsyncGenerator<TableRow> {
    let line = 0;
    for await (const text of linesOf(chunks, name)) yield { line: ++line, cells: [text.trimEnd()] };
  };
  return { name, encoding, form: { kind: "lines" }, columns: ["text"], notes, rows: rows() };
}

/** Names of columns: trimmed, and each once. */
function named(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, i) => {
    const plain = cell.trim() || `column ${i + 1}`;
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain} ${n}`;
    taken.add(name);
    return name;
  });
}

// JSON

/** A value of JSON as a cell. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  // Rows in memory may hold what JSON has not, such as a bigint or a function.
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "bigint" ? String(part) : part,
  );
}

/** Whether values lie in values deeper than any review's: too deep to be written again. */
function isDeep(value: unknown, most = 100): boolean {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((part) => isDeep(part, most - 1));
}

const isListOfObjects = (value: unknown) => Array.isArray(value) && value.some(isObject);

/** The values of an object by name; those of objects inside it by "outer.inner". */
function flat(object: object, before = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object)) {
    const inner = typeof value === "object" && value !== null && !Array.isArray(value);
    if (inner && before.split(".").length < 3) {
      for (const [name, part] of flat(value as object, `${before}${key}.`)) found.set(name, part);
    } else {
      found.set(before + key, value);
    }
  }
  return found;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Columns of objects: the names that the first of them have. */
function columnsOf(objects: readonly object[]): string[] {
  return [...new Set(objects.slice(0, 200).flatMap((object) => [...flat(object).keys()]))];
}

function rowOf(object: object, columns: readonly string[], line: number): TableRow {
  if (isDeep(object)) return { line, cells: [], problem: "values that are nested too deeply" };
  const values = flat(object);
  return { line, object, cells: columns.map((column) => cellOf(values.get(column))) };
}

/** A table of objects that are in memory. */
export function tableOfObjects(name: string, objects: readonly object[]): Table {
  const wrong = objects.findIndex((object) => !isObject(object));
  if (wrong >= 0) {
    throw new StarlitError(
      `${name}: row ${wrong} is no object: give rows such as { text, rating }.`,
    );
  }
  if (objects.length === 0) throw new StarlitError(`${name} has no rows: give some reviews.`);
  const columns = columnsOf(objects);
  const rows = async function* () {
    for (let i = 0; i < objects.length; i++) yield rowOf(objects[i], columns, i + 1);
  };
  return { name, encoding: "none", form: { kind: "rows" }, columns, notes: [], rows: rows() };
}

async function openJson({ name, chunks, notes, encoding }: Opened): Promise<Table> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > LONGEST_JSON) {
      throw new StarlitError(
        `${name} is one array of JSON and too long to be read at once: write a JSON object a line.`,
      );
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(parts.join(""));
  } catch (error) {
    throw new StarlitError(
      `${name} cannot be read as JSON (${(error as Error).message}): correct it there.`,
    );
  }
  const lists = Array.isArray(value) ? [value] : Object.values(value as object);
  const objects = lists
    .filter((list): list is unknown[] => Array.isArray(list))
    .map((list) => list.filter(isObject))
    .sort((a, b) => b.length - a.length)[0];
  if (!objects?.length) {
    throw new StarlitError(`${name} holds no array of objects: give one such as [{ "text": … }].`);
  }
  return { ...tableOfObjects(name, objects), form: { kind: "json" }, notes, encoding };
}

async function openJsonLines(opened: Opened): Promise<Table> {
  const { name, sample, chunks, notes, encoding } = opened;
  const lines = sample.split("\n");
  const parsed = (line: string): unknown => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return undefined;
    }
  };
  // One object, on one line or over many, holds the reviews or is JSON that was written to be read.
  const objects = lines.slice(0, 3).map(parsed).filter(isObject);
  const holdsList = objects.length === 1 && Object.values(objects[0]).some(isListOfObjects);
  if (objects.length === 0 || holdsList) return openJson(opened);
  const whole = sample.length < SAMPLE ? lines : lines.slice(0, -1);
  const columns = columnsOf(whole.map(parsed).filter(isObject));
  const rows = async function* (): AsyncGenerator<TableRow> {
    let number = 0;
    for await (const line of linesOf(chunks, name)) {
      number++;
      if (line.trim() === "") continue;
      const object = parsed(line);
      if (isObject(object)) yield rowOf(object, columns, number);
      else yield { line: number, cells: [], problem: "no JSON object" };
    }
  };
  return { name, encoding, form: { kind: "json lines" }, columns, notes, rows: rows() };
}

/** The lines of a text that comes piece by piece; only the newest piece is searched for their ends. */
async function* linesOf(chunks: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let line = 1;
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const ends = chunk.split("\n");
    const rest = ends.pop()!;
    for (const end of ends) {
      yield parts.join("") + end;
      [parts, length] = [[], 0];
      line++;
    }
    parts.push(rest);
    length += rest.length;
    if (length > LONGEST) {
      throw new StarlitError(
        `${name}: line ${line} has more than ${LONGEST.toLocaleString("en")} characters, which no review has: break it into lines.`,
      );
    }
  }
  if (length > 0) yield parts.join("");
}

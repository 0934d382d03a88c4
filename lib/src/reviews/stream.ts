import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { threadCount } from "../engine/cores";
import { StarlitError } from "../engine/errors";
import { findColumns, namesText, type ReviewColumns } from "./columns";
import { firstRows } from "./load";
import type { PackedRater, Rated } from "./player.cjs";
import { openTable, type Table, type TableRow } from "./table";

/** How a table is rated. */
export interface RateTableOptions extends Pick<ReviewColumns, "text" | "title"> {
  encoding?: string;
  /** JSON lines come out, whatever went in. */
  json?: boolean;
  /** Takes the lines that come out; the promise is awaited. */
  write: (lines: string) => void | Promise<void>;
  /** Told now and then how many rows are done. */
  onRows?: (rows: number) => void;
}

/** What rating a table came to. */
export interface RatedTable {
  rows: number;
  /** Rows without a text, or that could not be read: their cells are empty. */
  unrated: number;
  notes: string[];
}

/** Texts that a thread gets at once. */
const BATCH = 500;

/** Threads that rate side by side, each with the rater of its own; answers come in order. */
class Raters {
  private readonly free: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];

  constructor(
    packed: PackedRater,
    readonly count: number,
  ) {
    const file = path.join(__dirname, "rateWorker.cjs");
    this.free = Array.from({ length: count }, () => new Worker(file, { workerData: packed }));
  }

  async rate(texts: string[]): Promise<Rated[]> {
    const worker =
      this.free.pop() ?? (await new Promise<Worker>((resolve) => this.waiting.push(resolve)));
    const rated = await new Promise<Rated[]>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.postMessage(texts);
    });
    worker.removeAllListeners("error");
    const next = this.waiting.shift();
    if (next) next(worker);
    else this.free.push(worker);
    return rated;
  }

  async end(): Promise<void> {
    await Promise.all(this.free.map((worker) => worker.terminate()));
  }
}

/** A cell as it must stand in a table of this delimiter. */
const quotedCell = (cell: string, delimiter: string) =>
  cell.includes('"') || cell.includes("\n") || cell.includes("\r") || cell.includes(delimiter)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;

/** Columns that are added, by names that the table has not. */
function addedNames(columns: readonly string[]): string[] {
  return ["rated", "rated_low", "rated_high", "rated_label"].map((name) => {
    let free = name;
    for (let n = 2; columns.includes(free); n++) free = `${name}_${n}`;
    return free;
  });
}

/** How rows are written: in the form that they came in, or as JSON lines. */
function writerOf(table: Table, json: boolean) {
  const { form, columns } = table;
  const names = addedNames(columns);
  const cellsOf = (rated: Rated | null) =>
    rated
      ? [rated.rating.toFixed(2), String(rated.interval[0]), String(rated.interval[1]), rated.label]
      : ["", "", "", ""];
  if (!json && form.kind === "delimited") {
    const line = (cells: readonly string[]) =>
      cells.map((cell) => quotedCell(cell, form.delimiter)).join(form.delimiter) + "\n";
    const width = columns.length;
    const padded = (cells: readonly string[]) =>
      cells.length >= width
        ? cells
        : [...cells, ...new Array<string>(width - cells.length).fill("")];
    return {
      head: form.header ? line([...columns, ...names]) : "",
      row: ({ cells }: TableRow, rated: Rated | null) =>
        line([...padded(cells), ...cellsOf(rated)]),
    };
  }
  const row = ({ cells, object }: TableRow, rated: Rated | null) => {
    const given = object ?? Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ""]));
    const added = rated
      ? [Number(rated.rating.toFixed(4)), ...rated.interval, rated.label]
      : [null, null, null, null];
    const found = Object.fromEntries(names.map((name, i) => [name, added[i]]));
    return `${JSON.stringify({ ...given, ...found })}\n`;
  };
  return { head: "", row };
}

/**
 * Rates the rows of a table one after the other: its columns are kept and four are added, `rated`,
 * `rated_low`, `rated_high` (80 % of the truth lies between them) and `rated_label`. It holds a few
 * thousand rows at a time, whatever the table's length.
 *
 * @param file its path, or "-" for what is piped in; a text without columns is a review a line
 * @throws StarlitError if it cannot be read, or the column of the text is not told
 */
export async function rateTable(
  packed: PackedRater,
  file: string,
  options: RateTableOptions,
): Promise<RatedTable> {
  const { encoding, json = false, write, onRows } = options;
  const mayBeList = file === "-" || /\.txt(\.gz)?$/i.test(file);
  const table = await openTable(file, {
    encoding,
    isList: mayBeList ? (cells) => options.text === undefined && !namesText(cells) : undefined,
  });
  const { first, rest } = await firstRows(table);
  const samples = first.filter(({ problem }) => problem === undefined);
  const columns =
    table.form.kind === "lines"
      ? { text: 0, title: null, notes: [] }
      : findColumns(
          table.columns,
          samples.map(({ cells }) => cells),
          { text: options.text, title: options.title },
          "text",
        );
  const textOf = ({ cells, problem }: TableRow) => {
    if (problem !== undefined) return "";
    const title = columns.title === null ? "" : cells[columns.title].trim();
    return `${title}\n${cells[columns.text].trim()}`.trim();
  };
  const writer = writerOf(table, json || table.form.kind === "lines");
  const raters = new Raters(packed, threadCount());
  let [rows, unrated] = [0, 0];
  const flush = async (batch: TableRow[], texts: string[], rated: Promise<Rated[]>) => {
    const answers = await rated;
    let lines = "";
    batch.forEach((row, i) => {
      const fits = texts[i] !== "" && answers[i].known > 0;
      if (!fits) unrated++;
      lines += writer.row(row, fits ? answers[i] : null);
    });
    rows += batch.length;
    await write(lines);
    onRows?.(rows);
  };
  try {
    await write(writer.head);
    const ahead: (() => Promise<void>)[] = [];
    let batch: TableRow[] = [];
    const send = () => {
      const [sent, texts] = [batch, batch.map(textOf)];
      const rated = raters.rate(texts);
      // Looked at when its turn comes; until then an error of it is not unhandled.
      rated.catch(() => undefined);
      ahead.push(() => flush(sent, texts, rated));
      batch = [];
    };
    for await (const row of rest) {
      batch.push(row);
      if (batch.length < BATCH) continue;
      send();
      if (ahead.length > 2 * raters.count) await ahead.shift()!();
    }
    if (batch.length > 0) send();
    for (const next of ahead) await next();
  } finally {
    await raters.end();
  }
  return { rows, unrated, notes: [...table.notes, ...columns.notes] };
}

/** Whether what a command was given is the name of a file and not a text. */
export function isFileName(given: string): boolean {
  return given === "-" || /^[^\n]*\.(csv|tsv|tab|txt|json|jsonl|ndjson|xlsx?)(\.gz)?$/i.test(given);
}

/**
 * A scale as a command line has it: `1-5`, or `bad=1,good=2`.
 *
 * @throws StarlitError if it is neither
 */
export function scaleOf(text: string): readonly [number, number] | Record<string, number> {
  const range = /^(-?\d+(?:\.\d+)?)\s*(?:-|to|\.\.)\s*(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  if (range) return [Number(range[1]), Number(range[2])];
  const pairs = text.split(",").map((pair) => /^(.+)=\s*(-?\d+(?:\.\d+)?)\s*$/.exec(pair));
  if (pairs.every((pair) => pair !== null)) {
    return Object.fromEntries(pairs.map((pair) => [pair![1].trim(), Number(pair![2])]));
  }
  throw new StarlitError(
    `The scale "${text}" is not understood: give its ends (1-5), or what words are worth (bad=1,good=2).`,
  );
}

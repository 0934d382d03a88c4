import { StarlitError } from "../engine/errors";
import { checkOptions, knownNames } from "../engine/options";
import { sha256 } from "../files/sum.cjs";
import { findColumns, type ReviewColumns } from "./columns";
import { type LanguageShare, languageShares } from "./language";
import { type GivenScale, type RatingScale, readRatings } from "./ratings";
import { formText, openTable, type Table, tableOfObjects, type TableRow } from "./table";

/** A review of one's own. */
export interface Review {
  /** The headline, where there is one, and the text. */
  text: string;
  rating: number;
  /** What it is of, or who wrote it, where a column tells. */
  group: string | null;
  /** Line of the file, or number of the row, from 1. */
  line: number;
}

/** Options of {@link loadReviews}. */
export interface LoadReviewsOptions extends ReviewColumns {
  /** How the file is written, if that is known: a name of the WHATWG's encoding standard. */
  encoding?: string;
  /** Least and most of the scale, or what each word of it is worth; recognised unless told. */
  scale?: GivenScale;
  /** Rows without a text or a rating are left out and told, or the whole is refused. Default `leaveOut`. */
  bad?: "leaveOut" | "refuse";
}

/** A row that was left out. */
export interface BadRow {
  line: number;
  problem: string;
}

/** Reviews of one's own, and what was found in reading them. */
export interface LoadedReviews {
  reviews: Review[];
  scale: RatingScale;
  /** Where they are from, in words. */
  source: string;
  /** The columns that were read, by name. */
  columns: Record<keyof ReviewColumns, string | null>;
  /** Rows that there are. */
  rows: number;
  /** The rows that were left out, the first thousand of them. */
  bad: BadRow[];
  /** How many were left out, by problem. */
  badCounts: Record<string, number>;
  /** How many reviews have each rating, in the order of the scale. */
  counts: number[];
  /** Reviews whose text another one has as well. */
  duplicates: number;
  languages: LanguageShare[];
  /** What a person should know, a sentence each. */
  notes: string[];
}

export const loadOptionNames = [
  "text",
  "rating",
  "title",
  "group",
  "encoding",
  "scale",
  "bad",
] as const satisfies readonly (keyof LoadReviewsOptions)[];

const MOST_BAD = 1000;
/** So many rows are looked at before columns are told. */
const LOOKED_AT = 500;
/** A copy is a whole text again with the same rating, of the same thing; short texts may well be equal. */
const COPY_LENGTH = 40;

/** Short, so that a million texts can be compared: texts of one sum are the same text. */
const sumOf = (text: string) => sha256(text).slice(0, 24);

/** The text of a review as it is compared: in lower case, blanks made one. */
export const plainText = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();

/**
 * Reads reviews of one's own: a path to CSV (commas, semicolons, tabs), JSON lines or JSON,
 * gzip-compressed or not, in UTF-8, UTF-16 or an older encoding; or rows in memory. Columns and scale
 * are named or guessed, and what was guessed is in `notes`.
 *
 * @throws StarlitError in one sentence that says what to do, if the file cannot be read, columns or
 *   ratings are not told, or (with `bad: "refuse"`) a row has none
 */
export async function loadReviews(
  from: string | readonly object[],
  options: LoadReviewsOptions = {},
): Promise<LoadedReviews> {
  checkOptions("loadReviews", options, loadOptionNames);
  const { bad = "leaveOut", scale } = options;
  if (bad !== "leaveOut" && bad !== "refuse") {
    throw new StarlitError(
      `loadReviews: bad is "${String(bad)}": ${knownNames(String(bad), ["leaveOut", "refuse"])}`,
    );
  }
  const table =
    typeof from === "string"
      ? await openTable(from, { encoding: options.encoding })
      : tableOfObjects("The table", from);
  const { rest, first } = await firstRows(table);
  const columns = findColumns(
    table.columns,
    first.filter(({ problem }) => problem === undefined).map(({ cells }) => cells),
    options,
    "text and rating",
  );
  const texts: string[] = [];
  const cells: string[] = [];
  const groups: (string | null)[] = [];
  const lines: number[] = [];
  // A million rows have few ratings and groups: each is kept once.
  const kept = new Map<string, string>();
  const once = (cell: string) => {
    const known = kept.get(cell);
    if (known !== undefined) return known;
    kept.set(cell, cell);
    return cell;
  };
  const problems: BadRow[] = [];
  let rows = 0;
  for await (const { line, cells: row, problem } of rest) {
    rows++;
    if (problem !== undefined) {
      problems.push({ line, problem });
      continue;
    }
    const title = columns.title === null ? "" : row[columns.title].trim();
    const text = row[columns.text].trim();
    texts.push(title === "" ? text : `${title}\n${text}`.trim());
    cells.push(once(row[columns.rating!]));
    const group = columns.group === null ? "" : row[columns.group].trim();
    groups.push(group === "" ? null : once(group));
    lines.push(line);
  }
  const name = table.columns[columns.rating!];
  const rated = readRatings(cells, name, scale);
  const reviews: Review[] = [];
  const copies = new Set<string>();
  let copied = 0;
  let damaged = 0;
  texts.forEach((text, i) => {
    const rating = rated.ratings[i];
    const group = groups[i];
    if (text === "") problems.push({ line: lines[i], problem: "no text" });
    else if (Number.isNaN(rating)) problems.push({ line: lines[i], problem: rated.problemOf(i) });
    else {
      if (text.length >= COPY_LENGTH) {
        const copy = sumOf(`${rating}\n${group ?? ""}\n${text}`);
        if (copies.has(copy)) {
          copied++;
          return;
        }
        copies.add(copy);
      }
      if (text.includes("\ufffd")) damaged++;
      reviews.push({ text, rating, group, line: lines[i] });
    }
  });
  problems.sort((a, b) => a.line - b.line);
  const badCounts = countsOf(problems.map(({ problem }) => problem));
  if (bad === "refuse" && problems.length > 0) {
    const [{ line, problem }] = problems;
    throw new StarlitError(
      `${table.name}, line ${line}: ${problem}` +
        (problems.length > 1 ? ` (and ${problems.length - 1} more such rows)` : "") +
        `: correct it, or let such rows be left out.`,
    );
  }
  if (reviews.length === 0) {
    throw new StarlitError(`${table.name} has no row with a text and a rating: name its columns.`);
  }
  const counts = rated.scale.values.map((value) =>
    reviews.reduce((sum, { rating }) => sum + Number(rating === value), 0),
  );
  const duplicates = duplicatesIn(reviews);
  const languages = languageShares(reviews.map(({ text }) => text));
  const notes = [
    ...table.notes,
    ...columns.notes,
    ...rated.notes,
    ...(damaged > 0
      ? [`${damaged} texts hold characters that were damaged before ("\ufffd").`]
      : []),
    ...(copied > 0
      ? [
          `Left out as copies: ${count(copied, "row")} (text and rating of another one, word for word).`,
        ]
      : []),
    ...(duplicates > 0
      ? [
          `Texts that come again: ${count(duplicates, "review")}; equal texts stay together when the reviews are parted.`,
        ]
      : []),
    ...rareNotes(counts, rated.scale),
    ...languageNotes(languages),
  ];
  return {
    reviews,
    scale: rated.scale,
    source: sourceText(table),
    columns: namesOf(table, columns),
    rows,
    bad: problems.slice(0, MOST_BAD),
    badCounts,
    counts,
    duplicates,
    languages,
    notes,
  };
}

const count = (number: number, what: string) =>
  `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

function sourceText({ name, form, encoding }: Table): string {
  if (form.kind === "rows") return "rows in memory";
  const base = name.split(/[\\/]/).at(-1)!;
  return `${base}, ${formText(form)}, ${encoding}`;
}

function namesOf(
  { columns }: Table,
  found: Record<keyof ReviewColumns, number | null>,
): LoadedReviews["columns"] {
  const nameOf = (at: number | null) => (at === null ? null : columns[at]);
  return {
    text: nameOf(found.text),
    rating: nameOf(found.rating),
    title: nameOf(found.title),
    group: nameOf(found.group),
  };
}

/** The first rows, and all of them. */
export async function firstRows(
  table: Table,
): Promise<{ first: TableRow[]; rest: AsyncIterable<TableRow> }> {
  const rows = table.rows[Symbol.asyncIterator]();
  const first: TableRow[] = [];
  while (first.length < LOOKED_AT) {
    const next = await rows.next();
    if (next.done) break;
    first.push(next.value);
  }
  if (first.every(({ problem }) => problem !== undefined)) {
    const [broken] = first;
    throw new StarlitError(
      broken
        ? `${table.name}, line ${broken.line}: ${broken.problem}, and no row after it can be read: correct the table.`
        : `${table.name} has names of columns and no row: give some reviews.`,
    );
  }
  const all = async function* () {
    yield* first;
    for (let next = await rows.next(); !next.done; next = await rows.next()) yield next.value;
  };
  return { first, rest: all() };
}

function countsOf(problems: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

function duplicatesIn(reviews: readonly Review[]): number {
  const seen = new Set<string>();
  let duplicates = 0;
  for (const { text } of reviews) {
    const plain = sumOf(plainText(text));
    if (seen.has(plain)) duplicates++;
    else seen.add(plain);
  }
  return duplicates;
}

/** Below this a rating is hardly learned. */
const FEW = 20;

function rareNotes(counts: readonly number[], { labels }: RatingScale): string[] {
  const rare = counts.flatMap((times, k) => (times < FEW ? [`"${labels[k]}" (${times})`] : []));
  if (rare.length === 0) return [];
  return [
    `Fewer than ${FEW} reviews have the rating ${rare.join(", ")}: such a rating is hardly learned and hardly tested.`,
  ];
}

function languageNotes(languages: readonly LanguageShare[]): string[] {
  const [first, ...others] = languages;
  if (!first) return [];
  const some = others.filter(({ share }) => share >= 0.05);
  const percent = ({ share }: LanguageShare) => `${Math.round(100 * share)} %`;
  if (some.length === 0 && first.language === "English") return [];
  const list = some.map((each) => `${each.language} (${percent(each)})`).join(", ");
  const main = `By their commonest words the reviews look ${/letters|characters/.test(first.language) ? "written in" : "like"} ${first.language} (${percent(first)})`;
  if (some.length === 0) return [`${main}; the rater will know that language alone.`];
  return [
    `${main}, some like ${list}: where languages are few and mixed, each is learned from its own reviews alone.`,
  ];
}

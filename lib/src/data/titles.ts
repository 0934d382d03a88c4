import * as fs from "node:fs";
import * as path from "node:path";
import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { cacheFolder } from "../engine/environment";
import { StarlitError } from "../engine/errors";
import { catalogue, contentSum } from "./catalogue";
import { download, UnreachableError } from "./download";
import { loadImdbReviews } from "./imdb";
import { mirror } from "./places";
import { readText } from "./read";
import { resolveFile } from "./resolve";
import type { Chunks } from "./rows";
import { readSealed, writeSealed } from "./sealed";
import { atMost, readChunks } from "./verify";

/** What IMDb knows of a film or series (its `title.basics`); null where it is not known. */
export interface Title {
  /** IMDb's number, e.g. "tt0406816". */
  titleId: string;
  /** E.g. "movie", "short", "tvSeries". */
  titleType: string | null;
  primaryTitle: string | null;
  originalTitle: string | null;
  isAdult: boolean | null;
  startYear: number | null;
  /** Of series alone. */
  endYear: number | null;
  runtimeMinutes: number | null;
  /** At most three; none where not known. */
  genres: string[];
}

/** Titles and where they come from. */
export interface TitleData {
  titles: Title[];
  source: string;
  /** SHA-256 of the rows. */
  fingerprint: string;
}

const columns =
  "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres";

/** Characters of a line: thousands of times those of any title. */
const LONGEST_LINE = 1 << 20;

/** Rows that were taken from the publisher's full file. */
const KEPT = "title.basics.kept.1.tsv";

/**
 * The titles of the film reviews: from the mirror's subset, or from IMDb's full file, which is read
 * as a stream and of which only the rows of those titles are kept.
 *
 * @throws UnreachableError if the titles, or the reviews that name them, are nowhere to be had
 * @throws StarlitError if what is found is damaged, or the data folder cannot be written
 */
export async function loadTitles(): Promise<TitleData> {
  const info = catalogue["imdb-titles"];
  const keptFile = path.join(cacheFolder(), KEPT);
  const kept = readSealed(keptFile);
  if (kept) return { ...titleData(kept.body.toString(), keptFile), fingerprint: kept.sum };
  try {
    const file = await resolveFile(info.files[0], info);
    const data = titleData(readText(file, "a table"), file);
    return { ...data, fingerprint: contentSum("imdb-titles") };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  const { reviews } = await loadImdbReviews({ standIn: false });
  const rows = await keepRows(fullFile(), new Set(reviews.map((review) => review.titleId)));
  const data = titleData(rows.toString(), "IMDb's title.basics.tsv.gz");
  const { sum } = writeSealed(keptFile, rows);
  return { ...data, fingerprint: sum };
}

function titleData(tsv: string, file: string): Omit<TitleData, "fingerprint"> {
  return { titles: parseTitles(tsv, file), source: catalogue["imdb-titles"].title };
}

/** The publisher's file of all titles, in one of the places where it may be. */
async function* fullFile(): AsyncGenerator<Uint8Array> {
  const { changing, title, page } = catalogue["imdb-titles"];
  const { file, url, mostBytes } = changing!;
  const place = mirror();
  if (place && "folder" in place && fs.existsSync(path.join(place.folder, file))) {
    yield* readChunks(path.join(place.folder, file));
    return;
  }
  try {
    yield* atMost(download(new URL(url), 0), mostBytes, url, `get ${file} from ${page} by hand`);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new UnreachableError(
      `${title} could not be had (${error.message}): connect to the network, or get ${file} from ${page} and set STARLIT_MIRROR to a folder that holds it.`,
    );
  }
}

/**
 * The header and the rows of some titles, out of a compressed file of very many.
 *
 * @param wanted numbers of the titles to keep
 * @throws StarlitError if the file is truncated, not compressed, not made of lines, or has a title twice
 */
export async function keepRows(gzipped: Chunks, wanted: ReadonlySet<string>): Promise<Buffer> {
  const kept = new Map<string, string>();
  const keep = (line: string) => {
    const title = line.slice(0, line.indexOf("\t"));
    if (kept.size > 0 && !wanted.has(title)) return;
    if (kept.has(title)) throw new Error(`it has ${title} twice`);
    kept.set(title, line);
  };
  const text = pipeline(
    Readable.from(gzipped),
    zlib.createGunzip({ chunkSize: 1 << 18 }),
    () => undefined, // errors come out of the loop below
  ).setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      if (rest.length > LONGEST_LINE) throw new Error("a line has no end");
      lines.forEach(keep);
    }
    if (rest !== "") keep(rest);
  } catch (error) {
    if (error instanceof StarlitError) throw error;
    const reason = (error as Error).message;
    throw new StarlitError(
      `IMDb's title.basics.tsv.gz is truncated or damaged (${reason}): get it again.`,
    );
  }
  return Buffer.from(`${[...kept.values()].join("\n")}\n`);
}

/** What a column must hold where it is known, and what that is called. */
const forms: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^tt\d+$/, "IMDb's number"],
  [/^[A-Za-z]+$/, "a type"],
  [/./, "a title"],
  [/./, "a title"],
  [/^[01]$/, "0 or 1"],
  [/^(18[7-9]|19\d|20\d)\d$/, "a year"],
  [/^(18[7-9]|19\d|20\d)\d$/, "a year"],
  [/^\d{1,6}$/, "a number of minutes"],
  [/^[A-Za-z-]+(,[A-Za-z-]+)*$/, "a list of genres"],
];

/**
 * Rows in the form of IMDb's `title.basics.tsv`: between tabs, `\N` where unknown, no quoting.
 *
 * @param file path of the file, for messages
 * @throws StarlitError if the columns are not IMDb's, or naming the line that has not nine of them, or
 *   holds something else in one of them, or the number of a title that was there before
 */
export function parseTitles(tsv: string, file: string): Title[] {
  const names = columns.split(" ");
  const [header, ...lines] = tsv.replace(/\n$/, "").split("\n");
  if (header !== names.join("\t")) {
    throw new StarlitError(`${file} has not the columns of IMDb's title.basics (${columns}).`);
  }
  const seen = new Set<string>();
  return lines.map((line, i) => {
    const fail = (what: string): never => {
      throw new StarlitError(`${file}, line ${i + 2} ${what}: get the file again.`);
    };
    const cells = line.split("\t").map((cell) => (cell === "\\N" ? null : cell));
    if (cells.length !== names.length) fail(`has ${cells.length} columns, not nine`);
    cells.forEach((cell, column) => {
      const [pattern, what] = forms[column];
      if (cell === null ? column > 0 : pattern.test(cell) && !cell.includes("\r")) return;
      fail(`has ${JSON.stringify(cell)} as ${names[column]}, not ${what}`);
    });
    const number = (cell: string | null) => (cell === null ? null : Number(cell));
    const [titleId, titleType, primaryTitle, originalTitle, isAdult] = cells;
    const [startYear, endYear, runtimeMinutes] = cells.slice(5, 8).map(number);
    if (seen.has(titleId!)) fail(`has the title ${titleId}, which was there before`);
    seen.add(titleId!);
    return {
      titleId: titleId!,
      titleType,
      primaryTitle,
      originalTitle,
      isAdult: isAdult === null ? null : isAdult === "1",
      startYear,
      endYear,
      runtimeMinutes,
      genres: cells[8]?.split(",") ?? [],
    };
  });
}

import * as fs from "node:fs";
import * as path from "node:path";
import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { StarlitError } from "../engine/errors";
import { catalogue, contentSum } from "./catalogue";
import { download, UnreachableError } from "./download";
import { loadImdbReviews } from "./imdb";
import { cacheFolder, mirror } from "./places";
import { resolveFile } from "./resolve";
import { readSealed, writeSealed } from "./sealed";
import type { Chunks } from "./store";
import { readChunks } from "./verify";

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
  if (kept) return { ...titleData(kept.body, keptFile), fingerprint: kept.sum };
  try {
    const file = await resolveFile(info.files[0], info);
    const bytes = fs.readFileSync(file);
    const data = titleData(file.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes, file);
    return { ...data, fingerprint: contentSum("imdb-titles") };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  const { reviews } = await loadImdbReviews({ standIn: false });
  const rows = await keepRows(fullFile(), new Set(reviews.map((review) => review.titleId)));
  const { sum } = await writeSealed(keptFile, rows);
  return { ...titleData(rows, keptFile), fingerprint: sum };
}

function titleData(body: Buffer, file: string): Omit<TitleData, "fingerprint"> {
  return { titles: parseTitles(body.toString(), file), source: catalogue["imdb-titles"].title };
}

/** The publisher's file of all titles, in one of the places where it may be. */
async function* fullFile(): AsyncGenerator<Uint8Array> {
  const { changing, title, page } = catalogue["imdb-titles"];
  const { file, url } = changing!;
  const place = mirror();
  if (place && "folder" in place && fs.existsSync(path.join(place.folder, file))) {
    yield* readChunks(path.join(place.folder, file));
    return;
  }
  try {
    yield* download(url, 0);
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
 * @throws StarlitError if the file is truncated or not compressed
 */
export async function keepRows(gzipped: Chunks, wanted: ReadonlySet<string>): Promise<Buffer> {
  const kept: string[] = [];
  const keep = (line: string) => {
    if (kept.length === 0 || wanted.has(line.slice(0, line.indexOf("\t")))) kept.push(line);
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
      lines.forEach(keep);
    }
  } catch (error) {
    if (error instanceof StarlitError) throw error;
    const reason = (error as Error).message;
    throw new StarlitError(`IMDb's title.basics.tsv.gz is truncated or damaged (${reason}): get it again.`);
  }
  if (rest !== "") keep(rest);
  return Buffer.from(`${kept.join("\n")}\n`);
}

/**
 * Rows in the form of IMDb's `title.basics.tsv`: between tabs, `\N` where unknown, no quoting.
 *
 * @param file path of the file, for messages
 * @throws StarlitError if the columns are not IMDb's, or a row has not nine of them
 */
export function parseTitles(tsv: string, file: string): Title[] {
  const [header, ...lines] = tsv.replace(/\n$/, "").split("\n");
  if (header !== columns.replace(/ /g, "\t")) {
    throw new StarlitError(`${file} has not the columns of IMDb's title.basics (${columns}).`);
  }
  return lines.map((line, i) => {
    const cells = line.split("\t").map((cell) => (cell === "\\N" ? null : cell));
    if (cells.length !== 9) {
      throw new StarlitError(`${file}, line ${i + 2} has ${cells.length} columns, not nine.`);
    }
    const number = (cell: string | null) => (cell === null ? null : Number(cell));
    const [titleId, titleType, primaryTitle, originalTitle, isAdult] = cells;
    const [startYear, endYear, runtimeMinutes] = cells.slice(5, 8).map(number);
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

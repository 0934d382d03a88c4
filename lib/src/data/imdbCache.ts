import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { catalogue } from "./catalogue";
import type { ImdbReview } from "./imdb";
import { readImdbArchive } from "./imdbArchive";
import { cacheFolder } from "./places";
import { resolveFile } from "./resolve";
import { writeWhole } from "./store";

/**
 * The reviews once more, in a form that loads in a second: a line with the SHA-256 of the rest, a
 * line of JSON with the columns, then all texts end to end. Raise the number with the form.
 */
const FILE = "imdb-reviews.1.txt";

/** The reviews and the SHA-256 of their canonical form, which does not depend on the archive. */
export interface ParsedReviews {
  reviews: ImdbReview[];
  fingerprint: string;
}

interface Columns {
  ids: string[];
  titleIds: string[];
  /** Bytes of each text. */
  lengths: number[];
}

/** The reviews from the parsed file if it is there and whole, else from the archive. */
export async function loadParsed(): Promise<ParsedReviews> {
  const file = path.join(cacheFolder(), FILE);
  const parsed = readParsed(file);
  if (parsed) return parsed;
  const info = catalogue["imdb-reviews"];
  const reviews = await readImdbArchive(await resolveFile(info.files[0], info));
  const body = pack(reviews);
  const fingerprint = createHash("sha256").update(body).digest("hex");
  await writeWhole(file, [Buffer.from(`${fingerprint}\n`), body]);
  return { reviews, fingerprint };
}

function readParsed(file: string): ParsedReviews | undefined {
  if (!fs.existsSync(file)) return undefined;
  const bytes = fs.readFileSync(file);
  const start = bytes.indexOf("\n") + 1;
  const body = bytes.subarray(start);
  const fingerprint = createHash("sha256").update(body).digest("hex");
  // A damaged file is no reason to trouble the reader: the archive, which has a sum, is still there.
  if (bytes.toString("latin1", 0, start) !== `${fingerprint}\n`) return undefined;
  return { reviews: unpack(body), fingerprint };
}

function pack(reviews: ImdbReview[]): Buffer {
  const texts = reviews.map((review) => Buffer.from(review.text));
  const columns: Columns = {
    ids: reviews.map((review) => review.id),
    titleIds: reviews.map((review) => review.titleId),
    lengths: texts.map((text) => text.length),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(columns)}\n`), ...texts]);
}

function unpack(body: Buffer): ImdbReview[] {
  const end = body.indexOf("\n");
  const { ids, titleIds, lengths } = JSON.parse(body.toString("utf8", 0, end)) as Columns;
  let at = end + 1;
  return ids.map((id, i) => {
    const [split, sentiment, file] = id.split("/");
    const text = body.toString("utf8", at, (at += lengths[i]));
    return {
      id,
      titleId: titleIds[i],
      split: split as ImdbReview["split"],
      rating: Number(file.slice(file.indexOf("_") + 1)),
      label: sentiment === "pos" ? 1 : 0,
      text,
    };
  });
}

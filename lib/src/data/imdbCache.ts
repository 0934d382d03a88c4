import * as path from "node:path";
import { catalogue } from "./catalogue";
import { readImdbArchive } from "./imdbArchive";
import { cacheFolder } from "../engine/environment";
import { resolveFile } from "./resolve";
import type { ImdbReview } from "./rows";
import { readSealed, writeSealed } from "./sealed";

/**
 * The reviews once more, in a form that loads in a second: a line of JSON with the columns, then all
 * texts end to end. Raise the number with the form.
 */
const FILE = "imdb-reviews.1.txt";

/** The reviews and the SHA-256 of their canonical form, which does not depend on the archive. */
export interface ParsedReviews {
  rows: ImdbReview[];
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
  const kept = readSealed(file);
  if (kept) return { rows: unpack(kept.body), fingerprint: kept.sum };
  const info = catalogue["imdb-reviews"];
  const rows = await readImdbArchive(await resolveFile(info.files[0], info));
  const { sum } = writeSealed(file, pack(rows));
  return { rows, fingerprint: sum };
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

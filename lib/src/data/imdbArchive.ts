import { StarlitError } from "../engine/errors";
import { type ArchiveEntry, archiveEntries } from "./archive";
import type { ImdbReview } from "./rows";

const REVIEWS_PER_FOLDER = 12500;

/** Bytes of a review: the longest has 13,704. */
const MOST_BYTES = 64_000;

/** Ratings 1, 2, 3, 4 of the negative folders, 7, 8, 9, 10 of the positive ones; in order of rows. */
const ratingCounts: Record<string, number[]> = {
  "train/neg": [5100, 2284, 2420, 2696],
  "train/pos": [2496, 3009, 2263, 4732],
  "test/neg": [5022, 2302, 2541, 2635],
  "test/pos": [2307, 2850, 2344, 4999],
};

/**
 * The 50,000 labelled reviews of an aclImdb archive, train before test, negative before positive,
 * by number.
 *
 * @param file path of `aclImdb_v1.tar.gz`, the publisher's or another with the same reviews
 * @throws StarlitError if the archive is truncated, or its reviews are not those of version 1.0
 */
export async function readImdbArchive(file: string): Promise<ImdbReview[]> {
  return collectReviews(archiveEntries(file), file);
}

/**
 * The reviews among the files of an archive, which may come in any order.
 *
 * @param file path of the archive, for messages
 * @throws StarlitError if the reviews are not those of version 1.0
 */
export async function collectReviews(
  entries: AsyncIterable<ArchiveEntry>,
  file: string,
): Promise<ImdbReview[]> {
  const folders = Object.keys(ratingCounts);
  const reviews = new Map(folders.map((folder) => [folder, [] as ImdbReview[]]));
  const titles = new Map(folders.map((folder) => [folder, [] as string[]]));
  const fail = (what: string): never => {
    throw new StarlitError(`${file} ${what}: delete it and get the archive again.`);
  };
  for await (const { name, read } of entries) {
    const review = /^aclImdb\/(train|test)\/(neg|pos)\/(\d+)_(\d+)\.txt$/.exec(name);
    const urls = /^aclImdb\/(train|test)\/urls_(neg|pos)\.txt$/.exec(name);
    if (review) {
      const [, split, sentiment, number, rating] = review;
      const rows = reviews.get(`${split}/${sentiment}`)!;
      if (Number(number) >= REVIEWS_PER_FOLDER)
        fail(`holds ${name}, though the numbers end at 12,499`);
      if (rows[Number(number)]) fail(`holds ${name} beside another review of this number`);
      rows[Number(number)] = {
        id: `${split}/${sentiment}/${number}_${rating}`,
        titleId: "",
        split: split as ImdbReview["split"],
        rating: Number(rating),
        label: sentiment === "pos" ? 1 : 0,
        text: decode(await read(MOST_BYTES)) ?? fail(`holds ${name}, which is not UTF-8`),
      };
    } else if (urls) {
      if (titles.get(`${urls[1]}/${urls[2]}`)!.length > 0) fail(`holds ${name} twice`);
      const lines = (await read()).toString().replace(/\n$/, "").split("\n");
      const ids = lines.map((line, i) => {
        return (
          /\/(tt\d+)\//.exec(line)?.[1] ??
          fail(`holds ${name}, in which line ${i + 1} names no title`)
        );
      });
      titles.set(`${urls[1]}/${urls[2]}`, ids);
    }
  }
  return folders.flatMap((folder) => {
    const rows = reviews.get(folder)!;
    const titleIds = titles.get(folder)!;
    const problem = checkFolder(rows, titleIds, ratingCounts[folder]);
    if (problem) fail(`has ${problem} in ${folder}`);
    return rows.map((row, number) => ({ ...row, titleId: titleIds[number] }));
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is wrong with a folder, or "". */
function checkFolder(rows: ImdbReview[], titleIds: string[], ratings: number[]): string {
  const found = Object.keys(rows).length; // a missing number leaves a hole
  if (found !== REVIEWS_PER_FOLDER || rows.length !== REVIEWS_PER_FOLDER) {
    return `${found} reviews numbered up to ${rows.length - 1}, not 12,500 numbered from 0`;
  }
  if (titleIds.length !== REVIEWS_PER_FOLDER) return `${titleIds.length} titles, not 12,500`;
  const first = rows[0].label === 1 ? 7 : 1;
  const counts = ratings.map((_, i) => rows.filter((row) => row.rating === first + i).length);
  if (counts.some((count, i) => count !== ratings[i])) {
    return `ratings from ${first} on counted ${counts.join(", ")}, not ${ratings.join(", ")}`;
  }
  return rows.some((row) => row.text === "") ? "empty reviews" : "";
}

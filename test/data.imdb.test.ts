import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { pack } from "tar-stream";
import { UnreachableError } from "../lib/src/data/download";
import { type ImdbData, loadImdbReviews } from "../lib/src/data/imdb";
import type { ArchiveEntry } from "../lib/src/data/archive";
import { collectReviews, readImdbArchive } from "../lib/src/data/imdbArchive";
import { StarlitError } from "../lib/src/engine/errors";
import { describeWithMirror } from "./support";

const environment = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
});

afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  fs.rmSync(folder, { recursive: true });
});

/** Counts of ratings 1–4 and 7–10 of version 1.0, as its publisher's file names give them. */
const ratings = {
  train: [5100, 2284, 2420, 2696, 2496, 3009, 2263, 4732],
  test: [5022, 2302, 2541, 2635, 2307, 2850, 2344, 4999],
};

/** Made-up reviews with the file names that version 1.0 could have, last number first. */
function madeUp(
  change: (files: Map<string, string>) => void = () => undefined,
): Map<string, string> {
  const files = new Map<string, string>([["aclImdb/README", "read me"]]);
  for (const split of ["test", "train"] as const) {
    for (const [sentiment, first, counts] of [
      ["pos", 7, ratings[split].slice(4)],
      ["neg", 1, ratings[split].slice(0, 4)],
    ] as const) {
      const scores = counts.flatMap((count, i) => new Array<number>(count).fill(first + i));
      for (let i = scores.length - 1; i >= 0; i--) {
        files.set(
          `aclImdb/${split}/${sentiment}/${i}_${scores[i]}.txt`,
          `${split} ${sentiment} ${i} é`,
        );
      }
      const urls = scores.map(
        (_, i) => `http://www.imdb.com/title/tt${1000000 + i}/usercomments\n`,
      );
      files.set(`aclImdb/${split}/urls_${sentiment}.txt`, urls.join(""));
    }
  }
  files.set("aclImdb/train/unsup/0_0.txt", "not labelled");
  files.set("aclImdb/train/labeledBow.feat", "9 0:9");
  change(files);
  return files;
}

async function* entries(files: Map<string, string | Buffer>): AsyncGenerator<ArchiveEntry> {
  for (const [name, content] of files)
    yield { name, read: () => Promise.resolve(Buffer.from(content)) };
}

async function archive(files: Map<string, string>): Promise<string> {
  const file = path.join(folder, "aclImdb_v1.tar.gz");
  const tar = pack();
  for (const [name, content] of files) tar.entry({ name }, content);
  tar.finalize();
  await pipeline(tar, zlib.createGzip({ level: 1 }), fs.createWriteStream(file));
  return file;
}

describe("the reviews of an archive", () => {
  test("come in one order, with their titles, whatever else is in the archive", async () => {
    const reviews = await collectReviews(entries(madeUp()), "a.tar.gz");
    expect(reviews).toHaveLength(50000);
    expect(reviews[0]).toEqual({
      id: "train/neg/0_1",
      titleId: "tt1000000",
      split: "train",
      rating: 1,
      label: 0,
      text: "train neg 0 é",
    });
    expect(reviews[12500 + 12499].id).toBe("train/pos/12499_10");
    expect(reviews[25000].id).toBe("test/neg/0_1");
    expect(reviews[49999]).toMatchObject({
      titleId: "tt1012499",
      split: "test",
      rating: 10,
      label: 1,
    });
  });

  test.each<[string, (files: Map<string, string | Buffer>) => void, RegExp]>([
    [
      "a review too few",
      (files) => files.delete("aclImdb/test/pos/12499_10.txt"),
      /has 12499 reviews numbered up to 12498, not 12,500 numbered from 0 in test\/pos/,
    ],
    [
      "a gap",
      (files) => files.delete("aclImdb/test/pos/3_7.txt"),
      /has 12499 reviews numbered up to 12499/,
    ],
    [
      "another rating",
      (files) => {
        files.delete("aclImdb/train/neg/0_1.txt");
        files.set("aclImdb/train/neg/0_4.txt", "a");
      },
      /ratings from 1 on counted 5099, 2284, 2420, 2697, not 5100, .* in train\/neg/,
    ],
    [
      "no titles",
      (files) => files.delete("aclImdb/train/urls_pos.txt"),
      /has 0 titles, not 12,500 in train\/pos/,
    ],
    [
      "an empty review",
      (files) => files.set("aclImdb/test/neg/3_1.txt", ""),
      /has empty reviews in test\/neg/,
    ],
    [
      "bytes that are no text",
      (files) => files.set("aclImdb/test/neg/3_1.txt", Buffer.from([0xff])),
      /holds aclImdb\/test\/neg\/3_1\.txt, which is not UTF-8/,
    ],
  ])("%s is noticed", async (_, change, message) => {
    const reading = collectReviews(entries(madeUp(change)), "a.tar.gz");
    await expect(reading).rejects.toThrow(StarlitError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(/^a\.tar\.gz .*: delete it and get the archive again\.$/);
  });

  test("a whole archive without reviews, a truncated one, and a file that is none", async () => {
    const text = "Large Movie Review Dataset";
    const file = await archive(
      new Map([
        ["aclImdb/README", text.repeat(9999)],
        ["aclImdb/train/neg/0_1.txt", text],
      ]),
    );
    const reading = () => readImdbArchive(file);
    await expect(reading()).rejects.toThrow(/has 1 reviews numbered up to 0, not 12,500/);
    fs.truncateSync(file, 100);
    await expect(reading()).rejects.toThrow(
      /is truncated or no archive \(unexpected end of file\): delete/,
    );
    fs.writeFileSync(file, "<html>Sign in</html>");
    await expect(reading()).rejects.toThrow(
      /is truncated or no archive \(incorrect header check\): delete/,
    );
    await expect(reading()).rejects.toThrow(StarlitError);
  });
});

describe("the stand-in", () => {
  const unreachable = () => {
    process.env.STARLIT_DATA = folder;
    delete process.env.STARLIT_MIRROR;
    return jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
  };

  test("takes the place of reviews that cannot be had, and says so", async () => {
    const fetch = unreachable();
    const data = await loadImdbReviews();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(data.standIn).toBe(true);
    expect(data.source).toBe("Women's E-Commerce Clothing Reviews (stand-in)");
    expect(data.banner).toMatch(/^Stand-in data: .* no number here is comparable with a pub/);
    expect(data.reason).toMatch(/did not answer .*: connect to the network, or get it from https:/);
    expect(data.fingerprint).toMatch(/^bd93cc515747/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test("has two classes without the middle, as many of each, in halves of the same mixture", async () => {
    const { reviews } = await loadImdbReviews({ standIn: true });
    const counts: Record<string, number> = {};
    for (const { split, label, rating } of reviews) {
      const key = `${split} ${label} ${rating}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    expect(counts).toEqual({
      "train 0 1": 411,
      "train 0 2": 775,
      "train 1 4": 349,
      "train 1 5": 836,
      "test 0 1": 410,
      "test 0 2": 774,
      "test 1 4": 349,
      "test 1 5": 836,
    });
    expect(new Set(reviews.map((review) => review.id)).size).toBe(reviews.length);
  });

  test("is refused with `standIn: false`", async () => {
    unreachable();
    await expect(loadImdbReviews({ standIn: false })).rejects.toThrow(UnreachableError);
  });

  test("does not hide a damaged archive", async () => {
    unreachable();
    fs.writeFileSync(path.join(folder, "aclImdb_v1.tar.gz"), "cut off");
    await expect(loadImdbReviews()).rejects.toThrow(
      /aclImdb_v1\.tar\.gz is truncated or altered \(7 bytes/,
    );
  });
});

describeWithMirror("the reviews of the mirror", () => {
  let cache: string;
  let data: ImdbData;
  beforeAll(async () => {
    cache = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
    process.env.STARLIT_DATA = cache;
    data = await loadImdbReviews({ standIn: false });
  });
  afterAll(() => fs.rmSync(cache, { recursive: true }));

  test("counts of version 1.0", () => {
    for (const split of ["train", "test"] as const) {
      const found = [1, 2, 3, 4, 7, 8, 9, 10].map(
        (rating) => data.reviews.filter((r) => r.split === split && r.rating === rating).length,
      );
      expect(found).toEqual(ratings[split]);
    }
    expect(data.reviews.every((r) => r.label === (r.rating > 5 ? 1 : 0))).toBe(true);
    expect(data.reviews.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBe(65483508);
    expect(new Set(data.reviews.map(({ text }) => text)).size).toBe(49582);
  });

  test("titles: how many, and how many in each split", () => {
    const ids = (split: string) =>
      new Set(data.reviews.filter((r) => r.split === split).map((r) => r.titleId));
    const [train, test] = [ids("train"), ids("test")];
    expect([train.size, test.size, new Set([...train, ...test]).size]).toEqual([3456, 3581, 7036]);
  });

  test("the review quoted by the rating study", () => {
    const review = data.reviews.find((r) =>
      r.text.startsWith("I went and saw this movie last night after being"),
    );
    expect(review).toMatchObject({ titleId: "tt0406816", rating: 10, label: 1, split: "test" });
  });

  test("longest review of each split in white-space words", () => {
    const longest = (split: string) =>
      Math.max(
        ...data.reviews
          .filter((r) => r.split === split)
          .map((r) => r.text.split(/\s+/).filter(Boolean).length),
      );
    expect([longest("train"), longest("test")]).toEqual([2470, 2278]);
  });

  test("the second load reads the parsed file, and a damaged one is made again", async () => {
    process.env.STARLIT_DATA = cache;
    const parsed = path.join(cache, "imdb-reviews.1.txt");
    fs.renameSync(path.join(cache, "aclImdb_v1.tar.gz"), path.join(cache, "away"));
    expect(await loadImdbReviews({ standIn: false })).toEqual(data);
    fs.renameSync(path.join(cache, "away"), path.join(cache, "aclImdb_v1.tar.gz"));
    const bytes = fs.readFileSync(parsed);
    fs.truncateSync(parsed, bytes.length - 1);
    expect((await loadImdbReviews({ standIn: false })).fingerprint).toBe(data.fingerprint);
    expect(fs.readFileSync(parsed).equals(bytes)).toBe(true);
  });
});

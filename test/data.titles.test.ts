import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import type { ImdbReview } from "../lib/src/data/rows";
import { dataFingerprint } from "../lib/src/data/fingerprint";
import { loadKerasImdb } from "../lib/src/data/kerasImdb";
import { showSource } from "../lib/src/data/origin";
import { joinTitles, loadRatedReviews, type RatedData } from "../lib/src/data/ratedReviews";
import { keepRows, loadTitles, parseTitles } from "../lib/src/data/titles";
import { StarlitError } from "../lib/src/engine/errors";
import { describeWithMirror, mirror } from "./support";

const header =
  "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n";
const film = 'tt0000001\tmovie\t"Quoted" é\tOriginal\t0\t1999\t\\N\t101\tDrama,War\n';
const series = "tt0000002\ttvSeries\tA\tA\t1\t1990\t1994\t\\N\t\\N\n";
const bare = `tt0000003${"\t\\N".repeat(8)}\n`;

const titles = parseTitles(header + film + series + bare, "titles.tsv");

describe("rows of title.basics", () => {
  test("become titles, unknown values null", () => {
    expect(titles).toEqual([
      {
        titleId: "tt0000001",
        titleType: "movie",
        primaryTitle: '"Quoted" é',
        originalTitle: "Original",
        isAdult: false,
        startYear: 1999,
        endYear: null,
        runtimeMinutes: 101,
        genres: ["Drama", "War"],
      },
      {
        titleId: "tt0000002",
        titleType: "tvSeries",
        primaryTitle: "A",
        originalTitle: "A",
        isAdult: true,
        startYear: 1990,
        endYear: 1994,
        runtimeMinutes: null,
        genres: [],
      },
      {
        titleId: "tt0000003",
        titleType: null,
        primaryTitle: null,
        originalTitle: null,
        isAdult: null,
        startYear: null,
        endYear: null,
        runtimeMinutes: null,
        genres: [],
      },
    ]);
  });

  test.each([
    ["other columns", "tconst\tprimaryTitle\n", /^titles\.tsv has not the columns of IMDb's/],
    ["a cut row", header + film.slice(0, 30), /^titles\.tsv, line 2 has 4 columns, not nine/],
    ["nothing", "", /has not the columns/],
  ])("%s are noticed", (_, text, message) => {
    expect(() => parseTitles(text, "titles.tsv")).toThrow(StarlitError);
    expect(() => parseTitles(text, "titles.tsv")).toThrow(message);
  });

  test("are picked from a compressed stream, wherever its pieces are cut", async () => {
    const gzipped = zlib.gzipSync(header + film + series + bare.trimEnd());
    const wanted = new Set(["tt0000001", "tt0000003", "tt9999999"]);
    for (const size of [1, 7, 1000]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < gzipped.length; at += size)
        pieces.push(gzipped.subarray(at, at + size));
      expect((await keepRows(pieces, wanted)).toString()).toBe(header + film + bare);
    }
    await expect(keepRows([gzipped.subarray(0, 60)], wanted)).rejects.toThrow(StarlitError);
    await expect(keepRows([gzipped.subarray(0, 60)], wanted)).rejects.toThrow(
      /truncated or damaged \(unexpected end/,
    );
  });
});

test("reviews are joined with their titles, and missing fields are counted", () => {
  const review = (titleId: string): ImdbReview => ({
    id: "a",
    titleId,
    split: "train",
    rating: 1,
    label: 0,
    text: "b",
  });
  const { reviews, coverage } = joinTitles(
    ["tt0000002", "tt0000001", "tt0000009", "tt0000003", "tt0000001"].map(review),
    titles,
  );
  expect(reviews.map((row) => [row.titleId, row.startYear, row.genres])).toEqual([
    ["tt0000002", 1990, []],
    ["tt0000001", 1999, ["Drama", "War"]],
    ["tt0000009", null, []],
    ["tt0000003", null, []],
    ["tt0000001", 1999, ["Drama", "War"]],
  ]);
  expect(reviews[1]).toMatchObject({ text: "b", rating: 1, runtimeMinutes: 101 });
  const of = (field: string) => coverage.find((row) => row.field === field);
  expect(of("startYear")).toEqual({ field: "startYear", known: 3, notInRow: 1, noRow: 1 });
  expect(of("endYear")).toEqual({ field: "endYear", known: 1, notInRow: 3, noRow: 1 });
  expect(of("genres")).toEqual({ field: "genres", known: 2, notInRow: 2, noRow: 1 });
  expect(coverage).toHaveLength(8);
});

describeWithMirror("with the mirror", () => {
  const environment = { ...process.env };
  let folder: string;
  let data: RatedData;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
    process.env.STARLIT_DATA = path.join(folder, "cache");
    data = await loadRatedReviews({ standIn: false });
  });
  afterEach(() => jest.restoreAllMocks());

  /** A cache that has the reviews alone, a mirror with the files given, and no network. */
  function apart(name: string, files: Record<string, Buffer>): string {
    const cache = path.join(folder, name, "cache");
    fs.mkdirSync(cache, { recursive: true });
    fs.copyFileSync(
      path.join(folder, "cache", "imdb-reviews.1.txt"),
      path.join(cache, "imdb-reviews.1.txt"),
    );
    for (const [file, bytes] of Object.entries(files))
      fs.writeFileSync(path.join(folder, name, file), bytes);
    process.env.STARLIT_MIRROR = path.join(folder, name);
    process.env.STARLIT_DATA = cache;
    jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    return cache;
  }

  afterAll(() => {
    process.env = environment;
    fs.rmSync(folder, { recursive: true });
  });

  test("titles: how many, and for how many each field is known", async () => {
    const { titles: all } = await loadTitles();
    expect(all).toHaveLength(6579);
    const known = (field: keyof (typeof all)[0]) =>
      all.filter((title) => title[field] !== null).length;
    expect([
      known("titleType"),
      known("primaryTitle"),
      known("originalTitle"),
      known("isAdult"),
    ]).toEqual([6090, 6575, 6025, 6025]);
    expect([known("startYear"), known("endYear"), known("runtimeMinutes")]).toEqual([
      6579, 376, 6406,
    ]);
    expect(all.filter((title) => title.genres.length > 0)).toHaveLength(6546);
  });

  test("reviews: 96.1 % have a year, 94.5 % a runtime, 95.8 % genres; all counts add up", () => {
    const share = (field: string) =>
      (data.coverage.find((row) => row.field === field)!.known / 500).toFixed(1);
    expect([share("startYear"), share("runtimeMinutes"), share("genres")]).toEqual([
      "96.1",
      "94.5",
      "95.8",
    ]);
    for (const row of data.coverage) expect(row.known + row.notInRow + row.noRow).toBe(50000);
    expect(data.reviews).toHaveLength(50000);
  });

  test("the sample row of the rating study", () => {
    const row = data.reviews.find((r) =>
      r.text.startsWith("I went and saw this movie last night after being"),
    );
    expect(row).toMatchObject({
      titleId: "tt0406816",
      primaryTitle: "The Guardian",
      startYear: 2006,
      runtimeMinutes: 139,
      genres: ["Action", "Adventure", "Drama"],
      rating: 10,
    });
  });

  test("the same rows and fingerprint from a full file; kept for the next time", async () => {
    const subset = zlib.gunzipSync(
      fs.readFileSync(path.join(mirror!, "title.basics.aclimdb.tsv.gz")),
    );
    const others = Array.from({ length: 5000 }, (_, i) => film.replace("tt0000001", `tt99${i}`));
    const full = zlib.gzipSync(Buffer.concat([subset, Buffer.from(others.join(""))]));
    const expected = await loadTitles();
    const cache = apart("full", { "title.basics.tsv.gz": full });
    expect((await loadTitles()).titles).toEqual(expected.titles);
    fs.rmSync(path.join(folder, "full", "title.basics.tsv.gz"));
    expect((await loadTitles()).titles).toEqual(expected.titles);
    expect(fetch).not.toHaveBeenCalled();
    expect(fs.readdirSync(cache)).toHaveLength(2);
    expect(await dataFingerprint("imdb-titles")).toBe(expected.fingerprint);
  });

  test("titles that cannot be had leave the reviews without them", async () => {
    const cache = apart("reviews only", {});
    const found = await loadRatedReviews();
    const { reviews, coverage, standIn, fingerprint } = found;
    expect(standIn).toBe(false);
    expect(found.banner).toMatch(/^The films' titles could not be had: the reviews come without/);
    expect(found.reason).toMatch(/, or get title\.basics\.tsv\.gz from https:/);
    expect(reviews).toHaveLength(50000);
    expect(coverage.every((row) => row.known === 0 && row.noRow === 50000)).toBe(true);
    expect(fingerprint).toBe(await dataFingerprint("imdb-reviews"));
    expect(fs.readdirSync(cache)).toEqual(["imdb-reviews.1.txt"]);
    await expect(loadTitles()).rejects.toThrow(/, or get title\.basics\.tsv\.gz from https:/);
    let shown = "";
    jest
      .spyOn(process.stdout, "write")
      .mockImplementation((text) => Boolean((shown += String(text))));
    showSource(found);
    expect(shown).toBe(`${found.banner} ${found.reason}\n`);
  });

  test("Keras's word index that cannot be had is replaced by counted ranks, and it is said so", async () => {
    apart("reviews only", {});
    const { banner, reason, standIn, wordIndex } = await loadKerasImdb({ numWords: 50 });
    expect(standIn).toBe(false);
    expect(banner).toMatch(
      /^Keras's word index could not be had: ranks are counted in the training/,
    );
    expect(reason).toMatch(
      /imdb_word_index\.json could not be had .*: connect to the network, or get/,
    );
    expect(["the", "and", "a", "of"].map((word) => wordIndex.get(word))).toEqual([1, 2, 3, 4]);
  });
});

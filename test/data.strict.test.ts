import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import * as fc from "fast-check";
import { pack } from "tar-stream";
import { archiveEntries } from "../lib/src/data/archive";
import { type ClothingReview, readClothingReviews } from "../lib/src/data/clothing";
import { collectReviews } from "../lib/src/data/imdbArchive";
import { keepRows, parseTitles, type Title } from "../lib/src/data/titles";
import { parseTweets, tweetLabels } from "../lib/src/data/tweets";
import { StarlitError } from "../lib/src/engine/errors";
import { inputsOf, outcome } from "./properties";

// What loaders take and what they refuse: files of this form with values of this range, and nothing
// that looks like them.

let folder: string;
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"))));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A text of whatever characters, but these. */
const textBut = (forbidden: RegExp) =>
  fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !forbidden.test(text));

/** Bytes with some of them replaced, left out or put in. */
function damage(bytes: Buffer, edits: { at: number; act: string; byte: number }[]): Buffer {
  const list = [...bytes];
  for (const { at, act, byte } of edits) {
    const place = at % (list.length + 1);
    if (act === "replace") list[place] = byte;
    else if (act === "remove") list.splice(place, 1);
    else list.splice(place, 0, byte);
  }
  return Buffer.from(list);
}
const edits = fc.array(
  fc.record({
    at: fc.nat({ max: 100_000 }),
    act: fc.constantFrom("replace", "remove", "insert"),
    byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('\t\n\r",0\\'))),
  }),
  { minLength: 1, maxLength: 4 },
);

describe("clothing reviews", () => {
  const header =
    ",Clothing ID,Age,Title,Review Text,Rating,Recommended IND,Positive Feedback Count,Division Name,Department Name,Class Name";
  const own = () => path.join(folder, "own.csv");
  const read = (text: string | Buffer) => {
    fs.writeFileSync(own(), text);
    return outcome(() => readClothingReviews(own()));
  };
  const row = (change: Record<number, string> = {}) =>
    Object.assign(["0", "1", "20", "T", "text", "5", "1", "0", "D", "E", "F"], change).join(",");

  test.each([
    ["a rating of 0", { 5: "0" }, '"Rating" is "0", not a whole number from 1 to 5'],
    ["a rating of 6", { 5: "6" }, '"Rating" is "6", not a whole number from 1 to 5'],
    ["a negative rating", { 5: "-1" }, '"Rating" is "-1", not a whole number from 1 to 5'],
    ["a rating with an exponent", { 5: "1e0" }, '"Rating" is "1e0"'],
    ["a rating in hexadecimal", { 5: "0x5" }, '"Rating" is "0x5"'],
    ["a rating with a blank", { 5: " 5" }, '"Rating" is " 5"'],
    ["a rating with a comma", { 5: '"4,5"' }, '"Rating" is "4,5"'],
    ["a rating with a point", { 5: "4.5" }, '"Rating" is "4.5"'],
    ["a negative age", { 2: "-20" }, '"Age" is "-20", not a whole number from 1 to 120'],
    ["an age of 0", { 2: "0" }, '"Age" is "0", not a whole number from 1 to 120'],
    ["an age of 999", { 2: "999" }, '"Age" is "999", not a whole number from 1 to 120'],
    [
      "a recommendation of 2",
      { 6: "2" },
      '"Recommended IND" is "2", not a whole number from 0 to 1',
    ],
    [
      "a negative count",
      { 7: "-1" },
      '"Positive Feedback Count" is "-1", not a whole number from 0 on',
    ],
    ["an endless number", { 1: "9".repeat(20) }, '"Clothing ID" is "99999999999999999999"'],
  ])("%s is refused with its line", (_, change, what) => {
    const lines = [header, row(), row({ 0: "1", 4: '"two\r\nlines"' }), row({ 0: "2", ...change })];
    const told = read(lines.join("\n"));
    expect(told).toContain(`own.csv, record 3: ${what}`);
    expect(told).toMatch(/: correct line 5\.$/);
  });

  test("an index that is there twice, and a column", () => {
    expect(read([header, row(), row({ 0: "1" }), row()].join("\n"))).toMatch(
      /own\.csv, record 3: its index 0 is also that of record 1: correct line 4\.$/,
    );
    expect(read(`${header},Rating\n${row()},1\n`)).toMatch(
      /own\.csv has the column "Rating" twice/,
    );
  });

  test("latin-1, UTF-16 and a truncated character are refused with their line; a BOM is no column", () => {
    const lines = `${header}\n${row()}\n${row({ 0: "1", 4: "café" })}\n`;
    expect(read(Buffer.from(lines, "latin1"))).toMatch(
      /own\.csv, line 3 has bytes that are not UTF-8: save the file as UTF-8, or get it again\.$/,
    );
    expect(read(Buffer.from(`\ufeff${lines}`, "utf16le"))).toMatch(
      /line 1 has bytes that are not UTF-8/,
    );
    expect(read(Buffer.from(lines).subarray(0, lines.indexOf("é") + 1))).toMatch(
      /line 3 has bytes/,
    );
    expect(read(`\ufeff${lines}`)).toHaveLength(2);
  });

  test("a file that grows without bounds when it is unpacked is refused", () => {
    const bomb = path.join(folder, "bomb.csv.gz");
    // Members of a gzip file are unpacked one after the other.
    const member = zlib.gzipSync(Buffer.alloc(32e6, "a"), { level: 1 });
    fs.writeFileSync(bomb, Buffer.concat(new Array<Buffer>(10).fill(member)));
    expect(outcome(() => readClothingReviews(bomb))).toMatch(
      /bomb\.csv\.gz cannot be read as CSV \(larger than 256 MB uncompressed\): get the file again/,
    );
  });

  const reviews = fc.uniqueArray(
    fc.record<ClothingReview>({
      index: fc.nat(),
      clothingId: fc.nat(),
      age: fc.integer({ min: 1, max: 120 }),
      title: textBut(/^$a/),
      text: textBut(/^$a/),
      rating: fc.integer({ min: 1, max: 5 }),
      recommended: fc.boolean(),
      positiveFeedbackCount: fc.nat(),
      division: textBut(/^$a/),
      department: textBut(/^$a/),
      className: textBut(/^$a/),
    }),
    { selector: ({ index }) => index, minLength: 1, maxLength: 5 },
  );
  const csv = (all: ClothingReview[]) =>
    [
      header,
      ...all.map((review) =>
        Object.values({ ...review, recommended: Number(review.recommended) })
          .map((value) => `"${String(value).replace(/"/g, '""')}"`)
          .join(","),
      ),
    ].join("\n");

  test("whatever characters a review has, it is read as it was written", () => {
    const property = fc.property(reviews, (all) => expect(read(csv(all))).toEqual(all));
    fc.assert(property, inputsOf(100, 1));
  });

  test("of a damaged file no value comes out of its range", () => {
    const property = fc.property(reviews, edits, (all, changes) => {
      const found = read(damage(Buffer.from(csv(all)), changes));
      if (typeof found === "string") return;
      for (const { rating, age, index, positiveFeedbackCount } of found) {
        expect([1, 2, 3, 4, 5]).toContain(rating);
        expect(age > 0 && age <= 120).toBe(true);
        expect([index, positiveFeedbackCount].every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(
          true,
        );
      }
      expect(new Set(found.map(({ index }) => index)).size).toBe(found.length);
    });
    fc.assert(property, inputsOf(200, 2));
  });
});

describe("tweets", () => {
  const read = (text: string) => outcome(() => parseTweets(text, "twitter-2013dev-A"));

  test.each([
    [
      "an unknown label",
      "2\tpositve\tb",
      'line 2 has the label "positve", not negative, neutral, positive',
    ],
    ["another case of a label", "2\tPositive\tb", 'line 2 has the label "Positive"'],
    ["no label", "2\t\tb", 'line 2 has the label ""'],
    ["no text", "2\tpositive\t", "line 2 is no tweet (id, label, text)"],
    ["two columns", "2\tpositive", "line 2 is no tweet (id, label, text)"],
    ["an id that is no number", "x2\tpositive\tb", "line 2 is no tweet (id, label, text)"],
    ["a text alone", "and on it goes", "line 2 is no tweet (id, label, text)"],
    ["a quotation mark alone", '"\t', "line 2 is no tweet (id, label, text)"],
    ["a tab in its text", "2\tpositive\tb\tc", "line 2 has a tab in its text"],
    ["five columns", "2\tpositive\tb\t\t", "line 2 has a tab in its text"],
    ["CR LF", "2\tpositive\tb\r", "line 2 ends in CR LF"],
  ])("%s is refused with its line, and glued to nothing", (_, line, what) => {
    const told = read(`1\tneutral\ta\n${line}\n3\tneutral\tc\n`);
    expect(told).toContain(`twitter-2013dev-A, ${what}`);
    expect(told).toMatch(/: get the file again\.$/);
  });

  test("no line is lost, and none is added to another", () => {
    const tweet = fc.record({
      id: fc.nat().map(String),
      label: fc.constantFrom(...tweetLabels),
      text: textBut(/^$|[\t\n\r\\]/),
    });
    const property = fc.property(fc.array(tweet, { maxLength: 6 }), (all) => {
      const found = read(all.map(({ id, label, text }) => `${id}\t${label}\t${text}\n`).join(""));
      const expected = all.map(({ id, label, text }) => [id, tweetLabels.indexOf(label), text]);
      if (typeof found === "string") throw new Error(found);
      expect(found.map(({ id, label, text }) => [id, label, text])).toEqual(expected);
    });
    fc.assert(property, inputsOf(200, 1));
  });

  test("a damaged file gives tweets with a label each, or a sentence", () => {
    const lines = Buffer.from("1\tneutral\tone\t\n22\tpositive\ttwo é\n333\tnegative\t3\n");
    const property = fc.property(edits, (changes) => {
      const found = read(damage(lines, changes).toString());
      if (typeof found === "string") return;
      for (const { id, label, text } of found) {
        expect(id).toMatch(/^\d+$/);
        expect([0, 1, 2]).toContain(label);
        expect(text).not.toMatch(/[\t\r]/);
      }
    });
    fc.assert(property, inputsOf(300, 4));
  });
});

describe("titles", () => {
  const header =
    "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n";
  const film = ["tt0000001", "movie", "A", "B", "0", "1999", "\\N", "101", "Drama,War"];
  const line = (change: Record<number, string> = {}) =>
    `${Object.assign([...film], change).join("\t")}\n`;
  const read = (rows: string) => outcome(() => parseTitles(header + rows, "titles.tsv"));

  test.each([
    [0, "", "", "IMDb's number"],
    [0, "nm0000001", "nm0000001", "IMDb's number"],
    [0, "\\N", null, "IMDb's number"],
    [1, "", "", "a type"],
    [2, "", "", "a title"],
    [4, "2", "2", "0 or 1"],
    [5, "abc", "abc", "a year"],
    [5, "", "", "a year"],
    [5, "19999", "19999", "a year"],
    [5, "1e3", "1e3", "a year"],
    [5, "0", "0", "a year"],
    [5, "-1999", "-1999", "a year"],
    [6, "3000", "3000", "a year"],
    [7, "101.5", "101.5", "a number of minutes"],
    [7, "-1", "-1", "a number of minutes"],
    [8, "Drama\r", "Drama\r", "a list of genres"],
    [8, "", "", "a list of genres"],
    [8, "Drama,,War", "Drama,,War", "a list of genres"],
    [2, "A\rB", "A\rB", "a title"],
  ])("column %i is not %p", (column, value, shown, what) => {
    const names = header.trim().split("\t");
    expect(read(line() + line({ 0: "tt0000002", [column]: value }))).toBe(
      `titles.tsv, line 3 has ${JSON.stringify(shown)} as ${names[column]}, not ${what}: get the file again.`,
    );
  });

  test("a title that is there twice is refused", () => {
    expect(read(line() + line())).toBe(
      "titles.tsv, line 3 has the title tt0000001, which was there before: get the file again.",
    );
  });

  test("a damaged file gives titles with years, minutes and genres, or a sentence", () => {
    const rows = line() + line({ 0: "tt0000002", 5: "\\N", 8: "\\N" });
    const property = fc.property(edits, (changes) => {
      const found = read(damage(Buffer.from(rows), changes).toString());
      if (typeof found === "string") return;
      for (const { startYear, endYear, runtimeMinutes, genres } of found as Title[]) {
        for (const year of [startYear, endYear])
          expect(year === null || (year >= 1870 && year < 2100)).toBe(true);
        expect(runtimeMinutes === null || Number.isInteger(runtimeMinutes)).toBe(true);
        for (const genre of genres) expect(genre).toMatch(/^[A-Za-z-]+$/);
      }
    });
    fc.assert(property, inputsOf(300, 6));
  });

  test("a line of 300 MB ends the reading at its first megabytes", async () => {
    let given = 0;
    // One member of 10 MB, thirty times over: a gzip file may be put together so.
    const member = zlib.gzipSync(Buffer.alloc(10e6, "a"), { level: 1 });
    function* endless() {
      for (; given < 30; given++) yield member;
    }
    const reading = keepRows(endless(), new Set());
    await expect(reading).rejects.toThrow(StarlitError);
    await expect(reading).rejects.toThrow(
      "IMDb's title.basics.tsv.gz is truncated or damaged (a line has no end): get it again.",
    );
    expect(given).toBeLessThan(10);
  });

  test("a title that comes again is refused, and kept once at most", async () => {
    const lines = ["tconst\tx", "tt1\ta", "tt2\tb", "tt1\tc", ""].join("\n");
    const reading = (wanted: string) => keepRows([zlib.gzipSync(lines)], new Set([wanted]));
    await expect(reading("tt1")).rejects.toThrow(
      "IMDb's title.basics.tsv.gz is truncated or damaged (it has tt1 twice): get it again.",
    );
    expect((await reading("tt2")).toString()).toBe("tconst\tx\ntt2\tb\n");
  });
});

describe("an archive", () => {
  const file = () => path.join(folder, "a.tar.gz");

  async function tarOf(entries: [name: string, content: string | Buffer][]): Promise<Buffer> {
    const tar = pack();
    const chunks: Buffer[] = [];
    tar.on("data", (chunk: Buffer) => chunks.push(chunk));
    for (const [name, content] of entries) tar.entry({ name }, content as string);
    tar.finalize();
    await new Promise((resolve) => tar.on("end", resolve));
    return Buffer.concat(chunks);
  }

  const reviews = (): [string, string][] =>
    Array.from({ length: 5 }, (_, i) => [`aclImdb/train/neg/${i}_1.txt`, `bad ${"x".repeat(700)}`]);

  async function read(tar: Buffer): Promise<string> {
    fs.writeFileSync(file(), zlib.gzipSync(tar, { level: 1 }));
    const error: unknown = await collectReviews(archiveEntries(file()), file()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StarlitError);
    expect((error as Error).message).toMatch(
      /^\S+a\.tar\.gz .*: delete it and get the archive again\.$/,
    );
    return (error as Error).message;
  }

  test("that is cut inside a member, or anywhere, is said to be so", async () => {
    const tar = await tarOf(reviews());
    // In the second member's content: a block of 512 and 1,024 of content each.
    expect(await read(tar.subarray(0, 512 + 1024 + 512 + 300))).toMatch(
      /is truncated or no archive \(Unexpected end of data\)/,
    );
    const property = fc.asyncProperty(fc.nat({ max: tar.length }), async (end) => {
      await read(tar.subarray(0, end));
    });
    await fc.assert(property, inputsOf(40, 8));
  });

  test("whose member has a false size, or any other false byte, is refused", async () => {
    const tar = await tarOf(reviews());
    const lying = Buffer.from(tar);
    // The size, 11 octal digits at 124, and the sum of the header, 6 at 148.
    lying.write("00000000100", 124);
    const sum = lying
      .subarray(0, 512)
      .reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
    lying.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    expect(await read(lying)).toMatch(/is truncated or no archive/);
    const property = fc.asyncProperty(edits, async (changes) => {
      await read(damage(tar, changes));
    });
    await fc.assert(property, inputsOf(60, 9));
  });

  test("whose member is huge is refused before it is read", async () => {
    const name = "aclImdb/train/neg/0_1.txt";
    const tar = pack();
    const entry = tar.entry({ name, size: 1.5e9 });
    const zeros = Buffer.alloc(1 << 20);
    let written = 0;
    const more = () => {
      if (written >= 64) return tar.destroy();
      written++;
      if (entry.write(zeros)) setImmediate(more);
      else entry.once("drain", more);
    };
    more();
    await pipeline(tar, zlib.createGzip({ level: 1 }), fs.createWriteStream(file())).catch(
      () => {},
    );
    // What was written is enough to begin with: the size stands before the content.
    const before = process.memoryUsage().rss;
    await expect(collectReviews(archiveEntries(file()), file())).rejects.toThrow(
      /a\.tar\.gz holds aclImdb\/train\/neg\/0_1\.txt with 1,500,000,000 bytes, which is too large for what/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test("whose review is longer than any, or has a number that is none, is refused", async () => {
    const review = (name: string, bytes = 700): [string, string][] => [
      [`aclImdb/train/neg/${name}.txt`, "x".repeat(bytes)],
    ];
    expect(await read(await tarOf(review("0_1", 64_001)))).toMatch(
      /holds aclImdb\/train\/neg\/0_1\.txt with 64,001 bytes, which is too large for/,
    );
    // The first is too few, and not too long.
    expect(await read(await tarOf(review("0_1", 64_000)))).toMatch(/has 1 reviews numbered/);
    for (const number of ["12500", "4294967295", "9".repeat(60)])
      expect(await read(await tarOf(review(`${number}_1`)))).toMatch(
        /_1\.txt, though the numbers end at 12,499/,
      );
    const urls: [string, string] = ["aclImdb/test/urls_neg.txt", "http://x/title/tt1/\n"];
    expect(await read(await tarOf([urls, urls]))).toMatch(/urls_neg\.txt twice/);
  });

  test("that holds more than it should, however it is parted, is refused", async () => {
    const content = Buffer.alloc(15e6);
    const entries = Array.from({ length: 20 }, (_, i): [string, Buffer] => [`a/${i}`, content]);
    fs.writeFileSync(file(), zlib.gzipSync(await tarOf(entries), { level: 1 }));
    let taken = 0;
    const all = async () => {
      for await (const { read } of archiveEntries(file())) taken += (await read()).length;
    };
    await expect(all()).rejects.toThrow(
      `${file()} holds more than it should: delete it and get the archive again.`,
    );
    expect(taken).toBe(13 * 15e6);
  });

  test("whose header is huge is refused before it is held", async () => {
    // A long name (GNU) or attributes (pax) lie before a file, and are held whole.
    for (const type of ["L", "K", "x", "g"]) {
      const tar = await tarOf([["aclImdb/a", "x"]]);
      const header = Buffer.from(tar.subarray(0, 512));
      header.write("00260000000", 124);
      header.write(type, 156);
      const sum = header.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
      header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
      const start = zlib.gzipSync(header);
      const zeros = zlib.gzipSync(Buffer.alloc(10e6), { level: 1 });
      fs.writeFileSync(file(), Buffer.concat([start, ...new Array<Buffer>(4).fill(zeros)]));
      await expect(collectReviews(archiveEntries(file()), file())).rejects.toThrow(
        `${file()} holds a header that is too large: delete it and get the archive again.`,
      );
    }
    // A size by attributes that is none.
    const odd = pack();
    const chunks: Buffer[] = [];
    odd.on("data", (chunk: Buffer) => chunks.push(chunk));
    const header = { name: "aclImdb/a", pax: { size: "-5" } };
    odd.entry(header, "x");
    odd.finalize();
    await new Promise((resolve) => odd.on("end", resolve));
    expect(await read(Buffer.concat(chunks))).toMatch(/holds aclImdb\/a with a size that is none/);
  });

  test("with two reviews of a number, or a line without a title, is refused", async () => {
    const twice = [...reviews(), ["aclImdb/train/neg/0_4.txt", "b"] as [string, string]];
    expect(await read(await tarOf(twice))).toMatch(
      /neg\/0_4\.txt beside another review of this number/,
    );
    const urls: [string, string] = [
      "aclImdb/train/urls_neg.txt",
      "http://x/title/tt1/\nhttp://x/\n",
    ];
    expect(await read(await tarOf([urls]))).toMatch(
      /urls_neg\.txt, in which line 2 names no title/,
    );
  });
});

// Tables of reviews as shops, surveys and sites export them, and what goes wrong in them.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { StarlitError } from "../lib/src/engine/errors";
import { loadReviews, type LoadReviewsOptions } from "../lib/src/reviews";
import { languageShares } from "../lib/src/reviews/language";
import type { PackedRater } from "../lib/src/reviews/player.cjs";
import { readRating, readRatings } from "../lib/src/reviews/ratings";
import { rateTable } from "../lib/src/reviews/stream";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-load-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

let files = 0;
function write(content: string | Buffer, name = "reviews.csv"): string {
  const file = path.join(folder, `${files++}-${name}`);
  fs.writeFileSync(file, content);
  return file;
}

const times = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));
const load = (content: string | Buffer, options?: LoadReviewsOptions, name?: string) =>
  loadReviews(write(content, name), options);

describe("forms", () => {
  const rows = times(40, (i) => ({ stars: (i % 5) + 1, body: `It fits, number ${i}` }));

  test.each([",", ";", "\t", "|"])("a table with %j between its columns", async (delimiter) => {
    const lines = rows.map(({ stars, body }) => `${stars}${delimiter}"${body}${delimiter} ""so"""`);
    const {
      reviews,
      columns,
      rows: all,
    } = await load([`stars${delimiter}body`, ...lines].join("\r\n"));
    expect(all).toBe(40);
    expect(columns).toMatchObject({ text: "body", rating: "stars", title: null, group: null });
    expect(reviews[6]).toEqual({
      text: `It fits, number 6${delimiter} "so"`,
      rating: 2,
      group: null,
      line: 8,
    });
  });

  test("an export of Excel: sep=;, a mark of byte order, line breaks in texts, decimal commas", async () => {
    const text = times(40, (i) => `A${i % 30};${(i % 5) + 1},0;"Schön, aber\nnicht gut ${i}"`);
    const excel = `\ufeffsep=;\r\nProdukt;Bewertung;Kommentar\r\n${text.join("\r\n")}\r\n`;
    const loaded = await load(excel);
    expect(loaded.columns).toEqual({
      text: "Kommentar",
      rating: "Bewertung",
      title: null,
      group: "Produkt",
    });
    expect(loaded.reviews[1]).toEqual({
      text: "Schön, aber\nnicht gut 1",
      rating: 2,
      group: "A1",
      line: 5,
    });
    expect(loaded.scale.values).toEqual([1, 2, 3, 4, 5]);
  });

  test("JSON lines as of Amazon, a line broken", async () => {
    const lines = rows.map(({ stars, body }, i) =>
      JSON.stringify({
        asin: `B${i % 30}`,
        reviewText: body,
        overall: stars,
        summary: "So",
        helpful: [0, 1],
      }),
    );
    const loaded = await load([...lines, "{broken", ""].join("\n"), {}, "reviews.jsonl");
    expect(loaded.columns).toEqual({
      text: "reviewText",
      rating: "overall",
      title: "summary",
      group: "asin",
    });
    expect(loaded.reviews[0].text).toBe("So\nIt fits, number 0");
    expect(loaded.bad).toEqual([{ line: 41, problem: "no JSON object" }]);
  });

  test("JSON: an array, one inside an object, objects inside objects, written to be read", async () => {
    const nested = rows.map(({ stars, body }) => ({
      reviewBody: body,
      reviewRating: { ratingValue: String(stars), bestRating: "5" },
    }));
    for (const value of [nested, { page: 1, reviews: nested }]) {
      for (const indent of [0, 2]) {
        const { reviews } = await load(JSON.stringify(value, null, indent), {}, "reviews.json");
        expect(reviews).toHaveLength(40);
        expect(reviews[3]).toMatchObject({ text: "It fits, number 3", rating: 4 });
      }
    }
  });

  test("gzip of each, whatever the name", async () => {
    const csv = ["stars,body", ...rows.map(({ stars, body }) => `${stars},"${body}"`)].join("\n");
    expect((await load(zlib.gzipSync(csv))).reviews).toHaveLength(40);
    const broken = zlib.gzipSync(csv).subarray(0, 60);
    await expect(load(broken)).rejects.toThrow("compressed by gzip and breaks off or is damaged");
  });

  test("rows in memory, and columns that are named", async () => {
    const given = rows.map(({ stars, body }) => ({
      a: body,
      b: "other words, longer than a",
      c: stars,
    }));
    const { reviews } = await loadReviews(given, { text: "a", rating: "c" });
    expect(reviews[0]).toEqual({ text: "It fits, number 0", rating: 1, group: null, line: 1 });
  });

  test("without names of columns", async () => {
    const lines = times(
      40,
      (i) => `"${(i % 2) + 1}","Great CD","My lovely Pat has a great voice ${i}"`,
    );
    const { columns, notes, reviews } = await load(lines.join("\n"));
    expect(columns).toMatchObject({ text: "3", rating: "1" });
    expect(notes[0]).toContain("holds no names of columns: they are called 1, 2, 3");
    expect(reviews).toHaveLength(40);
  });
});

describe("encodings", () => {
  const text = `Note,Avis\n${times(40, (i) => `${(i % 5) + 1},"Très déçu, ça n'est pas là – ${i} €"`).join("\n")}`;
  const cp1252 = Buffer.from(
    [...text].map((letter) => ({ "–": 0x96, "€": 0x80 })[letter] ?? letter.charCodeAt(0)),
  );
  const utf16be = Buffer.from(`\ufeff${text}`, "utf16le").swap16();

  test.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8", Buffer.from(`\ufeff${text}`)],
    ["UTF-16LE", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16LE", Buffer.from(text, "utf16le")],
    ["UTF-16BE", utf16be],
    ["Windows-1252", cp1252],
  ])("%s is recognised, and said", async (encoding, bytes) => {
    const { reviews, source, notes } = await load(bytes);
    expect(reviews[0].text).toBe("Très déçu, ça n'est pas là – 0 €");
    expect(source).toContain(encoding);
    const guessed = notes.some((note) => note.includes("it was read as Windows-1252"));
    expect(guessed).toBe(encoding === "Windows-1252");
  });

  test("Cyrillic letters of one byte are not taken for Western ones", async () => {
    const words = "Очень хорошее платье, ткань мягкая и приятная, размер подошёл. Спасибо магазину";
    const russian = `rating,text\n${times(40, (i) => `${(i % 5) + 1},"${words} ${i}"`).join("\n")}`;
    const cp1251 = Buffer.from(
      [...russian].map((letter) => {
        const code = letter.charCodeAt(0);
        if (letter === "ё") return 0xb8;
        return code >= 0x410 ? code - 0x410 + 0xc0 : code;
      }),
    );
    expect((await load(cp1251)).reviews[0].text).toBe(`${words} 0`);
    expect((await load(cp1251, { encoding: "windows-1251" })).reviews[1].text).toBe(`${words} 1`);
  });

  test("some broken characters among whole ones are damage, not another encoding", async () => {
    const damaged = Buffer.concat([
      Buffer.from(text),
      Buffer.from('\n3,"caf\xe9, trop cher"\n', "latin1"),
    ]);
    const { reviews, notes, source } = await load(damaged);
    expect(source).toContain("UTF-8");
    expect(reviews.at(-1)!.text).toBe("caf\ufffd, trop cher");
    expect(notes.join(" ")).toContain("1 bytes of");
  });
});

describe("ratings", () => {
  test.each([
    ["4", 4],
    ["4,5", 4.5],
    ["-1", -1],
    ["−1", -1],
    ["4/5", 4],
    ["4.0 out of 5 stars", 4],
    ["4 von 5", 4],
    ["80 %", 80],
    ["★★★★☆", 4],
    ["★★★½", 3.5],
    ["⭐⭐⭐", 3],
    ["****", 4],
    ["4 stars", 4],
    ["5-star", 5],
    ["Five stars", 5],
    ["5 - Strongly agree", 5],
    ["great", undefined],
    ["2020-01-02", undefined],
    ["", undefined],
  ])("%j is %p", (cell, value) => {
    expect(readRating(cell)).toBe(value);
  });

  const read = (cells: string[], scale?: LoadReviewsOptions["scale"]) =>
    readRatings(cells, "r", scale);

  test("what is off the scale is a slip, unless it is frequent or the scale is named", () => {
    const five = times(1000, (i) => String((i % 5) + 1));
    const { scale, ratings, problemOf } = read([...five, "9", "-1", "3.7", "x", ""]);
    expect(scale.values).toEqual([1, 2, 3, 4, 5]);
    expect(Array.from(ratings.subarray(1000))).toEqual(times(5, () => NaN));
    expect(times(5, (i) => problemOf(1000 + i))).toEqual([
      "the rating 9 is outside of 1 to 5",
      "the rating -1 is outside of 1 to 5",
      "the rating 3.7 is not on the scale of steps of 1",
      '"x" is no rating',
      "no rating",
    ]);
    // The lowest rating may be rare without being wrong.
    expect(read([...times(1000, (i) => String((i % 4) + 2)), "1"]).scale.values).toContain(1);
    expect(read(["-1", "0", "1", "1"]).scale.values).toEqual([-1, 0, 1]);
    expect(read(times(500, (i) => String((i % 10) / 2 + 0.5))).scale.values).toHaveLength(10);
    expect(read(["0", ...five], [1, 5]).problemOf(0)).toBe("the rating 0 is outside of 1 to 5");
    expect(read([...five, ...times(300, () => "0")]).notes[0]).toContain("not rated");
  });

  test("words of a known order, of the reader's own, or refused", () => {
    const words = ["Very dissatisfied", "Satisfied", "very satisfied", "Neutral", "Very satisfied"];
    const { scale, ratings, notes } = read(words);
    expect(scale).toEqual({
      values: [1, 2, 3, 4],
      labels: ["Very dissatisfied", "Neutral", "Satisfied", "very satisfied"],
    });
    expect(Array.from(ratings)).toEqual([1, 3, 4, 2, 4]);
    expect(notes[0]).toContain('"Neutral" = 2');
    expect(Array.from(read(["meh!", "wow", "WOW"], { meh: 0, wow: 10 }).ratings)).toEqual([
      0, 10, 10,
    ]);
    expect(() => read(["teal", "mauve", "teal"])).toThrow(
      'say what each is worth (--scale "bad=1,good=2"',
    );
    expect(() => read(["3", "3"])).toThrow("All ratings");
  });

  test("a hundred different ones are taken in steps", () => {
    const { scale, ratings, notes } = read(times(1000, (i) => `${i % 101}%`));
    expect(scale.values).toHaveLength(10);
    expect(scale.labels[0]).toBe("0 to 9");
    expect(Math.abs(ratings[5] - 4.5)).toBeLessThan(0.1);
    expect(notes[0]).toContain("101 different ratings from 0 to 100");
  });
});

describe("rows that are wrong, and what is told", () => {
  const good = times(60, (i) => `${(i % 5) + 1},P${i % 3},"A text of its own, number ${i}"`);
  const table = (...more: string[]) => ["stars,product,text", ...good, ...more].join("\n");

  test("are left out with their lines, or the table is refused", async () => {
    const more = ['9,P1,"one too many"', ',P1,"no rating here"', "3,P1,", '3,P1,"a","b"', "4,P1"];
    const { reviews, bad, badCounts, rows } = await load(table(...more));
    expect([rows, reviews.length]).toEqual([65, 60]);
    expect(bad).toEqual([
      { line: 62, problem: "the rating 9 is outside of 1 to 5" },
      { line: 63, problem: "no rating" },
      { line: 64, problem: "no text" },
      { line: 65, problem: "4 cells where the first line has 3" },
      { line: 66, problem: "2 cells where the first line has 3" },
    ]);
    expect(badCounts["no text"]).toBe(1);
    await expect(load(table(...more), { bad: "refuse" })).rejects.toThrow(
      /line 62: the rating 9 is outside of 1 to 5 \(and 4 more such rows\): correct it/,
    );
  });

  test.each([
    ["JSON lines", "a.jsonl", '{"text":"so good","rating":5}\n{"text":"so bad","rating":1}\n'],
    ["a text a line", "a.txt", "so good\nso bad\n"],
  ])("%s: a line without an end is refused at its first megabytes", async (_, name, start) => {
    // A gzip file may be put together of members; it is unpacked in small pieces.
    const member = zlib.gzipSync(Buffer.alloc(10e6, "a"), { level: 1 });
    const file = write(Buffer.concat([zlib.gzipSync(start), member, member, member]), name);
    const packed = {} as PackedRater;
    const reading = name.endsWith(".txt")
      ? rateTable(packed, file, { write: () => undefined })
      : loadReviews(file);
    await expect(reading).rejects.toThrow(StarlitError);
    await expect(reading).rejects.toThrow(
      `${file}: line 3 has more than 4,000,000 characters, which no review has: break it into lines.`,
    );
  });

  test("a row of brackets within brackets is left out, in a file and in memory", async () => {
    const deep = "[".repeat(1e5) + "]".repeat(1e5);
    const rows = times(30, (i) => ({ text: `It fits, number ${i}`, rating: (i % 5) + 1 }));
    const lines = rows.map((row) => JSON.stringify(row));
    // In the text, and where no column was seen.
    lines[3] = `{"text":${deep},"rating":3}`;
    lines[29] = `{"text":"well","rating":5,"more":{"and":${deep}}}`;
    const { bad, reviews } = await load(lines.join("\n"), {}, "a.jsonl");
    const problem = "values that are nested too deeply";
    expect(bad).toEqual([
      { line: 4, problem },
      { line: 30, problem },
    ]);
    expect(reviews).toHaveLength(28);
    const ring: Record<string, unknown> = { text: "well", rating: 5 };
    ring.self = ring;
    expect((await loadReviews([...rows, ring])).bad).toEqual([{ line: 31, problem }]);
    // What JSON has not is a cell all the same.
    const odd = rows.map((row) => ({ ...row, more: [1n, 2n], act: () => 1, big: 7n }));
    expect((await loadReviews(odd)).reviews).toHaveLength(30);
  });

  test("copies are left out; equal texts, rare ratings and other languages are told", async () => {
    const long = '5,P1,"This is a text of more than forty characters, twice"';
    const { notes, duplicates } = await load(table(long, long, '5,P1,"Great"', '1,P2,"great"'));
    expect(duplicates).toBe(1);
    expect(notes.join("\n")).toMatch(/Left out as copies: 1 row \(/);
    expect(notes.join("\n")).toMatch(/Fewer than 20 reviews have the rating "1"/);
    const german = times(
      40,
      (i) => `${(i % 5) + 1},P,"Das ist nicht gut und auch nicht schön, aber ${i}"`,
    );
    const told = (await load(["stars,product,text", ...german].join("\n"))).notes.join("\n");
    expect(told).toContain("look like German (100 %)");
    expect(languageShares(["Это очень хорошо", "the cut is not for me but it was fine"])).toEqual([
      { language: "Cyrillic letters", share: 0.5 },
      { language: "English", share: 0.5 },
    ]);
  });

  test.each<[string, string | Buffer, LoadReviewsOptions, string]>([
    [
      "a wrong name",
      table(),
      { text: "txt" },
      'There is no column "txt" for the text: did you mean "text"?',
    ],
    [
      "no column of ratings",
      "a,b\nhello there you,some words here\n",
      {},
      "Which column holds the rating?",
    ],
    ["a mark that does not close", 'stars,text\n1,"open\n2,so\n', {}, "does not close: close it"],
    ["no rows", "stars,text\n", {}, "has names of columns and no row"],
    ["nothing", "", {}, "is empty: give a file with reviews"],
    ["a workbook", Buffer.from("PK\u0003\u0004rest"), {}, "an Excel workbook or another ZIP file"],
    ["bytes", Buffer.from([1, 2, 0, 3, 255, 0, 9, 1]), {}, "holds bytes that are no text"],
    ["an encoding that there is not", table(), { encoding: "latin" }, 'no encoding "latin"'],
    ["an option that there is not", table(), { ratings: "a" } as never, 'did you mean "rating"'],
  ])("%s is told in one sentence, and what to do", async (_, content, options, message) => {
    const error = await load(content, options).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: "StarlitError" });
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("get the file again");
    expect((error as Error).message).not.toContain("\n");
  });

  test("a file that is not there, and a folder", async () => {
    await expect(loadReviews(path.join(folder, "no.csv"))).rejects.toThrow(
      "There is no file no.csv in",
    );
    await expect(loadReviews(folder)).rejects.toThrow("is a folder: name the file");
  });
});

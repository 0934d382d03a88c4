import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import {
  type ClothingReview,
  loadClothingReviews,
  readClothingReviews,
} from "../lib/src/data/clothing";
import { StarlitError } from "../lib/src/engine/errors";
import { summarize } from "../lib/src/metrics";

describe("the shipped reviews", () => {
  let reviews: ClothingReview[];
  beforeAll(async () => {
    reviews = await loadClothingReviews();
  });

  test("number of rows, with and without text", () => {
    expect(reviews).toHaveLength(23486);
    expect(reviews.filter((review) => review.text !== "")).toHaveLength(22641);
    expect(reviews.map((review) => review.index)).toEqual(reviews.map((_, i) => i));
  });

  test("ratings of those with text", () => {
    const counts = [0, 0, 0, 0, 0];
    for (const review of reviews) if (review.text !== "") counts[review.rating - 1]++;
    expect(counts).toEqual([821, 1549, 2823, 4908, 12540]);
  });

  test("line breaks inside texts stay as written", () => {
    const breaks = reviews.reduce((sum, { text }) => sum + (text.match(/\r\n/g) ?? []).length, 0);
    expect(breaks).toBe(3212);
  });

  test("lengths as published", () => {
    const lengths = reviews.flatMap(({ text }) => (text === "" ? [] : [text.length]));
    const { mean, std, q25, median, q75 } = summarize(lengths);
    expect(mean).toBeCloseTo(308.687911, 6);
    expect(std).toBeCloseTo(143.940048, 6);
    expect([Math.min(...lengths), q25, median, q75, Math.max(...lengths)]).toEqual([
      9, 186, 301, 459, 508,
    ]);
  });

  test("the first row, field by field", () => {
    expect(reviews[0]).toEqual({
      index: 0,
      clothingId: 767,
      age: 33,
      title: "",
      text: "Absolutely wonderful - silky and sexy and comfortable",
      rating: 4,
      recommended: true,
      positiveFeedbackCount: 0,
      division: "Initmates",
      department: "Intimate",
      className: "Intimates",
    });
  });
});

describe("a reader's own file", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const header =
    ",Clothing ID,Age,Title,Review Text,Rating,Recommended IND,Positive Feedback Count,Division Name,Department Name,Class Name";

  function read(text: string | Buffer, name = "own.csv"): ClothingReview[] {
    fs.writeFileSync(path.join(folder, name), text);
    return readClothingReviews(path.join(folder, name));
  }

  test("is read compressed or not, columns in any order, quotes and line breaks in texts", () => {
    const csv =
      "Review Text,Rating," +
      header.replace(",Review Text,Rating", "") +
      '\n"a ""b""\r\nc",5,7,1,20,T,0,3,D,E,F\n';
    const [review] = read(csv);
    expect(review).toMatchObject({ text: 'a "b"\r\nc', rating: 5, index: 7, recommended: false });
    expect(read(zlib.gzipSync(csv), "own.csv.gz")).toEqual([review]);
  });

  test.each([
    [
      "a missing column",
      header.replace("Rating", "Stars") + "\n",
      /own\.csv has no column "Rating" \(it has "", .*"Stars".*\): name/,
    ],
    [
      "a number that is none",
      `${header}\n0,1,20,T,a,five,1,0,D,E,F\n`,
      /own\.csv, record 1: "Rating" is "five", not a whole number/,
    ],
    [
      "a number that is missing",
      `${header}\n0,1,20,T,a,,1,0,D,E,F\n`,
      /"Rating" is "", not a whole number/,
    ],
    [
      "a row too short",
      `${header}\n0,1,20\n`,
      /own\.csv cannot be read as CSV \(Invalid Record Length/,
    ],
    ["an open quote", `${header}\n0,1,20,"T`, /own\.csv cannot be read as CSV \(Quote Not Closed/],
    ["nothing", "", /own\.csv is empty/],
  ])("%s is said in one sentence", (_, text, message) => {
    expect(() => read(text)).toThrow(StarlitError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).not.toThrow(/\n/);
  });

  test("a truncated compressed file, and none at all", () => {
    const whole = zlib.gzipSync(`${header}\n`);
    expect(() => read(whole.subarray(0, 40), "own.csv.gz")).toThrow(
      /own\.csv\.gz cannot be read as CSV \(unexpected end of file\): get the file again/,
    );
    expect(() => readClothingReviews(path.join(folder, "gone.csv"))).toThrow(StarlitError);
  });
});

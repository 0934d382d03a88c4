// Five files as Excel, a shop, an old program, a survey and a site write them, made of the clothing
// reviews, each all the way to a rater that rates.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ClothingReview, loadClothingReviews } from "../lib/src/data";
import { type Rater, trainRater } from "../lib/src/reviews";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-shapes-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

let rows: ClothingReview[];
beforeAll(async () => {
  const all = (await loadClothingReviews()).filter(({ text }) => text !== "");
  // Short ones, and as many of each rating, so that little suffices.
  const short = all.filter(({ text }) => text.length < 180);
  rows = [1, 2, 3, 4, 5].flatMap((star) =>
    short.filter(({ rating }) => rating === star).slice(0, 24),
  );
});

const csv = (cells: (string | number)[], delimiter: string) =>
  cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(delimiter);

const likert = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"];

const shapes: [
  what: string,
  name: string,
  make: () => Buffer | string,
  said: RegExp,
  values: number[],
][] = [
  [
    "semicolons of Excel",
    "export.csv",
    () =>
      `\ufeffsep=;\r\nArtikel;Sterne;Kommentar\r\n${rows.map((r) => csv([r.clothingId, `${r.rating},0`, r.text], ";")).join("\r\n")}\r\n`,
    /a table with semicolons between its columns, UTF-8: 120 rows/,
    [1, 2, 3, 4, 5],
  ],
  [
    "JSON lines as of Amazon",
    "Clothing.json.gz",
    () =>
      rows
        .map((r) =>
          JSON.stringify({
            overall: r.rating,
            verified: true,
            reviewerID: `A${r.index}`,
            asin: `B${r.clothingId}`,
            style: { "Size:": " M" },
            reviewText: r.text,
            summary: r.title,
            unixReviewTime: 1_400_000_000,
          }),
        )
        .join("\n"),
    /JSON lines, UTF-8: 120 rows, 120 reviews/,
    [1, 2, 3, 4, 5],
  ],
  [
    "an old program's letters",
    "reviews-latin1.csv",
    () =>
      Buffer.from(
        `id,note,avis\n${rows.map((r, i) => csv([i, r.rating, `Très chère cliente: ${r.text.replace(/[^\x20-\xff]/g, "")}`], ",")).join("\n")}`,
        "latin1",
      ),
    /was read as Windows-1252/,
    [1, 2, 3, 4, 5],
  ],
  [
    "a survey's words",
    "survey.tsv",
    () =>
      `Respondent\tOverall satisfaction\tPlease tell us why\n${rows.map((r) => csv([r.index, likert[r.rating - 1], r.text], "\t")).join("\n")}`,
    /"Very dissatisfied" = 1, "Dissatisfied" = 2, "Neutral" = 3/,
    [1, 2, 3, 4, 5],
  ],
  [
    "a site with percentages, some rows bad",
    "site.csv",
    () =>
      [
        "review_text,score",
        ...rows.map((r) => csv([r.text, `${r.rating * 20}%`], ",")),
        '"no score at all",',
        ",60%",
        '"one too many",80%,x',
      ].join("\n"),
    /Left out: .*first lines \d+, \d+, \d+/,
    [20, 40, 60, 80, 100],
  ],
];

test.each(shapes)("%s", async (_, name, make, said, values) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, make());
  const out = path.join(folder, `${name}-rater`);
  const lines: string[] = [];
  const log = jest
    .spyOn(console, "log")
    .mockImplementation((line: string) => void lines.push(line));
  let rater: Rater;
  try {
    rater = await trainRater(file, { out, curve: false });
  } finally {
    log.mockRestore();
  }
  expect(lines.join("\n")).toMatch(said);
  expect(rater.values).toEqual(values);
  const { scores, split } = rater.report;
  expect(split.train + split.validation + split.test + split.unused).toBe(120);
  expect(scores).toHaveLength(3);
  const [good, bad] = rater.rate([
    "I love it, perfect fit, so comfortable",
    "Awful, cheap fabric, I returned it",
  ]);
  expect(good.rating).toBeGreaterThan(bad.rating);
  expect(fs.statSync(path.join(out, "report.html")).size).toBeLessThan(5e6);
});

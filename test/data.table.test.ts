import { loadClothingReviews } from "../lib/src/data/clothing";
import { type Description, describeRows } from "../lib/src/data/describe";
import { dataFrame, merge } from "../lib/src/data/frame";
import { showSource } from "../lib/src/data/origin";
import { table } from "../lib/src/data/table";
import { StarlitError } from "../lib/src/engine/errors";
import { golden } from "./support";

interface Shown {
  "text/html": string;
  "text/plain": string;
}

/** What a cell of a notebook would show. */
function shown(body: () => void): Shown {
  const kernel = require("./fixtures/tslab/dist/jupyter") as {
    lastWriteDisplayData: ((message: { data: unknown }) => void) | null;
  };
  const bundles: unknown[] = [];
  kernel.lastWriteDisplayData = ({ data }) => bundles.push(data);
  try {
    body();
  } finally {
    kernel.lastWriteDisplayData = null;
  }
  expect(bundles).toHaveLength(1);
  return bundles[0] as Shown;
}

const rows = [
  {
    word: '<b>great</b> & "good"',
    count: 12,
    share: 0.123456,
    genres: ["Drama", "War"],
    year: 1999,
  },
  { word: "a\r\nb", count: 3, share: 0.5, genres: [], year: null },
];

describe("table", () => {
  test("HTML has texts escaped, numbers to the right, missing values empty", () => {
    const html = shown(() => table(rows, { caption: "Words > 1" }))["text/html"];
    expect(html).toContain('<caption style="text-align:left">Words &gt; 1</caption>');
    expect(html).toContain(
      '<th style="text-align:left">word</th><th style="text-align:right">count</th>',
    );
    expect(html).toContain(
      '<td style="text-align:left">&lt;b&gt;great&lt;/b&gt; &amp; &quot;good&quot;</td>' +
        '<td style="text-align:right">12</td><td style="text-align:right">0.1235</td>' +
        '<td style="text-align:left">Drama, War</td><td style="text-align:right">1999</td>',
    );
    expect(html).toContain(
      '<td style="text-align:left"></td><td style="text-align:right"></td></tr>',
    );
    expect(html).not.toMatch(/<b>|more rows/);
  });

  test("plain text is aligned and on one line a row", () => {
    expect(shown(() => table(rows, { caption: "Words", digits: 2 }))["text/plain"]).toBe(
      [
        "Words",
        "word                   count  share  genres      year",
        '<b>great</b> & "good"     12   0.12  Drama, War  1999',
        "a b                        3    0.5",
      ].join("\n"),
    );
  });

  test("long texts are shortened, with more of them in the tooltip", () => {
    const text = `${"x".repeat(118)}"😀 and more`;
    const bundle = shown(() => table([{ text }]));
    expect(bundle["text/html"]).toContain(
      `title="${"x".repeat(118)}&quot;😀 and more">${"x".repeat(118)}&quot;…</td>`,
    );
    expect(bundle["text/plain"]).toBe(`text\n${"x".repeat(39)}…`);
    const long = shown(() => table([{ text: "y".repeat(1000) }]))["text/html"];
    expect(long).toContain(`title="${"y".repeat(299)}…">${"y".repeat(119)}…<`);
  });

  test("the first rows only, and how many more there are", () => {
    const many = Array.from({ length: 2345 }, (_, i) => ({ i }));
    const bundle = shown(() => table(many, { head: 2 }));
    expect(bundle["text/plain"]).toBe("i\n0\n1\n… 2,343 more rows");
    expect(bundle["text/html"].match(/<tr>/g)).toHaveLength(3);
    expect(bundle["text/html"]).toContain("<p>… 2,343 more rows</p>");
  });

  test("no rows are an empty table", () => {
    expect(shown(() => table([]))["text/plain"]).toBe("");
  });
});

describe("danfojs frames", () => {
  test("head, describe and groupby of the clothing reviews", async () => {
    const frame = dataFrame(await loadClothingReviews());
    expect(frame.shape).toEqual([23486, 10]);
    const tail = frame.loc({ columns: ["rating", "recommended"] }).tail(2);
    expect(shown(() => table(tail))["text/plain"]).toBe(
      "       rating  recommended\n23484       3  true\n23485       5  true",
    );
    const means = frame.groupby(["department"]).col(["rating"]).count() as ReturnType<
      typeof dataFrame
    >;
    expect(shown(() => table(means))["text/plain"]).toMatch(/^department +rating_count\n/);
    expect(shown(() => table(means))["text/plain"]).toMatch(/\nDresses +6319\n/);
    const described = shown(() => table(frame.describe(), { digits: 2 }))["text/plain"];
    expect(described).toMatch(/^ +clothingId +age +rating/);
    expect(described).toMatch(/\n25% +861 +34 +4 /);
    expect(described).toMatch(/\nmean +918.12 +43.2 +4.2 /);
  });

  test("what a frame gives is described as the frame is", async () => {
    const frame = dataFrame(await loadClothingReviews());
    const part = frame.loc({ columns: ["age", "rating"] }).describe() as typeof frame;
    expect(shown(() => table(part, { digits: 2 }))["text/plain"]).toMatch(/\n25% +34 +4\n/);
  });

  test("merge joins as pandas does", () => {
    const left = dataFrame([
      { film: "a", stars: 1 },
      { film: "b", stars: 2 },
      { film: "b", stars: 3 },
      { film: "d", stars: 4 },
    ]);
    const right = dataFrame([
      { film: "b", year: 1999 },
      { film: "a", year: 2001 },
      { film: "c", year: 2002 },
    ]);
    // left.merge(right, on="film") of pandas 2.3
    expect(merge(left, right, { on: ["film"] }).values).toEqual([
      ["a", 1, 2001],
      ["b", 2, 1999],
      ["b", 3, 1999],
    ]);
    expect(() => merge(left, right, { on: ["stars"] })).toThrow('a frame has no column "stars"');
  });

  test("a Series with its index", () => {
    const counts = dataFrame([{ a: "x" }, { a: "y" }, { a: "x" }])
      .column("a")
      .valueCounts();
    expect(shown(() => table(counts))["text/plain"]).toMatch(/^ *\nx +2\ny +1$/);
  });

  test("missing numbers are NaN, so that the column stays numeric", () => {
    const frame = dataFrame([{ year: 1999 }, { year: null }, { year: undefined }]);
    expect(frame.values).toEqual([[1999], [NaN], [NaN]]);
    expect(shown(() => table(frame))["text/plain"]).toBe("year\n1999\n\n");
  });

  test("fields that a frame cannot have, and no rows", () => {
    expect(() => dataFrame([{ values: 1 }])).toThrow(StarlitError);
    expect(() => dataFrame([{ values: 1 }])).toThrow('The field "values" has the name of');
    expect(() => dataFrame([])).toThrow(StarlitError);
  });
});

test("describe gives the statistics of pandas", () => {
  const { rows: input, expected } = golden<{ rows: object[]; expected: Description[] }>("describe");
  const found = describeRows(input);
  expect(found.map((row) => row.statistic)).toEqual(expected.map((row) => row.statistic));
  for (const [i, row] of expected.entries()) {
    expect(Object.keys(found[i])).toEqual(["statistic", "stars", "hours"]);
    expect(found[i].stars).toBeCloseTo(row.stars as number, 12);
    expect(found[i].hours).toBeCloseTo(row.hours as number, 12);
  }
});

test("the source is named, and a stand-in has its banner", () => {
  const data = { source: "Films <1.0>", fingerprint: "", standIn: false, banner: "", reason: "" };
  expect(shown(() => showSource(data))).toEqual({
    "text/html": "<p>Data: Films &lt;1.0&gt;</p>",
    "text/plain": "Data: Films <1.0>",
  });
  const banner = shown(() =>
    showSource({ ...data, standIn: true, banner: "Stand-in data.", reason: "Lost." }),
  );
  expect(banner["text/html"]).toMatch(/^<p style=".+">Stand-in data. Lost.<\/p>$/);
  expect(banner["text/plain"]).toBe("Stand-in data. Lost.");
});

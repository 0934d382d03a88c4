import { createHash } from "node:crypto";
import { type ClothingReview, loadClothingReviews } from "../lib/src/data";
import {
  cleanText,
  englishStopWords,
  padSequences,
  removeStopWords,
  sampleRows,
  Tokenizer,
  trainTestSplit,
} from "../lib/src/text";
import { isSpace, SPACES, splitWords } from "../lib/src/text/whitespace";
import { golden } from "./support";

const values = golden<{
  spaces: number[];
  clothing: {
    clean: string;
    test: string;
    validation: string;
    train: string;
    words: number;
    topWords: string[];
    shape: number[];
    ids: string;
    testIds: string;
  };
}>("text_tools");

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const clean = (text: string) => cleanText(removeStopWords(text));

describe("cleaning", () => {
  test("there are 179 stop words", () => {
    expect(englishStopWords.size).toBe(179);
    expect(englishStopWords.has("shouldn't")).toBe(true);
  });
  test("stop words go by whole words between white space, in any case", () => {
    expect(removeStopWords("I do NOT  like\tit, it's\r\nnot it")).toBe("like it,");
    expect(removeStopWords("a b c", new Set(["b"]))).toBe("a c");
  });
  test("punctuation is deleted, white space collapsed, the end kept", () => {
    expect(cleanText(' - "So" comfy; well-made!\r\n\tnice - ')).toBe("So comfy wellmade nice ");
    expect(cleanText("")).toBe("");
  });
  test("white space is what Python takes for it", () => {
    const units = Array.from({ length: 0x10000 }, (_, code) => code);
    expect(units.filter(isSpace)).toEqual(values.spaces);
    const matched = (code: number) => String.fromCharCode(code).replace(SPACES, "") === "";
    expect(units.filter(matched)).toEqual(values.spaces);
    expect(splitWords("\u001c a\u0085b\ufeff c ")).toEqual(["a", "b\ufeff", "c"]);
  });
});

describe("study 2 up to the ids", () => {
  let reviews: (ClothingReview & { clean: string })[];
  let parts: { train: typeof reviews; test: typeof reviews };

  beforeAll(async () => {
    const rows = (await loadClothingReviews()).filter(({ text }) => text !== "");
    reviews = rows.map((row) => ({ ...row, clean: clean(row.text) }));
    const stratify = reviews.map(({ rating }) => rating);
    parts = trainTestSplit(reviews, { testSize: 0.2, seed: 42, stratify });
  });

  const counts = (rows: ClothingReview[]) =>
    [1, 2, 3, 4, 5].map((star) => rows.filter(({ rating }) => rating === star).length);
  const digest = (rows: ClothingReview[]) => hash(rows.map(({ index }) => index).join(","));

  test("lengths of the first cleaned texts, as published", () => {
    expect(reviews.slice(0, 5).map((row) => row.clean.length)).toEqual([43, 187, 312, 92, 112]);
    expect(reviews[0].clean).toBe("Absolutely wonderful silky sexy comfortable");
  });
  test("every cleaned text is Python's", () => {
    expect(hash(reviews.map((row) => row.clean).join("\n"))).toBe(values.clothing.clean);
  });
  test("test rows and counts, as published", () => {
    const begins = parts.test.slice(5, 8).map((row) => row.clean.toLowerCase());
    expect(begins[0]).toMatch(/^bought green thought bit different/);
    expect(begins[1]).toMatch(/^bought dress use maternity photos/);
    expect(begins[2]).toMatch(/^piece fits true size/);
    expect(counts(parts.test)).toEqual([164, 310, 565, 982, 2508]);
    expect(digest(parts.test)).toBe(values.clothing.test);
  });
  test("train and validation rows are those of pandas' sample", () => {
    const { sample, rest } = sampleRows(parts.train, { frac: 0.3, seed: 42 });
    expect([rest.length, sample.length, parts.test.length]).toEqual([12678, 5434, 4529]);
    expect(digest(sample)).toBe(values.clothing.validation);
    expect(digest(rest)).toBe(values.clothing.train);
  });
  test("ids of the train and test texts are Keras's", () => {
    const { rest } = sampleRows(parts.train, { frac: 0.3, seed: 42 });
    const tokenizer = new Tokenizer({ numWords: 5000 });
    tokenizer.fitOnTexts(rest.map((row) => row.clean));
    expect(tokenizer.wordIndex.size).toBe(values.clothing.words);
    expect([...tokenizer.wordIndex.keys()].slice(0, 20)).toEqual(values.clothing.topWords);
    const padded = (rows: typeof reviews, maxlen?: number) =>
      padSequences(tokenizer.textsToSequences(rows.map((row) => row.clean)), { maxlen });
    const train = padded(rest);
    expect(train.shape).toEqual(values.clothing.shape);
    expect(hash(train.data.join(","))).toBe(values.clothing.ids);
    expect(hash(padded(parts.test, train.shape[1]).data.join(","))).toBe(values.clothing.testIds);
  });
});

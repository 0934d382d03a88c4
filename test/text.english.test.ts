import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { type ImdbReview, loadImdbReviews } from "../lib/src/data";
import { buildVocabulary, tokenizeEnglish } from "../lib/src/text";
import { describeWithMirror, golden, mirror } from "./support";

interface Hashed {
  counts: number[];
  hashes: string[];
}

const values = golden<{ madeUp: [string, string[]][]; reviews: Hashed; tweets: Hashed }>(
  "spacy_english",
);

const digest = (tokens: string[]) =>
  createHash("sha256").update(tokens.join("\n")).digest("hex").slice(0, 6);

/** The share of spaCy's tokens that stand in texts which are cut otherwise here. */
function shareUnequal(texts: string[], { counts, hashes }: Hashed): number {
  expect(texts).toHaveLength(counts.length);
  const unequal = texts.map((text, i) => {
    const tokens = tokenizeEnglish(text);
    return tokens.length === counts[i] && digest(tokens) === hashes[i] ? 0 : counts[i];
  });
  const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);
  return sum(unequal) / sum(counts);
}

describe("tokenizeEnglish cuts as spaCy does", () => {
  test.each([
    ["It's a must-watch.", ["It", "'s", "a", "must", "-", "watch", "."]],
    ["I don't like U.K. films...", ["I", "do", "n't", "like", "U.K.", "films", "..."]],
    ["(e.g. www.a.org/b?c), fine:)", ["(", "e.g.", "www.a.org/b?c", ")", ",", "fine", ":)"]],
    ["two  spaces\nline", ["two", " ", "spaces", "\n", "line"]],
    ["10km for $5", ["10", "km", "for", "$", "5"]],
    ["", []],
  ])("%j", (text, tokens) => expect(tokenizeEnglish(text)).toEqual(tokens));

  test("texts made of all that the rules turn on", () => {
    expect(values.madeUp.length).toBeGreaterThan(1000);
    for (const [text, tokens] of values.madeUp) expect(tokenizeEnglish(text)).toEqual(tokens);
  });

  test("in lower case the same tokens, those of mended exceptions too", () => {
    for (const [text, tokens] of values.madeUp) {
      const lower = tokens.map((token) => token.toLowerCase());
      expect(tokenizeEnglish(text, { lowerCase: true })).toEqual(lower);
    }
  });

  test("tokens leave out single spaces alone", () => {
    for (const [text] of values.madeUp) {
      expect(tokenizeEnglish(text).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }
  });
});

// The whole archive is read, which takes long on a busy machine.
jest.setTimeout(240_000);

describeWithMirror("tokenizeEnglish on the reviews and tweets of the mirror", () => {
  let train: ImdbReview[];

  beforeAll(async () => {
    const { reviews } = await loadImdbReviews({ standIn: false });
    train = reviews.filter(({ split }) => split === "train");
  });

  test("5,000 reviews, token for token", () => {
    const byName = [...train].sort((a, b) => (a.id < b.id ? -1 : 1));
    const texts = byName.filter((_, i) => i % 5 === 0).map(({ text }) => text);
    expect(shareUnequal(texts, values.reviews)).toBe(0);
  });

  test("mean count and frequent words of the train reviews", () => {
    const texts = train.map(({ text }) =>
      tokenizeEnglish(text).map((token) => token.toLowerCase()),
    );
    const tokens = texts.reduce((total, { length }) => total + length, 0);
    expect((tokens / texts.length).toFixed(2)).toBe("272.46");
    const { size } = buildVocabulary(texts, { minFrequency: 5 });
    expect(size - 2).toBe(31294);
  });

  test("5,000 tweets", () => {
    const file = path.join(mirror!, "semeval2017-task4a", "twitter-2016test-A.txt.gz");
    const lines = zlib.gunzipSync(fs.readFileSync(file)).toString("utf8").split("\n");
    const texts = lines.map((line) => line.split("\t")).flatMap((fields) => fields.slice(2, 3));
    expect(shareUnequal(texts.slice(0, 5000), values.tweets)).toBe(0);
  });
});

import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { type ImdbReview, loadImdbReviews } from "../lib/src/data";
import { kerasImdbIds, Tokenizer } from "../lib/src/text";
import { describeWithMirror, mirror } from "./support";

/** Row 0 of Keras's train set, `imdb.load_data(num_words=5000)`. */
const FIRST_ROW = `
  1 14 22 16 43 530 973 1622 1385 65 458 4468 66 3941 4 173 36 256 5 25 100 43 838 112 50 670 2 9 35
  480 284 5 150 4 172 112 167 2 336 385 39 4 172 4536 1111 17 546 38 13 447 4 192 50 16 6 147 2025 19
  14 22 4 1920 4613 469 4 22 71 87 12 16 43 530 38 76 15 13 1247 4 22 17 515 17 12 16 626 18 2 5 62
  386 12 8 316 8 106 5 4 2223 2 16 480 66 3785 33 4 130 12 16 38 619 5 25 124 51 36 135 48 25 1415 33
  6 22 12 215 28 77 52 5 14 407 16 82 2 8 4 107 117 2 15 256 4 2 7 3766 5 723 36 71 43 530 476 26 400
  317 46 7 4 2 1029 13 104 88 4 381 15 297 98 32 2071 56 26 141 6 194 2 18 4 226 22 21 134 476 26 480
  5 144 30 2 18 51 36 28 224 92 25 104 4 226 65 16 38 1334 88 12 16 283 5 16 4472 113 103 32 15 16 2
  19 178 32`
  .trim()
  .split(/\s+/)
  .map(Number);

// The whole archive is read, which takes long on a busy machine.
jest.setTimeout(240_000);

describeWithMirror("Keras's IMDb set from the reviews of the mirror", () => {
  let train: ImdbReview[];
  let wordIndex: Map<string, number>;

  beforeAll(async () => {
    const { reviews } = await loadImdbReviews({ standIn: false });
    train = reviews.filter(({ split }) => split === "train");
    const file = path.join(mirror!, "imdb_word_index.json.gz");
    const json = zlib.gunzipSync(fs.readFileSync(file)).toString("utf8");
    wordIndex = new Map(Object.entries(JSON.parse(json) as Record<string, number>));
  });

  test("the first row is review train/pos/576_10, id for id", () => {
    const rows = train.filter(({ text }) => {
      const ids = kerasImdbIds(text.slice(0, 120), wordIndex, { numWords: 5000 });
      return ids.slice(0, 12).join() === FIRST_ROW.slice(0, 12).join();
    });
    expect(rows.map(({ id }) => id)).toEqual(["train/pos/576_10"]);
    const ids = kerasImdbIds(rows[0].text, wordIndex, { numWords: 5000 });
    expect(ids).toEqual(FIRST_ROW);
    expect(ids).toHaveLength(218);
  });

  test("the longest row has 2,494 ids, the second one of Keras's 189", () => {
    const lengths = train.map(({ text }) => kerasImdbIds(text, wordIndex).length);
    expect(lengths.reduce((most, length) => Math.max(most, length), 0)).toBe(2494);
    const begin = [1, 194, 1153, 194, 8255, 78, 228, 5, 6, 1463, 4369];
    const second = train.filter(({ text }) => {
      const ids = kerasImdbIds(text.slice(0, 150), wordIndex);
      return begin.every((id, i) => ids[i] === id);
    });
    expect(second.map(({ text, label }) => [kerasImdbIds(text, wordIndex).length, label])).toEqual([
      [189, 0],
    ]);
  });

  test("every word of the train folder has its id, and every id its word", () => {
    const ids = new Set<number>();
    for (const { text } of train) for (const id of kerasImdbIds(text, wordIndex)) ids.add(id);
    expect(wordIndex.size).toBe(88584);
    // And the one that starts each row.
    expect(ids.size).toBe(88584 + 1);
  });

  test("a Tokenizer fitted on the train folder has Keras's words, all in lower case", () => {
    const tokenizer = new Tokenizer();
    tokenizer.fitOnTexts(train.map(({ text }) => text));
    expect(tokenizer.wordIndex.size).toBe(88582);
    const lowered = new Set(Array.from(wordIndex.keys(), (word) => word.toLowerCase()));
    expect([...tokenizer.wordIndex.keys()].filter((word) => !lowered.has(word))).toEqual([]);
    expect([...tokenizer.wordIndex.keys()].slice(0, 5)).toEqual(["the", "and", "a", "of", "to"]);
  });
});

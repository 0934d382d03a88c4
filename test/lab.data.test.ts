import { loadKerasImdb } from "../lib/src/data";
import { StarlitError } from "../lib/src/engine";
import { lab } from "../lib/src/studies";
import { describeWithMirror } from "./support";

const { topWords: numWords, indexFrom } = lab.published.parameters;

describeWithMirror("film reviews as Keras encodes them", () => {
  test("first reviews, lengths and longest review are those the lab prints", async () => {
    const { train, test: held, wordIndex, standIn } = await loadKerasImdb({ numWords, indexFrom });
    expect(standIn).toBe(false);
    expect(wordIndex.size).toBe(88_584);
    const { data } = lab.published;
    expect([train, held].map((part) => part.labels.shape)).toEqual([[data.train], [data.test]]);
    const [first, second] = train.sequences;
    expect(first.slice(0, 16)).toEqual(data.firstIds);
    expect(first.slice(-16)).toEqual(data.lastIds);
    expect([first, second].map(({ length }) => length)).toEqual(data.lengths);
    expect(train.sequences.reduce((most, { length }) => Math.max(most, length), 0)).toBe(2494);
    // A good review and a bad one, as in Keras's y_train.
    expect([...train.labels.data.subarray(0, 2)]).toEqual([1, 0]);
    expect(lab.examples(train).x.data.slice(84, 100)).toEqual(Int32Array.from(data.lastIds));
  });

  test("without a limit no word is left out but the mark of unknown words", async () => {
    const { train } = await loadKerasImdb();
    expect(train.sequences[0].slice(20, 26)).toEqual([100, 43, 838, 112, 50, 670]);
    expect(train.sequences[0][26]).toBe(22665);
    // len(numpy.unique(numpy.hstack(x_train))): 88,584 words and the mark of the start.
    const distinct = new Set(train.sequences.flat());
    expect(distinct.size).toBe(88_585);
    expect(distinct.has(2)).toBe(false);
  });
});

describe("stand-in", () => {
  test("clothing reviews with ranks of their own, marked as not comparable", async () => {
    const imdb = await loadKerasImdb({ numWords, indexFrom, standIn: true });
    expect(imdb.standIn).toBe(true);
    expect(imdb.banner).toMatch(/not? (number here is )?comparable/);
    for (const { sequences, labels } of [imdb.train, imdb.test]) {
      expect(labels.shape).toEqual([sequences.length]);
      expect(new Set(labels.data)).toEqual(new Set([0, 1]));
      expect(sequences.every((ids) => ids[0] === 1 && ids.every((id) => id < numWords))).toBe(true);
    }
    // "the" is the most frequent word here as well.
    expect(imdb.wordIndex.get("the")).toBe(1);
    expect(imdb.wordIndex.has("great")).toBe(true);
  });

  test("unusable numbers are told", async () => {
    await expect(loadKerasImdb({ indexFrom: -1, standIn: true })).rejects.toThrow(StarlitError);
    await expect(loadKerasImdb({ numWords: 0.5, standIn: true })).rejects.toThrow(
      "numWords is 0.5: give a whole number from 0 on.",
    );
  });
});

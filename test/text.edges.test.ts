import fc from "fast-check";
import { type NdArray, Random } from "../lib/src/engine";
import { TfidfVectorizer } from "../lib/src/models";
import {
  buildVocabulary,
  compareCodePoints,
  compareUnits,
  kerasImdbIds,
  padSequences,
  sampleRows,
  spellingIds,
  tokenizeEnglish,
  Tokenizer,
  trainTestSplit,
} from "../lib/src/text";
import { golden } from "./support";

const values = golden<{
  texts: string[];
  lists: string[][];
  byCharacters: {
    options: { lower?: boolean; num_words?: number; oov_token?: string };
    wordIndex: [string, number][];
    sequences: number[][];
    texts: string[];
    json: string;
  }[];
  sorted: string[];
  stratified: { labels: string[]; seed: number; train: number[]; test: number[] }[];
  features: { texts: string[]; names: string[] };
}>("text_edges");

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("strings stand in Python's order", () => {
  test("sorted, whatever order they come in", () => {
    const shuffled = new Random(1).shuffle([...values.sorted]);
    expect(shuffled.sort(compareCodePoints)).toEqual(values.sorted);
    expect([...values.sorted].sort(compareUnits)).toEqual([...values.sorted].sort());
    expect([...values.sorted].sort()).not.toEqual(values.sorted);
  });

  test("labels of a stratified split, as in scikit-learn", () => {
    for (const { labels, seed, train, test } of values.stratified) {
      const options = { testSize: 0.5, seed, stratify: labels };
      expect(trainTestSplit(range(labels.length), options)).toEqual({ train, test });
    }
    const [wide, joy] = [Array<string>(4).fill("！"), Array<string>(4).fill("😂")];
    const options = { trainSize: 0.5, seed: 7, stratify: [...wide, ...joy] };
    expect(trainTestSplit(range(8), options).train).toEqual([5, 1, 2, 7]);
  });

  test("columns of tf-idf, as in scikit-learn", () => {
    const tokenizer = (text: string) => text.split(" ");
    const vectorizer = new TfidfVectorizer({ tokenizer, ngramRange: [1, 2] });
    vectorizer.fitTransform(values.features.texts);
    expect(vectorizer.featureNames).toEqual(values.features.names);
  });

  test("tokens of equal frequency in a vocabulary, unless another order is asked for", () => {
    const tokens = [["😂", "！", "a"]];
    expect(buildVocabulary(tokens).tokens.slice(2)).toEqual(["a", "！", "😂"]);
    const byUnits = buildVocabulary(tokens, { compare: compareUnits });
    expect(byUnits.tokens.slice(2)).toEqual(["a", "😂", "！"]);
  });
});

describe.each(values.byCharacters)("Tokenizer by characters, $options, is Keras's", (of) => {
  const { num_words: numWords, oov_token: oovToken, lower } = of.options;
  test("ids, texts and JSON", () => {
    const tokenizer = new Tokenizer({ numWords, oovToken, lower, charLevel: true });
    tokenizer.fitOnTexts(values.texts);
    tokenizer.fitOnTexts(values.lists);
    expect([...tokenizer.wordIndex]).toEqual(of.wordIndex);
    const all = [...values.texts, ...values.lists, "xyz größe"];
    expect(tokenizer.textsToSequences(all)).toEqual(of.sequences);
    expect(tokenizer.sequencesToTexts(of.sequences)).toEqual(of.texts);
    const read = Tokenizer.fromJson(of.json);
    expect(read.textsToSequences(all)).toEqual(of.sequences);
    expect(read.toJson()).toBe(tokenizer.toJson());
  });
});

test("a saved tokenizer whose counts are damaged is refused, not read in part", () => {
  const tokenizer = new Tokenizer();
  tokenizer.fitOnTexts(['a "quoted" word and a \\ sign']);
  const json = tokenizer.toJson();
  expect(Tokenizer.fromJson(json).toJson()).toBe(json);
  const damaged = [
    json.replace('\\"and\\": 1', '\\"and\\": x'),
    json.replace('{\\"a\\"', '{"a"'.replaceAll('"', "'")),
    json.replace('"word_counts":"{', '"word_counts":"'),
  ];
  for (const other of damaged) {
    expect(other).not.toBe(json);
    expect(() => Tokenizer.fromJson(other)).toThrow("This is not a saved tokenizer");
  }
});

describe("options and values that nobody knows are refused", () => {
  /** Options as plain JavaScript gives them, which no compiler looks at. */
  const unchecked = (options: object) => options as never;
  test.each<[string, () => unknown, string]>([
    ["num_words", () => new Tokenizer(unchecked({ num_words: 5 })), '"numWords"'],
    ["numWords", () => new Tokenizer({ numWords: 2.5 }), "numWords is 2.5"],
    [
      "one text for a list",
      () => new Tokenizer().fitOnTexts("a text"),
      "put the text into brackets",
    ],
    [
      "padding",
      () => padSequences([[1]], unchecked({ padding: "center" })),
      'padding "center" is unknown',
    ],
    ["truncating", () => padSequences([[1]], unchecked({ truncating: "Post" })), '"post"'],
    ["max_len", () => padSequences([[1]], unchecked({ max_len: 5 })), '"maxlen"'],
    ["the filling", () => padSequences([[1]], { value: 0.5 }), "value is 0.5"],
    ["NaN", () => padSequences([[1], [2, NaN]]), "Sequence 1 holds NaN at place 1"],
    ["2 ** 31", () => padSequences([[2 ** 31]]), "Sequence 0 holds 2147483648"],
    ["a fraction", () => padSequences([Float32Array.of(1.5)]), "Sequence 0 holds 1.5"],
    ["a number for a list", () => padSequences([1, 2] as never), "Sequence 0 is 1: give a list"],
    ["test_size", () => trainTestSplit([1, 2], unchecked({ seed: 1, test_size: 1 })), '"testSize"'],
    ["no options", () => trainTestSplit([1, 2], unchecked([3, 4])), "give { seed } at least"],
    ["different rows", () => trainTestSplit([1, 2], [1, 2, 3], { seed: 1 }), "2 and 3 rows"],
    [
      "shares above 1",
      () => trainTestSplit(range(10), { seed: 1, testSize: 0.05, trainSize: 0.99 }),
      "more than 1 together",
    ],
    [
      "labels of two kinds",
      () => trainTestSplit(range(4), { seed: 1, testSize: 2, stratify: [1, 1, "a", "a"] }),
      "have no order",
    ],
    ["sampleRows", () => sampleRows([1, 2], { frac: 0.5, seed: 1, ...{ n: 1 } }), "use frac, seed"],
    [
      "buildVocabulary",
      () => buildVocabulary([["a"]], unchecked({ min_frequency: 2 })),
      '"minFrequency"',
    ],
    ["texts for tokens", () => buildVocabulary(["a text"] as never), "cut into tokens"],
    ["kerasImdbIds", () => kerasImdbIds("a", new Map(), unchecked({ num_words: 5 })), '"numWords"'],
    ["tokenizeEnglish", () => tokenizeEnglish("a", unchecked({ lowercase: true })), '"lowerCase"'],
    ["spellingIds", () => spellingIds(["a"], unchecked({ bucket: 5 })), '"buckets"'],
    ["one bucket", () => spellingIds(["a"], { buckets: 1 }), "from 2 on"],
    ["no length", () => spellingIds(["a"], { buckets: 9, lengths: [0] }), "whole numbers above 0"],
  ])("%s", (_, call, sentence) => expect(call).toThrow(sentence));
});

describe("several arrays are split at the same rows", () => {
  const x: NdArray<Float32Array> = {
    data: Float32Array.from({ length: 20 }, (_, i) => i),
    shape: [10, 2, 1],
  };
  const y = Int32Array.from({ length: 10 }, (_, i) => 100 + i);
  const names = range(10).map((i) => `row ${i}`);

  test("lists, typed arrays and arrays with a shape, each in its own form", () => {
    const { train, test } = trainTestSplit(x, y, names, { testSize: 3, seed: 5 });
    const alone = trainTestSplit(range(10), { testSize: 3, seed: 5 });
    for (const [[rows, labels, words], places] of [
      [train, alone.train],
      [test, alone.test],
    ] as const) {
      expect(rows.shape).toEqual([places.length, 2, 1]);
      expect([...rows.data]).toEqual(places.flatMap((row) => [2 * row, 2 * row + 1]));
      expect(labels).toEqual(Int32Array.from(places, (row) => 100 + row));
      expect(words).toEqual(places.map((row) => `row ${row}`));
    }
  });

  test("one array with a shape, and labels that have one", () => {
    const labels = { data: Int32Array.from({ length: 10 }, (_, i) => i % 2), shape: [10] };
    const { train, test } = trainTestSplit(x, { testSize: 0.4, seed: 1, stratify: labels });
    expect([train.shape, test.shape]).toEqual([
      [6, 2, 1],
      [4, 2, 1],
    ]);
    expect(train.data).toBeInstanceOf(Float32Array);
  });
});

describe("for all inputs", () => {
  const bounded = { seed: 15, numRuns: 300 };
  const sequences = fc.array(
    fc.array(fc.integer({ min: -5, max: 2 ** 31 - 1 }), { maxLength: 8 }),
    {
      maxLength: 6,
    },
  );
  const sides = fc.constantFrom<"pre" | "post">("pre", "post");

  test("padding fills one end, cuts one end, and leaves the rest as it is", () => {
    fc.assert(
      fc.property(
        sequences,
        fc.integer({ min: 0, max: 10 }),
        sides,
        sides,
        (rows, maxlen, padding, truncating) => {
          const { data, shape } = padSequences(rows, { maxlen, padding, truncating, value: -7 });
          expect(shape).toEqual([rows.length, maxlen]);
          rows.forEach((row, i) => {
            const kept =
              truncating === "post" ? row.slice(0, maxlen) : row.slice(-maxlen || row.length);
            const filling = Array<number>(maxlen - kept.length).fill(-7);
            const expected = padding === "pre" ? [...filling, ...kept] : [...kept, ...filling];
            expect([...data.subarray(i * maxlen, (i + 1) * maxlen)]).toEqual(expected);
          });
        },
      ),
      bounded,
    );
  });

  test("a split gives each row to one part, and a seed gives one split", () => {
    const sizes = fc.record({
      rows: fc.integer({ min: 4, max: 60 }),
      testSize: fc.double({ min: 0.05, max: 0.7, noNaN: true }),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      classes: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(sizes, ({ rows, testSize, seed, classes }) => {
        const options = { testSize, seed };
        const { train, test } = trainTestSplit(range(rows), options);
        expect([...train, ...test].sort((a, b) => a - b)).toEqual(range(rows));
        expect(test).toHaveLength(Math.ceil(testSize * rows));
        expect(trainTestSplit(range(rows), options)).toEqual({ train, test });
        const labels = range(rows).map((row) => row % classes);
        if (Math.min(train.length, test.length) < classes) return;
        const parts = trainTestSplit(range(rows), labels, { ...options, stratify: labels });
        const [places, same] = parts.test;
        expect(same).toEqual(places.map((row) => row % classes));
        const ones = same.filter((label) => label === 0).length;
        const share = labels.filter((label) => label === 0).length / rows;
        expect(Math.abs(ones - share * same.length)).toBeLessThanOrEqual(1);
      }),
      bounded,
    );
  });

  const signs = fc.constantFrom(
    ..."aAsz19.,;:-–—~'’\"()[]<>=/?#@+*^$%&_…°éß日😂！ \n\t\u00a0",
    ...["\ud83d", "\udc4d", "www.", ".com", "http://", "don't", "U.S.", ":-)", "10km", "e.g."],
  );
  const texts = fc.array(signs, { maxLength: 25 }).map((parts) => parts.join(""));

  test("tokenizeEnglish leaves out single spaces alone, in lower case too", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tokens = tokenizeEnglish(text);
        expect(tokens.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        const lower = tokenizeEnglish(text, { lowerCase: true });
        expect(lower).toEqual(tokens.map((token) => token.toLowerCase()));
      }),
      { seed: 15, numRuns: 2000 },
    );
  });

  test("ids of characters give the text back", () => {
    fc.assert(
      fc.property(texts, (text) => {
        if (text === "") return;
        const tokenizer = new Tokenizer({ charLevel: true, lower: false });
        tokenizer.fitOnTexts([text]);
        const [ids] = tokenizer.textsToSequences([text]);
        expect(ids.map((id) => tokenizer.indexWord.get(id)).join("")).toBe(text);
        expect(Tokenizer.fromJson(tokenizer.toJson()).textsToSequences([text])).toEqual([ids]);
      }),
      bounded,
    );
  });
});

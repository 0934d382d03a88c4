import { padSequences, Tokenizer } from "../lib/src/text";
import { golden } from "./support";

interface KerasOptions {
  num_words?: number;
  filters?: string;
  lower?: boolean;
  split?: string;
  oov_token?: string;
}

interface TokenizerCase {
  options: KerasOptions;
  wordIndex: [string, number][];
  wordCounts: [string, number][];
  documentCount: number;
  sequences: number[][];
  texts: string[];
  json: string;
}

const values = golden<{
  texts: string[];
  later: string[];
  lists: string[][];
  tokenizers: TokenizerCase[];
  tokenLists: { wordIndex: [string, number][]; sequences: number[][] };
  padding: {
    sequences: number[][];
    cases: { options: Parameters<typeof padSequences>[1]; rows: number[][] }[];
  };
}>("text_tools");

const ourOptions = ({ num_words, oov_token, ...same }: KerasOptions) => ({
  ...same,
  numWords: num_words,
  oovToken: oov_token,
});

/** JSON in which the tables, which are JSON in strings, are read too. */
function deepParse(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) =>
    typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value,
  );
}

describe.each(values.tokenizers)("Tokenizer $options is Keras's", (of) => {
  const fitted = () => {
    const tokenizer = new Tokenizer(ourOptions(of.options));
    tokenizer.fitOnTexts(values.texts.slice(0, 7));
    tokenizer.fitOnTexts(values.texts.slice(7));
    return tokenizer;
  };
  const all = [...values.texts, ...values.later];

  test("words, counts and ids", () => {
    const tokenizer = fitted();
    expect([...tokenizer.wordIndex]).toEqual(of.wordIndex);
    expect([...tokenizer.wordCounts]).toEqual(of.wordCounts);
    expect(tokenizer.documentCount).toBe(of.documentCount);
  });
  test("texts to ids and back", () => {
    const tokenizer = fitted();
    expect(tokenizer.textsToSequences(all)).toEqual(of.sequences);
    expect(tokenizer.sequencesToTexts([...of.sequences, [0, 1, 2, 10 ** 6], []])).toEqual(of.texts);
  });
  test("JSON, written and read", () => {
    expect(deepParse(fitted().toJson())).toEqual(deepParse(of.json));
    const read = Tokenizer.fromJson(of.json);
    expect(read.textsToSequences(all)).toEqual(of.sequences);
    // Order matters once more is counted: words of equal frequency stand as first seen.
    const refitted = fitted();
    read.fitOnTexts(values.later);
    refitted.fitOnTexts(values.later);
    expect([...read.wordIndex]).toEqual([...refitted.wordIndex]);
    expect(read.toJson()).toBe(refitted.toJson());
  });
});

test("ready-made tokens are taken as they are", () => {
  const tokenizer = new Tokenizer({ oovToken: "?" });
  tokenizer.fitOnTexts(values.lists);
  expect([...tokenizer.wordIndex]).toEqual(values.tokenLists.wordIndex);
  expect(tokenizer.textsToSequences([...values.lists, ["new", "a b"]])).toEqual(
    values.tokenLists.sequences,
  );
});

test("bad use of the tokenizer is told in one sentence", () => {
  expect(() => new Tokenizer().textsToSequences(["a"])).toThrow("call fitOnTexts");
  expect(() => new Tokenizer({ split: "" })).toThrow("The separator of words is empty");
  expect(() => Tokenizer.fromJson("{")).toThrow("it is not JSON");
  expect(() => Tokenizer.fromJson('{"class_name": "Vocabulary"}')).toThrow(
    "This is not a saved word tokenizer (class_name",
  );
});

test("a large vocabulary keeps every word apart", () => {
  const words = Array.from({ length: 200_000 }, (_, i) => `w${i}`);
  const tokenizer = new Tokenizer();
  tokenizer.fitOnTexts([words.join(" "), words.join(" ")]);
  expect(tokenizer.wordIndex.size).toBe(words.length);
  expect(tokenizer.textsToSequences([words.join(" ")])[0]).toEqual(words.map((_, i) => i + 1));
});

describe("padSequences is Keras's", () => {
  test.each(values.padding.cases)("$options", ({ options, rows }) => {
    const padded = padSequences(values.padding.sequences, options);
    expect(padded.shape).toEqual([rows.length, rows[0].length]);
    expect(Array.from(padded.data)).toEqual(rows.flat());
  });
  test("no sequences make no rows", () => {
    expect(padSequences([], { maxlen: 4 })).toEqual({ data: new Int32Array(0), shape: [0, 4] });
  });
  test("a bad length is told in one sentence", () => {
    expect(() => padSequences([[1]], { maxlen: 2.5 })).toThrow("maxlen is 2.5");
  });
});

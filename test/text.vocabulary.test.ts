import { buildVocabulary, kerasImdbIds, Vocabulary } from "../lib/src/text";

describe("buildVocabulary", () => {
  const texts = [
    ["the", "plot", "the", "end"],
    ["an", "end", "the", "10", "constructor"],
  ];
  test("special tokens first, then by frequency, then by alphabet", () => {
    const { tokens } = buildVocabulary(texts);
    expect(tokens).toEqual(["<pad>", "<unk>", "the", "end", "10", "an", "constructor", "plot"]);
  });
  test("rare tokens are left out, and there are no more than wanted", () => {
    expect(buildVocabulary(texts, { minFrequency: 2 }).tokens).toEqual([
      "<pad>",
      "<unk>",
      "the",
      "end",
    ]);
    expect(buildVocabulary(texts, { maxSize: 3 }).tokens).toEqual(["<pad>", "<unk>", "the"]);
  });
  test("tokens to ids and back", () => {
    const vocabulary = buildVocabulary(texts, { minFrequency: 2 });
    expect(vocabulary.encode(["the", "plot", "end", "toString"])).toEqual([2, 1, 3, 1]);
    expect(vocabulary.decode(Int32Array.of(2, 1, 3, 0))).toEqual(["the", "<unk>", "end", "<pad>"]);
    expect([vocabulary.size, vocabulary.has("end"), vocabulary.has("plot")]).toEqual([
      4,
      true,
      false,
    ]);
    expect(new Vocabulary(vocabulary.tokens).encode(["end", "x"])).toEqual([3, 1]);
  });
  test("special tokens of one's own, also where the texts hold them", () => {
    const options = { specialTokens: ["PAD", "the", "?"], unknownToken: "?" };
    const { tokens, unknownToken } = buildVocabulary(texts, options);
    expect(tokens.slice(0, 4)).toEqual(["PAD", "the", "?", "end"]);
    expect(unknownToken).toBe("?");
  });
  test("bad use is told in one sentence", () => {
    expect(() => buildVocabulary(texts, { specialTokens: ["PAD"] })).toThrow(
      '"<unk>" is not in the vocabulary: add it as special token.',
    );
    expect(() => new Vocabulary(["<unk>", "a", "a"])).toThrow('"a" is twice in the vocabulary');
    expect(() => buildVocabulary(texts).decode([99])).toThrow("There is no id 99");
  });
});

describe("kerasImdbIds", () => {
  const wordIndex = new Map([
    ["the", 1],
    ["film", 2],
    ["it's", 3],
    ["brilliant", 4],
  ]);
  const text = "The film - it's BRILLIANT, unheard-of!";
  test("start, shift by three, unknown words left out", () => {
    expect(kerasImdbIds(text, wordIndex)).toEqual([1, 4, 5, 6, 7]);
  });
  test("rare and frequent words become the unknown one, the start too", () => {
    expect(kerasImdbIds(text, wordIndex, { numWords: 6 })).toEqual([1, 4, 5, 2, 2]);
    expect(kerasImdbIds(text, wordIndex, { skipTop: 5 })).toEqual([2, 2, 5, 6, 7]);
    expect(kerasImdbIds(text, wordIndex, { numWords: 6, oovChar: null })).toEqual([1, 4, 5]);
  });
  test("only A to Z are put in lower case", () => {
    const index = new Map([["Åmål", 9]]);
    expect(kerasImdbIds("ÅMål ÅMÅL åmål", index)).toEqual([1, 12]);
  });
  test("other starts and shifts", () => {
    const options = { startChar: null, indexFrom: 0 };
    expect(kerasImdbIds(text, wordIndex, options)).toEqual([1, 2, 3, 4]);
  });
});

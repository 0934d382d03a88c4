import {
  buildVocabulary,
  cleanText,
  kerasImdbIds,
  padSequences,
  removeStopWords,
  spellingIds,
  tokenizeEnglish,
  Tokenizer,
  trainTestSplit,
} from "../lib/src/text";

// Nothing that reads a text may take time that grows faster than the text: a million hyphens once
// took a quarter of an hour. Doubling a text may double the time, as far as a machine can tell: what
// is counted is the processor's time of this process, of several calls the least. What stays below
// FLOOR is not judged, for quadratic work over a million characters takes hours.

const SIZES = [250_000, 1_000_000];
const FACTOR = 2.5;
const FLOOR = 300;
const TRIES = 8;

type Read = (text: string) => unknown;
type Make = (size: number) => string;

let calls = 0;

/** Milliseconds of the processor for a text that was not read before. */
function cost(read: Read, make: Make, size: number): number {
  const text = `${calls++} ${make(size)}`;
  const before = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Expects that the time at most doubles with the length. */
function expectLinear(read: Read, make: Make): void {
  for (const size of SIZES) {
    let whole = cost(read, make, size);
    if (whole < FLOOR) continue;
    let half = cost(read, make, size / 2);
    for (let tries = 1; whole > FACTOR * half && tries < TRIES; tries++) {
      whole = Math.min(whole, cost(read, make, size));
      half = Math.min(half, cost(read, make, size / 2));
    }
    expect(whole / half).toBeLessThanOrEqual(FACTOR);
  }
}

const repeated =
  (bit: string): Make =>
  (size) =>
    bit.repeat(Math.ceil(size / bit.length));
/** Brackets, each of which is a prefix, before a bit that no rule of a suffix takes at once. */
const bracketed =
  (bit: string): Make =>
  (size) =>
    "(".repeat(size) + bit;

describe("tokenizeEnglish takes time by the length of the text", () => {
  test.each([
    ..."-—~.@:(#+'$°/?&_”…*=<,;%a1é日😂\ud83d",
    ..."a- a-- -a a-b a. A. .a a@ @. a@a. a: :. a:a. a:@ ://a. a://. US$ °C. 1- 1+ a's aA".split(
      " ",
    ),
    ..."a,b a<b fine:) :-) don't U.K. e.g. 10km x_y.z 1.2.3.4. http://a.b/ www. _a- ß. %)".split(
      " ",
    ),
    ...["a ", "  ", "\n", "\u00a0", ":) ", "don't ", "a-b ", "U.K. "],
  ])("%j", (bit) => expectLinear(tokenizeEnglish, repeated(bit)));

  test.each(["#.", "A.", "°.", "a@.", "1.1", "a:b@c", "-", "'s", "$."])(
    "brackets before %j",
    (bit) => expectLinear(tokenizeEnglish, bracketed(bit)),
  );

  test("of a million hyphens none is lost", () => {
    expect(tokenizeEnglish("-".repeat(1_000_000)).join("")).toBe("-".repeat(1_000_000));
  });
});

describe("so do the others", () => {
  const words = new Tokenizer();
  const characters = new Tokenizer({ charLevel: true });
  const strings = new Tokenizer({ split: "--" });
  for (const tokenizer of [words, characters, strings]) tokenizer.fitOnTexts(["a b"]);
  const saved = words.toJson();
  const counts = (text: string) => saved.replace('{\\"a\\": 1', () => `{${text}`);

  test.each<[string, (text: string) => unknown]>([
    ["Tokenizer", (text) => new Tokenizer().fitOnTexts([text])],
    ["Tokenizer, ids", (text) => words.textsToSequences([text])],
    ["Tokenizer, characters", (text) => characters.textsToSequences([text])],
    ["Tokenizer, a longer separator", (text) => strings.textsToSequences([text])],
    ["kerasImdbIds", (text) => kerasImdbIds(text, new Map([["a", 1]]))],
    ["cleanText", cleanText],
    ["removeStopWords", (text) => removeStopWords(text)],
    ["spellingIds", (text) => spellingIds([text], { buckets: 1000 })],
    ["buildVocabulary", (text) => buildVocabulary([text.split(" ")])],
    ["padSequences", (text) => padSequences([Array.from(text, (sign) => sign.charCodeAt(0))])],
    [
      "a damaged tokenizer",
      (text) => expect(() => Tokenizer.fromJson(counts(text.replace(/"/g, '\\\\\\"')))).toThrow(),
    ],
  ])("%s", (_, read) => {
    for (const bit of ["a", "a ", " ", "-", "--", '"', "a,b ", "😂"])
      expectLinear(read, repeated(bit));
    let word = 0;
    expectLinear(read, (size) => Array.from({ length: size / 8 }, () => `w${word++}`).join(" "));
  });

  test("a split by labels, two rows of each", () => {
    const labels = (text: string) => Array.from(text, (_, i) => Math.floor(i / 2));
    expectLinear(
      (text) => {
        const stratify = labels(text);
        return trainTestSplit(stratify, { testSize: 0.5, seed: 1, stratify });
      },
      (size) => "a".repeat(size / 4),
    );
  });
});

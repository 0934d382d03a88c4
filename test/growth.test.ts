import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { readClothingReviews } from "../lib/src/data/clothing";
import { tableData } from "../lib/src/data/table";
import { parseTitles } from "../lib/src/data/titles";
import { parseTweets } from "../lib/src/data/tweets";
import { StarlitError } from "../lib/src/engine";
import { escapeHtml, jsonText, shorten, visible } from "../lib/src/files/markup.cjs";
import { attentionMap } from "../lib/src/plots";
import { loadReviews } from "../lib/src/reviews";
import { learnBag } from "../lib/src/reviews/bag";
import { tokenize } from "../lib/src/reviews/player.cjs";
import { sizesFor } from "../lib/src/reviews/sizes";
import { rateTable } from "../lib/src/reviews/stream";
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
// FLOOR is not judged, for quadratic work over so many characters takes minutes. `npm run fuzz` goes on
// to a million.

const SIZES = process.env.STARLIT_FUZZ ? [250_000, 1_000_000] : [250_000];
const FACTOR = 2.5;
const FLOOR = 300;
const TRIES = 8;

type Read = (text: string) => unknown;
type Make = (size: number) => string;

let calls = 0;

/** Milliseconds of the processor for a text that was not read before. */
async function cost(read: Read, make: Make, size: number): Promise<number> {
  const text = `${calls++} ${make(size)}`;
  const before = process.cpuUsage();
  await read(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Expects that the time at most doubles with the length. */
async function expectLinear(read: Read, make: Make): Promise<void> {
  for (const size of SIZES) {
    let whole = await cost(read, make, size);
    if (whole < FLOOR) continue;
    let half = await cost(read, make, size / 2);
    for (let tries = 1; whole > FACTOR * half && tries < TRIES; tries++) {
      whole = Math.min(whole, await cost(read, make, size));
      half = Math.min(half, await cost(read, make, size / 2));
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
  ])("%s", async (_, read) => {
    for (const bit of ["a", "a ", " ", "-", "--", '"', "a,b ", "😂"])
      await expectLinear(read, repeated(bit));
    let word = 0;
    await expectLinear(read, (size) =>
      Array.from({ length: size / 8 }, () => `w${word++}`).join(" "),
    );
  });

  test("a split by labels, two rows of each", async () => {
    const labels = (text: string) => Array.from(text, (_, i) => Math.floor(i / 2));
    await expectLinear(
      (text) => {
        const stratify = labels(text);
        return trainTestSplit(stratify, { testSize: 0.5, seed: 1, stratify });
      },
      (size) => "a".repeat(size / 4),
    );
  });
});

describe("so do files", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-growth-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  /** Reads a text that is no such file as a rule: it is refused, and soon. */
  const tried = (read: Read) => (text: string) => {
    try {
      read(text);
    } catch {
      // How long it took is what counts.
    }
  };
  const header =
    ",Clothing ID,Age,Title,Review Text,Rating,Recommended IND,Positive Feedback Count,Division Name,Department Name,Class Name";
  const clothing = tried((text) => {
    const file = path.join(folder, "a.csv");
    fs.writeFileSync(file, `${header}\n${text}`);
    readClothingReviews(file);
  });
  const tweets = tried((text) => parseTweets(text, "a"));
  const titles = tried((text) => parseTitles(text, "a"));
  const bits = [
    "a",
    '"',
    '""',
    ",",
    "\n",
    "\t",
    "\r",
    '"a"\n',
    "\\",
    '\\""',
    "\u2028",
    "1\tpositive\ta\n",
  ];

  test.each([
    ["clothing reviews", clothing],
    ["tweets", tweets],
    ["titles", titles],
  ])("%s", async (_, read) => {
    for (const bit of bits) await expectLinear(read, repeated(bit));
  });

  test("rows that are right", async () => {
    const numbered =
      (row: (i: number) => string): Make =>
      (size) =>
        Array.from({ length: size / 50 }, (_, i) => row(i)).join("\n");
    const columns =
      "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres";
    await expectLinear(
      (text) => readText(clothing, text),
      numbered((i) => `${i},1,20,T,${"text ".repeat(4)},5,1,0,D,E,F`),
    );
    await expectLinear(
      (text) => readText(tweets, text),
      numbered((i) => `${i + 1}\tpositive\t${"text ".repeat(6)}`),
    );
    await expectLinear(
      (text) => readText(titles, `${columns}\n${text}`),
      numbered((i) => `tt${1_000_000 + i}\tmovie\tT\tT\t0\t1990\t\\N\t90\tDrama`),
    );
  });
  /** Without the mark that makes each text another. */
  const readText = (read: Read, text: string) => read(text.replace(/^(.*\n)?\d+ /, "$1"));
});

describe("so do reviews of one's own", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-growth-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const train = Array.from({ length: 40 }, (_, i) => ({
    text: i % 2 === 0 ? `lovely dress ${i}` : `awful fabric ${i}`,
    rating: i % 2 === 0 ? 5 : 1,
    group: null,
    line: i,
  }));
  const scale = { values: [1, 5], labels: ["1", "5"] };
  const { packed } = learnBag({ train, validation: train, scale, sizes: sizesFor(40) });

  /** A text in a file after the start of a table; whether it is read or refused, it is so soon. */
  const tabled =
    (name: string, start: string, read: (file: string) => Promise<unknown>) => (text: string) => {
      const file = path.join(folder, name);
      fs.writeFileSync(file, name.endsWith(".gz") ? zlib.gzipSync(start + text) : start + text);
      return read(file).catch((error: unknown) => expect(error).toBeInstanceOf(StarlitError));
    };
  const load = (file: string) => loadReviews(file);
  const rate = (file: string) => rateTable(packed, file, { write: () => undefined });
  const csv = "text,rating\na,5\n";
  const json = '{"text":"a","rating":5}\n{"text":"b","rating":1}\n';

  test.each<[string, Read]>([
    ["loadReviews, CSV", tabled("a.csv", csv, load)],
    ["loadReviews, JSON lines", tabled("a.jsonl.gz", json, load)],
    ["loadReviews, JSON", tabled("a.json", "[", load)],
    ["rateTable, CSV", tabled("b.csv", csv, rate)],
    ["rateTable, JSON lines", tabled("b.jsonl.gz", json, rate)],
    ["rateTable, lines", tabled("b.txt.gz", "so good\nso bad\n", rate)],
    ["the page's tokens", tokenize],
  ])("%s", async (_, read) => {
    for (const bit of ["a ", '"', "\n", "[", '{"text":"a b","rating":5}\n'])
      await expectLinear(read, repeated(bit));
  });
});

describe("so does what somebody handed in", () => {
  const { readNotebook } = require("../scripts/lab/notebook.cjs") as {
    readNotebook(bytes: Buffer): object;
  };
  const { answersOf, isEmpty, remarksOn } = require("../scripts/lab/submission.cjs") as {
    answersOf(notebook: object, items: string[]): Map<string, { code: string } | undefined>;
    isEmpty(code: string): boolean;
    remarksOn(notebook: object, source: object, items: string[]): string[];
  };
  const judged = (cells: object[]) => {
    const notebook = readNotebook(Buffer.from(JSON.stringify({ cells })));
    for (const answer of answersOf(notebook, ["a"]).values()) if (answer) isEmpty(answer.code);
    remarksOn(notebook, { cells: [] }, ["a"]);
  };
  const start = "// --- START CODE HERE (a)\n";
  const end = "\n// --- END CODE HERE\n";
  // Longer ones are refused at once.
  const short =
    (make: Make): Make =>
    (size) =>
      make(size * 0.9);

  test.each([
    ...[
      "/* ",
      "//",
      "*/",
      "'",
      "`",
      "{",
      "\n",
      "\r",
      "a",
      start,
      end,
      start + end,
      "// --- ",
      "\\",
      "import a;\n",
    ],
  ])("%j", async (bit) => {
    const code = (text: string) => ({ cell_type: "code", source: text });
    await expectLinear((text) => judged([code(text)]), short(repeated(bit)));
    await expectLinear((text) => judged([code(start + text + end)]), short(repeated(bit)));
    await expectLinear(
      (text) => judged(text.match(/[^]{1,1000}/g)!.map(code)),
      short(repeated(bit)),
    );
  });
});

describe("so do pages and figures", () => {
  const { bundleOf } = require("../scripts/kernel/display.cjs") as {
    bundleOf(value: unknown): unknown;
  };
  const { plain } = require("../scripts/lab/report.cjs") as { plain(text: string): string };

  test.each<[string, Read]>([
    ["HTML", escapeHtml],
    ["texts that can be shown", visible],
    ["JSON", jsonText],
    ["a short text", (text) => shorten(text, 100)],
    ["a table", (text) => tableData([{ text, [text]: text }], { caption: text })],
    [
      "what a cell ends with",
      (text) => [bundleOf(text), bundleOf([{ text }, { text }]), bundleOf(text.split(" "))],
    ],
    ["a line of the grader", plain],
    [
      "a figure's words",
      (text) =>
        attentionMap([{ title: text, tokens: [text], weights: [1] }], {
          title: text,
          subtitle: text,
          note: text,
        }),
    ],
    [
      "a figure's tokens",
      (text) =>
        attentionMap(
          [{ title: "x", tokens: text.split(""), weights: new Float32Array(text.length) }],
          { title: "x" },
        ),
    ],
  ])("%s", async (name, read) => {
    const all = ["a", " ", "a ", "\n", "$", "<", "\ud83d", "\\", "\0", "\u001b[", "\u2028", "😂"];
    // Of some each takes a second.
    const bits = /^a (table|figure)/.test(name) ? ["a ", "$"] : all;
    for (const bit of bits) await expectLinear(read, repeated(bit));
  });
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { catalogue } from "../lib/src/data/catalogue";
import {
  dropDuplicateTweets,
  loadTweets,
  parseTweets,
  type TweetData,
} from "../lib/src/data/tweets";
import { loadImdbWordIndex } from "../lib/src/data/wordIndex";
import { StarlitError } from "../lib/src/engine/errors";
import { describeWithMirror, mirror } from "./support";

const environment = { ...process.env };
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  process.env.STARLIT_DATA = path.join(folder, "cache");
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => {
  process.env = environment;
  fs.rmSync(folder, { recursive: true });
});

describe("lines of the release", () => {
  const texts = (lines: string) =>
    parseTweets(lines, "twitter-2013train-A").map((tweet) => tweet.text);

  test("id, label, text; the test set is known by its name", () => {
    expect(parseTweets("12\tneutral\ta b\n34\tpositive\tc\n", "twitter-2016dev-A")).toEqual([
      { id: "12", label: 1, text: "a b", split: "train", file: "twitter-2016dev-A" },
      { id: "34", label: 2, text: "c", split: "train", file: "twitter-2016dev-A" },
    ]);
    const [tweet] = parseTweets("5\tnegative\td", "SemEval2017-task4-test.subtask-A.english");
    expect(tweet).toMatchObject({ label: 0, split: "test" });
  });

  test("quotes are part of the text, alone, around it and doubled", () => {
    const lines = ['1\tneutral\t"it\'s fine"', '2\tneutral\t"open', '3\tneutral\tsaid ""no""'];
    expect(texts(lines.join("\n"))).toEqual(['"it\'s fine"', '"open', 'said ""no""']);
  });

  test("escapes become characters, other backslashes stay", () => {
    expect(texts('1\tneutral\tThursday\\u002c it\\u2019s \\""""on\\""""!')).toEqual([
      'Thursday, it’s "on"!',
    ]);
    expect(texts('1\tneutral\t\\m/ ¯\\_(ツ)_/¯ "/o\\"')).toEqual(['\\m/ ¯\\_(ツ)_/¯ "/o\\"']);
  });

  test("a fourth column is dropped, and a broken line goes on with the tweet before it", () => {
    expect(
      texts(
        '1\tneutral\tone\t\n2\tneutral\t"two\n"\t\n3\tneutral\tthree\tWed Jul 29 12:01:22 +0000 2015\n',
      ),
    ).toEqual(["one", '"two\n"', "three"]);
  });

  test("something else is refused", () => {
    expect(() => parseTweets("<html>\n", "twitter-2013dev-A")).toThrow(StarlitError);
    expect(parseTweets("", "twitter-2013dev-A")).toEqual([]);
  });
});

test("the stand-in has three classes, and says so", async () => {
  const { tweets, standIn, banner } = await loadTweets({ standIn: true });
  expect([standIn, banner.slice(0, 13)]).toEqual([true, "Stand-in data"]);
  const counts = [0, 1, 2].map((label) => tweets.filter((tweet) => tweet.label === label).length);
  expect(counts).toEqual([821 + 1549, 821 + 1549, 821 + 1549]);
  expect(tweets.filter((tweet) => tweet.split === "train")).toHaveLength(5690);
});

describeWithMirror("with the mirror", () => {
  let data: TweetData;
  beforeAll(async () => {
    data = await loadTweets({ standIn: false });
  });

  test("rows and labels of each file, as the publisher counts them", () => {
    const counts: Record<string, number[]> = {};
    for (const { file, label } of data.tweets) (counts[file] ??= [0, 0, 0])[label]++;
    expect(counts).toEqual({
      "twitter-2013train-A": [1458, 4586, 3640],
      "twitter-2013dev-A": [340, 739, 575],
      "twitter-2013test-A": [559, 1513, 1475],
      "twitter-2014sarcasm-A": [40, 13, 33],
      "twitter-2014test-A": [202, 669, 982],
      "twitter-2015train-A": [66, 253, 170],
      "twitter-2015test-A": [365, 987, 1038],
      "twitter-2016train-A": [863, 2043, 3094],
      "twitter-2016dev-A": [391, 765, 843],
      "twitter-2016devtest-A": [325, 681, 994],
      "twitter-2016test-A": [3231, 10342, 7059],
      "SemEval2017-task4-test.subtask-A.english": [3972, 5937, 2375],
    });
    const train = data.tweets.filter((tweet) => tweet.split === "train");
    expect([train.length, data.tweets.length - train.length]).toEqual([50334, 12284]);
  });

  test("tweets that were annotated twice", () => {
    const train = data.tweets.filter((tweet) => tweet.split === "train");
    const distinct = dropDuplicateTweets(train);
    expect(distinct).toHaveLength(49570);
    expect(distinct.slice(0, 3)).toEqual(train.slice(0, 3));
    const ids = new Set(train.map((tweet) => tweet.id));
    expect(data.tweets.filter((tweet) => tweet.split === "test" && ids.has(tweet.id))).toEqual([]);
  });

  test("texts have no escape, no tab, no end of line but the one of the broken tweet", () => {
    expect(
      data.tweets.filter(({ text }) => /\\u[0-9a-f]{4}|\t|\r/.test(text) || text === ""),
    ).toEqual([]);
    const broken = data.tweets.filter(({ text }) => text.includes("\n"));
    expect(broken.map(({ id, text }) => [id, text.slice(-3)])).toEqual([
      ["638435681832960000", '!\n"'],
    ]);
  });

  test("the release's own uncompressed files do as well", async () => {
    const release = path.join(folder, "release");
    for (const [gzipped, plain] of catalogue.tweets.files.map((file) => file.copies)) {
      fs.mkdirSync(path.dirname(path.join(release, plain.file)), { recursive: true });
      const bytes = fs.readFileSync(path.join(mirror!, gzipped.file));
      fs.writeFileSync(path.join(release, plain.file), zlib.gunzipSync(bytes));
    }
    process.env.STARLIT_MIRROR = release;
    process.env.STARLIT_DATA = path.join(folder, "another cache");
    expect(await loadTweets({ standIn: false })).toEqual(data);
  });

  test("the word index of Keras", async () => {
    process.env.STARLIT_MIRROR = mirror;
    const index = await loadImdbWordIndex();
    expect(index.size).toBe(88584);
    expect(["the", "and", "a", "of"].map((word) => index.get(word))).toEqual([1, 2, 3, 4]);
    expect(index.get("constructor")).toBeGreaterThan(1000);
    expect(index.get("toString")).toBeUndefined();
  });

  test("a word index whose content is another is refused", async () => {
    process.env.STARLIT_DATA = path.join(folder, "cache");
    const file = path.join(folder, "cache", "imdb_word_index.json");
    fs.rmSync(`${file}.gz`, { force: true });
    fs.writeFileSync(file, "{}");
    await expect(loadImdbWordIndex()).rejects.toThrow(
      /imdb_word_index\.json is truncated or altered/,
    );
  });
});

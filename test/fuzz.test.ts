import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { tableData } from "../lib/src/data/table";
import { tf } from "../lib/src/engine";
import { jsonText } from "../lib/src/files/markup.cjs";
import {
  accuracyScore,
  calibrationBins,
  confusionMatrix,
  logLoss,
  meanAbsoluteError,
  meanSquaredError,
  precisionRecallFscore,
  r2Score,
  rocAucScore,
} from "../lib/src/metrics";
import * as plots from "../lib/src/plots";
import { type LoadedReviews, loadRater, loadReviews } from "../lib/src/reviews";
import { learnBag } from "../lib/src/reviews/bag";
import { raterFile, type RaterReport, saveRater } from "../lib/src/reviews/rater";
import { readRatings } from "../lib/src/reviews/ratings";
import { sizesFor } from "../lib/src/reviews/sizes";
import { rateTable } from "../lib/src/reviews/stream";
import { wordEffects } from "../lib/src/studies/rating";
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
  type Rows,
} from "../lib/src/text";
import { always, alwaysAsync, anyNumber, anyText, outcome, outcomeOf } from "./properties";

// Inputs by chance: whatever comes in, what comes out is right, or a sentence says what is wrong.
// `npm run fuzz` does the same for longer. Other files are met in data.strict and runs.tensors.

afterAll(() => tf.disposeVariables());

const texts = fc.array(anyText, { maxLength: 12 });
const ids = fc.array(fc.integer({ min: -5, max: 50 }), { maxLength: 9 });

describe("text", () => {
  test("spaCy's tokens are the text without its blanks, and no token is empty", () => {
    always(1500, [fc.array(anyText, { maxLength: 5 })], (parts) => {
      const text = parts.join(" ");
      const tokens = tokenizeEnglish(text);
      expect(tokens.join("").replace(/\s/gu, "")).toBe(text.replace(/\s/gu, ""));
      expect(tokens).not.toContain("");
    });
  });

  test("a tokenizer's ids are below numWords, are its words', and survive its JSON", () => {
    const options = fc.record(
      {
        numWords: fc.integer({ min: 1, max: 9 }),
        lower: fc.boolean(),
        charLevel: fc.boolean(),
        oovToken: fc.constantFrom("<unk>", "a"),
        filters: fc.constantFrom("", "!.,", "\ud83d"),
        split: fc.constantFrom(" ", "-", "ab"),
      },
      { requiredKeys: [] },
    );
    always(500, [texts, texts, options], (seen, others, chosen) => {
      const tokenizer = new Tokenizer(chosen);
      tokenizer.fitOnTexts([...seen, "a"]);
      const rows = tokenizer.textsToSequences([...seen, ...others]);
      for (const id of rows.flat()) {
        expect(tokenizer.indexWord.has(id)).toBe(true);
        // Keras gives the token for unknown words its id whatever the limit.
        if (tokenizer.indexWord.get(id) !== chosen.oovToken)
          expect(id).toBeLessThan(chosen.numWords ?? Infinity);
      }
      const back = Tokenizer.fromJson(tokenizer.toJson());
      expect(back.textsToSequences([...seen, ...others])).toEqual(rows);
    });
  });

  test("a damaged tokenizer's JSON is refused or is a tokenizer's", () => {
    const tokenizer = new Tokenizer({ oovToken: "?" });
    tokenizer.fitOnTexts(["a b b", "b c"]);
    const json = tokenizer.toJson();
    always(500, [fc.nat({ max: json.length }), fc.nat({ max: 9 }), anyText], (at, gone, put) => {
      const damaged = json.slice(0, at) + put + json.slice(at + gone);
      const made = outcome(() => Tokenizer.fromJson(damaged));
      if (typeof made !== "string") made.textsToSequences(["a b", "x"]);
    });
  });

  test("vocabularies, spelling, cleaning and Keras's ids take every text", () => {
    always(400, [texts], (all) => {
      const vocabulary = buildVocabulary([all], { maxSize: 6 });
      for (const id of vocabulary.encode([...all, "?"])) expect(id).toBeLessThan(6);
      for (const id of spellingIds(all, { buckets: 7 })) expect(id).toBeLessThan(7 + 1);
      const text = all.join(" ");
      expect(cleanText(cleanText(text)).length).toBeLessThanOrEqual(cleanText(text).length);
      expect(removeStopWords(text).length).toBeLessThanOrEqual(text.length);
      for (const id of kerasImdbIds(text, new Map(all.map((word, i) => [word, i + 1]))))
        expect(id).toBeGreaterThan(0);
    });
  });
});

describe("padding and splits", () => {
  const side = fc.constantFrom("pre" as const, "post" as const);

  test("rows are the sequences, cut or filled on the sides that were asked for", () => {
    const value = fc.integer({ min: -9, max: 9 });
    always(
      500,
      [fc.array(ids), fc.nat({ max: 6 }), side, side, value],
      (rows, maxlen, padding, truncating, fill) => {
        const { data, shape } = padSequences(rows, { maxlen, padding, truncating, value: fill });
        expect(shape).toEqual([rows.length, maxlen]);
        rows.forEach((row, i) => {
          const cut =
            truncating === "pre"
              ? row.slice(Math.max(0, row.length - maxlen))
              : row.slice(0, maxlen);
          const filling = new Array<number>(maxlen - cut.length).fill(fill);
          const expected = padding === "pre" ? [...filling, ...cut] : [...cut, ...filling];
          expect([...data.slice(i * maxlen, (i + 1) * maxlen)]).toEqual(expected);
        });
      },
    );
  });

  test("numbers that are no ids are refused", () => {
    always(300, [fc.array(fc.array(anyNumber), { minLength: 1 })], (rows) => {
      const made = outcome(() => padSequences(rows));
      const fits = rows
        .flat()
        .every((id) => Number.isInteger(id) && Math.abs(id) <= 2 ** 31 && id !== 2 ** 31);
      expect(typeof made !== "string").toBe(fits);
    });
  });

  test("every row is in one part, in shares that were asked for, or the sizes are refused", () => {
    const size = fc.oneof(anyNumber, fc.double({ min: 0, max: 1 }), fc.nat({ max: 40 }));
    always(
      800,
      [fc.nat({ max: 40 }), size, fc.nat(), fc.boolean(), fc.nat({ max: 5 })],
      (count, testSize, seed, shuffle, classes) => {
        const rows: Rows = Array.from({ length: count }, (_, i) => i);
        const stratify =
          shuffle && classes > 0 ? Array.from(rows, (_, i) => i % classes) : undefined;
        const made = outcome(() =>
          trainTestSplit(rows as number[], { testSize, seed, shuffle, stratify }),
        );
        if (typeof made === "string") return;
        const { train, test } = made;
        expect([...train, ...test].sort((a, b) => a - b)).toEqual(rows);
        expect(test.length).toBe(testSize < 1 ? Math.ceil(testSize * count) : testSize);
        for (let label = 0; stratify && label < classes; label++) {
          const share = test.filter((row) => stratify[row] === label).length / test.length;
          expect(
            Math.abs(share - stratify.filter((each) => each === label).length / count),
          ).toBeLessThanOrEqual(1 / test.length);
        }
      },
    );
  });
});

describe("metrics", () => {
  const pairs = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })), {
    minLength: 1,
    maxLength: 30,
  });

  test("of classes agree with one another", () => {
    always(500, [pairs], (rows) => {
      const [yTrue, yPred] = [rows.map(([truth]) => truth), rows.map(([, guess]) => guess)];
      const matrix = confusionMatrix(yTrue, yPred, { labels: [0, 1, 2, 3] });
      const right = matrix.reduce((sum, row, i) => sum + row[i], 0);
      expect(matrix.flat().reduce((a, b) => a + b)).toBe(rows.length);
      expect(accuracyScore(yTrue, yPred)).toBeCloseTo(right / rows.length, 12);
      const micro = precisionRecallFscore(yTrue, yPred, { average: "micro" });
      expect(micro.fscore).toBeCloseTo(right / rows.length, 12);
      const { precision, recall, fscore } = precisionRecallFscore(yTrue, yPred);
      for (const score of [...precision, ...recall, ...fscore]) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    });
  });

  test("of scores don't change with the order of rows, and turn with their sign", () => {
    const scored = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 1,
    });
    always(500, [scored], (rows) => {
      const area = (all: typeof rows, sign = 1) =>
        outcome(() =>
          rocAucScore(
            all.map(([truth]) => truth),
            all.map(([, score]) => sign * score),
          ),
        );
      const first = area(rows);
      expect(area([...rows].reverse())).toEqual(first);
      if (typeof first === "number") expect(area(rows, -1)).toBeCloseTo(1 - first, 12);
    });
  });

  test("of any numbers are numbers, or a sentence", () => {
    const values = fc.array(anyNumber, { maxLength: 8 });
    const scores = {
      accuracyScore,
      confusionMatrix,
      logLoss,
      meanAbsoluteError,
      meanSquaredError,
      r2Score,
      rocAucScore,
      precisionRecallFscore,
    };
    always(400, [values, values], (first, second) => {
      for (const score of Object.values(scores)) outcome(() => score(first, second));
      outcome(() => calibrationBins(first, second));
    });
  });
});

describe("figures and tables", () => {
  const number = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: anyNumber },
  );
  const list = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: 1, maxLength: 4 });
  const numbers = list(number);
  const caption = { title: anyText, subtitle: anyText };
  const histories = list(fc.record({ loss: numbers, valLoss: numbers }));
  const figures: Record<string, fc.Arbitrary<() => plots.Figure>> = {
    attentionMap: fc
      .record({
        ...caption,
        tokens: list(anyText),
        weights: fc.array(number, { minLength: 4, maxLength: 4 }),
      })
      .map(
        ({ tokens, weights, ...words }) =>
          () =>
            plots.attentionMap([{ title: words.title, tokens, weights }], words),
      ),
    attentionOverEpochs: fc
      .record({
        ...caption,
        tokens: list(anyText),
        weights: fc.array(number, { minLength: 4, maxLength: 4 }),
      })
      .map(
        ({ tokens, weights, ...words }) =>
          () =>
            plots.attentionOverEpochs(tokens, [weights, weights], words),
      ),
    wordEffects: fc
      .record({ ...caption, effects: list(fc.record({ word: anyText, effect: number })) })
      .map(
        ({ effects, ...words }) =>
          () =>
            wordEffects(effects, words),
      ),
    learningCurves: fc
      .record({ ...caption, models: list(fc.record({ name: anyText, runs: histories })) })
      .map(
        ({ models, ...words }) =>
          () =>
            plots.learningCurves(models, {
              ...words,
              metrics: [{ title: words.title, train: "loss", validation: "valLoss" }],
            }),
      ),
    histograms: fc
      .record({
        ...caption,
        rows: list(
          fc.record({ name: anyText, groups: list(fc.record({ name: anyText, values: numbers })) }),
        ),
      })
      .map(
        ({ rows, ...words }) =>
          () =>
            plots.histograms(rows, { ...words, value: words.title }),
      ),
    confusionMatrices: fc
      .record({
        ...caption,
        name: anyText,
        names: fc.array(anyText, { minLength: 3, maxLength: 3 }),
        yTrue: list(fc.nat({ max: 2 })),
      })
      .map(
        ({ name, names, yTrue, ...words }) =>
          () =>
            plots.confusionMatrices([{ name, yTrue, yPred: [...yTrue].reverse() }], {
              ...words,
              labels: [0, 1, 2],
              labelNames: names,
            }),
      ),
    labelProportions: fc
      .record({ ...caption, name: anyText, labels: list(anyText), counts: numbers })
      .map(
        ({ name, labels, counts, ...words }) =>
          () =>
            plots.labelProportions([{ name, series: [{ name, counts, role: "ours" }] }], {
              ...words,
              labels,
            }),
      ),
    publishedVersusOurs: fc
      .record({
        ...caption,
        value: anyText,
        rows: list(fc.record({ name: anyText, published: number, ours: numbers })),
      })
      .map(
        ({ value, rows, ...words }) =>
          () =>
            plots.publishedVersusOurs([{ value, heading: value, rows }], words),
      ),
    parallelCoordinates: fc
      .record({
        ...caption,
        score: anyText,
        trials: list(fc.record({ point: fc.record({ a: number, b: number }), score: number })),
      })
      .map(
        ({ trials, ...words }) =>
          () =>
            plots.parallelCoordinates(trials, words),
      ),
    scoreByParameter: fc
      .record({
        ...caption,
        score: anyText,
        trials: list(fc.record({ point: fc.record({ a: number, b: number }), score: number })),
      })
      .map(
        ({ trials, ...words }) =>
          () =>
            plots.scoreByParameter(trials, words),
      ),
    calibrationCurve: fc
      .record({
        ...caption,
        name: anyText,
        bins: list(fc.record({ predicted: number, observed: number, count: fc.nat() })),
      })
      .map(
        ({ name, bins, ...words }) =>
          () =>
            plots.calibrationCurve([{ name, bins: bins as never, role: "ours" }], words),
      ),
    deletionCurves: fc
      .record({
        ...caption,
        points: list(
          fc.record({ words: anyText, count: fc.nat({ max: 9 }), change: number, flipped: number }),
        ),
      })
      .map(
        ({ points, ...words }) =>
          () =>
            plots.deletionCurves(points, words),
      ),
    weightByPosition: fc
      .record({ ...caption, series: list(fc.record({ name: anyText, mean: numbers })) })
      .map(
        ({ series, ...words }) =>
          () =>
            plots.weightByPosition(series, words),
      ),
  };

  test("every figure there is is met", () => {
    const drawn = Object.keys(plots).filter((name) => /^[a-z]/.test(name));
    const others = [
      "liveCurve",
      "modelGraph",
      "modelPicture",
      "palette",
      "roles",
      "show",
      "toPng",
      "toSvg",
    ];
    expect([...Object.keys(figures), ...others].sort()).toEqual([...drawn, "wordEffects"].sort());
  });

  test.each(Object.entries(figures))(
    "%s: whatever texts and numbers, a picture or a sentence",
    async (_, made) => {
      const complaints = [jest.spyOn(console, "warn"), jest.spyOn(console, "error")];
      await alwaysAsync(15, [made], async (make) => {
        for (const complaint of complaints) complaint.mockClear();
        const figure = outcome(make);
        if (typeof figure === "string") return;
        const svg = await outcomeOf(plots.toSvg(figure));
        expect(svg).not.toMatch(/ (?!aria)[\w-]+="[^"]*(NaN|Infinity)/);
        await outcomeOf(plots.toPng(figure, 0.25));
        for (const complaint of complaints) expect(complaint.mock.calls.flat()).toEqual([]);
      });
      for (const complaint of complaints) complaint.mockRestore();
    },
  );

  test("tables take rows of any values", () => {
    const row = fc.dictionary(anyText, fc.oneof(anyText, anyNumber, fc.jsonValue()));
    always(300, [fc.array(row, { maxLength: 4 }), anyText], (rows, title) => {
      const look = tableData(rows, { caption: title });
      expect(String(look["text/html"])).not.toMatch(
        /<(?!\/?(?:table|caption|thead|tbody|tr|th|td|p|span)\b)/,
      );
      expect(String(look["text/plain"]).isWellFormed()).toBe(true);
    });
  });
});

const { readNotebook, studentNotebook } = require("../scripts/lab/notebook.cjs") as {
  readNotebook(bytes: Buffer): { cells: { source: string }[] };
  studentNotebook(notebook: object): object;
};
const { answersOf, isEmpty, remarksOn } = require("../scripts/lab/submission.cjs") as {
  answersOf(notebook: object, items: string[]): Map<string, { code: string } | undefined>;
  isEmpty(code: string): boolean;
  remarksOn(notebook: object, source: object, items: string[]): string[];
};

describe("notebooks that somebody handed in", () => {
  const line = fc.oneof(
    anyText,
    fc.constantFrom(
      "// --- START CODE HERE (a)",
      "// --- END CODE HERE",
      "// --- START CODE HERE",
      "/*",
      "//",
      "*/",
      "`",
    ),
  );
  const source = fc.oneof(
    fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n")),
    fc.array(line, { maxLength: 6 }),
    fc.jsonValue(),
  );
  const cell = fc.oneof(
    fc.record(
      {
        cell_type: fc.constantFrom("code", "markdown"),
        source,
        id: fc.oneof(anyText, fc.jsonValue()),
        metadata: fc.jsonValue(),
        outputs: fc.jsonValue(),
      },
      { requiredKeys: ["cell_type"] },
    ),
    fc.jsonValue(),
  );
  const notebook = fc.record({ cells: fc.array(cell, { maxLength: 5 }), metadata: fc.jsonValue() });

  test("are read as plain cells, or refused in a sentence", () => {
    always(
      800,
      [
        fc.oneof(
          notebook.map((value) => JSON.stringify(value)),
          fc.json(),
          anyText,
        ),
      ],
      (text) => {
        let read;
        try {
          read = readNotebook(Buffer.from(text));
        } catch (error) {
          expect((error as Error).message).toMatch(/^This (file|notebook) /);
          return;
        }
        for (const each of read.cells) expect(typeof each.source).toBe("string");
        const answers = answersOf(read, ["a", "b"]);
        for (const answer of answers.values())
          if (answer) expect(typeof isEmpty(answer.code)).toBe("boolean");
        remarksOn(read, { cells: [] }, ["a", "b"]);
      },
    );
  });

  test("the student's copy of a notebook has empty blanks, and no outputs", () => {
    const well = fc.record({
      cells: fc.array(
        fc.record({
          cell_type: fc.constantFrom("code", "markdown"),
          source: fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n")),
        }),
        { maxLength: 4 },
      ),
    });
    always(300, [well], (value) => {
      expect(JSON.stringify(studentNotebook(value))).not.toContain('"outputs":[{');
    });
  });
});

const { buildFrames, parseMessage } = require("../scripts/kernel/messages.cjs") as {
  buildFrames(message: object, key: string): (string | Buffer)[];
  parseMessage(
    frames: Buffer[],
    key: string,
  ): { header: object; content: unknown; metadata: unknown; buffers: Buffer[] };
};
const { bundleOf, textOf } = require("../scripts/kernel/display.cjs") as {
  bundleOf(value: unknown): { data: Record<string, string> };
  textOf(value: unknown): string;
};

describe("kernel messages", () => {
  const content = fc
    .jsonValue()
    .filter((value) => JSON.stringify(value) === JSON.stringify(JSON.parse(jsonText(value))));
  const frames = (value: unknown, buffers: Uint8Array[]) =>
    buildFrames(
      {
        type: "x",
        content: value,
        parent: { header: {} },
        identities: [Buffer.from("id")],
        buffers,
      },
      "key",
    ).map((frame) => Buffer.from(frame as never));

  test("come back as they were sent", () => {
    always(400, [content, fc.array(fc.uint8Array())], (value, buffers) => {
      const message = parseMessage(frames(value, buffers), "key");
      expect(message.content).toEqual(JSON.parse(JSON.stringify(value)));
      expect(message.buffers.map((each) => [...each])).toEqual(buffers.map((each) => [...each]));
    });
  });

  test("with one bit changed in what is signed they are refused", () => {
    always(
      400,
      [content, fc.nat({ max: 4 }), fc.nat(), fc.nat({ max: 7 })],
      (value, part, at, bit) => {
        const sent = frames(value, []);
        const frame = sent[2 + part];
        frame[at % frame.length] ^= 1 << bit;
        expect(() => parseMessage(sent, "key")).toThrow("a message with a wrong signature");
      },
    );
  });

  test("that are none are refused by an error", () => {
    always(400, [fc.array(fc.uint8Array({ maxLength: 20 })), fc.boolean()], (parts, marked) => {
      const sent = [
        ...(marked ? [Buffer.from("<IDS|MSG>")] : []),
        ...parts.map((each) => Buffer.from(each)),
      ];
      expect(() => parseMessage(sent, "key")).toThrow(Error);
    });
  });

  test("whatever a cell ends with is shown", () => {
    always(
      500,
      [
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
          withUnicodeString: true,
        }),
      ],
      (value) => {
        const { data } = bundleOf(value);
        expect(typeof data["text/plain"]).toBe("string");
        expect(textOf(value).length).toBeLessThan(100_000);
        JSON.parse(jsonText(data));
      },
    );
  });
});

describe("what no type allows, and a data frame gives all the same", () => {
  const none = [null, undefined, NaN, 5, {}, Symbol("x")] as unknown as string[];

  test("a text that is none is refused in a sentence", () => {
    const takers: ((text: string) => unknown)[] = [
      tokenizeEnglish,
      cleanText,
      removeStopWords,
      (text) => kerasImdbIds(text, new Map()),
      (text) => new Tokenizer().fitOnTexts([text]),
      (text) => new Tokenizer().fitOnTexts([[text]]),
    ];
    for (const take of takers)
      for (const text of none) expect(outcome(() => take(text))).toMatch(/ takes texts, and got /);
  });

  test("so are lists that are none, sizes beyond memory, titles and tokens of numbers", () => {
    const refused: (() => unknown)[] = [
      () => padSequences("abc" as never),
      () => padSequences([[1]], { maxlen: 2 ** 40 }),
      () => trainTestSplit("abc" as never, { seed: 1 }),
      () => trainTestSplit(null as never, { seed: 1 }),
      () => buildVocabulary([["a"]], { maxSize: -1 }),
      () => buildVocabulary([["a"]], { maxSize: NaN }),
      () => tableData([{ a: 1.5 }], { digits: 1000 }),
      () => plots.attentionMap([{ title: "a", tokens: ["b"], weights: [1] }], {} as never),
      () =>
        plots.attentionMap([{ title: "a", tokens: [5] as never, weights: [1] }], { title: "x" }),
    ];
    for (const call of refused) expect(typeof outcome(call)).toBe("string");
  });

  test("tables take rows that are none, and values that hold themselves", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const list: unknown[] = [];
    list.push(list);
    const rows = [{ a: circular }, null, { a: list }, undefined, { a: { b: 1n } }, 5] as object[];
    expect(tableData(rows)["text/html"]).toContain("Circular");
  });
});

describe("reviews of one's own: rows, or a sentence", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-fuzz-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const reviews = Array.from({ length: 40 }, (_, i) => ({
    text: i % 2 === 0 ? `lovely dress, ${i} "times"` : `awful fabric\n${i}`,
    rating: i % 2 === 0 ? 5 : 1,
  }));
  const train = reviews.map((review, line) => ({ ...review, group: null, line }));
  const scale = { values: [1, 5], labels: ["1", "5"] };
  const { packed } = learnBag({ train, validation: train, scale, sizes: sizesFor(40) });
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const tables: Record<string, string> = {
    "a.csv": `text,rating\n${reviews.map(({ text, rating }) => `${cell(text)},${rating}`).join("\n")}`,
    "a.jsonl": reviews.map((row) => JSON.stringify(row)).join("\n"),
    "a.json": JSON.stringify({ reviews }),
    "a.txt": reviews.map(({ text }) => text).join("\n"),
  };
  const change = fc.tuple(fc.nat(), fc.nat({ max: 20 }), anyText);
  const changes = fc.array(change, { minLength: 1, maxLength: 5 });

  function damagedTable(name: string, all: [number, number, string][]): string {
    let text = tables[name];
    for (const [place, gone, put] of all) {
      const at = place % (text.length + 1);
      text = text.slice(0, at) + put + text.slice(at + gone);
    }
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  }

  function expectReviews(loaded: string | LoadedReviews): void {
    if (typeof loaded === "string") return;
    for (const { text, rating } of loaded.reviews) {
      expect(text.trim()).not.toBe("");
      expect(loaded.scale.values).toContain(rating);
    }
  }

  test.each(Object.keys(tables))("%s, cut and damaged", async (name) => {
    await alwaysAsync(100, [changes, fc.boolean()], async (all, isNamed) => {
      const file = damagedTable(name, all);
      const columns = isNamed ? { text: "text", rating: "rating" } : {};
      expectReviews(await outcomeOf(loadReviews(file, columns)));
    });
    await alwaysAsync(5, [changes], async (all) => {
      let lines = "";
      const write = (more: string) => void (lines += more);
      const rated = await outcomeOf(
        rateTable(packed, damagedTable(name, all), { json: true, write }),
      );
      if (typeof rated === "string") return;
      const rows = lines.split("\n").slice(0, -1);
      expect(rows.map((row) => typeof JSON.parse(row))).toEqual(
        new Array(rated.rows).fill("object"),
      );
    });
  });

  test("rows in memory", () => {
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withTypedArray: true,
    });
    const row = fc.oneof(
      fc.record({
        text: fc.oneof(anyText, value),
        rating: fc.oneof(anyNumber, value),
        more: value,
      }),
      fc.constant({ text: "so good", rating: 5 }),
      fc.dictionary(anyText, value),
    );
    return alwaysAsync(200, [fc.array(row)], async (rows) => {
      expectReviews(await outcomeOf(loadReviews(rows)));
    });
  });

  test("ratings", () => {
    always(1000, [fc.array(anyText)], (cells) => {
      const read = outcome(() => readRatings(cells, "rating"));
      if (typeof read === "string") return;
      for (const rating of read.ratings)
        expect(Number.isNaN(rating) || read.scale.values.includes(rating)).toBe(true);
    });
  });

  test("a rater that is cut or damaged is refused, or says the same", () => {
    saveRater(folder, packed, {} as RaterReport);
    const file = raterFile(folder);
    const whole = fs.readFileSync(file, "utf8");
    const said = loadRater(folder).rate("a lovely dress");
    always(
      200,
      [fc.nat({ max: whole.length - 1 }), fc.nat({ max: 9 }), anyText],
      (at, gone, put) => {
        fs.writeFileSync(file, whole.slice(0, at) + put + whole.slice(at + gone));
        const rater = outcome(() => loadRater(folder));
        if (typeof rater !== "string") expect(rater.rate("a lovely dress")).toEqual(said);
      },
    );
  });
});

describe("whatever a cell shows, the notebook can hold it", () => {
  const { storable } = require("../scripts/kernel/display.cjs") as {
    storable(bundle: object): { data: Record<string, unknown>; metadata: object };
  };
  const show = (look: unknown) => bundleOf({ [Symbol.for("Jupyter.display")]: () => look });

  test("a value whose own code fails says so", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const failing = [
      proxy,
      {
        get a() {
          throw new RangeError("by itself");
        },
      },
      {
        [Symbol.for("nodejs.util.inspect.custom")]() {
          throw null;
        },
      },
      {
        [Symbol.for("Jupyter.display")]() {
          throw new Error("boo");
        },
      },
    ];
    for (const value of failing)
      expect(bundleOf(value).data["text/plain"]).toMatch(/^This value cannot be shown \(.+\)\.$/);
  });

  test("texts by MIME type, whatever was given", () => {
    always(300, [fc.anything()], (given) => {
      for (const look of [given, { "text/plain": given, "text/html": given, "a/b+json": given }]) {
        const { data, metadata } = storable(show(look));
        expect(Array.isArray(metadata)).toBe(false);
        for (const [type, value] of Object.entries(JSON.parse(jsonText(data)) as object))
          if (!type.endsWith("json"))
            expect([value].flat().every((line) => typeof line === "string")).toBe(true);
      }
    });
  });
});

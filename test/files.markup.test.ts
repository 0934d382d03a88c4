import { type ImdbReview, loadClothingReviews, loadImdbReviews } from "../lib/src/data";
import { tableData } from "../lib/src/data/table";
import {
  escapeAttribute,
  escapeHtml,
  jsonText,
  shorten,
  visible,
  visibleIn,
} from "../lib/src/files/markup.cjs";
import { attentionMap, type Figure, toPng, toSvg } from "../lib/src/plots";
import { wordEffects } from "../lib/src/studies/rating";
import { describeWithMirror } from "./support";

// What strangers wrote, on its way into pages, pictures and files.

const { bundleOf } = require("../scripts/kernel/display.cjs") as {
  bundleOf(value: unknown): { data: Record<string, string> };
};
const { buildFrames } = require("../scripts/kernel/messages.cjs") as {
  buildFrames(message: object, key: string): (string | Buffer)[];
};

/** Every UTF-16 unit, halves of pairs too, between two letters. */
const units = Array.from({ length: 0x10000 }, (_, code) => `a${String.fromCharCode(code)}b`);

/** https://www.w3.org/TR/xml/#charsets, without the control characters that it discourages. */
const XML = /^[\t\n\r\x20-\x7E\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
/** https://unicode.org/reports/tr9/#Directional_Formatting_Characters */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

/** What JupyterLab takes for formulas. */
const typeset = [
  ...["it cost $5, I paid $6", "$$x$$", "\\(x\\)", "\\[x\\]"],
  ...["\\begin{a}b\\end{a}", "\\ref{a}"],
];

/** One of each kind that something once stumbled over. */
const odd = [
  ...Array.from({ length: 32 }, (_, code) => `contr${String.fromCharCode(code)}l`),
  ..."\x7f\x80\x85\x96\x9f\xa0\u061c\u200b\u200e\u202e\u2066\u2028\u2029\ufeff\ufffe\uffff\ufdd0"
    .split("")
    .map((sign) => `a${sign}b`),
  ...["\ud83d", "\ude00", "x\ude00\ud83dx", "😀", "👩‍👩‍👧", "e\u0301", "\u{e0041}", "ﷺ", "日本"],
  ...typeset,
  ...["<script>alert(1)</script>", "<!--", "]]>", "&amp;", "&#0;", "</style>", "' onload='x"],
  ...['"><img src=x onerror=alert(1)>', "{{constructor}}", "${x}", "`", "\\u2028", "datum.x", "%s"],
  ...["__proto__", "constructor", "", " ", "\t", "\r\n", "a.b[0]", "null", "NaN", "= 1 + 1"],
  ...["\u202egnp.exe\u202c", "עברית", "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007"],
];

describe("text that can be shown", () => {
  test("holds what XML allows, and nothing that turns the order of letters", () => {
    const bad = units.map(visible).filter((text) => !XML.test(text) || BIDI.test(text));
    expect(bad).toEqual([]);
  });

  test("is the text itself where it is letters", () => {
    const plain = units.filter((unit) => XML.test(unit) && !BIDI.test(unit));
    const changed = plain.filter((unit) => visible(unit) !== unit);
    expect(changed.map((unit) => unit.codePointAt(1)!.toString(16))).toEqual(["2028", "2029"]);
    expect(visible("naïve 😀 日本 עברית e\u0301")).toBe("naïve 😀 日本 עברית e\u0301");
  });

  test("shows control characters by their pictures", () => {
    expect(visible("\0\x1b\x7f\u2028\x96\ud83d\u202e")).toBe("␀␛␡␤���");
  });

  test("in plain data all texts and names are so, and nothing else changes", () => {
    const data = { "a\0": ["\ud800", 1, null, { b: true, __proto__: null }], c: undefined };
    expect(visibleIn(data)).toEqual({ "a␀": ["�", 1, null, { b: true }], c: undefined });
    expect(visibleIn(JSON.parse('{"__proto__": "\\u0000"}'))).toEqual(
      JSON.parse('{"__proto__": "␀"}'),
    );
  });
});

describe("HTML", () => {
  /** What a browser reads in an element or attribute that was escaped; the entities are the five. */
  const read = (html: string) =>
    html
      .replace(/<span>([$\\])<\/span>/g, "$1")
      .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) =>
        "<>\"'&".charAt(["&lt;", "&gt;", "&quot;", "&#39;", "&amp;"].indexOf(entity)),
      );

  test.each([...odd, ...units.filter((_, i) => i % 97 === 0)])(
    "%j is read as it is shown",
    (text) => {
      for (const html of [escapeHtml(text), escapeAttribute(text)])
        expect(read(html)).toBe(visible(text));
      expect(escapeAttribute(text)).not.toMatch(/[<>"']/);
      expect(escapeHtml(text).replace(/<\/?span>/g, "")).not.toMatch(/[<>"']/);
    },
  );

  /** How many formulas MathJax finds, set up as JupyterLab does. */
  async function formulas(html: string): Promise<number> {
    const { _: parts, startup } = await mathjax();
    const { inputJax, outputJax } = startup.document;
    const options = { InputJax: inputJax, OutputJax: outputJax };
    const page = parts.mathjax.mathjax.document(`<html><body>${html}</body></html>`, options);
    page.findMath();
    return [...page.math].length;
  }

  test("nothing is typeset as a formula in JupyterLab", async () => {
    for (const text of typeset) {
      const rows = [{ text, [text]: 1 }];
      expect(await formulas(`<p>${text}</p>`)).toBe(1);
      expect(await formulas(tableData(rows, { caption: text })["text/html"] as string)).toBe(0);
      expect(await formulas(bundleOf([...rows, ...rows]).data["text/html"])).toBe(0);
    }
  });
});

interface MathJax {
  _: {
    mathjax: {
      mathjax: {
        document(html: string, options: object): { findMath(): void; math: Iterable<unknown> };
      };
    };
  };
  startup: { document: { inputJax: unknown; outputJax: unknown } };
}

let engine: Promise<MathJax> | undefined;
const mathjax = () =>
  (engine ??= (require("mathjax") as { init(options: object): Promise<MathJax> }).init({
    loader: { load: ["input/tex", "output/svg"] },
    tex: {
      inlineMath: [
        ["$", "$"],
        ["\\(", "\\)"],
      ],
      displayMath: [
        ["$$", "$$"],
        ["\\[", "\\]"],
      ],
      processEscapes: true,
      processEnvironments: true,
    },
  }));

describe("JSON", () => {
  const isWellFormed = (value: unknown): boolean => {
    if (typeof value === "string") return value.isWellFormed();
    if (typeof value !== "object" || value === null) return true;
    return Object.entries(value).flat().every(isWellFormed);
  };

  test("holds no half of a pair, and all else as it was", () => {
    const texts = [...odd, ...units, "\\ud800", "\\\\ud800", "\\\ud800"];
    const value = { texts, named: Object.fromEntries(texts.map((text) => [text, text])) };
    const back = JSON.parse(jsonText(value)) as typeof value;
    expect(isWellFormed(back)).toBe(true);
    expect(back.texts).toEqual(texts.map((text) => text.toWellFormed()));
    expect(jsonText(undefined)).toBe(undefined);
  });

  test("all that a kernel says is so", () => {
    const content = { data: { "text/plain": "\ud83d", "\ude00": { deep: ["\ud800"] } } };
    const parent = { header: { username: "\udc00" } };
    const frames = buildFrames({ type: "x", content, parent, identities: [] }, "key");
    for (const part of frames.slice(2)) expect(isWellFormed(JSON.parse(String(part)))).toBe(true);
  });
});

test("a text is cut between signs", () => {
  expect(shorten("😀😀😀", 2)).toBe("😀…");
  expect(shorten("😀😀", 2)).toBe("😀😀");
  expect(shorten("abc", 3)).toBe("abc");
  expect(shorten("a".repeat(1e6), 3)).toBe("aa…");
});

describe("figures and tables of odd texts", () => {
  /** The shipped drawing program reads the picture as XML, and refuses what is none. */
  async function isDrawn(figure: Figure): Promise<void> {
    const complaint = jest.spyOn(console, "error");
    const warning = jest.spyOn(console, "warn");
    const svg = await toSvg(figure);
    expect(svg).toMatch(XML);
    expect((await toPng(figure, 0.5)).width).toBeGreaterThan(10);
    for (const spy of [complaint, warning]) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  }

  test("attention maps", async () => {
    const tokens = odd.filter((text) => text !== "");
    const text = { title: odd.join(" "), tokens, weights: tokens.map((_, i) => i / 100) };
    await isDrawn(
      attentionMap([text], { title: odd.join(" "), note: odd.join(""), subtitle: "x" }),
    );
  });

  test("effects of words", async () => {
    await isDrawn(
      wordEffects(
        odd.map((word, i) => ({ word, effect: i - 5 })),
        { title: "x" },
      ),
    );
  });

  test("tables, with columns of any name", () => {
    const rows = odd.map((text) => ({ [odd[3]]: 1, text, "<b>\ud83d$": { text } }));
    const simple = odd.map((text) => ({ text, "<b>\ud83d$": text, [odd[3]]: 1 }));
    for (const look of [
      tableData(rows, { caption: odd.join(), head: 200 }),
      bundleOf(simple).data,
    ]) {
      expect(look["text/plain"]).toMatch(XML);
      expect(look["text/html"]).toMatch(XML);
      expect(look["text/html"]).not.toMatch(
        /<(?!\/?(?:table|caption|thead|tbody|tr|th|td|p|span)\b)/,
      );
    }
  });
});

describe("a long text is bounded, and the figure says so", () => {
  const many = 100_000;
  const tokens = Array.from({ length: many }, (_, i) => `w${i}`);
  const weights = new Float32Array(many);
  weights[many - 1] = 1;

  test("attention over 100,000 tokens", async () => {
    const figure = attentionMap([{ title: "long", tokens, weights }], {
      title: "x",
      note: "Kept.",
    });
    expect(JSON.stringify(figure).length).toBeLessThan(300_000);
    expect(JSON.stringify(figure.title)).toContain(
      "Kept. Of 100,000 tokens the first 2,000 are drawn.",
    );
    // What the words say is of all of them.
    expect(figure.description).toContain('"w99999" 100.0 %');
    expect((await toPng(figure, 0.25)).height).toBeGreaterThan(1000);
  });

  test("more rows or pixels than anybody sees are refused", async () => {
    const effects = tokens.map((word) => ({ word, effect: 1 }));
    await expect(toSvg(wordEffects(effects, { title: "x" }))).rejects.toThrow(
      "The figure has 100000 rows of data, and at most 50000 can be drawn",
    );
    await expect(toPng(wordEffects(effects.slice(0, 1000), { title: "x" }))).rejects.toThrow(
      /pixels, and at most 30000 a side can be drawn/,
    );
  });
});

/** Reviews with anything but plain letters and signs. */
function oddOnes(texts: readonly string[]): string[] {
  const seldom = /[^\n\x20-\x7E\xA0-\xFF]|[\x80-\x9F]|\$.*\$|\\/s;
  return texts.filter((text) => seldom.test(text));
}

async function areShown(texts: string[]): Promise<void> {
  expect(texts.length).toBeGreaterThan(100);
  const { "text/html": html, "text/plain": plain } = tableData(
    texts.map((text) => ({ text })),
    { head: texts.length },
  ) as Record<string, string>;
  expect(html).toMatch(XML);
  expect(plain).toMatch(XML);
  expect(html).not.toMatch(/<(?!\/?(?:table|thead|tbody|tr|th|td|p|span)\b)/);
  const words = texts.flatMap((text) =>
    text.split(" ").filter((word) => /[^\x20-\x7E]|[$\\]/.test(word)),
  );
  for (let at = 0; at < words.length; at += 1000) {
    const tokens = words.slice(at, at + 1000);
    const figure = attentionMap([{ title: tokens[0], tokens, weights: tokens.map(() => 0.1) }], {
      title: "x",
      columns: 30,
    });
    expect(await toSvg(figure)).toMatch(XML);
    if (at === 0) await toPng(figure, 0.25);
  }
}

test("odd clothing reviews are shown", async () => {
  const reviews = await loadClothingReviews();
  await areShown(oddOnes(reviews.map(({ text }) => text)));
});

describeWithMirror("odd film reviews", () => {
  let reviews: ImdbReview[];
  beforeAll(async () => {
    ({ reviews } = await loadImdbReviews({ standIn: false }));
  });

  test("are shown, those with control characters too", async () => {
    const texts = oddOnes(reviews.map(({ text }) => text));
    expect(texts.filter((text) => /[\0-\x08\x0B-\x1F\x7F-\x9F]/.test(text)).length).toBeGreaterThan(
      50,
    );
    await areShown(texts.filter((_, i) => i % 10 === 0 || /[\0-\x08\x0B-\x1F]/.test(texts[i])));
  });
});

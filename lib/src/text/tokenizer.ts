import { checkText } from "./given";
import { z } from "zod";
import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { unitsOf } from "./units";
import { cutAll, type VisitWord, wordCutter } from "./wordCutter";
import { WordTable } from "./wordTable";

/** Options of `Tokenizer`, with Keras's defaults. */
export interface TokenizerOptions {
  /** Ids stay below this number, so numWords − 1 words are kept; all where it is not given. */
  numWords?: number;
  /** Characters that separate words; ASCII signs (not the apostrophe), tab and line feed by default. */
  filters?: string;
  /** Whether texts are put in lower case; yes by default. */
  lower?: boolean;
  /** What separates words, and takes the place of filtered characters; a space by default. */
  split?: string;
  /** Stands for words that have no id, with id 1; such words are left out where it is not given. */
  oovToken?: string;
  /** Every character is a word, those of `filters` too; no by default. */
  charLevel?: boolean;
}

const optionNames = ["numWords", "filters", "lower", "split", "oovToken", "charLevel"];

/** A text, or its tokens where they were cut by other means. */
export type TextOrTokens = string | readonly string[];

/** Keras's filters: what `Tokenizer` takes for a separator unless told otherwise. */
export const KERAS_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n';

/**
 * Words to ids by frequency, id for id as `keras.preprocessing.text.Tokenizer` makes them: the most
 * frequent word has id 1 (or 2, after the token for unknown words), words of equal frequency stand
 * in the order they were first seen, 0 is nobody's.
 */
export class Tokenizer {
  readonly numWords: number | undefined;
  readonly filters: string;
  readonly lower: boolean;
  readonly split: string;
  readonly oovToken: string | undefined;
  readonly charLevel: boolean;
  /** Every word seen, not only the `numWords` most frequent, with its id. */
  wordIndex: ReadonlyMap<string, number> = new Map();
  /** The word of each id. */
  indexWord: ReadonlyMap<number, string> = new Map();
  /** How many texts were seen. */
  documentCount = 0;

  private readonly table = new WordTable();
  /** By the word's number in the table: how often, in how many texts, in which text last, its id. */
  private readonly times: number[] = [];
  private readonly texts: number[] = [];
  private readonly last: number[] = [];
  private ids = new Int32Array(0);
  private readonly cut: ReturnType<typeof wordCutter>;

  /** @throws StarlitError if an option is unknown or has no such value */
  constructor(options: TokenizerOptions = {}) {
    checkOptions("Tokenizer", options, optionNames);
    this.numWords = options.numWords;
    if (this.numWords !== undefined && !(Number.isInteger(this.numWords) && this.numWords >= 0)) {
      throw new StarlitError(`numWords is ${this.numWords}: give a whole number of ids.`);
    }
    this.filters = options.filters ?? KERAS_FILTERS;
    this.lower = options.lower ?? true;
    this.split = options.split ?? " ";
    this.oovToken = options.oovToken;
    this.charLevel = options.charLevel ?? false;
    this.cut = wordCutter(this.filters, this.split);
  }

  /** How often each word was seen, in the order of first appearance. */
  get wordCounts(): Map<string, number> {
    return new Map(this.table.words().map((word, number) => [word, this.times[number]]));
  }

  /** Counts the words of these texts, on top of those seen before, and gives out the ids anew. */
  fitOnTexts(texts: Iterable<TextOrTokens>): void {
    const count: VisitWord = (units, start, end) => {
      const number = this.table.add(units, start, end);
      if (number === this.times.length) {
        this.times.push(0);
        this.texts.push(0);
        this.last.push(0);
      }
      this.times[number]++;
      if (this.last[number] === this.documentCount) return;
      this.last[number] = this.documentCount;
      this.texts[number]++;
    };
    for (const text of listed("fitOnTexts", texts)) {
      this.documentCount++;
      this.eachWord(text, count);
    }
    this.giveIds();
  }

  /** The ids of each text's words. */
  textsToSequences(texts: Iterable<TextOrTokens>): number[][] {
    this.checkFitted();
    const limit = this.numWords || Infinity;
    const unknown = this.oovToken === undefined ? undefined : this.wordIndex.get(this.oovToken);
    let ids: number[];
    const collect: VisitWord = (units, start, end) => {
      const number = this.table.find(units, start, end);
      if (number >= 0 && this.ids[number] < limit) ids.push(this.ids[number]);
      else if (unknown !== undefined) ids.push(unknown);
    };
    return Array.from(listed("textsToSequences", texts), (text) => {
      ids = [];
      this.eachWord(text, collect);
      return ids;
    });
  }

  /** The words of each sequence of ids, joined by spaces. */
  sequencesToTexts(sequences: Iterable<Iterable<number>>): string[] {
    this.checkFitted();
    const limit = this.numWords || Infinity;
    return Array.from(sequences, (ids) => {
      const words: string[] = [];
      for (const id of ids) {
        const word = id < limit ? this.indexWord.get(id) : undefined;
        if (word !== undefined) words.push(word);
        else if (this.oovToken !== undefined) words.push(this.oovToken);
      }
      return words.join(" ");
    });
  }

  /** The tokenizer as JSON, in the form that Keras's `tokenizer_from_json` reads. */
  toJson(): string {
    const { numWords, filters, lower, split, oovToken, charLevel } = this;
    const { documentCount, wordIndex } = this;
    const words = this.table.words().map((word, number) => ({
      word,
      times: this.times[number],
      texts: this.texts[number],
    }));
    return writeTokenizerJson(
      { numWords, filters, lower, split, oovToken, charLevel, documentCount, words },
      wordIndex,
    );
  }

  /** A tokenizer from what `toJson`, or Keras's `to_json`, wrote. */
  static fromJson(json: string): Tokenizer {
    const { documentCount, words, ...options } = readTokenizerJson(json);
    const tokenizer = new Tokenizer(options);
    tokenizer.documentCount = documentCount;
    for (const { word, times, texts } of words) {
      tokenizer.table.add(unitsOf(word), 0, word.length);
      tokenizer.times.push(times);
      tokenizer.texts.push(texts);
      tokenizer.last.push(0);
    }
    tokenizer.giveIds();
    return tokenizer;
  }

  private eachWord(text: TextOrTokens, visit: VisitWord): void {
    if (!Array.isArray(text)) {
      checkText("A Tokenizer", text);
      const cut = this.charLevel ? cutAll : this.cut;
      cut(this.lower ? text.toLowerCase() : text, visit);
    } else {
      for (const token of text as readonly string[]) {
        checkText("A Tokenizer", token);
        const word = this.lower ? token.toLowerCase() : token;
        visit(unitsOf(word), 0, word.length);
      }
    }
  }

  private giveIds(): void {
    const words = this.table.words();
    const numbers = words.map((_, number) => number);
    numbers.sort((a, b) => this.times[b] - this.times[a] || a - b);
    const ranked = numbers.map((number) => words[number]);
    if (this.oovToken !== undefined) ranked.unshift(this.oovToken);
    const index = new Map(ranked.map((word, i) => [word, i + 1]));
    this.wordIndex = index;
    this.indexWord = new Map(Array.from(index, ([word, id]) => [id, word]));
    this.ids = Int32Array.from(words, (word) => index.get(word)!);
  }

  private checkFitted(): void {
    if (this.documentCount > 0) return;
    throw new StarlitError("The tokenizer has seen no text: call fitOnTexts with the train texts.");
  }
}

/** The texts, unless they are one text: its characters would count as texts. */
function listed(name: string, texts: Iterable<TextOrTokens>): Iterable<TextOrTokens> {
  if (typeof texts !== "string") return texts;
  throw new StarlitError(`${name} takes a list of texts: put the text into brackets.`);
}

/** Everything a tokenizer knows; its ids follow from it. */
interface TokenizerState extends TokenizerOptions {
  documentCount: number;
  /** In the order of first appearance: how often and in how many texts each word was seen. */
  words: { word: string; times: number; texts: number }[];
}

/** Keras's form: the tables are themselves JSON, in strings. */
const schema = z.object({
  class_name: z.literal("Tokenizer"),
  config: z.object({
    num_words: z.number().nullable(),
    filters: z.string(),
    lower: z.boolean(),
    split: z.string(),
    char_level: z.boolean(),
    oov_token: z.string().nullable(),
    document_count: z.number(),
    word_counts: z.string(),
    word_docs: z.string(),
  }),
});

/** The JSON of Keras's `Tokenizer.to_json()`. */
function writeTokenizerJson(state: TokenizerState, wordIndex: ReadonlyMap<string, number>): string {
  const { words } = state;
  const ids = [...wordIndex];
  return JSON.stringify({
    class_name: "Tokenizer",
    config: {
      num_words: state.numWords ?? null,
      filters: state.filters,
      lower: state.lower,
      split: state.split,
      char_level: state.charLevel ?? false,
      oov_token: state.oovToken ?? null,
      document_count: state.documentCount,
      word_counts: writeTable(words.map(({ word, times }) => [word, times])),
      word_docs: writeTable(words.map(({ word, texts }) => [word, texts])),
      index_docs: writeTable(words.map(({ word, texts }) => [wordIndex.get(word)!, texts])),
      index_word: writeTable(ids.map(([word, id]) => [id, word])),
      word_index: writeTable(ids),
    },
  });
}

/** The state that the JSON of Keras's `Tokenizer.to_json()` holds. */
function readTokenizerJson(json: string): TokenizerState {
  const parsed = schema.safeParse(parse(json));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new StarlitError(`This is not a saved word tokenizer (${path.join(".")}: ${message}).`);
  }
  const { config } = parsed.data;
  const texts = new Map(readTable(config.word_docs));
  return {
    numWords: config.num_words ?? undefined,
    filters: config.filters,
    lower: config.lower,
    split: config.split,
    oovToken: config.oov_token ?? undefined,
    charLevel: config.char_level,
    documentCount: config.document_count,
    words: readTable(config.word_counts).map(([word, times]) => ({
      word,
      times,
      texts: texts.get(word) ?? 0,
    })),
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new StarlitError("This is not a saved tokenizer: it is not JSON.");
  }
}

// Objects would put words such as "10" first, and the order of the words decides over their ids.

function writeTable(rows: [string | number, string | number][]): string {
  const entry = ([key, value]: [string | number, string | number]) =>
    `${JSON.stringify(String(key))}: ${JSON.stringify(value)}`;
  return `{${rows.map(entry).join(", ")}}`;
}

/** An entry of a table and what stands after it; each is looked for where the one before ends. */
const ENTRY = /\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*(\d+)\s*([,}])/y;

function readTable(json: string): [string, number][] {
  const table = json.trim();
  if (/^\{\s*\}$/.test(table)) return [];
  const rows: [string, number][] = [];
  ENTRY.lastIndex = 1;
  for (let entry = ENTRY.exec(table); table.startsWith("{") && entry; entry = ENTRY.exec(table)) {
    rows.push([wordOf(entry[1]), Number(entry[2])]);
    if (entry[3] === "}" && ENTRY.lastIndex === table.length) return rows;
  }
  throw damaged();
}

const damaged = () =>
  new StarlitError("This is not a saved tokenizer: the counts of its words are damaged.");

function wordOf(json: string): string {
  try {
    return JSON.parse(json) as string;
  } catch {
    throw damaged();
  }
}

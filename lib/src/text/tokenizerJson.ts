import { z } from "zod";
import { StarlitError } from "../engine/errors";
import type { TokenizerOptions } from "./tokenizer";

/** Everything a tokenizer knows; its ids follow from it. */
export interface TokenizerState extends TokenizerOptions {
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
export function writeTokenizerJson(
  state: TokenizerState,
  wordIndex: ReadonlyMap<string, number>,
): string {
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
export function readTokenizerJson(json: string): TokenizerState {
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

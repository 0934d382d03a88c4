import { checkText } from "../given";
import { checkOptions } from "../../engine/options";
import { emptyHash, extendHash, extendOtherHash } from "../hash";
import { unitsOf } from "../units";
import { isSpace } from "../whitespace";
import { WordTable } from "../wordTable";
import { ChunkCache } from "./chunkCache";
import { cutChunk } from "./cutChunk";
import { specialMatcher } from "./specials";

/** Texts repeat their chunks: the tokens of those seen are kept, until there are so many chunks. */
const MOST_CHUNKS = 2 ** 19;
/** Or so many characters, which only chunks of thousands would make before. */
const MOST_CHARACTERS = 2 ** 25;

/** Of each chunk whether it holds an exception torn apart (0 or 1), and its tokens' numbers. */
let chunks = new ChunkCache();
let tokenNumbers = new WordTable();
let characters = 0;
/** The tokens by number: each is one string, wherever it occurs. */
let tokens: string[] = [];
/** The same in lower case. */
let lowerTokens: string[] = [];
/** Whether an exception that was torn apart may begin with the token. */
let opens: boolean[] = [];
/** Start, end and two hashes of each chunk of the text at hand. */
let bounds = new Int32Array(2 ** 12);
/** Tokens are put down here first: an array of the right length is cheaper than one that grows. */
const draft: string[] = [];

/** Options of `tokenizeEnglish`. */
export interface EnglishOptions {
  /** Tokens in lower case, cut by the case that they have in the text; default false. */
  lowerCase?: boolean;
}

/**
 * The tokens of an English text, cut as by spaCy's blank English pipeline (version 3.8): at white
 * space, then prefixes and suffixes off, then at infixes, but for exceptions ("don't", ":-)") and
 * web addresses. Single spaces are dropped, other white space is a token of its own.
 *
 * Source: Honnibal and others, spaCy, tokenizer.pyx and lang/en (MIT licence).
 */
export function tokenizeEnglish(text: string, options: EnglishOptions = {}): string[] {
  checkText("tokenizeEnglish", text);
  checkOptions("tokenizeEnglish", options, ["lowerCase"]);
  const { lowerCase = false } = options;
  const units = unitsOf(text);
  const chunkCount = findChunks(units, text.length);
  let length = 0;
  let torn = 0;
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const at = recordAt(text, units, chunk);
    const { data } = chunks;
    torn |= data[at + 1];
    const last = at + data[at];
    const written = lowerCase ? lowerTokens : tokens;
    for (let i = at + 2; i <= last; i++) draft[length++] = written[data[i]];
  }
  if (!torn) return draft.slice(0, length);
  const mended = mend(text, units, chunkCount);
  return lowerCase ? mended.map((token) => token.toLowerCase()) : mended;
}

/** Which exceptions are put together may depend on the chunks around: the whole text is looked at. */
function mend(text: string, units: Uint16Array, chunkCount: number): string[] {
  const cut: string[] = [];
  const from: number[] = [];
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const at = recordAt(text, units, chunk);
    for (let i = at + 2; i <= at + chunks.data[at]; i++) {
      cut.push(tokens[chunks.data[i]]);
      from.push(chunk);
    }
  }
  return specialMatcher().apply({ tokens: cut, chunks: from });
}

/**
 * Finds the runs of white space and of other characters, puts them into `bounds` and returns how
 * many they are; the first space after a chunk is left out.
 */
function findChunks(units: Uint16Array, length: number): number {
  if (bounds.length < 4 * length) bounds = new Int32Array(8 * length);
  let used = 0;
  let start = 0;
  let hash = emptyHash;
  let otherHash = 0;
  let inSpace = isSpace(units[0]);
  for (let i = 0; i <= length; i++) {
    const unit = units[i];
    if (i === length || isSpace(unit) !== inSpace) {
      if (start < i) {
        bounds[used++] = start;
        bounds[used++] = i;
        bounds[used++] = hash;
        bounds[used++] = otherHash;
      }
      inSpace = !inSpace;
      start = i;
      hash = emptyHash;
      otherHash = 0;
      if (unit === 0x20) {
        start++;
        continue;
      }
    }
    hash = extendHash(hash, unit);
    otherHash = extendOtherHash(otherHash, unit);
  }
  return used / 4;
}

/** Where the cache has the count of the chunk's numbers. */
function recordAt(text: string, units: Uint16Array, chunk: number): number {
  const hash = bounds[4 * chunk + 2];
  const otherHash = bounds[4 * chunk + 3];
  return chunks.find(hash, otherHash) || remember(text, units, chunk, hash, otherHash);
}

function remember(
  text: string,
  units: Uint16Array,
  chunk: number,
  hash: number,
  otherHash: number,
): number {
  if (chunks.size === MOST_CHUNKS || characters > MOST_CHARACTERS) {
    characters = 0;
    chunks = new ChunkCache();
    tokenNumbers = new WordTable();
    tokens = [];
    lowerTokens = [];
    opens = [];
  }
  const record = [0];
  let anyOpens = false;
  let start = bounds[4 * chunk];
  characters += bounds[4 * chunk + 1] - start;
  for (const end of cutChunk(text, start, bounds[4 * chunk + 1])) {
    const number = tokenNumbers.add(units, start, end);
    if (number === tokens.length) {
      tokens.push(copyOf(text, start, end));
      lowerTokens.push(tokens[number].toLowerCase());
      opens.push(specialMatcher().mayBegin(tokens[number]));
    }
    record.push(number);
    anyOpens ||= opens[number];
    start = end;
  }
  if (anyOpens) {
    const pieces = record.slice(1).map((number) => tokens[number]);
    record[0] = Number(specialMatcher().wouldChange(pieces));
  }
  return chunks.add(hash, otherHash, record);
}

/** A string of its own: V8 makes a slice of more than 12 units a view that keeps the whole text. */
function copyOf(text: string, start: number, end: number): string {
  if (end - start < 13) return text.slice(start, end);
  let copy = "";
  for (let i = start; i < end; i++) copy += text[i];
  return copy;
}

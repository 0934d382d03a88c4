import { unitsOf } from "../units";
import { isSpace } from "../whitespace";
import { hashUnit, NO_HASH, WordRecords } from "../wordRecords";
import { WordTable } from "../wordTable";
import { findInfixes, prefixEnd, suffixStart } from "./affixes";
import { cutChunk } from "./cutChunk";
import { exceptions } from "./exceptions";
import { SpecialMatcher } from "./specials";

/** Texts repeat their chunks: the tokens of those seen are kept, until there are so many chunks. */
const MOST_CHUNKS = 2 ** 19;

/** Of each chunk whether it holds an exception torn apart (0 or 1), and its tokens' numbers. */
let chunks = new WordRecords();
let tokenNumbers = new WordTable();
/** The tokens by number: each is one string, wherever it occurs. */
let tokens: string[] = [];
/** Whether an exception that was torn apart may begin with the token. */
let opens: boolean[] = [];
/** Start, end and hash of each chunk of the text at hand. */
let bounds = new Int32Array(2 ** 12);
/** Tokens are put down here first: an array of the right length is cheaper than one that grows. */
const draft: string[] = [];

/**
 * The tokens of an English text, cut as by spaCy's blank English pipeline (version 3.8): at white
 * space, then prefixes and suffixes off, then at infixes, but for exceptions ("don't", ":-)") and
 * web addresses. Single spaces are dropped, other white space is a token of its own.
 *
 * Source: Honnibal and others, spaCy, tokenizer.pyx and lang/en (MIT licence).
 */
export function tokenizeEnglish(text: string): string[] {
  const units = unitsOf(text);
  const chunkCount = findChunks(units, text.length);
  let length = 0;
  let torn = 0;
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const at = recordAt(text, units, chunk);
    const { data } = chunks;
    torn |= data[at + 1];
    const last = at + data[at];
    for (let i = at + 2; i <= last; i++) draft[length++] = tokens[data[i]];
  }
  return torn ? mend(text, units, chunkCount) : draft.slice(0, length);
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
  if (bounds.length < 3 * length) bounds = new Int32Array(6 * length);
  let count = 0;
  let start = 0;
  let code = NO_HASH;
  let inSpace = isSpace(units[0]);
  for (let i = 0; i <= length; i++) {
    const unit = units[i];
    if (i < length && isSpace(unit) === inSpace) {
      code = hashUnit(code, unit);
      continue;
    }
    if (start < i) {
      bounds[count++] = start;
      bounds[count++] = i;
      bounds[count++] = code;
    }
    inSpace = !inSpace;
    start = unit === 0x20 ? i + 1 : i;
    code = unit === 0x20 ? NO_HASH : hashUnit(NO_HASH, unit);
  }
  return count / 3;
}

/** Where the record of the chunk with this number has its count. */
function recordAt(text: string, units: Uint16Array, chunk: number): number {
  const start = bounds[3 * chunk];
  const end = bounds[3 * chunk + 1];
  const code = bounds[3 * chunk + 2];
  const at = chunks.find(units, start, end, code);
  if (at >= 0) return at;
  if (chunks.size === MOST_CHUNKS) {
    chunks = new WordRecords();
    tokenNumbers = new WordTable();
    tokens = [];
    opens = [];
  }
  const record = [0];
  let anyOpens = false;
  let tokenStart = start;
  for (const tokenEnd of cutChunk(text, start, end)) {
    const number = tokenNumbers.add(units, tokenStart, tokenEnd);
    if (number === tokens.length) {
      tokens.push(copyOf(text, tokenStart, tokenEnd));
      opens.push(specialMatcher().mayBegin(tokens[number]));
    }
    record.push(number);
    anyOpens ||= opens[number];
    tokenStart = tokenEnd;
  }
  if (anyOpens) {
    const pieces = record.slice(1).map((number) => tokens[number]);
    record[0] = Number(specialMatcher().wouldChange(pieces));
  }
  return chunks.add(record, units, start, end, code);
}

/** A string of its own: V8 makes a slice of more than 12 units a view that keeps the whole text. */
function copyOf(text: string, start: number, end: number): string {
  if (end - start < 13) return text.slice(start, end);
  let copy = "";
  for (let i = start; i < end; i++) copy += text[i];
  return copy;
}

let matcher: SpecialMatcher | undefined;

function specialMatcher(): SpecialMatcher {
  return (matcher ??= new SpecialMatcher(
    [...exceptions]
      .filter(([text]) => isCut(text))
      .map(([text, becomes]) => {
        const ends = cutChunk(text, 0, text.length, () => undefined);
        return { pieces: ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end)), becomes };
      }),
  ));
}

/** Whether the affix rules would touch the text. */
function isCut(text: string): boolean {
  const end = text.length;
  return (
    prefixEnd(text, 0, end) > 0 ||
    suffixStart(text, 0, end) < end ||
    findInfixes(text, 0, end).length > 0
  );
}

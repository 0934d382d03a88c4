import { isSpace } from "../whitespace";
import { hashUnit, NO_HASH, WordTable } from "../wordTable";
import { findInfixes, prefixEnd, suffixStart } from "./affixes";
import { cutChunk } from "./cutChunk";
import { exceptions } from "./exceptions";
import { SpecialMatcher } from "./specials";

/** Texts repeat their chunks: the tokens of those seen are kept, until there are so many chunks. */
const MOST_CHUNKS = 2 ** 19;

let chunks = new WordTable();
let tokens = new WordTable();
/** The tokens by number: each is one string, wherever it occurs. */
let strings: string[] = [];
/** The tokens of all chunks, one after the other, and where those of each chunk begin. */
let pieces: string[] = [];
const firstPiece = new Int32Array(MOST_CHUNKS + 1);
/** 1 for a chunk that holds an exception torn apart. */
const torn = new Uint8Array(MOST_CHUNKS);
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
  let length = 0;
  let anyTorn = 0;
  eachChunk(text, (start, end, code) => {
    const chunk = chunkNumber(text, start, end, code);
    anyTorn |= torn[chunk];
    for (let i = firstPiece[chunk]; i < firstPiece[chunk + 1]; i++) draft[length++] = pieces[i];
  });
  return anyTorn ? mend(text) : draft.slice(0, length);
}

/** Which exceptions are put together may depend on the chunks around: the whole text is looked at. */
function mend(text: string): string[] {
  const cut: string[] = [];
  const from: number[] = [];
  eachChunk(text, (start, end, code) => {
    const chunk = chunkNumber(text, start, end, code);
    for (let i = firstPiece[chunk]; i < firstPiece[chunk + 1]; i++) {
      cut.push(pieces[i]);
      from.push(start);
    }
  });
  return specialMatcher().apply({ tokens: cut, chunks: from });
}

/**
 * Visits the runs of white space and of other characters, with the hash of each; the first space
 * after a chunk is left out.
 */
function eachChunk(text: string, visit: (start: number, end: number, code: number) => void): void {
  let start = 0;
  let code = NO_HASH;
  let inSpace = isSpace(text.charCodeAt(0));
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isSpace(unit) !== inSpace) {
      if (start < i) visit(start, i, code);
      inSpace = !inSpace;
      code = NO_HASH;
      start = i;
      if (unit === 0x20) {
        start++;
        continue;
      }
    }
    code = hashUnit(code, unit);
  }
  if (start < text.length) visit(start, text.length, code);
}

function chunkNumber(text: string, start: number, end: number, code: number): number {
  const number = chunks.find(text, start, end, code);
  if (number >= 0) return number;
  if (chunks.size === MOST_CHUNKS) {
    chunks = new WordTable();
    tokens = new WordTable();
    strings = [];
    pieces = [];
  }
  const added = chunks.add(text, start, end, code);
  for (const tokenEnd of cutChunk(text, start, end)) {
    const token = tokens.add(text, start, tokenEnd);
    if (token === strings.length) strings.push(tokens.word(token));
    pieces.push(strings[token]);
    start = tokenEnd;
  }
  firstPiece[added + 1] = pieces.length;
  torn[added] = Number(specialMatcher().wouldChange(pieces, firstPiece[added]));
  return added;
}

let matcher: SpecialMatcher | undefined;

function specialMatcher(): SpecialMatcher {
  return (matcher ??= new SpecialMatcher(
    exceptions
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

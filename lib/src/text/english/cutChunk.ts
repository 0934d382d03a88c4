import { findInfixes, prefixEnd, suffixStart } from "./affixes";
import { Kind, kindAt } from "./characters";
import { exceptionAt } from "./exceptions";
import { isUrl } from "./url";

/**
 * Cuts a chunk of a text, which has no white space or nothing else, into tokens (`_split_affixes`
 * and `_attach_tokens` of spaCy's tokenizer.pyx): prefixes and suffixes off, outermost first, until
 * nothing is left to split or an exception is; then an exception, an address, or infixes.
 *
 * @param exception finds exceptions; all of them by default.
 * @returns where each token ends: tokens leave nothing out.
 */
export function cutChunk(
  text: string,
  chunkStart: number,
  chunkEnd: number,
  exception: typeof exceptionAt = exceptionAt,
): number[] {
  const ends: number[] = [];
  const suffixEnds: number[] = [];
  let start = chunkStart;
  let end = chunkEnd;
  let found: readonly string[] | undefined;
  while (start < end) {
    found = exception(text, start, end);
    if (found !== undefined) break;
    const afterPrefix = prefixEnd(text, start, end);
    const beforeSuffix = suffixStart(text, afterPrefix, end);
    // What is an exception without its prefix, or else without its suffix, keeps the other.
    const withoutPrefix = afterPrefix > start && exception(text, afterPrefix, end) !== undefined;
    const withoutSuffix =
      !withoutPrefix && beforeSuffix < end && exception(text, start, beforeSuffix) !== undefined;
    if (afterPrefix === start && beforeSuffix === end) break;
    if (afterPrefix > start && !withoutSuffix) {
      ends.push(afterPrefix);
      start = afterPrefix;
    }
    if (beforeSuffix < end && !withoutPrefix) {
      suffixEnds.push(end);
      end = beforeSuffix;
    }
  }
  if (found !== undefined) {
    for (const token of found) ends.push((start += token.length));
  } else if (start < end) {
    cutMiddle(text, start, end, ends);
  }
  for (let i = suffixEnds.length - 1; i >= 0; i--) ends.push(suffixEnds[i]);
  return ends;
}

function cutMiddle(text: string, start: number, end: number, ends: number[]): void {
  if (!isWord(text, start, end) && !isUrl(text, start, end)) {
    for (const [infixStart, infixEnd] of findInfixes(text, start, end)) {
      // spaCy leaves an infix at the very start with what follows it.
      if (infixStart === start) continue;
      if (infixStart > (ends[ends.length - 1] ?? start)) ends.push(infixStart);
      ends.push(infixEnd);
    }
  }
  if ((ends[ends.length - 1] ?? start) < end) ends.push(end);
}

/** Whether there are letters alone, of which none is an infix: most pieces, and the quickest told. */
function isWord(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if ((kindAt(text, at, end) & (Kind.alpha | Kind.infix)) !== Kind.alpha) return false;
  }
  return true;
}

import { findInfixes, prefixEnd, suffixStart } from "./affixes";
import { cutChunk } from "./cutChunk";
import { exceptions } from "./exceptions";

/** Tokens of a text, with a number for the chunk that each was cut from. */
export interface ChunkedTokens {
  tokens: readonly string[];
  chunks: readonly number[];
}

/** An exception that the affix rules tear apart. */
export interface TornException {
  /** What the affix rules make of it. */
  pieces: readonly string[];
  /** What it is to become. */
  becomes: readonly string[];
}

/** A step on the way through the pieces of the exceptions. */
interface Node {
  next: Map<string, Node>;
  /** The exception that ends here. */
  becomes?: readonly string[];
  /** Whether it differs from its pieces. */
  changes?: boolean;
}

interface Match {
  start: number;
  end: number;
  becomes: readonly string[];
}

/**
 * Puts exceptions together again that the affix rules tore apart, such as the ":)" of "fine:)"
 * (`_apply_special_cases` of spaCy's tokenizer.pyx).
 */
export class SpecialMatcher {
  private readonly root: Node = { next: new Map() };

  constructor(exceptions: Iterable<TornException>) {
    for (const { pieces, becomes } of exceptions) {
      let node = this.root;
      for (const piece of pieces) {
        const next: Node = node.next.get(piece) ?? { next: new Map() };
        node.next.set(piece, next);
        node = next;
      }
      node.becomes = becomes;
      node.changes = becomes.join("\n") !== pieces.join("\n");
    }
  }

  /** Whether any exception begins with the piece. */
  mayBegin(piece: string): boolean {
    return this.root.next.has(piece);
  }

  /** Whether the tokens hold an exception that differs from its pieces. */
  wouldChange(tokens: readonly string[]): boolean {
    for (let start = 0; start < tokens.length; start++) {
      let node = this.root.next.get(tokens[start]);
      for (let end = start + 1; node !== undefined; end++) {
        if (node.changes) return true;
        node = end < tokens.length ? node.next.get(tokens[end]) : undefined;
      }
    }
    return false;
  }

  /** The tokens with the exceptions put together. */
  apply({ tokens, chunks }: ChunkedTokens): string[] {
    const matches = tokens.flatMap((_, start) => this.matchesFrom(tokens, start));
    const chosen = new Map(withoutOverlaps(matches).map((match) => [match.start, match]));
    const result: string[] = [];
    for (let i = 0; i < tokens.length;) {
      const match = chosen.get(i);
      const end = match?.end ?? i + 1;
      // Pieces with white space between them are no exception, though they hide shorter ones.
      const whole = match !== undefined && chunks[i] === chunks[end - 1];
      result.push(...(whole ? match.becomes : tokens.slice(i, end)));
      i = end;
    }
    return result;
  }

  private matchesFrom(tokens: readonly string[], start: number): Match[] {
    const found: Match[] = [];
    let node = this.root.next.get(tokens[start]);
    for (let end = start + 1; node !== undefined; end++) {
      if (node.becomes !== undefined) found.push({ start, end, becomes: node.becomes });
      node = end < tokens.length ? node.next.get(tokens[end]) : undefined;
    }
    return found;
  }
}

/** The longest matches, of equals the first; what they cover is closed to others. */
function withoutOverlaps(matches: Match[]): Match[] {
  const longestFirst = [...matches].sort(
    (a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const closed = new Set<number>();
  return longestFirst.filter(({ start, end }) => {
    const free = !closed.has(start) && !closed.has(end - 1);
    // As in spaCy, a match that is dropped closes its tokens too.
    for (let i = start; i < end; i++) closed.add(i);
    return free;
  });
}

let matcher: SpecialMatcher | undefined;

/** The matcher of all exceptions that the affix rules tear apart. */
export function specialMatcher(): SpecialMatcher {
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

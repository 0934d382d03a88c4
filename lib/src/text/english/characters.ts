import rules from "./rules.json";

/** What a character may be to the rules, as bits of one number. */
export const Kind = {
  /** Split off at the start of a chunk. */
  prefix: 1,
  /** Split off at the end of a chunk. */
  suffix: 2,
  /** A token of its own inside a chunk. */
  infix: 4,
  alpha: 8,
  /** Lower case, or of a script without cases. */
  alphaLower: 16,
  /** Upper case, or of a script without cases. */
  alphaUpper: 32,
  beforeFinalPeriod: 64,
  beforeInnerPeriod: 128,
  afterInnerPeriod: 256,
  digit: 512,
} as const;

const kinds = new Uint16Array(0x110000);
for (const [name, ranges] of Object.entries(rules.classes)) {
  const bit = Kind[name as keyof typeof rules.classes];
  for (let i = 0; i < ranges.length; i += 2) {
    for (let code = ranges[i]; code <= ranges[i + 1]; code++) kinds[code] |= bit;
  }
}
for (let code = 0x30; code <= 0x39; code++) kinds[code] |= Kind.digit;

/** The kinds of the character that begins at `index`; 0 at the end. */
export function kindAt(text: string, index: number, end: number): number {
  return index < end ? kinds[text.codePointAt(index)!] : 0;
}

/** The kinds of the character that ends before `index`; 0 at the start. */
export function kindBefore(text: string, start: number, index: number): number {
  return index > start ? kinds[text.codePointAt(index - widthBefore(text, start, index))!] : 0;
}

/** How many 16-bit units the character at `index` has. */
export function widthAt(text: string, index: number): number {
  return text.codePointAt(index)! > 0xffff ? 2 : 1;
}

/** How many 16-bit units the character before `index` has. */
export function widthBefore(text: string, start: number, index: number): number {
  return index - start > 1 && text.codePointAt(index - 2)! > 0xffff ? 2 : 1;
}

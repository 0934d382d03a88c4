/** Which of two strings comes first: negative for the first. */
export type CompareStrings = (a: string, b: string) => number;

/** Python's order of strings, by code points: "！" before "😂". */
export function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end;) {
    const [x, y] = [a.codePointAt(i)!, b.codePointAt(i)!];
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}

/** JavaScript's order of strings, by 16-bit units: "😂" before "！", as its halves are below U+E000. */
export const compareUnits: CompareStrings = (a, b) => (a < b ? -1 : Number(a > b));

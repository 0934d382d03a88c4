/**
 * Which of two strings comes first in Python, which goes by code points: negative for the first.
 * JavaScript's `<` goes by 16-bit units, which puts "😂" before "！".
 */
export function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end;) {
    const [x, y] = [a.codePointAt(i)!, b.codePointAt(i)!];
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}

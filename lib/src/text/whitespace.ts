/**
 * What Python's `str.isspace` calls white space, as character codes. JavaScript's `\s` lacks the
 * separators 0x1c–0x1f and 0x85 and has the byte order mark too many.
 */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code >= 0x1c;
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** A run of such white space. */
export const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** The words of a text between white space (Python's `text.split()`). */
export function splitWords(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== "");
}

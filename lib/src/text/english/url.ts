import rules from "./rules.json";

const lower = rules.classes.alphaLower
  .map((code, i) => `${i % 2 === 0 ? "" : "-"}\\u{${code.toString(16)}}`)
  .join("");

const wide = "A-Za-z0-9\\u{a1}-\\u{ffff}";

/**
 * spaCy's expression (lang/tokenizer_exceptions.py), which goes back to Diego Perini (both MIT
 * licence). It is used on chunks, which hold no white space.
 */
const URL = new RegExp(
  [
    "^(?:[\\p{L}\\p{N}_+\\-.]{2,}://)?",
    "(?:[^]+(?::[^]*)?@)?",
    "(?:",
    "(?!(?:10|127)(?:\\.\\p{Nd}{1,3}){3})",
    "(?!(?:169\\.254|192\\.168)(?:\\.\\p{Nd}{1,3}){2})",
    "(?!172\\.(?:1[6-9]|2\\p{Nd}|3[0-1])(?:\\.\\p{Nd}{1,3}){2})",
    "(?:[1-9]\\p{Nd}?|1\\p{Nd}\\p{Nd}|2[01]\\p{Nd}|22[0-3])",
    "(?:\\.(?:1?\\p{Nd}{1,2}|2[0-4]\\p{Nd}|25[0-5])){2}",
    "(?:\\.(?:[1-9]\\p{Nd}?|1\\p{Nd}\\p{Nd}|2[0-4]\\p{Nd}|25[0-4]))",
    "|",
    `(?:(?:[${wide}][${wide}_\\-]{0,62})?[${wide}]\\.)+`,
    `(?:[${lower}]{2,63})`,
    ")",
    "(?::\\p{Nd}{2,5})?",
    "(?:[/?#][^]*)?$",
  ].join(""),
  "u",
);

/** Whether the piece of a text from `start` to `end` is a web or mail address or the like. */
export function isUrl(text: string, start: number, end: number): boolean {
  const piece = text.slice(start, end);
  return piece.includes(".") && URL.test(piece);
}

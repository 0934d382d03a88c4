import rules from "./rules.json";

const lower = rules.classes.alphaLower
  .map((code, i) => `${i % 2 === 0 ? "" : "-"}\\u{${code.toString(16)}}`)
  .join("");

const wide = "A-Za-z0-9\\u{a1}-\\u{ffff}";

/** A host and what follows it, to the end of the piece. */
const HOST = new RegExp(
  [
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
    "(?:[/?#]|$)",
  ].join(""),
  "uy",
);

const SCHEME = /^[\p{L}\p{N}_+\-.]{2,}$/u;

/**
 * Whether the piece of a text from `start` to `end` is a web or mail address or the like, by spaCy's
 * expression (lang/tokenizer_exceptions.py), which goes back to Diego Perini (both MIT licence): a
 * scheme or none, then anything that ends in "@" or nothing, then a host. Where a host may begin is
 * found by hand, since the expression as a whole would try each place for each ":".
 */
export function isUrl(text: string, start: number, end: number): boolean {
  const piece = text.slice(start, end);
  if (!piece.includes(".")) return false;
  const isHost = (at: number) => {
    HOST.lastIndex = at;
    return HOST.test(piece);
  };
  if (isHost(0)) return true;
  const colon = piece.indexOf("://");
  if (colon > 0 && SCHEME.test(piece.slice(0, colon)) && isHost(colon + 3)) return true;
  for (let at = piece.indexOf("@", 1); at > 0; at = piece.indexOf("@", at + 1)) {
    if (isHost(at + 1)) return true;
  }
  return false;
}

/**
 * spaCy's expressions for English prefixes, suffixes and infixes (lang/punctuation.py and
 * lang/en/punctuation.py; MIT licence), by hand for speed: single characters by their kind, the
 * rules of several characters one by one. All look at the piece of a text from `start` to `end`
 * as if nothing stood around it.
 */
import { Kind, kindAt, kindBefore, widthAt, widthBefore } from "./characters";
import rules from "./rules.json";

const PERIOD = 0x2e;
const PLUS = 0x2b;
const ELLIPSIS = 0x2026;
const SMALL_S = 0x73;
/** The bit by which "s" differs from "S". */
const LOWER = 0x20;

/** Where the prefix of the piece ends; `start` if there is none. */
export function prefixEnd(text: string, start: number, end: number): number {
  const code = text.charCodeAt(start);
  if (code === PERIOD) {
    const run = periodsEnd(text, start, end);
    return run - start > 1 ? run : start;
  }
  if (code === PLUS) return kindAt(text, start + 1, end) & Kind.digit ? start : start + 1;
  if (kindAt(text, start, end) & Kind.prefix) return start + widthAt(text, start);
  return currencyEnd(text, start, end);
}

const currencies = ["US$", "C$", "A$"];

function currencyEnd(text: string, start: number, end: number): number {
  if (text[start + 1] !== "$" && text[start + 2] !== "$") return start;
  const found = currencies.find((currency) => text.slice(start, end).startsWith(currency));
  return start + (found?.length ?? 0);
}

/** Where the suffix of the piece begins, of several the longest; `end` if there is none. */
export function suffixStart(text: string, start: number, end: number): number {
  if (start === end) return end;
  const code = text.charCodeAt(end - 1);
  if (code === PERIOD) return finalPeriodsStart(text, start, end);
  if (code === PLUS) return kindBefore(text, start, end - 1) & Kind.digit ? end - 1 : end;
  if (code === ELLIPSIS) {
    return end - start > 1 && text.charCodeAt(end - 2) === ELLIPSIS ? end - 2 : end - 1;
  }
  if (kindBefore(text, start, end) & Kind.suffix) return end - widthBefore(text, start, end);
  if ((code | LOWER) === SMALL_S && end - start > 1 && /['’]/.test(text[end - 2])) return end - 2;
  return unitStart(text, start, end);
}

const units = new Set(rules.unitsAfterDigit);
const LONGEST_UNIT = Math.max(...rules.unitsAfterDigit.map(({ length }) => length));

/** Units and currencies are split off after a digit, the longest that fits. */
function unitStart(text: string, start: number, end: number): number {
  for (let at = Math.max(start + 1, end - LONGEST_UNIT); at < end; at++) {
    if (kindBefore(text, start, at) & Kind.digit && units.has(text.slice(at, end))) return at;
  }
  return end;
}

function periodsEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === PERIOD) at++;
  return at;
}

function finalPeriodsStart(text: string, start: number, end: number): number {
  let at = end - 1;
  while (at > start && text.charCodeAt(at - 1) === PERIOD) at--;
  if (at < end - 1) return at;
  const before = kindBefore(text, start, at);
  if (before & Kind.beforeFinalPeriod) return at;
  const second = before ? at - widthBefore(text, start, at) : start;
  if (before & kindBefore(text, start, second) & Kind.alphaUpper) return at;
  return /°[CFKcfk]\.$/.test(text.slice(Math.max(start, end - 3), end)) ? at : end;
}

/** Start and end of each infix of the piece. */
export function findInfixes(text: string, start: number, end: number): [number, number][] {
  const found: [number, number][] = [];
  for (let at = start; at < end;) {
    const to = infixEnd(text, start, at, end);
    if (to > at) found.push([at, to]);
    at = Math.max(to, at + 1);
  }
  return found;
}

/** The end of the infix that begins at `at`, or `at` where none does. */
function infixEnd(text: string, start: number, at: number, end: number): number {
  const kind = kindAt(text, at, end);
  if (kind & Kind.infix) return at + widthAt(text, at);
  if (kind & Kind.alpha) return at;
  const before = kindBefore(text, start, at);
  const after = kindAt(text, at + 1, end);
  const betweenDigits =
    before & Kind.digit && (after & Kind.digit || (at + 1 < end && text[at + 1] === "-"));
  const one = (fits: number | boolean) => (fits ? at + 1 : at);
  switch (text[at]) {
    case ".": {
      const run = periodsEnd(text, at, end);
      if (run - at > 1) return run;
      return one(before & Kind.beforeInnerPeriod && after & Kind.afterInnerPeriod);
    }
    case ",":
      return one(before & after & Kind.alpha);
    case ":":
    case "<":
    case ">":
    case "=":
    case "/":
      return one(before & (Kind.alpha | Kind.digit) && after & Kind.alpha);
    case "+":
    case "*":
    case "^":
      return one(betweenDigits);
    case "-":
      return betweenDigits ? at + 1 : hyphenEnd(text, before, at, end, 3);
    case "—":
      return hyphenEnd(text, before, at, end, 2);
    case "–":
    case "~":
      return hyphenEnd(text, before, at, end, 1);
    default:
      return at;
  }
}

/** The end of up to `most` equal hyphens between letters. */
function hyphenEnd(text: string, before: number, at: number, end: number, most: number): number {
  if (!(before & (Kind.alpha | Kind.digit))) return at;
  let to = at + 1;
  while (to < end && to - at <= most && text[to] === text[at]) to++;
  return to - at <= most && kindAt(text, to, end) & Kind.alpha ? to : at;
}

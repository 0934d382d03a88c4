import { StarlitError } from "../engine/errors";
import { unitsOf } from "./units";

/** Told of each word of a text: the units from `start` to `end`. */
export type VisitWord = (units: Uint16Array, start: number, end: number) => void;

/**
 * A function that finds the words of a text as Keras's `text_to_word_sequence` does: each character
 * of `filters` counts as `split`, and what is empty between two of them is dropped.
 */
export function wordCutter(filters: string, split: string) {
  if (split === "") throw new StarlitError("The separator of words is empty: give a space, say.");
  const separators = [...filters, split];
  return separators.every(({ length }) => length === 1)
    ? cutAtUnits(separators)
    : cutAtStrings(new Set(filters), split);
}

/** The usual case, one pass: each separator is one unit of the text. */
function cutAtUnits(separators: string[]) {
  const separates = new Uint8Array(2 ** 16);
  for (const character of separators) separates[character.charCodeAt(0)] = 1;
  return (text: string, visit: VisitWord): void => {
    const units = unitsOf(text);
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      if (separates[units[i]] === 0) continue;
      if (start < i) visit(units, start, i);
      start = i + 1;
    }
    if (start < text.length) visit(units, start, text.length);
  };
}

/** Every character is a word. */
export function cutAll(text: string, visit: VisitWord): void {
  const units = unitsOf(text);
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + (text.codePointAt(start)! > 0xffff ? 2 : 1);
    visit(units, start, end);
  }
}

function cutAtStrings(filters: ReadonlySet<string>, split: string) {
  return (text: string, visit: VisitWord): void => {
    const filtered = Array.from(text, (character) => (filters.has(character) ? split : character));
    for (const word of filtered.join("").split(split)) {
      if (word !== "") visit(unitsOf(word), 0, word.length);
    }
  };
}

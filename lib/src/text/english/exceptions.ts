import { WordTable } from "../wordTable";
import rules from "./rules.json";

/** Chunks with tokens of their own, such as "don't", "Mr." and ":-)". */
export const exceptions: readonly (readonly [string, readonly string[]])[] = Object.entries(
  rules.exceptions,
);

const table = new WordTable();
for (const [text] of exceptions) table.add(text);

/** The tokens of the piece of a text from `start` to `end` if it is an exception. */
export function exceptionAt(
  text: string,
  start: number,
  end: number,
): readonly string[] | undefined {
  const number = table.find(text, start, end);
  return number < 0 ? undefined : exceptions[number][1];
}

import rules from "./rules.json";

/** Chunks with tokens of their own, such as "don't", "Mr." and ":-)". */
export const exceptions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(rules.exceptions),
);

const longest = Math.max(...Array.from(exceptions.keys(), ({ length }) => length));

/** The tokens of the piece of a text from `start` to `end` if it is an exception. */
export function exceptionAt(
  text: string,
  start: number,
  end: number,
): readonly string[] | undefined {
  return end - start > longest ? undefined : exceptions.get(text.slice(start, end));
}

import { closest, distance } from "fastest-levenshtein"; // the nearest known name in an error
import { StarlitError } from "./errors";

/** The name of `known` that was probably meant by `name`, or `undefined` where none is near. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.replace(/[^a-z0-9]/gi, "").toLowerCase();
  const found = known.find((each) => plain(each) === plain(name)) ?? closest(name, known);
  const near = found !== undefined && distance(plain(found), plain(name)) <= name.length / 3;
  return near ? found : undefined;
}

/**
 * The end of an error about a name that nobody knows: "did you mean …?" where one is near, else all.
 *
 * @param name what was given
 * @param known the names that there are, at least one
 */
export function knownNames(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? `use ${known.join(", ")}.` : `did you mean "${meant}"?`;
}

/** Refuses what is no object with options, such as nothing at all where some are needed. */
export function needOptions(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  throw new StarlitError(
    `${where} takes its options as an object: give { ${known.slice(0, 3).join(", ")} }, as many as you need.`,
  );
}

/**
 * Refuses options that a function would ignore, such as Python's spelling of a name or a typo.
 *
 * @param where what takes the options, as the reader calls it, e.g. `lstm`
 * @param options the object that was given
 * @param known the options that are read; one that is `undefined` in `options` is still a known one
 * @throws StarlitError with the nearest known name, or where there are no options
 */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  needOptions(where, options, known);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new StarlitError(`${where} has no option "${name}": ${knownNames(name, known)}`);
  }
}

/**
 * Refuses what is no whole number from `least` on.
 *
 * @param name what the reader calls it, e.g. `epochs`
 */
export function checkWholeNumber(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new StarlitError(`${name} is ${value}: give a whole number from ${least} on.`);
}

/** Refuses what is no number above 0, or infinite. */
export function checkPositive(name: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new StarlitError(`${name} is ${value}: give a number above 0.`);
}

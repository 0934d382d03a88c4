import { type Random, StarlitError } from "../engine";
import type { Json } from "./runRecord";

/** One hyper-parameter of a search: how a value of it is drawn. */
export interface Dimension<T extends Json = Json> {
  draw(random: Random): T;
  /** How many different values there are; Infinity on a continuous range. */
  count: number;
}

/** What is searched: a dimension for each hyper-parameter, by name. */
export type Space = Readonly<Record<string, Dimension>>;

/** A point of a space: a value for each hyper-parameter. */
export type Point<S extends Space> = {
  [Name in keyof S]: S[Name] extends Dimension<infer T> ? T : never;
};

/** One of these values, each as likely as the others; one that is given twice counts once. */
export function choice<const T extends Json>(...values: readonly T[]): Dimension<T> {
  if (values.length === 0) throw new StarlitError("choice has no values to choose from.");
  const different = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  return {
    draw: (random) => different[random.randint(0, different.length, 1)[0]],
    count: different.length,
  };
}

function checkRange(name: string, low: number, high: number): void {
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new StarlitError(
    `${name}(${low}, ${high}) is empty: the first number must be the smaller.`,
  );
}

/**
 * A number from `low` to `high`, each as likely as the others.
 *
 * @param step only `low`, `low + step`, `low + 2 step` … up to `high`; any number without it
 */
export function range(low: number, high: number, step?: number): Dimension<number> {
  checkRange("range", low, high);
  if (step === undefined) {
    return { draw: (random) => low + (high - low) * random.random(), count: Infinity };
  }
  if (!(step > 0)) throw new StarlitError(`The step of range is ${step}: give a number above 0.`);
  // So that range(0, 0.4, 0.1) has 0.4 in it, and as 0.4, whatever 3 · 0.1 is in binary.
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  const value = (i: number) => Number((low + i * step).toPrecision(12));
  return { draw: (random) => value(random.randint(0, count, 1)[0]), count };
}

/** A number from `low` to `high` (both above 0), each order of magnitude as likely as the others. */
export function logRange(low: number, high: number): Dimension<number> {
  checkRange("logRange", low, high);
  if (!(low > 0)) throw new StarlitError(`logRange begins at ${low}: give a number above 0.`);
  return { draw: (random) => low * (high / low) ** random.random(), count: Infinity };
}

/**
 * Different points of a space, drawn at random; all of them, in random order, if there are fewer
 * than asked for.
 */
export function drawPoints<S extends Space>(space: S, count: number, random: Random): Point<S>[] {
  const total = Object.values(space).reduce((product, dimension) => product * dimension.count, 1);
  const points = new Map<string, Point<S>>();
  // A range so narrow that few numbers lie in it has fewer values than it says.
  let misses = 0;
  while (points.size < Math.min(count, total) && misses < 1000 * (points.size + 1)) {
    const values = Object.entries(space).map(([name, dimension]) => [name, dimension.draw(random)]);
    const text = JSON.stringify(values);
    misses = points.has(text) ? misses + 1 : 0;
    points.set(text, Object.fromEntries(values) as Point<S>);
  }
  return [...points.values()];
}

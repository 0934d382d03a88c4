import { StarlitError } from "../engine/errors";
import { shorten, visible } from "../files/markup.cjs";

/**
 * The scale of ratings: its least and most, or what each word is worth, e.g.
 * `{ bad: 1, "so so": 2, good: 3 }`.
 */
export type GivenScale = readonly [least: number, most: number] | Readonly<Record<string, number>>;

/** The ratings that occur, ascending, and what they are called. */
export interface RatingScale {
  values: number[];
  labels: string[];
}

/** The ratings of a column. */
export interface ReadRatings {
  scale: RatingScale;
  /** The rating of each row; NaN where there is none. */
  ratings: Float64Array;
  /** Why a row has none. */
  problemOf: (row: number) => string;
  notes: string[];
}

const DIGITS = /^[-+−]?\d+(?:[.,]\d+)?$/;
const OF =
  /^(?:rated\s+)?(\d+(?:[.,]\d+)?)\s*(?:\/|out of|of|von|sur|de|di|van|av|af|na)\s*(\d+)(?:[.,]0+)?(?:\s*[-\p{L}]+)?$/iu;
const PERCENT = /^(\d+(?:[.,]\d+)?)\s*%$/;
const STARS =
  /^(\d+(?:[.,]\d+)?)\s*-?\s*(?:stars?|sterne?|étoiles?|etoiles?|estrellas?|estrelas?|stell[ae]|sterren|points?|punkte?|puntos|★|⭐)\.?$/iu;
/** "5 - strongly agree", "1 (very bad)" */
const NUMBERED = /^([-−]?\d+)\s*[-–—:=.(]\s*[^\d]+$/;
const DRAWN = /^(?:[★⭐🌟]\ufe0f?)*[½⯪]?(?:☆\ufe0f?)*$|^\*{1,10}$/u;

const numberWords = "zero one two three four five six seven eight nine ten".split(" ");

/** A written number, with a point or a comma before its decimals. */
const number = (text: string) => Number(text.replace(",", ".").replace("−", "-"));

/**
 * A rating as it is written, as a number: 4, "4,5", "4/5", "4 out of 5", "80 %", "★★★★☆", "4 stars",
 * "four stars", "5 - very good"; `undefined` where it is none of these.
 */
export function readRating(cell: string): number | undefined {
  const text = cell.trim();
  if (DIGITS.test(text)) return number(text);
  const found =
    OF.exec(text) ?? PERCENT.exec(text) ?? STARS.exec(text) ?? NUMBERED.exec(text) ?? undefined;
  if (found) return number(found[1]);
  if (text !== "" && DRAWN.test(text)) {
    const full = text.match(/[★⭐🌟*]/gu)?.length ?? 0;
    return full + (/[½⯪]/.test(text) ? 0.5 : 0);
  }
  const [word, of] = text.toLowerCase().split(/[\s-]+/);
  const place = numberWords.indexOf(word);
  return place >= 0 && (of === undefined || /^(stars?|points?)$/.test(of)) ? place : undefined;
}

/** Words that are in an order, worst first, each with its place; bars part words of the same place. */
const orders: readonly ReadonlyMap<string, number>[] = [
  "very dissatisfied|extremely dissatisfied; dissatisfied|somewhat dissatisfied; neutral|neither satisfied nor dissatisfied|neither; satisfied|somewhat satisfied; very satisfied|extremely satisfied",
  "very unsatisfied; unsatisfied; neutral; satisfied; very satisfied",
  "strongly disagree; disagree|somewhat disagree; neutral|neither agree nor disagree|undecided; agree|somewhat agree; strongly agree",
  "very unhappy; unhappy; neutral; happy; very happy",
  "very unlikely; unlikely; neutral; likely; very likely",
  "very poor; poor; fair|average|ok; good; very good; excellent",
  "terrible|awful|horrible; poor|bad; average|ok|okay|fair; very good|good; excellent",
  "very bad; bad; ok|okay|average|neutral|so so|mixed; good; very good|excellent",
  "awful; bad; meh; good; great; amazing",
  "very negative|strongly negative|overwhelmingly negative; negative|neg|mostly negative; neutral|neu|mixed; positive|pos|mostly positive; very positive|strongly positive|overwhelmingly positive",
  "detractor; passive; promoter",
  "dislike; neutral; like; love",
  "low; medium; high",
  "no|false|thumbs down|down|not recommended|unfavorable|unfavourable|rotten; yes|true|thumbs up|up|recommended|favorable|favourable|fresh",
  "sehr unzufrieden; unzufrieden|eher unzufrieden; neutral|teils teils|weder noch; zufrieden|eher zufrieden; sehr zufrieden",
  "sehr schlecht; schlecht; mittel|mittelmäßig|durchschnittlich|okay|ok|befriedigend; gut; sehr gut; ausgezeichnet|hervorragend",
  "trifft nicht zu; trifft eher nicht zu; teils teils; trifft eher zu; trifft zu",
  "negativ; neutral; positiv",
  "nein; ja",
  "très insatisfait; insatisfait|plutôt insatisfait; neutre; satisfait|plutôt satisfait; très satisfait",
  "très mauvais; mauvais; moyen; bon; très bon; excellent",
  "négatif; neutre; positif",
  "muy insatisfecho; insatisfecho; neutral; satisfecho; muy satisfecho",
  "muy malo; malo; regular; bueno; muy bueno; excelente",
  "negativo; neutro|neutral; positivo",
  "molto insoddisfatto; insoddisfatto; neutro|neutrale; soddisfatto; molto soddisfatto",
].map((order) => {
  const places = order.split("; ").map((alike) => alike.split("|"));
  return new Map(places.flatMap((alike, place) => alike.map((word) => [word, place])));
});

/** Words as they are compared. */
const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();

/** Scales that people use; a rating outside of the one at hand is a slip. */
const scales: readonly [least: number, most: number][] = [
  [0, 1],
  [-1, 1],
  [1, 5],
  [0, 5],
  [1, 7],
  [1, 10],
  [0, 10],
  [-2, 2],
  [-3, 3],
  [-5, 5],
  [0, 100],
];

/** More different ratings than these are taken in steps. */
const MOST_CLASSES = 21;
const STEPS = 10;

/** How often each value of a column occurs, the most frequent first. */
function counted<T>(values: Iterable<T>): [value: T, times: number][] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The start of a cell or a name as it stands in a message: on one line, without what a terminal obeys. */
export const brief = (text: string) => `"${shorten(visible(text.replace(/\s+/g, " ")), 40)}"`;

const quoted = (cells: readonly string[]) => cells.slice(0, 5).map(brief).join(", ");

/**
 * Reads a column of ratings: finds their form and their scale, and says which rows have none.
 *
 * @param cells as they were written
 * @param name of the column, for messages
 * @throws StarlitError if they are no ratings, or all are the same
 */
export function readRatings(
  cells: readonly string[],
  name: string,
  given?: GivenScale,
): ReadRatings {
  const different = counted(cells.map((cell) => cell.trim())).filter(([cell]) => cell !== "");
  if (different.length === 0) {
    throw new StarlitError(
      `The column ${brief(name)} is empty in all rows: name the column with the ratings.`,
    );
  }
  const byWord = given && !Array.isArray(given);
  const { valueOf, labelOf, notes } = byWord
    ? ofMap(given as Readonly<Record<string, number>>)
    : recognized(different, name);
  const read = new Map(different.map(([cell]) => [cell, valueOf(cell)]));
  const range = given && !byWord ? (given as readonly [number, number]) : undefined;
  const problems = new Map<string, string>([["", "no rating"]]);
  for (const [cell] of different) {
    if (read.get(cell) === undefined) problems.set(cell, `${brief(cell)} is no rating`);
  }
  const numbers = different.flatMap(([cell, times]): [number, number][] => {
    const value = read.get(cell);
    return value === undefined ? [] : [[value, times]];
  });
  const outside = labelOf ? () => undefined : outsideOf(numbers, range);
  for (const [cell] of different) {
    const value = read.get(cell);
    const why = value === undefined ? undefined : outside(value);
    if (why === undefined) continue;
    read.set(cell, undefined);
    problems.set(cell, why);
  }
  const ratings = Float64Array.from(cells, (cell) => read.get(cell.trim()) ?? NaN);
  const values = [...new Set(ratings.filter((value) => !Number.isNaN(value)))].sort(
    (a, b) => a - b,
  );
  if (values.length < 2) {
    throw new StarlitError(
      `All ratings in the column ${brief(name)} are ${values[0] ?? "missing"}: nothing can be learned from them; name another column.`,
    );
  }
  const problemOf = (row: number) => problems.get(cells[row].trim()) ?? "no rating";
  if (values.length > MOST_CLASSES) {
    const steps = inSteps(ratings, values);
    return { ...steps, problemOf, notes: [...notes, ...steps.notes] };
  }
  if (values[0] === 0 && values.at(-1) === 5 && !range) {
    notes.push(
      'Ratings go from 0 to 5. Where 0 says "not rated", name the scale 1-5 and these rows are left out.',
    );
  }
  const labels = values.map((value) => labelOf?.(value) ?? String(value));
  return { scale: { values, labels }, ratings, problemOf, notes };
}

interface Recognized {
  valueOf: (cell: string) => number | undefined;
  /** What values are called, where they came from words. */
  labelOf?: (value: number) => string | undefined;
  notes: string[];
}

function ofMap(map: Readonly<Record<string, number>>): Recognized {
  const values = new Map(Object.entries(map).map(([word, value]) => [plainWords(word), value]));
  const wrong = Object.entries(map).find(([, value]) => !Number.isFinite(value));
  if (wrong) {
    throw new StarlitError(`The scale gives "${wrong[0]}" the value ${wrong[1]}: give a number.`);
  }
  const labels = new Map(Object.entries(map).map(([word, value]) => [value, word]));
  return {
    valueOf: (cell) => values.get(plainWords(cell)),
    labelOf: (value) => labels.get(value),
    notes: [],
  };
}

/** The order that most of the cells are words of, and how many. */
function bestOrder(different: readonly [cell: string, times: number][]) {
  const all = different.reduce((sum, [, times]) => sum + times, 0);
  return orders
    .map((places) => {
      const known = different.filter(([cell]) => places.has(plainWords(cell)));
      return { places, known: known.reduce((sum, [, times]) => sum + times, 0) / all };
    })
    .sort((a, b) => b.known - a.known)[0];
}

/** The share of cells that are words of one order that is known. */
export function orderShare(cells: readonly string[]): number {
  const short = cells.filter(({ length }) => length < 50);
  if (short.length < cells.length || cells.length === 0) return 0;
  return bestOrder(counted(cells)).known;
}

/** What the cells of a column say: numbers, or words of an order that is known. */
function recognized(different: readonly [cell: string, times: number][], name: string): Recognized {
  const all = different.reduce((sum, [, times]) => sum + times, 0);
  const share = (is: (cell: string) => boolean) =>
    different.reduce((sum, [cell, times]) => sum + (is(cell) ? times : 0), 0) / all;
  if (share((cell) => readRating(cell) !== undefined) >= 0.5) {
    return { valueOf: readRating, notes: [] };
  }
  const found = bestOrder(different);
  if (found.known < 0.8) {
    const cells = different.map(([cell]) => cell);
    throw new StarlitError(
      `The column ${brief(name)} holds ${quoted(cells)}, which are no ratings that are known: say what each is worth ` +
        `(--scale "bad=1,good=2", or { scale: { bad: 1, good: 2 } }), or name another column.`,
    );
  }
  const occurring = different.flatMap(([cell]): [string, number][] => {
    const place = found.places.get(plainWords(cell));
    return place === undefined ? [] : [[cell, place]];
  });
  const order = [...new Set(occurring.map(([, place]) => place))].sort((a, b) => a - b);
  const valueOf = (cell: string) => {
    const place = found.places.get(plainWords(cell));
    return place === undefined ? undefined : order.indexOf(place) + 1;
  };
  // The most frequent spelling comes first.
  const labels = order.map((place) => occurring.find(([, each]) => each === place)![0]);
  const told = labels.map((label, i) => `"${label}" = ${i + 1}`).join(", ");
  return {
    valueOf,
    labelOf: (value) => labels[value - 1],
    notes: [`The ratings are words; they are taken as ${told}.`],
  };
}

/** Why a value is no rating of the scale: of the one that was given, or of the usual one that fits. */
function outsideOf(
  numbers: readonly [value: number, times: number][],
  range?: readonly [number, number],
): (value: number) => string | undefined {
  if (range) {
    const [least, most] = range;
    if (!(least < most)) {
      throw new StarlitError(
        `The scale is ${least} to ${most}: give its least and its most, such as 1 to 5.`,
      );
    }
    return (value) =>
      value >= least && value <= most
        ? undefined
        : `the rating ${value} is outside of ${least} to ${most}`;
  }
  const times = new Map<number, number>();
  for (const [value, count] of numbers) times.set(value, (times.get(value) ?? 0) + count);
  const all = numbers.reduce((sum, [, count]) => sum + count, 0);
  const isRare = (value: number) => times.get(value)! < Math.max(3, all / 500);
  const common = [...times.keys()].filter((value) => !isRare(value));
  if (common.length === 0) return () => undefined;
  const [least, most] = [Math.min(...common), Math.max(...common)];
  const scale = scales.find(([low, high]) => low <= least && most <= high);
  const step = [1, 0.5].find((size) => common.every((value) => value % size === 0));
  return (value) => {
    if (!isRare(value)) return undefined;
    if (scale && (value < scale[0] || value > scale[1])) {
      return `the rating ${value} is outside of ${scale[0]} to ${scale[1]}`;
    }
    return step && value % step !== 0
      ? `the rating ${value} is not on the scale of steps of ${step}`
      : undefined;
  };
}

/** So many ratings as of a percentage are taken in steps; each step stands for the mean of its ratings. */
function inSteps(ratings: Float64Array, values: readonly number[]) {
  const [least, most] = [values[0], values[values.length - 1]];
  const stepOf = (value: number) =>
    Math.min(STEPS - 1, Math.floor(((value - least) / (most - least)) * STEPS));
  const sums = Array.from({ length: STEPS }, () => ({ sum: 0, count: 0, low: most, high: least }));
  for (const value of ratings) {
    if (Number.isNaN(value)) continue;
    const step = sums[stepOf(value)];
    step.sum += value;
    step.count++;
    step.low = Math.min(step.low, value);
    step.high = Math.max(step.high, value);
  }
  const meanOf = sums.map(({ sum, count }) => Number((sum / count).toPrecision(6)));
  const there = sums.flatMap(({ count }, step) => (count > 0 ? [step] : []));
  return {
    scale: {
      values: there.map((step) => meanOf[step]),
      labels: there.map((step) => `${sums[step].low} to ${sums[step].high}`),
    },
    ratings: ratings.map((value) => (Number.isNaN(value) ? NaN : meanOf[stepOf(value)])),
    notes: [
      `There are ${values.length} different ratings from ${least} to ${most}; they are taken in ${there.length} steps.`,
    ],
  };
}

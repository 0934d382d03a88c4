import {
  accuracyScore,
  bootstrapInterval,
  type CalibrationBin,
  calibrationBins,
  f1Score,
  type Interval,
  meanAbsoluteError,
  pairedBootstrap,
} from "../metrics";
import { argmaxRows } from "../metrics/inputs";
import { placesOf, rawProbabilities } from "./learn";
import type { Review } from "./load";
import { calibrated, intervalOf, open, type PackedRater, wordsOf } from "./player.cjs";
import type { RatingScale } from "./ratings";

/** How well ratings fit the truth, each number with its interval of 95 %. */
export interface Scores {
  name: string;
  /** Share of the reviews whose rating is the true one. */
  accuracy: Interval;
  /** F1 of the ratings, weighted by how often each occurs. */
  weightedF1: Interval;
  /** F1 of the ratings, each counting the same. */
  macroF1: Interval;
  /** Mean distance of the expected rating from the true one, in steps of the scale. */
  error: Interval;
}

/** What a rater says of reviews whose rating is known. */
export interface Answers {
  /** Place of the true rating on the scale, and of the class that fits best. */
  truth: number[];
  label: number[];
  /** Expected rating. */
  rating: number[];
  /** Calibrated probabilities, a row a review. */
  probabilities: Float64Array[];
}

/** What a rater says of reviews. */
export function answersOf(packed: PackedRater, reviews: readonly Review[]): Answers {
  const { values, labels } = packed;
  const raw = rawProbabilities(packed, reviews);
  const classes = values.length;
  const probabilities = reviews.map((_, i) =>
    calibrated(raw.data.subarray(i * classes, (i + 1) * classes), packed.calibration),
  );
  return {
    truth: Array.from(placesOf(reviews, { values, labels })),
    label: argmaxRows(raw),
    rating: probabilities.map((each) => each.reduce((sum, p, k) => sum + p * values[k], 0)),
    probabilities,
  };
}

/** What it would be to give every review the most frequent rating. */
export function mostFrequent(
  train: readonly Review[],
  test: readonly Review[],
  scale: RatingScale,
): Answers {
  const counts = scale.values.map(() => 0);
  for (const place of placesOf(train, scale)) counts[place]++;
  const most = counts.indexOf(Math.max(...counts));
  const probabilities = Float64Array.from(counts, (count) => count / train.length);
  return {
    truth: Array.from(placesOf(test, scale)),
    label: test.map(() => most),
    rating: test.map(() => scale.values[most]),
    probabilities: test.map(() => probabilities),
  };
}

const RESAMPLES = 300;
const options = (groups: readonly unknown[]) => ({ seed: 1, resamples: RESAMPLES, groups });

const weightedF1 = (truth: number[], label: number[]) =>
  f1Score(truth, label, { average: "weighted" });
const macroF1 = (truth: number[], label: number[]) => f1Score(truth, label, { average: "macro" });

/** What is drawn anew together: reviews of one group, or each by itself. */
export const groupsOf = (reviews: readonly Review[]) => reviews.map(({ group }, i) => group ?? i);

/** Scores of answers, with intervals that know of groups. */
export function scoresOf(
  name: string,
  { truth, label, rating }: Answers,
  reviews: readonly Review[],
): Scores {
  const drawn = options(groupsOf(reviews));
  const ratings = reviews.map((review) => review.rating);
  return {
    name,
    accuracy: bootstrapInterval(truth, label, accuracyScore, drawn),
    weightedF1: bootstrapInterval(truth, label, weightedF1, drawn),
    macroF1: bootstrapInterval(truth, label, macroF1, drawn),
    error: bootstrapInterval(ratings, rating, meanAbsoluteError, drawn),
  };
}

/** By how much one rater's error is lower than another's, with its interval; above 0 is better. */
export function gainOver(better: Answers, other: Answers, reviews: readonly Review[]): Interval {
  const ratings = reviews.map(({ rating }) => rating);
  const drawn = options(groupsOf(reviews));
  return pairedBootstrap(ratings, other.rating, better.rating, meanAbsoluteError, drawn);
}

/** Whether what is said to be sure comes true: the most probable rating of each review. */
export function calibrationOf({ truth, probabilities }: Answers): CalibrationBin[] {
  const sure = probabilities.map((each) => Math.max(...each));
  const right = probabilities.map((each, i) => Number(each.indexOf(sure[i]) === truth[i]));
  return calibrationBins(right, sure, { bins: truth.length < 500 ? 5 : 10, strategy: "quantile" });
}

/** Share of the reviews whose rating lies in the interval that is told with it. */
export function coverageOf({ truth, probabilities }: Answers, values: readonly number[]): number {
  const inside = truth.filter((place, i) => {
    const [low, high] = intervalOf(probabilities[i], values);
    return values[place] >= low && values[place] <= high;
  });
  return inside.length / truth.length;
}

/** How a rater errs on the reviews of one true rating. */
export interface RatingErrors {
  label: string;
  count: number;
  /** Mean of the expected rating less the true one. */
  lean: number;
  /** Mean distance. */
  error: number;
  /** Share that gets this very class. */
  found: number;
}

/** Errors by true rating. */
export function errorsByRating(
  { truth, label, rating }: Answers,
  { values, labels }: RatingScale,
): RatingErrors[] {
  return values.map((value, place) => {
    const rows = truth.flatMap((each, i) => (each === place ? [i] : []));
    const mean = (of: (row: number) => number) =>
      rows.reduce((sum, row) => sum + of(row), 0) / Math.max(1, rows.length);
    return {
      label: labels[place],
      count: rows.length,
      lean: mean((row) => rating[row] - value),
      error: mean((row) => Math.abs(rating[row] - value)),
      found: mean((row) => Number(label[row] === place)),
    };
  });
}

/** A review that was rated, for a reader to judge. */
export interface Mistake {
  text: string;
  rating: number;
  rated: number;
  line: number;
}

/** The reviews that are rated worst. */
export function worstMistakes(
  { rating }: Answers,
  reviews: readonly Review[],
  most = 10,
): Mistake[] {
  const distance = (i: number) => Math.abs(rating[i] - reviews[i].rating);
  return reviews
    .map((_, i) => i)
    .sort((a, b) => distance(b) - distance(a))
    .slice(0, most)
    .map((i) => ({
      text: reviews[i].text.slice(0, 600),
      rating: reviews[i].rating,
      rated: rating[i],
      line: reviews[i].line,
    }));
}

/** A word, or a pair of words, and by how much it moves a rating on average where it stands. */
export interface TermEffect {
  term: string;
  effect: number;
  /** In how many of the reviews that were looked at. */
  reviews: number;
}

/** So many reviews are looked at for the words that move a rating, and so many words. */
const SAMPLE = 600;
const TERMS = 250;

/**
 * The words and the pairs of neighbouring words that move a rating most: each is left out of the
 * reviews that have it, and what that changes is averaged. Of a pair that is told, both words are left
 * out, and it is told only where that changes more than the two words do one by one.
 */
export function termEffects(
  packed: PackedRater,
  reviews: readonly Review[],
): { words: TermEffect[]; pairs: TermEffect[] } {
  const rater = open(packed);
  const texts = reviews.slice(0, SAMPLE).map(({ text }) => wordsOf(text));
  const whole = texts.map((tokens) => rater.ratingOf(tokens));
  const isWord = (token: string) => /[\p{L}\p{N}]/u.test(token);
  const least = Math.max(3, texts.length / 200);
  const runsIn = (tokens: string[], length: number) =>
    new Set(
      tokens.flatMap((_, t) => {
        const run = tokens.slice(t, t + length);
        return run.length === length && run.every(isWord) ? [run.join(" ")] : [];
      }),
    );
  const effects = (length: number): Map<string, TermEffect> => {
    const places = new Map<string, number[]>();
    texts.forEach((tokens, i) => {
      for (const run of runsIn(tokens, length)) places.set(run, [...(places.get(run) ?? []), i]);
    });
    const frequent = [...places]
      .filter(([, rows]) => rows.length >= least)
      .sort((a, b) => b[1].length - a[1].length)
      .slice(0, TERMS);
    return new Map(
      frequent.map(([term, rows]) => {
        const run = term.split(" ");
        const looked = rows.slice(0, 30);
        const changes = looked.map((i) => whole[i] - rater.ratingOf(without(texts[i], run)));
        const effect = changes.reduce((sum, change) => sum + change, 0) / changes.length;
        return [term, { term, effect, reviews: rows.length }];
      }),
    );
  };
  const words = effects(1);
  const pairs = [...effects(2).values()].filter(({ term, effect }) => {
    const [first, second] = term.split(" ").map((word) => words.get(word)?.effect ?? 0);
    return Math.abs(effect) > Math.abs(first) + Math.abs(second);
  });
  const strongest = (all: Iterable<TermEffect>) =>
    [...all].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, 24);
  return { words: strongest(words.values()), pairs: strongest(pairs) };
}

/** Tokens without those of a run, wherever they stand one after the other. */
function without(tokens: readonly string[], run: readonly string[]): string[] {
  const kept: string[] = [];
  for (let t = 0; t < tokens.length;) {
    const here = run.every((token, i) => tokens[t + i] === token);
    if (!here) kept.push(tokens[t]);
    t += here ? run.length : 1;
  }
  return kept;
}

import * as fs from "node:fs";
import * as path from "node:path";
import { checkOptions, StarlitError } from "../engine";
import { NUMERICS_VERSION } from "../engine/numerics";
import { checkWholeNumber } from "../engine/options";
import { checkSeed } from "../engine/random";
import { sha256 } from "../files/sum.cjs";
import { readSealed, writeSealed } from "../data/sealed";
import { writeWhole } from "../files/whole.cjs";
import { bootstrapInterval, meanAbsoluteError, type Interval } from "../metrics";
import { sampleRows, splitByGroup } from "../text";
import { duration } from "../training/progress";
import { learnBag } from "./bag";
import { type Learned, type Lesson, withEveryRating } from "./learn";
import {
  type LoadedReviews,
  loadOptionNames,
  loadReviews,
  type LoadReviewsOptions,
  plainText,
  type Review,
} from "./load";
import {
  type Answers,
  answersOf,
  calibrationOf,
  coverageOf,
  errorsByRating,
  gainOver,
  groupsOf,
  mostFrequent,
  scoresOf,
  termEffects,
  worstMistakes,
} from "./measure";
import { learnNetwork, secondsOfEpoch } from "./network";
import { reportPage } from "./page";
import type { RatingScale } from "./ratings";
import {
  type CurvePoint,
  loadRater,
  type Rater,
  raterFile,
  type RaterReport,
  raterOf,
  saveRater,
} from "./rater";
import { FEWEST_REVIEWS, MOST_REVIEWS, network, sizesFor } from "./sizes";

/** Options of {@link trainRater}. */
export interface TrainRaterOptions extends LoadReviewsOptions {
  /** Folder of the rater: `rater.json` and `report.html` are written there. */
  out: string;
  /** Reviews to test on, as a path or rows, with the same columns; unless given, some are kept back. */
  test?: string | readonly object[];
  /** Seeds of the network; the one that is best on the validation reviews is kept. Default [1]. */
  seeds?: readonly number[];
  /** So many reviews are learned from at most. Default 300,000. */
  most?: number;
  /** Whether the learning curve is made, which takes as long again. Default true. */
  curve?: boolean;
  /** Whether it is told what is being done. Default true. */
  progress?: boolean;
}

const optionNames = [...loadOptionNames, "out", "test", "seeds", "most", "curve", "progress"];

/** Reviews that are trained, validated and tested on. */
interface Parts {
  train: Review[];
  validation: Review[];
  test: Review[];
  by: string;
  unused: number;
}

/** A part that only measures need not be larger. */
const MOST_MEASURED = 10_000;
const SPLIT_SEED = 1;
/** Groups that are fewer say too little of others. */
const FEWEST_GROUPS = 20;

/** What is never parted: a group, where there are enough, or equal texts. */
function groupingOf({ reviews, columns }: LoadedReviews) {
  const counts = new Map<string | null, number>();
  for (const { group } of reviews) counts.set(group, (counts.get(group) ?? 0) + 1);
  const isSmall = (count: number) => count < reviews.length / 3;
  const isFit = counts.size >= FEWEST_GROUPS && [...counts.values()].every(isSmall);
  if (columns.group === null || !isFit) {
    const why = columns.group === null ? "" : ` (the groups of "${columns.group}" are too few)`;
    return { by: `text${why}`, of: ({ text }: Review) => plainText(text) };
  }
  // Of a review without a group only its text is known.
  const of = ({ group, text }: Review) => group ?? plainText(text);
  return { by: `group, the column "${columns.group}"`, of };
}

/** Cuts so many reviews off at random. */
function atMost<T>(rows: readonly T[], most: number): T[] {
  if (rows.length <= most) return [...rows];
  return sampleRows(rows, { frac: most / rows.length, seed: SPLIT_SEED }).sample as T[];
}

/** Parts reviews so that none of a group, and no equal text, is on two sides. */
function part(loaded: LoadedReviews, test: readonly Review[] | null, most: number): Parts {
  const { by, of } = groupingOf(loaded);
  const share = loaded.reviews.length < 5000 ? 0.15 : 0.1;
  let rest = loaded.reviews;
  let tested = test ? [...test] : [];
  if (test) {
    // A text of the test is not learned from, whatever file it is in.
    const texts = new Set(test.map(({ text }) => plainText(text)));
    rest = rest.filter(({ text }) => !texts.has(plainText(text)));
  } else {
    [rest, tested] = withoutEqual(splitByGroup(rest, of, share, SPLIT_SEED));
  }
  const [train, validation] = withoutEqual(splitByGroup(rest, of, share, SPLIT_SEED + 1));
  const parts = {
    train: withEveryRating(atMost(train, most), train),
    validation: atMost(validation, MOST_MEASURED),
    test: atMost(tested, MOST_MEASURED),
    by,
  };
  const used = parts.train.length + parts.validation.length + (test ? 0 : parts.test.length);
  return { ...parts, unused: loaded.reviews.length - used };
}

/** The ratings that there is a review to learn from, and the reviews that have one of these. */
function knownRatings({ train, validation, test, ...rest }: Parts, scale: RatingScale) {
  const there = new Set(train.map(({ rating }) => rating));
  const isKnown = (_: unknown, place: number) => there.has(scale.values[place]);
  const known = (reviews: Review[]) => reviews.filter(({ rating }) => there.has(rating));
  return {
    parts: { ...rest, train, validation: known(validation), test: known(test) },
    scale: {
      values: scale.values.filter(isKnown),
      labels: scale.labels.filter(isKnown),
    },
    unknown: scale.labels.filter((_, place) => !isKnown(_, place)),
  };
}

/** Texts that are in both parts are left out of the second. */
function withoutEqual([first, second]: [Review[], Review[]]): [Review[], Review[]] {
  const texts = new Set(first.map(({ text }) => plainText(text)));
  return [first, second.filter(({ text }) => !texts.has(plainText(text)))];
}

function checkTrainOptions(options: TrainRaterOptions): void {
  checkOptions("trainRater", options, optionNames);
  const { out, seeds = [1], most = MOST_REVIEWS } = options;
  if (typeof out !== "string" || out === "") {
    throw new StarlitError("trainRater needs a folder for the rater: give out.");
  }
  const there = fs.statSync(out, { throwIfNoEntry: false });
  if (there && !there.isDirectory()) {
    throw new StarlitError(`${out} is a file: give a folder for the rater.`);
  }
  if (seeds.length === 0) throw new StarlitError("There are no seeds: give one at least.");
  seeds.forEach(checkSeed);
  checkWholeNumber("most", most, FEWEST_REVIEWS);
}

const number = (value: number) => value.toLocaleString("en");

/** Steps that are kept in files until all is done, so that a training that was killed goes on. */
export class Steps {
  constructor(
    readonly folder: string,
    private readonly tell: (line: string) => void,
  ) {}

  /** What the step gives, or gave before; it is done again where what was kept of it is damaged. */
  async take(name: string, what: string, work: () => Learned | Promise<Learned>): Promise<Learned> {
    const file = path.join(this.folder, `${name}.json`);
    const kept = readSealed(file);
    if (kept) {
      this.tell(`${what}: done before`);
      return JSON.parse(kept.body.toString()) as Learned;
    }
    if (fs.existsSync(file)) this.tell(`${what}: ${file} is damaged, so it is done again`);
    this.tell(`${what} …`);
    const begun = performance.now();
    const learned = await work();
    writeSealed(file, Buffer.from(JSON.stringify(learned)));
    const took = duration((performance.now() - begun) / 1000);
    this.tell(
      `${what}: ${took}, cross-entropy ${learned.loss.toFixed(4)} on the validation reviews`,
    );
    return learned;
  }
}

/** What takes how long, told before it begins. */
async function tellTime(
  lesson: Lesson,
  seeds: number,
  curve: boolean,
  tell: (line: string) => void,
) {
  const perEpoch = await secondsOfEpoch(lesson);
  const { epochs, patience } = lesson.sizes;
  const trainings = seeds + (curve ? 0.75 : 0);
  const minutes = (count: number) => Math.max(1, Math.round((perEpoch * count * trainings) / 60));
  const [least, most] = [
    minutes(Math.min(epochs, 3 + patience)),
    minutes(Math.min(epochs, 10 + patience)),
  ];
  const range = least === most ? `${least}` : `${least} to ${most}`;
  tell(
    `The network takes about ${range} minute${range === "1" ? "" : "s"} here (an epoch ${duration(perEpoch)}), the linear model about as long or less.`,
  );
}

/** Shares of the training reviews of the learning curve's points but the last. */
const CURVE = [1 / 4, 1 / 2];

/**
 * Trains a rater on reviews of one's own: the linear bag of words and the network of words and pairs
 * side by side, of which the one that is better on validation reviews is kept and tested. Reviews of
 * one group (a product, say), and equal texts, are never on two sides. The rater is saved in the
 * folder `out` with a report, `report.html`, that holds the rater too and needs no network. The same
 * call goes on after a kill, and loads what is done.
 *
 * @param from path of a table, or rows
 * @throws StarlitError as `loadReviews` does, if the reviews are too few, or the reader stops it
 */
export async function trainRater(
  from: string | readonly object[],
  options: TrainRaterOptions,
): Promise<Rater> {
  checkTrainOptions(options);
  const {
    out,
    test,
    seeds = [1],
    most = MOST_REVIEWS,
    curve = true,
    progress = true,
    ...given
  } = options;
  const tell = progress ? (line: string) => console.log(line) : () => undefined;
  const begun = performance.now();
  const loaded = await loadReviews(from, given);
  tellData(loaded, tell);
  const tests = test === undefined ? null : await loadTest(test, given, loaded);
  if (loaded.reviews.length < FEWEST_REVIEWS) {
    throw new StarlitError(
      `${loaded.reviews.length} reviews are too few to learn from and to test on: give ${FEWEST_REVIEWS} at least, better some thousands.`,
    );
  }
  const { parts, scale, unknown } = knownRatings(part(loaded, tests, most), loaded.scale);
  const { train, validation } = parts;
  if (unknown.length > 0) {
    tell(`No review to learn from has the rating ${unknown.join(", ")}: the rater knows it not.`);
  }
  if (parts.test.length === 0 || validation.length === 0) {
    throw new StarlitError("Nothing is left to test on: give more reviews, or another group.");
  }
  if (scale.values.length < 2) {
    throw new StarlitError(
      `All reviews to learn from have the rating ${scale.labels[0]}: give some of another one.`,
    );
  }
  const lesson: Lesson = { train, validation, scale, sizes: sizesFor(train.length) };
  const fingerprint = fingerprintOf(lesson, parts.test, seeds, curve);
  const finished = alreadyThere(out, fingerprint);
  if (finished) {
    tell(`${out} holds this very rater: it is loaded.`);
    return finished;
  }
  tell(
    `Learned from: ${number(train.length)} reviews; validated on ${number(validation.length)}, tested on ${number(parts.test.length)}; parted by ${parts.by}.`,
  );
  const steps = new Steps(path.join(out, `training-${fingerprint.slice(0, 12)}`), tell);
  await tellTime(lesson, seeds.length, curve, tell);
  const bag = await steps.take("bag", "Linear model", () => learnBag(lesson));
  const networks = new Map<number, Learned>();
  for (const seed of seeds) {
    const name = `network-${seed}`;
    const what = seeds.length > 1 ? `Network, seed ${seed}` : "Network";
    const work = () => learnNetwork(lesson, training(steps, name, what, seed, progress));
    networks.set(seed, await steps.take(name, what, work));
  }
  const [bestSeed, best] = [...networks].sort((a, b) => a[1].loss - b[1].loss)[0];
  const isNetwork = best.loss < bag.loss;
  const { packed } = isNetwork ? best : bag;
  const [answers, other] = [packed, (isNetwork ? bag : best).packed].map((each) =>
    answersOf(each, parts.test),
  );
  const titles = isNetwork
    ? ["network (kept)", "linear model"]
    : ["linear model (kept)", "network"];
  const points = curve
    ? await learningCurve(lesson, parts.test, answers, isNetwork, (subset, name, what) =>
        steps.take(name, what, () =>
          isNetwork
            ? learnNetwork(subset, training(steps, name, what, bestSeed, progress))
            : learnBag(subset),
        ),
      )
    : [];
  tell("Measuring …");
  const data: Omit<LoadedReviews, "reviews"> & { reviews?: unknown } = { ...loaded };
  delete data.reviews;
  const report: RaterReport = {
    fingerprint,
    trained: new Date().toISOString().slice(0, 10),
    version: (require("../../package.json") as { version: string }).version,
    seconds: (performance.now() - begun) / 1000,
    data,
    split: {
      by: parts.by,
      train: train.length,
      validation: validation.length,
      test: parts.test.length,
      unused: parts.unused,
    },
    kept: packed.kind,
    losses: { bag: bag.loss, network: best.loss },
    seeds: [...networks].map(([seed, learned]) => ({
      seed,
      loss: learned.loss,
      ...shortScores(answersOf(learned.packed, parts.test), parts.test),
    })),
    scores: [
      scoresOf("always the most frequent", mostFrequent(train, parts.test, scale), parts.test),
      scoresOf(titles[1], other, parts.test),
      scoresOf(titles[0], answers, parts.test),
    ],
    gain: gainOver(answers, other, parts.test),
    calibration: calibrationOf(answers),
    coverage: coverageOf(answers, scale.values),
    errors: errorsByRating(answers, scale),
    ...termEffects(packed, [...parts.test, ...validation]),
    mistakes: worstMistakes(answers, parts.test),
    curve: points,
  };
  saveRater(out, packed, report);
  writeWhole(path.join(out, "report.html"), reportPage(packed, report));
  fs.rmSync(steps.folder, { recursive: true, force: true });
  tellScores(report, tell);
  tell(
    `The rater is in ${out}; open ${path.join(out, "report.html")} in a browser, or rate: npx starlit rate --model ${out} "a review in your words".`,
  );
  return raterOf(out, packed, report);
}

const training = (steps: Steps, name: string, what: string, seed: number, progress: boolean) =>
  ({ seed, checkpoint: path.join(steps.folder, name), progress: progress && `  ${what}` }) as const;

async function loadTest(
  test: string | readonly object[],
  given: LoadReviewsOptions,
  { columns, scale }: LoadedReviews,
): Promise<Review[]> {
  const named = Object.fromEntries(
    (["text", "rating", "title", "group"] as const).flatMap((what) =>
      columns[what] === null ? [] : [[what, columns[what]]],
    ),
  );
  // Words keep what they are worth, whichever of them occur here.
  const areWords = scale.labels.some((label) => !/\d/.test(label));
  const words = Object.fromEntries(scale.labels.map((label, k) => [label, scale.values[k]]));
  const { reviews } = await loadReviews(test, {
    ...given,
    ...named,
    scale: given.scale ?? (areWords ? words : undefined),
  });
  const unknown = reviews.find(({ rating }) => !scale.values.includes(rating));
  if (!unknown) return reviews;
  throw new StarlitError(
    `The reviews to test on have the rating ${unknown.rating} (line ${unknown.line}), which the others have not: give the same scale.`,
  );
}

function fingerprintOf(
  { train, validation, scale, sizes }: Lesson,
  test: readonly Review[],
  seeds: readonly number[],
  curve: boolean,
): string {
  const sumOf = ({ text, rating, group }: Review) => sha256(JSON.stringify([text, rating, group]));
  const rows = [train, validation, test].map((reviews) => sha256(reviews.map(sumOf).join()));
  const chosen = { scale, sizes, network, seeds, curve, numerics: NUMERICS_VERSION };
  return sha256(JSON.stringify([rows, chosen]));
}

/** The rater of this very training, where the folder has it. */
function alreadyThere(out: string, fingerprint: string): Rater | null {
  if (!fs.existsSync(raterFile(out))) return null;
  try {
    const rater = loadRater(out);
    return rater.report.fingerprint === fingerprint ? rater : null;
  } catch {
    return null; // damaged: it is made anew
  }
}

const shortScores = (answers: Answers, test: readonly Review[]) => {
  const { weightedF1, error } = scoresOf("", answers, test);
  return { weightedF1: weightedF1.estimate, error: error.estimate };
};

/** How the error falls with the number of reviews: smaller parts of them, then all. */
async function learningCurve(
  lesson: Lesson,
  test: readonly Review[],
  answers: Answers,
  isNetwork: boolean,
  learn: (subset: Lesson, name: string, what: string) => Promise<Learned>,
): Promise<CurvePoint[]> {
  const ratings = test.map(({ rating }) => rating);
  const drawn = { seed: 1, resamples: 300, groups: groupsOf(test) };
  const points: CurvePoint[] = [];
  let before: Answers | null = null;
  const add = (reviews: number, now: Answers) => {
    const error: Interval = bootstrapInterval(ratings, now.rating, meanAbsoluteError, drawn);
    points.push({ reviews, error, gain: before && gainOver(now, before, test) });
    before = now;
  };
  for (const share of CURVE) {
    const some = atMost(lesson.train, Math.round(share * lesson.train.length));
    const train = withEveryRating(some, lesson.train);
    const name = `${isNetwork ? "network" : "bag"}-of-${train.length}`;
    const what = `Learning curve, ${number(train.length)} reviews`;
    const { packed } = await learn({ ...lesson, train, sizes: sizesFor(train.length) }, name, what);
    add(train.length, answersOf(packed, test));
  }
  add(lesson.train.length, answers);
  return points;
}

function tellData(
  { source, rows, reviews, badCounts, bad, notes, scale, counts }: LoadedReviews,
  tell: (line: string) => void,
): void {
  tell(`${source}: ${number(rows)} rows, ${number(reviews.length)} reviews.`);
  const left = Object.entries(badCounts);
  if (left.length > 0) {
    const told = left.slice(0, 5).map(([problem, count]) => `${problem} (${number(count)})`);
    const lines = bad.slice(0, 5).map(({ line }) => line);
    tell(
      `Left out: ${told.join(", ")}${left.length > 5 ? ", …" : ""}; first lines ${lines.join(", ")}.`,
    );
  }
  for (const note of notes) tell(note);
  tell(`Ratings: ${scale.labels.map((label, k) => `${label} × ${number(counts[k])}`).join(", ")}.`);
}

function tellScores({ scores, gain, kept }: RaterReport, tell: (line: string) => void): void {
  const range = ({ estimate, lower, upper }: Interval) =>
    `${estimate.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`;
  for (const { name, weightedF1, error } of scores) {
    tell(`  ${name}: weighted F1 ${range(weightedF1)}, error ${range(error)}`);
  }
  const other = kept === "pairs" ? "linear model's" : "network's";
  tell(`  error below the ${other} by ${range(gain)}, on the test reviews, intervals of 95 %.`);
}

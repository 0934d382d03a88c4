import { summarize } from "../../metrics/summary";
import { listRuns } from "../../training";
import { type Family, published } from "../rating/published";

/** A reading of study 1's document: what may have been done, and where its numbers stand. */
interface Reading {
  reading: string;
  says: string;
  model: (family: Family) => string;
  /** Metric of the validation error; that of training is always `bestTrain`. */
  validation?: string;
  /** What errors are multiplied by where ratings are laid out otherwise. */
  scale?: number;
}

/** Ratings from 0 to 1 are an affine map of ratings ÷ 10, which stretches squared errors by so much. */
const ninths = 100 / 81;

const readings: readonly Reading[] = [
  {
    reading: "ids",
    says: "word numbers by frequency, divided by the number of words",
    model: (family) => `${family}-ids`,
  },
  {
    reading: "bag",
    says: "counts of the 2,470 most frequent words",
    model: (family) => `${family}-bag`,
  },
  {
    reading: "ids, ninths",
    says: "the first with (rating − 1) ÷ 9 in place of rating ÷ 10",
    model: (family) => `${family}-ids`,
    scale: ninths,
  },
  {
    reading: "bag, ninths",
    says: "the second with (rating − 1) ÷ 9",
    model: (family) => `${family}-bag`,
    scale: ninths,
  },
  {
    reading: "first seen",
    says: "word numbers by first occurrence in a folder",
    model: (family) => `${family}-first-seen`,
  },
  {
    reading: "in order",
    says:
      "rows come folder by folder, and a batch of validation reviews follows each batch of training " +
      "reviews",
    model: (family) => `${family}-in-order`,
    validation: "batchValidation",
  },
];

/** A published number of study 1 beside ours. */
export interface ReadNumber {
  /** Letter of the network, A to F. */
  letter: string;
  part: "training" | "validation";
  published: number;
  /** Mean over our trainings; `null` where there is none. */
  ours: number | null;
}

/** What a reading gives of the twelve published numbers. */
export interface ReadingRow {
  reading: string;
  says: string;
  numbers: ReadNumber[];
  /** How many of ours are within .01 of the published ones. */
  within: number;
  /** Of how many there are runs. */
  known: number;
}

/** How near two errors of ratings ÷ 10 must be, which were published with two decimals. */
const NEAR = 0.01;

/** Whether an error of ratings ÷ 10 is within .01 of a published one. */
export function isNear(ours: number, published: number): boolean {
  return Math.abs(ours - published) <= NEAR + 1e-9;
}

/**
 * All readings of study 1's document that were tried, and how many of its twelve numbers, two of each of
 * six networks, each of them gives.
 */
export function ratingReadings(): ReadingRow[] {
  const runs = listRuns("rating").filter(({ profile, standIn }) => profile === "full" && !standIn);
  return readings.map(({ reading, says, model, validation = "bestValidation", scale = 1 }) => {
    const numbers = published.models.flatMap((network): ReadNumber[] => {
      const own = runs.filter((run) => run.model === model(network.family));
      const ours = (metric: string) =>
        own.length > 0 ? scale * summarize(own.map(({ metrics }) => metrics[metric])).mean : null;
      const { letter } = network;
      return [
        { letter, part: "training", published: network.train, ours: ours("bestTrain") },
        { letter, part: "validation", published: network.validation, ours: ours(validation) },
      ];
    });
    const known = numbers.filter(({ ours }) => ours !== null);
    const within = known.filter(({ ours, published }) => isNear(ours!, published));
    return { reading, says, numbers, within: within.length, known: known.length };
  });
}

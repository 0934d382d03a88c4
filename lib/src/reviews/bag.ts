import type { NdArray } from "../engine/arrays";
import { type BagTerms, chooseBag, type ChosenBag } from "../models/linear";
import { calibrate } from "./calibrate";
import {
  finished,
  type Learned,
  type Lesson,
  placesOf,
  uncalibrated,
  withEveryRating,
} from "./learn";
import type { Review } from "./load";
import { packFloats, packRounded } from "./pack";
import { type PackedRater, wordsOf } from "./player.cjs";
import type { RatingScale } from "./ratings";
import { LONGEST_TEXT } from "./sizes";

/** Terms of a bag at most, so that a page of it stays small. */
const mostTerms = (classes: number) => Math.min(150_000, Math.floor(750_000 / classes));
/** To choose among bags so many reviews suffice. */
const CHOOSING = 6000;

const tokenizer = (text: string) => wordsOf(text);

function bagsOf(classes: number): BagTerms[] {
  const terms = { words: 2, minDf: 2, maxFeatures: mostTerms(classes), tokenizer };
  return [
    { ...terms, weights: "tfidf", strengths: [3, 10, 30] },
    { ...terms, weights: "naiveBayes", strengths: [0.03, 0.1, 0.3] },
  ];
}

/** The strongest bag of words and pairs of words: what a network must beat to have learned more. */
export function learnBag(lesson: Lesson): Learned {
  const { train, validation, scale, sizes } = lesson;
  const rows = evenly(train, sizes.bagRows);
  const labelled = (reviews: readonly Review[]) => ({
    texts: reviews.map(({ text }) => text),
    labels: placesOf(reviews, scale),
  });
  const choice = {
    validation: labelled(validation),
    score: (labels: ArrayLike<number>, probabilities: NdArray<Float32Array>) =>
      -calibrate(labels, probabilities).loss,
    classWeight: "balanced",
  } as const;
  let chosen = chooseBag({
    ...choice,
    candidates: bagsOf(scale.values.length),
    train: labelled(evenly(rows, CHOOSING)),
  });
  if (rows.length > CHOOSING) {
    const candidates = [{ ...chosen.terms, strengths: [chosen.C] }];
    chosen = chooseBag({ ...choice, candidates, train: labelled(rows) });
  }
  return finished(packBag(chosen, scale), lesson);
}

/** So many of the reviews, all parts of the list alike, and some of each rating. */
function evenly(list: readonly Review[], most: number): readonly Review[] {
  if (list.length <= most) return list;
  const part = Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
  return withEveryRating(part, list);
}

function packBag({ learned, terms }: ChosenBag, { values, labels }: RatingScale): PackedRater {
  const { featureNames, idf, coef, intercept } = learned;
  const width = intercept.length;
  const tables: PackedRater["tables"] = {
    coefficients: packRounded({ data: coef, shape: [featureNames.length, width] }, 16),
    intercept: packFloats({ data: intercept, shape: [1, width] }),
  };
  if (idf) tables.rarity = packRounded({ data: idf, shape: [idf.length, 1] }, 16);
  return {
    kind: "bag",
    values,
    labels,
    terms: featureNames.join("\n"),
    tables,
    length: LONGEST_TEXT,
    calibration: uncalibrated(values.length),
    weights: terms.weights,
  };
}

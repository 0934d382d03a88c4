import type { DataOrigin } from "../../data";
import { sha256 } from "../../files/sum.cjs";
import { meanSquaredError } from "../../metrics";
import { LogisticRegression, Ridge, TfidfVectorizer } from "../../models";
import { bags, strongestBag } from "../experiment/bag";
import { memo } from "../experiment/memo";
import { type DataOptions, folders, sampleOptions, splitByFilm } from "./data";
import { fromNumbers, fromProbabilities, type Outputs } from "./scores";
import type { LinearSettings } from "./settings";
import { VALIDATION_SHARE } from "./words";

/** Texts and their ratings. */
export interface TextRows {
  texts: string[];
  ratings: number[];
}

/** The reviews as texts. */
export interface Texts extends DataOrigin {
  train: TextRows;
  /** Where some are held back: a tenth of the training folder, of films that are not in `train`. */
  validation?: TextRows;
  test: TextRows;
  /** The ratings that occur, in order. */
  classes: number[];
}

/**
 * Prepares the reviews as texts.
 *
 * @throws StarlitError if the reviews are damaged, or nowhere to be had and no stand-in is wanted
 */
export function prepareTexts(options: DataOptions): Promise<Texts> {
  return prepared(sampleOptions(options), false);
}

/** The same, with the validation reviews that the networks have by the same seed. */
export async function prepareValidatedTexts(
  options: DataOptions,
): Promise<Texts & { validation: TextRows }> {
  return (await prepared(options, true)) as Texts & { validation: TextRows };
}

const prepared = memo(makeTexts);

async function makeTexts(options: DataOptions, validated: boolean): Promise<Texts> {
  const { train, test, origin } = await folders(options);
  const part = (rows: readonly { text: string; rating: number }[]): TextRows => ({
    texts: rows.map(({ text }) => text),
    ratings: rows.map(({ rating }) => rating),
  });
  const [fitted, held] = validated
    ? splitByFilm(train, VALIDATION_SHARE, options.seed)
    : [train, undefined];
  const parts = {
    train: part(fitted),
    ...(held && { validation: part(held) }),
    test: part(test),
  };
  const classes = [...new Set(parts.train.ratings)].sort((a, b) => a - b);
  const fingerprint = sha256(JSON.stringify(parts)).slice(0, 16);
  return { ...origin, ...parts, classes, fingerprint };
}

/**
 * What a bag of words can do, tf-idf with logarithms of the counts: ridge regression, or the
 * expected rating of a logistic regression with a class a rating. Words and pairs of words that occur
 * three times count, single words twice; C is 3.
 *
 * @returns what it says of the test texts
 */
export function fitLinear(
  { train, test, classes }: Texts,
  { model, pairs }: LinearSettings,
): Outputs {
  const vectorizer = new TfidfVectorizer({
    ngramRange: [1, pairs ? 2 : 1],
    minDf: pairs ? 3 : 2,
    sublinearTf: true,
  });
  const x = vectorizer.fitTransform(train.texts);
  const unseen = vectorizer.transform(test.texts);
  if (model === "ridge") {
    return fromNumbers(new Ridge().fit(x, train.ratings).predict(unseen), classes);
  }
  const regression = new LogisticRegression({ C: 3 }).fit(x, train.ratings);
  return fromProbabilities(regression.predictProba(unseen), classes);
}

/**
 * The strongest bag: the expected rating of a logistic regression with a class a rating, of the terms
 * that err least on the validation reviews.
 */
export function fitBag({ train, validation, test, classes }: Texts & { validation: TextRows }) {
  const labelled = ({ texts, ratings }: TextRows) => ({ texts, labels: ratings });
  const { outputs, choice } = strongestBag(
    {
      candidates: bags({ triples: true }),
      train: labelled(train),
      validation: labelled(validation),
      score: (ratings, probabilities) =>
        -meanSquaredError(ratings, fromProbabilities(probabilities, classes).ratings),
    },
    { test: test.texts, validation: validation.texts },
  );
  return {
    test: fromProbabilities(outputs.test, classes),
    validation: fromProbabilities(outputs.validation, classes),
    choice,
  };
}

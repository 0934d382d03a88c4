import type { NdArray } from "../../engine/arrays";
import { StarlitError } from "../../engine/errors";
import { checkOptions } from "../../engine/options";
import { type CountOptions, CountVectorizer } from "./counts";
import { type Csr, joinColumns } from "./csr";
import { LogisticRegression } from "./logistic";
import { NaiveBayesLogistic } from "./naiveBayes";
import { TfidfVectorizer } from "./tfidf";

/** Which terms of a text a bag holds, and what each weighs. */
export interface BagTerms extends Pick<CountOptions, "minDf" | "maxFeatures" | "tokenizer"> {
  /**
   * `tfidf`: 1 + ln(count) times the inverse document frequency; `naiveBayes`: whether the term is there
   * times its log-count ratio, see `NaiveBayesLogistic`.
   */
  weights: "tfidf" | "naiveBayes";
  /** Runs of one to so many words. Default 1. */
  words?: number;
  /** Runs of characters inside words, from least to most; none unless told. */
  characters?: [least: number, most: number];
  /** Inverse strengths of the penalty that are tried, as `C` of `LogisticRegression`. */
  strengths: readonly number[];
}

/** Texts and the class of each. */
export interface LabelledTexts {
  texts: readonly string[];
  labels: ArrayLike<number>;
}

/** Reads texts as terms, learnt from others. */
interface Reader {
  featureNames: string[];
  idf?: Float64Array;
  fitTransform(texts: readonly string[]): Csr;
  transform(texts: readonly string[]): Csr;
}

const termNames: readonly (keyof BagTerms)[] = [
  "weights",
  "words",
  "characters",
  "minDf",
  "maxFeatures",
  "tokenizer",
  "strengths",
];

function readersOf(terms: BagTerms): Reader[] {
  checkOptions("a bag", terms, termNames);
  const { weights, words = 1, characters, minDf, maxFeatures, tokenizer } = terms;
  const reader = (options: CountOptions): Reader => {
    const all = { minDf, maxFeatures, ...options };
    if (weights === "tfidf") return new TfidfVectorizer({ ...all, sublinearTf: true });
    if (weights === "naiveBayes") return new CountVectorizer({ ...all, binary: true });
    throw new StarlitError(`weights is "${String(weights)}": use "tfidf" or "naiveBayes".`);
  };
  const ofWords = reader({ ngramRange: [1, words], tokenizer });
  if (!characters) return [ofWords];
  return [ofWords, reader({ analyzer: "charWb", ngramRange: characters })];
}

const joined = (readers: readonly Reader[]) =>
  Float64Array.from(readers.flatMap(({ idf = [] }) => Array.from(idf)));

/** What `chooseBag` chooses from, and how. */
export interface BagChoice {
  candidates: readonly BagTerms[];
  train: LabelledTexts;
  /** Texts that are not trained on: the bag that scores best on them is chosen. */
  validation: LabelledTexts;
  /**
   * How good the probabilities (N, classes) of the validation texts are, larger is better; classes come
   * in the order of their numbers.
   */
  score: (labels: ArrayLike<number>, probabilities: NdArray<Float32Array>) => number;
  classWeight?: "balanced";
}

const choiceNames: readonly (keyof BagChoice)[] = [
  "candidates",
  "train",
  "validation",
  "score",
  "classWeight",
];

/** A bag that was tried. */
export interface TriedBag {
  terms: BagTerms;
  C: number;
  /** On the validation texts. */
  score: number;
}

/** What a bag has learned: enough to read texts elsewhere. */
export interface LearnedBag {
  /** The terms in order of their columns; words of longer runs are parted by blanks. */
  featureNames: string[];
  /** Inverse document frequency of each term, where terms weigh by it. */
  idf: Float64Array | null;
  /** Weights (features, width), row-major; width is 1 for two classes, see `LogisticRegression`. */
  coef: Float64Array;
  /** Offsets (width). */
  intercept: Float64Array;
}

/** The bag that was chosen. */
export interface ChosenBag extends TriedBag {
  /** All that were tried, in order. */
  tried: TriedBag[];
  learned: LearnedBag;
  /** Probability of each class for texts (N, classes). */
  predictProba: (texts: readonly string[]) => NdArray<Float32Array>;
}

/**
 * The strongest bag of terms, a logistic regression that knows which terms are in a text, not where:
 * each kind of terms with each strength is fitted on the training texts, and the best on the validation
 * texts is chosen. What a network must beat to have learned more.
 *
 * @throws StarlitError if there is nothing to choose from
 */
export function chooseBag(choice: BagChoice): ChosenBag {
  checkOptions("chooseBag", choice, choiceNames);
  const { candidates, train, validation, score, classWeight } = choice;
  const tried: TriedBag[] = [];
  let best: ChosenBag | undefined;
  for (const terms of candidates) {
    const readers = readersOf(terms);
    const x = readers.map((reader) => reader.fitTransform(train.texts)).reduce(joinColumns);
    const read = (texts: readonly string[]) =>
      readers.map((reader) => reader.transform(texts)).reduce(joinColumns);
    const z = read(validation.texts);
    for (const C of terms.strengths) {
      const options = { C, classWeight, maxIter: 300 };
      const model =
        terms.weights === "naiveBayes"
          ? new NaiveBayesLogistic(options)
          : new LogisticRegression(options);
      model.fit(x, train.labels);
      const found = { terms, C, score: score(validation.labels, model.predictProba(z)) };
      tried.push(found);
      if (best && !(found.score > best.score)) continue;
      const learned = {
        featureNames: readers.flatMap(({ featureNames }) => featureNames),
        idf: terms.weights === "tfidf" ? joined(readers) : null,
        coef: model.coef,
        intercept: model.intercept,
      };
      best = { ...found, tried, learned, predictProba: (texts) => model.predictProba(read(texts)) };
    }
  }
  if (!best) throw new StarlitError("There is no bag to choose: give candidates and strengths.");
  return best;
}

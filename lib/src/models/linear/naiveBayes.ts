import type { NdArray } from "../../engine/arrays";
import { StarlitError } from "../../engine/errors";
import { checkOptions, checkPositive } from "../../engine/options";
import { addProduct, type Csr, scaleColumns } from "./csr";
import { LogisticRegression, logisticOptionNames, type LogisticOptions } from "./logistic";

/** Options of `NaiveBayesLogistic`. */
export interface NaiveBayesOptions extends LogisticOptions {
  /** Added to the count of each term in each class, above 0. Default 1. */
  alpha?: number;
  /**
   * How far a weight may go its own way, from 0 (all terms get the mean size of a weight, so that their
   * log-count ratios alone decide) to 1 (as fitted). Default 1.
   */
  interpolation?: number;
}

/**
 * The log-count ratio of each column, ln((p / Σp) / (q / Σq)): how much more of it there is in the
 * rows of one side (p, plus `alpha`) than in the others (q, plus `alpha`). Wang and Manning (2012),
 * "Baselines and Bigrams", equation 2.
 *
 * @param x counts, or 1 where a term is there (samples, features)
 * @param positive whether each row is of the first side
 * @throws StarlitError if the sizes differ, `alpha` is not above 0, or a count is negative
 */
export function logCountRatios(x: Csr, positive: ArrayLike<boolean>, alpha = 1): Float64Array {
  const [samples, features] = x.shape;
  if (positive.length !== samples) {
    throw new StarlitError(
      `x has ${samples} rows and positive ${positive.length}: give one value for each row.`,
    );
  }
  checkPositive("alpha", alpha);
  if (x.data.some((value) => value < 0)) {
    throw new StarlitError("A value of x is negative: give counts, which are 0 or more.");
  }
  const sides = [0, 1].map(() => new Float64Array(features).fill(alpha));
  for (let row = 0; row < samples; row++) {
    const side = sides[positive[row] ? 0 : 1];
    for (let i = x.indptr[row]; i < x.indptr[row + 1]; i++) side[x.indices[i]] += x.data[i];
  }
  const [p, q] = sides;
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const offset = Math.log(sum(q)) - Math.log(sum(p));
  return p.map((value, column) => Math.log(value) - Math.log(q[column]) + offset);
}

/**
 * Logistic regression on terms that weigh as much as their log-count ratios, each class against the
 * others: naive Bayes says what a term is worth, the regression corrects it. After Wang and Manning
 * (2012), who use a support vector machine; give it whether terms are there (`CountVectorizer` with
 * `binary`), not how often.
 */
export class NaiveBayesLogistic {
  /** The classes, in order. */
  classes: number[] = [];
  /**
   * Weights of the terms, the ratios multiplied in (features, width), row-major. Width is 1 for two
   * classes (the score of the second), the number of classes for more.
   */
  coef = new Float64Array(0);
  /** Offsets (width). */
  intercept = new Float64Array(0);

  /** @throws StarlitError for an option that there is not, or that is out of its range */
  constructor(private readonly options: NaiveBayesOptions = {}) {
    const own = ["alpha", "interpolation"];
    checkOptions("NaiveBayesLogistic", options, [...logisticOptionNames, ...own]);
    const { alpha = 1, interpolation = 1, ...logistic } = options;
    new LogisticRegression(logistic); // which refuses what is out of its range
    checkPositive("alpha", alpha);
    if (!(interpolation >= 0 && interpolation <= 1)) {
      throw new StarlitError(`interpolation is ${interpolation}: give a number from 0 to 1.`);
    }
  }

  /**
   * @param x counts of terms, 0 or more (samples, features)
   * @param y the class of each sample
   * @throws StarlitError if the sizes differ or there is one class alone
   */
  fit(x: Csr, y: ArrayLike<number>): this {
    const { alpha, interpolation = 1, ...logistic } = this.options;
    const labels = Array.from(y);
    this.classes = [...new Set(labels)].sort((a, b) => a - b);
    if (this.classes.length < 2)
      throw new StarlitError("y has one class alone: give two at least.");
    const sides = this.classes.length === 2 ? this.classes.slice(1) : this.classes;
    const features = x.shape[1];
    this.coef = new Float64Array(features * sides.length);
    this.intercept = new Float64Array(sides.length);
    sides.forEach((side, k) => {
      const positive = labels.map((label) => label === side);
      const ratios = logCountRatios(x, positive, alpha);
      const model = new LogisticRegression(logistic);
      model.fit(scaleColumns(x, ratios), positive.map(Number));
      const mean = model.coef.reduce((sum, weight) => sum + Math.abs(weight), 0) / features;
      ratios.forEach((ratio, column) => {
        const weight = (1 - interpolation) * mean + interpolation * model.coef[column];
        this.coef[column * sides.length + k] = ratio * weight;
      });
      this.intercept[k] = model.intercept[0];
    });
    return this;
  }

  /**
   * Probability of each class (samples, classes), in the order of `classes`; of more than two classes
   * each against the others, divided by their sum.
   *
   * @param x (samples, features)
   */
  predictProba(x: Csr): NdArray<Float32Array> {
    const [rows] = x.shape;
    const width = this.intercept.length;
    const scores = new Float64Array(rows * width);
    for (let i = 0; i < scores.length; i++) scores[i] = this.intercept[i % width];
    addProduct(x, this.coef, width, scores);
    const shares = scores.map((score) => 1 / (1 + Math.exp(-score)));
    const data = new Float32Array(rows * this.classes.length);
    for (let row = 0; row < rows; row++) {
      if (width === 1) {
        data.set([1 - shares[row], shares[row]], 2 * row);
        continue;
      }
      const own = shares.subarray(row * width, (row + 1) * width);
      const sum = own.reduce((total, share) => total + share, 0);
      own.forEach((share, k) => (data[row * width + k] = share / sum));
    }
    return { data, shape: [rows, this.classes.length] };
  }
}

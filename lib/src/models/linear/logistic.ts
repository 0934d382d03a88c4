import { argmax, type NdArray } from "../../engine/arrays";
import { StarlitError } from "../../engine/errors";
import { checkOptions, checkPositive, checkWholeNumber } from "../../engine/options";
import { addProduct, addTransposedProduct, type Csr, transpose } from "./csr";
import { minimize, type Objective } from "./lbfgs";

/** Options of `LogisticRegression`, with the names and defaults of scikit-learn. */
export interface LogisticOptions {
  /** Inverse strength of the L2 penalty: larger fits closer. */
  C?: number;
  maxIter?: number;
  /** The largest entry of the gradient of the mean loss at which the fit is done. */
  tol?: number;
  /** "balanced": each class weighs the same in all, however rare. */
  classWeight?: "balanced";
}

/** The names of `LogisticOptions`. */
export const logisticOptionNames = [
  "C",
  "maxIter",
  "tol",
  "classWeight",
] as const satisfies readonly (keyof LogisticOptions)[];

/**
 * Logistic regression with an L2 penalty, fitted by L-BFGS: the sigmoid for two classes, softmax for
 * more. As scikit-learn's `LogisticRegression`.
 */
export class LogisticRegression {
  /** The classes, in order. */
  classes: number[] = [];
  /**
   * Weights (features, width), row-major. Width is 1 for two classes (the score of the second), the
   * number of classes for more.
   */
  coef = new Float64Array(0);
  /** Offsets (width). */
  intercept = new Float64Array(0);
  /** Steps that the fit took. */
  iterations = 0;
  /** Whether the fit ended before `maxIter`. */
  converged = false;

  /** @throws StarlitError for an option that there is not, or that is out of its range */
  constructor(private readonly options: LogisticOptions = {}) {
    checkOptions("LogisticRegression", options, logisticOptionNames);
    const { C = 1, maxIter = 100, tol = 1e-4, classWeight } = options;
    checkPositive("C", C);
    checkWholeNumber("maxIter", maxIter, 1);
    checkPositive("tol", tol);
    if (classWeight !== undefined && classWeight !== "balanced") {
      throw new StarlitError(
        `classWeight is ${JSON.stringify(classWeight)}: use "balanced", or leave it out.`,
      );
    }
  }

  /**
   * @param x (samples, features)
   * @param y the class of each sample
   * @throws StarlitError if the sizes differ or there is one class alone
   */
  fit(x: Csr, y: ArrayLike<number>): this {
    const [samples, features] = x.shape;
    if (y.length !== samples) {
      throw new StarlitError(
        `x has ${samples} rows and y ${y.length}: give one class for each row.`,
      );
    }
    this.classes = [...new Set(Array.from(y))].sort((a, b) => a - b);
    if (this.classes.length < 2)
      throw new StarlitError("y has one class alone: give two at least.");
    const { C = 1, maxIter = 100, tol = 1e-4 } = this.options;
    const numbers = new Map(this.classes.map((label, number) => [label, number]));
    const targets = Int32Array.from(y, (label) => numbers.get(label)!);
    const width = this.classes.length === 2 ? 1 : this.classes.length;
    const objective = meanLoss(x, targets, this.sampleWeights(targets), width, 1 / (C * samples));
    const start = new Float64Array((features + 1) * width);
    const { point, ...outcome } = minimize(objective, start, { maxIter, tol });
    this.coef = point.slice(0, features * width);
    this.intercept = point.slice(features * width);
    return Object.assign(this, outcome);
  }

  /**
   * Probability of each class (samples, classes), in the order of `classes`.
   *
   * @param x (samples, features)
   */
  predictProba(x: Csr): NdArray<Float32Array> {
    const width = this.intercept.length;
    const scores = scoresOf(x, this.coef, this.intercept);
    const shape = [x.shape[0], this.classes.length];
    if (width > 1) {
      for (let row = 0; row < x.shape[0]; row++) softmax(scores, row * width, width);
      return { data: Float32Array.from(scores), shape };
    }
    const data = new Float32Array(2 * scores.length);
    scores.forEach((score, row) => {
      data[2 * row] = sigmoid(-score);
      data[2 * row + 1] = sigmoid(score);
    });
    return { data, shape };
  }

  /**
   * The most probable class of each sample.
   *
   * @param x (samples, features)
   */
  predict(x: Csr): number[] {
    const scores = scoresOf(x, this.coef, this.intercept);
    const width = this.intercept.length;
    return Array.from({ length: x.shape[0] }, (_, row) => {
      if (width === 1) return this.classes[scores[row] > 0 ? 1 : 0];
      return this.classes[argmax(scores, row * width, width)];
    });
  }

  /** Weights of the samples, of mean 1. */
  private sampleWeights(targets: Int32Array): Float64Array {
    if (this.options.classWeight !== "balanced") return new Float64Array(targets.length).fill(1);
    const counts = this.classes.map(() => 0);
    for (const target of targets) counts[target]++;
    return Float64Array.from(targets, (k) => targets.length / (counts.length * counts[k]));
  }
}

/** Scores (samples, width) of linear weights. */
function scoresOf(x: Csr, coef: Float64Array, intercept: Float64Array): Float64Array {
  const scores = new Float64Array(x.shape[0] * intercept.length);
  for (let i = 0; i < scores.length; i++) scores[i] = intercept[i % intercept.length];
  addProduct(x, coef, intercept.length, scores);
  return scores;
}

/**
 * Mean cross-entropy plus half the penalty times the squared weights, the offsets left out.
 *
 * @param width 1: sigmoid, targets 0 and 1; more: softmax of so many scores
 */
function meanLoss(
  x: Csr,
  targets: Int32Array,
  weights: Float64Array,
  width: number,
  penalty: number,
): Objective {
  const [samples, features] = x.shape;
  // By columns both products run once through the large array of weights and jump only within the
  // small one of scores.
  const columns = transpose(x);
  const scores = new Float64Array(samples * width);
  const size = features * width;
  return (point, gradient) => {
    const coef = point.subarray(0, size);
    const intercept = point.subarray(size);
    for (let i = 0; i < scores.length; i++) scores[i] = intercept[i % width];
    addTransposedProduct(columns, coef, width, scores);
    let loss = 0;
    gradient.fill(0);
    const share = 1 / samples;
    for (let row = 0; row < samples; row++) {
      const weight = weights[row] * share;
      loss +=
        weight *
        (width === 1
          ? sigmoidLoss(scores, row, targets[row])
          : softmaxLoss(scores, row * width, width, targets[row]));
      for (let k = 0; k < width; k++) {
        scores[row * width + k] *= weight;
        gradient[size + k] += scores[row * width + k];
      }
    }
    addProduct(columns, scores, width, gradient);
    let squares = 0;
    for (let i = 0; i < size; i++) {
      squares += coef[i] * coef[i];
      gradient[i] += penalty * coef[i];
    }
    return loss + 0.5 * penalty * squares;
  };
}

const { exp } = Math;

const sigmoid = (score: number) => 1 / (1 + exp(-score));

/** The loss of a row; its score becomes the loss's derivative. */
function sigmoidLoss(scores: Float64Array, at: number, target: number): number {
  const score = scores[at];
  scores[at] = sigmoid(score) - target;
  return Math.max(score, 0) - score * target + Math.log1p(exp(-Math.abs(score)));
}

/** The loss of a row; its scores become the loss's derivatives. */
function softmaxLoss(scores: Float64Array, at: number, width: number, target: number): number {
  const score = scores[at + target];
  const loss = softmax(scores, at, width) - score;
  scores[at + target] -= 1;
  return loss;
}

/** Scores of a row become probabilities; returns the logarithm of the sum of their exponentials. */
function softmax(scores: Float64Array, at: number, width: number): number {
  let most = scores[at];
  for (let i = at + 1; i < at + width; i++) if (scores[i] > most) most = scores[i];
  let sum = 0;
  for (let i = at; i < at + width; i++) {
    scores[i] = exp(scores[i] - most);
    sum += scores[i];
  }
  for (let i = at; i < at + width; i++) scores[i] /= sum;
  return most + Math.log(sum);
}

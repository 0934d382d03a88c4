import { StarlitError } from "../../engine/errors";
import { checkOptions, checkPositive, checkWholeNumber } from "../../engine/options";
import { addProduct, addTransposedProduct, type Csr } from "./csr";
import { addScaled, dot } from "./vectors";

/** Options of `Ridge`, with scikit-learn's names. */
export interface RidgeOptions {
  /** Strength of the L2 penalty. */
  alpha?: number;
  /** Share of the first residual at which the fit is done. */
  tol?: number;
  maxIter?: number;
}

/**
 * Linear regression with an L2 penalty on the weights, the offset left out, fitted by conjugate
 * gradients. As scikit-learn's `Ridge` (`solver="sparse_cg"`).
 */
export class Ridge {
  /** Weights (features). */
  coef: Float64Array = new Float64Array(0);
  intercept = 0;
  /** Steps that the fit took. */
  iterations = 0;

  /** @throws StarlitError for an option that there is not, or that is out of its range */
  constructor(private readonly options: RidgeOptions = {}) {
    checkOptions("Ridge", options, ["alpha", "tol", "maxIter"]);
    const { alpha = 1, tol = 1e-6, maxIter = 1000 } = options;
    if (!(alpha >= 0 && alpha < Infinity)) {
      throw new StarlitError(`alpha is ${alpha}: give a number from 0 on.`);
    }
    checkPositive("tol", tol);
    checkWholeNumber("maxIter", maxIter, 1);
  }

  /**
   * @param x (samples, features)
   * @param y the number to predict for each sample
   * @throws StarlitError if the sizes differ
   */
  fit(x: Csr, y: ArrayLike<number>): this {
    const [samples, features] = x.shape;
    if (y.length !== samples) {
      throw new StarlitError(
        `x has ${samples} rows and y ${y.length}: give one number for each row.`,
      );
    }
    const { alpha = 1, tol = 1e-6, maxIter = 1000 } = this.options;
    const yMean = mean(y);
    const xMean = new Float64Array(features);
    addTransposedProduct(x, new Float64Array(samples).fill(1 / samples), 1, xMean);
    // Columns less their means would not be sparse: the means are taken off the products instead.
    const transposed = (rows: Float64Array): Float64Array => {
      const out = new Float64Array(features);
      addTransposedProduct(x, rows, 1, out);
      addScaled(out, -samples * mean(rows), xMean);
      return out;
    };
    const normal = (weights: Float64Array): Float64Array => {
      const rows = new Float64Array(samples).fill(-dot(xMean, weights));
      addProduct(x, weights, 1, rows);
      const out = transposed(rows);
      addScaled(out, alpha, weights);
      return out;
    };
    const right = transposed(Float64Array.from(y, (value) => value - yMean));
    const { solution, iterations } = conjugateGradients(normal, right, tol, maxIter);
    this.coef = solution;
    this.intercept = yMean - dot(xMean, solution);
    this.iterations = iterations;
    return this;
  }

  /**
   * The predicted number of each sample.
   *
   * @param x (samples, features)
   */
  predict(x: Csr): Float64Array {
    const out = new Float64Array(x.shape[0]).fill(this.intercept);
    addProduct(x, this.coef, 1, out);
    return out;
  }
}

/** Solves a symmetric positive definite system (Hestenes and Stiefel 1952), from zero. */
function conjugateGradients(
  multiply: (vector: Float64Array) => Float64Array,
  right: Float64Array,
  tol: number,
  maxIter: number,
): { solution: Float64Array; iterations: number } {
  const solution = new Float64Array(right.length);
  const residual = right.slice();
  const direction = right.slice();
  let squares = dot(residual, residual);
  const enough = tol * tol * squares;
  let iterations = 0;
  while (squares > enough && iterations < maxIter) {
    const image = multiply(direction);
    const step = squares / dot(direction, image);
    addScaled(solution, step, direction);
    addScaled(residual, -step, image);
    const before = squares;
    squares = dot(residual, residual);
    for (let i = 0; i < direction.length; i++) {
      direction[i] = residual[i] + (squares / before) * direction[i];
    }
    iterations++;
  }
  return { solution, iterations };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

import { loadClothingReviews } from "../lib/src/data/clothing";
import { StarlitError } from "../lib/src/engine/errors";
import {
  accuracyScore,
  f1Score,
  meanAbsoluteError,
  meanSquaredError,
  rocAucScore,
} from "../lib/src/metrics";
import { type Csr, LogisticRegression, Ridge, TfidfVectorizer } from "../lib/src/models/linear";
import { addProduct, addTransposedProduct, transpose } from "../lib/src/models/linear/csr";
import { minimize } from "../lib/src/models/linear/lbfgs";
import { trainTestSplit } from "../lib/src/text";
import { golden } from "./support";

interface SklearnOptions {
  ngram_range?: [number, number];
  min_df?: number;
  max_features?: number;
  sublinear_tf?: boolean;
}

interface Matrix {
  shape: number[];
  values: number;
  sum: number;
}

const expected = golden<{
  texts: string[];
  unseen: string[];
  stars: number[];
  small: {
    options: SklearnOptions;
    features: string[];
    idf: number[];
    rows: number[][];
    unseen: number[][];
  }[];
  fits: {
    labels: number[];
    C: number;
    classWeight: "balanced" | null;
    coef: number[][];
    intercept: number[];
    proba: number[][];
  }[];
  ridges: { alpha: number; coef: number[]; intercept: number }[];
  clothing: {
    train: Matrix;
    test: Matrix;
    features: Record<string, string>;
    logistic: {
      accuracy: number;
      weightedF1: number;
      macroF1: number;
      auc: number;
      mae: number;
      proba: number[][];
    };
    ridge: { mse: number; first: number[] };
  };
}>("linear");

function dense({ shape: [rows, columns], indptr, indices, data }: Csr): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const values = new Array<number>(columns).fill(0);
    for (let i = indptr[row]; i < indptr[row + 1]; i++) values[indices[i]] = data[i];
    return values;
  });
}

function expectClose(found: ArrayLike<number>, wanted: number[], digits: number): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
}

describe("TfidfVectorizer", () => {
  test.each(expected.small)("$options", ({ options, features, idf, rows, unseen }) => {
    const vectorizer = new TfidfVectorizer({
      ngramRange: options.ngram_range,
      minDf: options.min_df,
      maxFeatures: options.max_features,
      sublinearTf: options.sublinear_tf,
    });
    const found = dense(vectorizer.fitTransform(expected.texts));
    expect(vectorizer.featureNames).toEqual(features);
    expectClose(vectorizer.idf, idf, 8);
    rows.forEach((row, i) => expectClose(found[i], row, 8));
    dense(vectorizer.transform(expected.unseen)).forEach((row, i) =>
      expectClose(row, unseen[i], 8),
    );
  });

  test("a tokenizer of one's own cuts the words", () => {
    const vectorizer = new TfidfVectorizer({
      tokenizer: (text) => text.split("-"),
      ngramRange: [1, 2],
    });
    vectorizer.fit(["A-b c-A"]);
    expect(vectorizer.featureNames).toEqual(["a", "a b c", "b c", "b c a"]);
  });

  test("columns of a row rise, and texts without a term are empty rows", () => {
    const { indptr, indices } = new TfidfVectorizer().fitTransform(["zoo ape cat ape", "", "ape"]);
    expect([...indptr]).toEqual([0, 3, 3, 4]);
    expect([...indices]).toEqual([0, 1, 2, 0]);
  });

  test("no term left is said so", () => {
    const fit = () => new TfidfVectorizer({ minDf: 3 }).fit(["one two", "two"]);
    expect(fit).toThrow(StarlitError);
    expect(fit).toThrow("No term is in 3 of 2 texts");
  });
});

describe("on a few texts", () => {
  const x = new TfidfVectorizer().fitTransform(expected.texts);

  test.each(expected.fits)("logistic regression, $labels, C $C, $classWeight", (fit) => {
    const model = new LogisticRegression({
      C: fit.C,
      classWeight: fit.classWeight ?? undefined,
      tol: 1e-9,
      maxIter: 10000,
    }).fit(x, fit.labels);
    expect(model.converged).toBe(true);
    expect(model.classes).toEqual([...new Set(fit.labels)].sort());
    expectClose(model.coef, fit.coef.flat(), 4);
    expectClose(model.intercept, fit.intercept, 4);
    const proba = model.predictProba(x);
    expect(proba.shape).toEqual([fit.labels.length, model.classes.length]);
    expectClose(proba.data, fit.proba.flat(), 5);
    const best = fit.proba.map((row) => model.classes[row.indexOf(Math.max(...row))]);
    expect(model.predict(x)).toEqual(best);
  });

  test.each(expected.ridges)("ridge, alpha $alpha", ({ alpha, coef, intercept }) => {
    const model = new Ridge({ alpha, tol: 1e-10 }).fit(x, expected.stars);
    expectClose(model.coef, coef, 7);
    expect(model.intercept).toBeCloseTo(intercept, 7);
  });

  test("input that does not fit together is refused", () => {
    expect(() => new LogisticRegression().fit(x, [1, 2])).toThrow("x has 7 rows and y 2");
    expect(() => new LogisticRegression().fit(x, [1, 1, 1, 1, 1, 1, 1])).toThrow(StarlitError);
    expect(() => new Ridge().fit(x, [1, 2])).toThrow(StarlitError);
  });
});

describe("on the clothing study's split", () => {
  let x: Csr;
  let z: Csr;
  let y: number[];
  let truth: number[];
  const vectorizer = new TfidfVectorizer({ ngramRange: [1, 2], minDf: 2, sublinearTf: true });

  beforeAll(async () => {
    const rows = (await loadClothingReviews()).filter((review) => review.text !== "");
    const stratify = rows.map((review) => review.rating);
    const { train, test } = trainTestSplit(rows, { testSize: 0.2, seed: 42, stratify });
    x = vectorizer.fitTransform(train.map((review) => review.text));
    z = vectorizer.transform(test.map((review) => review.text));
    y = train.map((review) => review.rating);
    truth = test.map((review) => review.rating);
  });

  test("the matrices are scikit-learn's", () => {
    const sum = (matrix: Csr) => matrix.data.reduce((total, value) => total + value, 0);
    for (const [found, { shape, values, sum: total }] of [
      [x, expected.clothing.train],
      [z, expected.clothing.test],
    ] as const) {
      expect(found.shape).toEqual(shape);
      expect(found.data).toHaveLength(values);
      expect(sum(found)).toBeCloseTo(total, 5);
    }
    for (const [column, term] of Object.entries(expected.clothing.features)) {
      expect(vectorizer.featureNames[Number(column)]).toBe(term);
    }
  });

  test("logistic regression with balanced classes", () => {
    const wanted = expected.clothing.logistic;
    const model = new LogisticRegression({ C: 4, maxIter: 300, classWeight: "balanced" }).fit(x, y);
    const predicted = model.predict(z);
    const proba = model.predictProba(z);
    expect(model.converged).toBe(true);
    const found = {
      accuracy: accuracyScore(truth, predicted),
      weightedF1: f1Score(truth, predicted, { average: "weighted" }),
      macroF1: f1Score(truth, predicted, { average: "macro" }),
      auc: rocAucScore(truth, proba),
      mae: meanAbsoluteError(truth, predicted),
    };
    for (const [name, value] of Object.entries(found)) {
      expect(Math.abs(value - wanted[name as keyof typeof found])).toBeLessThan(0.005);
    }
    // Neither of the two goes on to the very minimum.
    const differences = wanted.proba.flat().map((value, i) => Math.abs(proba.data[i] - value));
    expect(Math.max(...differences)).toBeLessThan(0.01);
  }, 180_000);

  test("ridge", () => {
    const predicted = new Ridge({ alpha: 1 }).fit(x, y).predict(z);
    expect(meanSquaredError(truth, predicted)).toBeCloseTo(expected.clothing.ridge.mse, 5);
    expectClose(predicted.slice(0, 5), expected.clothing.ridge.first, 4);
  });
});

describe("the parts", () => {
  // [[1, 0, 2], [0, 0, 3]]
  const matrix: Csr = {
    shape: [2, 3],
    indptr: Int32Array.of(0, 2, 3),
    indices: Int32Array.of(0, 2, 2),
    data: Float64Array.of(1, 2, 3),
  };

  test("a transpose, and products from both sides", () => {
    expect(dense(transpose(matrix))).toEqual([
      [1, 0],
      [0, 0],
      [2, 3],
    ]);
    const out = Float64Array.of(10, 0, 0, 0);
    addProduct(matrix, Float64Array.of(1, 2, 3, 4, 5, 6), 2, out);
    expect([...out]).toEqual([21, 14, 15, 18]);
    const back = new Float64Array(3);
    addTransposedProduct(matrix, Float64Array.of(1, 10), 1, back);
    expect([...back]).toEqual([1, 0, 32]);
  });

  test("L-BFGS finds the minimum of a stretched bowl, and gives up on what is no number", () => {
    const bowl = (point: Float64Array, gradient: Float64Array) => {
      let value = 0;
      point.forEach((p, i) => {
        const scale = 10 ** (i / 2);
        gradient[i] = scale * (p - i);
        value += (scale * (p - i) ** 2) / 2;
      });
      return value;
    };
    const { point, converged } = minimize(bowl, new Float64Array(9), { maxIter: 500, tol: 1e-9 });
    expect(converged).toBe(true);
    expectClose(point, [0, 1, 2, 3, 4, 5, 6, 7, 8], 6);
    const failed = minimize(() => NaN, new Float64Array(2).fill(1), { maxIter: 9, tol: -1 });
    expect(failed.converged).toBe(false);
  });
});

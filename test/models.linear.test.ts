import { loadClothingReviews } from "../lib/src/data/clothing";
import { StarlitError } from "../lib/src/engine/errors";
import {
  accuracyScore,
  f1Score,
  meanAbsoluteError,
  meanSquaredError,
  rocAucScore,
} from "../lib/src/metrics";
import {
  type BagTerms,
  chooseBag,
  CountVectorizer,
  type Csr,
  logCountRatios,
  LogisticRegression,
  NaiveBayesLogistic,
  Ridge,
  TfidfVectorizer,
} from "../lib/src/models/linear";
import {
  addProduct,
  addTransposedProduct,
  joinColumns,
  transpose,
} from "../lib/src/models/linear/csr";
import { minimize } from "../lib/src/models/linear/lbfgs";
import { trainTestSplit } from "../lib/src/text";
import { golden } from "./support";

interface SklearnOptions {
  analyzer?: "char_wb";
  binary?: boolean;
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
  counts: { options: SklearnOptions; features: string[]; rows: number[][]; unseen: number[][] }[];
  naive: {
    labels: number[];
    alpha: number;
    interpolation: number;
    C: number;
    classWeight: "balanced" | null;
    ratios: number[];
    coef: number[][];
    intercept: number[];
    proba: number[][];
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
    naiveBayes: { shape: number[]; accuracy: number; auc: number; first: number[] };
    characters: Matrix;
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

const counting = (options: SklearnOptions) => ({
  analyzer: options.analyzer && ("charWb" as const),
  ngramRange: options.ngram_range,
  minDf: options.min_df,
  maxFeatures: options.max_features,
  binary: options.binary,
});

describe("CountVectorizer", () => {
  test.each(expected.counts)("$options", ({ options, features, rows, unseen }) => {
    const vectorizer = new CountVectorizer(counting(options));
    expect(dense(vectorizer.fitTransform(expected.texts))).toEqual(rows);
    expect(vectorizer.featureNames).toEqual(features);
    expect(dense(vectorizer.transform(expected.unseen))).toEqual(unseen);
  });

  test.each([
    [{ ngramrange: [1, 2] }, 'CountVectorizer has no option "ngramrange"'],
    [{ ngramRange: [2, 1] }, "the smaller first"],
    [{ ngramRange: [0, 1] }, "whole numbers above 0"],
    [{ analyzer: "char" }, 'use "word" or "charWb"'],
    [{ analyzer: "charWb", tokenizer: (text: string) => [text] }, "leave the tokenizer out"],
  ])("%j is refused", (options, message) => {
    expect(() => new CountVectorizer(options as object)).toThrow(StarlitError);
    expect(() => new CountVectorizer(options as object)).toThrow(message);
  });
});

describe("TfidfVectorizer", () => {
  test.each(expected.small)("$options", ({ options, features, idf, rows, unseen }) => {
    const vectorizer = new TfidfVectorizer({
      ...counting(options),
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

  test.each(expected.naive)(
    "naive Bayes, $labels, alpha $alpha, interpolation $interpolation, $classWeight",
    ({ labels, ratios, coef, intercept, proba, ...options }) => {
      const vectorizer = new CountVectorizer({ binary: true, ngramRange: [1, 2] });
      const terms = vectorizer.fitTransform(expected.texts);
      const model = new NaiveBayesLogistic({
        ...options,
        classWeight: options.classWeight ?? undefined,
        tol: 1e-9,
        maxIter: 10000,
      }).fit(terms, labels);
      const side = model.classes.length === 2 ? model.classes[1] : model.classes[0];
      const positive = labels.map((label) => label === side);
      expectClose(logCountRatios(terms, positive, options.alpha), ratios, 8);
      expectClose(model.coef, coef.flat(), 4);
      expectClose(model.intercept, intercept, 4);
      expect(model.predictProba(terms).shape).toEqual([labels.length, model.classes.length]);
      expectClose(model.predictProba(terms).data, proba.flat(), 5);
    },
  );

  test.each(expected.ridges)("ridge, alpha $alpha", ({ alpha, coef, intercept }) => {
    const model = new Ridge({ alpha, tol: 1e-10 }).fit(x, expected.stars);
    expectClose(model.coef, coef, 7);
    expect(model.intercept).toBeCloseTo(intercept, 7);
  });

  test("input that does not fit together is refused", () => {
    expect(() => new LogisticRegression().fit(x, [1, 2])).toThrow("x has 7 rows and y 2");
    expect(() => new LogisticRegression().fit(x, [1, 1, 1, 1, 1, 1, 1])).toThrow(StarlitError);
    expect(() => new Ridge().fit(x, [1, 2])).toThrow(StarlitError);
    expect(() => new NaiveBayesLogistic().fit(x, [1, 2])).toThrow("x has 7 rows");
    expect(() => new NaiveBayesLogistic().fit(x, [1, 1, 1, 1, 1, 1, 1])).toThrow("one class alone");
    expect(() => new NaiveBayesLogistic({ interpolation: 2 })).toThrow("from 0 to 1");
    expect(() => new NaiveBayesLogistic({ beta: 1 } as object)).toThrow('no option "beta"');
    const sides = expected.stars.map((star) => star > 3);
    expect(() => logCountRatios(x, sides, 0)).toThrow("alpha is 0");
    const negative = { ...x, data: x.data.map((value) => -value) };
    expect(() => logCountRatios(negative, sides)).toThrow("negative");
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

describe("on the clothing study's split, five stars against less", () => {
  let texts: { train: string[]; test: string[] };
  let y: number[];
  let truth: number[];

  beforeAll(async () => {
    const rows = (await loadClothingReviews()).filter((review) => review.text !== "");
    const stratify = rows.map((review) => review.rating);
    const { train, test } = trainTestSplit(rows, { testSize: 0.2, seed: 42, stratify });
    texts = { train: train.map(({ text }) => text), test: test.map(({ text }) => text) };
    y = train.map((review) => Number(review.rating === 5));
    truth = test.map((review) => Number(review.rating === 5));
  });

  test("naive Bayes of words, pairs and triples", () => {
    const wanted = expected.clothing.naiveBayes;
    const vectorizer = new CountVectorizer({ ngramRange: [1, 3], minDf: 2, binary: true });
    const x = vectorizer.fitTransform(texts.train);
    expect(x.shape).toEqual(wanted.shape);
    const model = new NaiveBayesLogistic({ C: 0.1, tol: 1e-6, maxIter: 1000 }).fit(x, y);
    const { data } = model.predictProba(vectorizer.transform(texts.test));
    const shares = data.filter((_, i) => i % 2 === 1);
    expectClose(shares.slice(0, 5), wanted.first, 3);
    const predicted = Array.from(shares, (share) => Number(share > 0.5));
    expect(accuracyScore(truth, predicted)).toBeCloseTo(wanted.accuracy, 3);
  });

  test("tf-idf of characters", () => {
    const wanted = expected.clothing.characters;
    const found = new TfidfVectorizer({
      analyzer: "charWb",
      ngramRange: [2, 5],
      minDf: 2,
      sublinearTf: true,
    }).fitTransform(texts.train);
    expect(found.shape).toEqual(wanted.shape);
    expect(found.data).toHaveLength(wanted.values);
    expect(found.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(wanted.sum, 3);
  });
});

describe("chooseBag", () => {
  // What counts is the pair "not good"; words alone cannot tell the two sides apart.
  const good = ["good not bad", "good and not bad", "so good not bad", "good never bad not"];
  const bad = ["bad not good", "bad and not good", "so bad not good", "bad never not good"];
  const train = { texts: [...good, ...bad], labels: [1, 1, 1, 1, 0, 0, 0, 0] };
  const validation = { texts: ["was good not bad", "was bad not good"], labels: [1, 0] };
  const score = (labels: ArrayLike<number>, { data }: { data: Float32Array }) =>
    Array.from(labels).filter((label, row) => data[2 * row + 1] > 0.5 === (label === 1)).length;
  const choose = (candidates: Omit<BagTerms, "strengths">[]) =>
    chooseBag({
      candidates: candidates.map((terms) => ({ ...terms, strengths: [1, 10] })),
      train,
      validation,
      score,
    });

  test.each(["tfidf", "naiveBayes"] as const)(
    "prefers pairs where order decides: %s",
    (weights) => {
      const chosen = choose([{ weights }, { weights, words: 2 }]);
      expect(chosen.terms.words).toBe(2);
      expect(chosen.score).toBe(2);
      expect(chosen.tried.map(({ terms, C }) => [terms.words, C])).toEqual([
        [undefined, 1],
        [undefined, 10],
        [2, 1],
        [2, 10],
      ]);
      const { data, shape } = chosen.predictProba(["truly bad not good"]);
      expect(shape).toEqual([1, 2]);
      expect(data[1]).toBeLessThan(0.5);
    },
  );

  test("of equals the first stays, and characters stand beside the words", () => {
    const terms: Omit<BagTerms, "strengths"> = { weights: "tfidf", words: 2, characters: [2, 3] };
    expect(choose([terms, { weights: "tfidf", words: 2 }]).terms).toMatchObject(terms);
  });

  test("nothing to choose from, and terms that there are not, are said so", () => {
    expect(() => choose([])).toThrow("give candidates and strengths");
    expect(() => choose([{ weights: "tfidf", pairs: true } as unknown as BagTerms])).toThrow(
      '"pairs"',
    );
    expect(() => choose([{ weights: "bm25" as "tfidf" }])).toThrow('use "tfidf" or "naiveBayes"');
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

  test("two matrices side by side", () => {
    expect(dense(joinColumns(matrix, { ...matrix, data: Float64Array.of(4, 5, 6) }))).toEqual([
      [1, 0, 2, 4, 0, 5],
      [0, 0, 3, 0, 0, 6],
    ]);
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

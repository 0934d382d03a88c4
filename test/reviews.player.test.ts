// The rater at work, in plain JavaScript, beside the library's own layers and linear models.
import { loadClothingReviews } from "../lib/src/data";
import { seedEverything, tf } from "../lib/src/engine";
import { chooseBag } from "../lib/src/models";
import type { Review } from "../lib/src/reviews";
import { learnBag } from "../lib/src/reviews/bag";
import { calibrate } from "../lib/src/reviews/calibrate";
import { placesOf, rawProbabilities } from "../lib/src/reviews/learn";
import { networkOf, packNetwork } from "../lib/src/reviews/network";
import { packFloats, packRounded } from "../lib/src/reviews/pack";
import {
  calibrated,
  open,
  type PackedRater,
  startAndEnd,
  tokenize,
  unpack,
  wordsOf,
} from "../lib/src/reviews/player.cjs";
import { sizesFor } from "../lib/src/reviews/sizes";
import { buildVocabulary, padSequences } from "../lib/src/text";
import { reviewReader } from "../lib/src/models";
import { predict } from "../lib/src/training";
import { logLoss } from "../lib/src/metrics";

const scale = { values: [1, 2, 3, 4, 5], labels: ["1", "2", "3", "4", "5"] };

async function clothing(count: number): Promise<Review[]> {
  const all = (await loadClothingReviews()).filter(({ text }) => text !== "");
  return all.slice(0, count).map(({ title, text, rating, clothingId, index }) => ({
    text: `${title}\n${text}`.trim(),
    rating,
    group: String(clothingId),
    line: index,
  }));
}

/** A network of large weights drawn at random, so that nothing in it is nearly zero. */
function drawn(reviews: readonly Review[]): PackedRater {
  seedEverything(3);
  const tokens = reviews.map(({ text }) => wordsOf(text));
  const { tokens: vocabulary } = buildVocabulary(tokens, { maxSize: 2000 });
  const model = reviewReader({
    recurrent: "lstm",
    reading: "pairs",
    units: 32,
    pairs: { pairBuckets: 4096, pairDim: 16, wordDropout: 0.3 },
    mask: true,
    dropout: [0.3, 0.3],
    vocabularySize: vocabulary.length,
    embeddingDim: 32,
    classes: 5,
  });
  tf.tidy(() =>
    model.setWeights(model.weights.map(({ shape }) => tf.randomNormal(shape as number[], 0, 0.7))),
  );
  return packNetwork({ model, tokens: vocabulary, length: 60 }, scale);
}

describe("the network", () => {
  test("says of 200 reviews what the library's layers say, to 1e-4", async () => {
    const reviews = await clothing(200);
    const packed = drawn(reviews);
    const ids = new Map(packed.terms.split("\n").map((term, id) => [term, id]));
    const x = padSequences(
      reviews.map(({ text }) => startAndEnd(wordsOf(text), 60).map((word) => ids.get(word) ?? 1)),
      { maxlen: 60, padding: "post" },
    );
    const library = await predict(networkOf(packed), x);
    const ours = rawProbabilities(packed, reviews);
    const worst = ours.data.reduce(
      (most, p, i) => Math.max(most, Math.abs(p - library.data[i])),
      0,
    );
    expect(worst).toBeLessThan(1e-4);
    expect(new Set(ours.data.map((p) => Math.round(20 * p))).size).toBeGreaterThan(10);
  });

  test("the effect of a word is what the rating loses without it, wherever it stands", async () => {
    const rater = open(drawn(await clothing(100)));
    const text = "I love the fit. Love it, and the color";
    const { words, rating, tokens } = rater.explain(text);
    const love = words.find(({ word }) => word === "love")!;
    const without = rater.rate("I the fit. it, and the color").rating;
    expect(love.effect).toBeCloseTo(rating - without, 6);
    const sizes = words.map(({ effect }) => Math.abs(effect));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(tokens.reduce((sum, { attention }) => sum + attention!, 0)).toBeCloseTo(1, 6);
    expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual([
      "I",
      "love",
      "the",
      "fit",
      ".",
      "Love",
      "it",
      ",",
      "and",
      "the",
      "color",
    ]);
  });

  test("texts of nothing, of unknown words and of a hundred thousand tokens are rated", async () => {
    const rater = open(drawn(await clothing(50)));
    for (const text of ["", "…", "zzzzq qqqz", "\ud800 \u0000", "word ".repeat(100_000)]) {
      const { rating, probabilities } = rater.rate(text);
      expect(rating).toBeGreaterThanOrEqual(1);
      expect(rating).toBeLessThanOrEqual(5);
      expect(probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 6);
    }
    expect(rater.explain("").words).toEqual([]);
    expect(rater.rate("zzzzq").known).toBe(0);
  });
});

describe("the linear model", () => {
  test.each([2, 5])("says what it says as it was fitted, of %d classes", async (classes) => {
    const reviews = (await clothing(300)).map((review) =>
      classes === 2 ? { ...review, rating: review.rating > 4 ? 2 : 1 } : review,
    );
    const own = { values: scale.values.slice(0, classes), labels: scale.labels.slice(0, classes) };
    const lesson = {
      train: reviews.slice(0, 240),
      validation: reviews.slice(240),
      scale: own,
      sizes: sizesFor(240),
    };
    const { packed } = learnBag(lesson);
    expect(packed.kind).toBe("bag");
    const labelled = (rows: readonly Review[]) => ({
      texts: rows.map(({ text }) => text),
      labels: placesOf(rows, own),
    });
    const chosen = chooseBag({
      candidates: [
        {
          words: 2,
          minDf: 2,
          maxFeatures: 150_000,
          tokenizer: wordsOf,
          weights: "tfidf",
          strengths: [3, 10, 30],
        },
        {
          words: 2,
          minDf: 2,
          maxFeatures: 150_000,
          tokenizer: wordsOf,
          weights: "naiveBayes",
          strengths: [0.03, 0.1, 0.3],
        },
      ],
      train: labelled(lesson.train),
      validation: labelled(lesson.validation),
      score: (labels, probabilities) => -calibrate(labels, probabilities).loss,
      classWeight: "balanced",
    });
    const fitted = chosen.predictProba(lesson.validation.map(({ text }) => text));
    const kept = rawProbabilities(packed, lesson.validation);
    const worst = kept.data.reduce((most, p, i) => Math.max(most, Math.abs(p - fitted.data[i])), 0);
    // Its weights are rounded to 16 bits.
    expect(worst).toBeLessThan(2e-3);
  });
});

test("tokens are words with their apostrophes and marks; characters where there are no blanks", () => {
  expect(wordsOf("Don’t!!<br />It's $5_a İstanbul 好看")).toEqual([
    "don't",
    "!",
    "!",
    "it's",
    "$",
    "5_a",
    "i\u0307stanbul",
    "好",
    "看",
  ]);
  expect(tokenize("a\n👍🏽b").map(({ start, end }) => [start, end])).toEqual([
    [0, 1],
    [2, 4],
    [4, 6],
    [6, 7],
  ]);
});

test("numbers that are rounded are off by half a step at most", () => {
  const data = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i) * (i % 3 === 0 ? 100 : 1));
  for (const [bits, steps] of [
    [8, 127],
    [16, 32767],
  ] as const) {
    const values = unpack(packRounded({ data, shape: [100, 3] }, bits));
    values.forEach((value, i) => {
      const step = (i % 3 === 0 ? 100 : 1) / steps;
      expect(Math.abs(value - data[i])).toBeLessThanOrEqual(step * 0.51);
    });
  }
  expect(unpack(packFloats({ data, shape: [100, 3] }))).toEqual(data);
});

test("calibration makes probabilities come true", () => {
  // Of rows said to be 90 % sure, 60 % are right.
  const rows = 1000;
  const data = Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1));
  const places = Int32Array.from({ length: rows }, (_, i) => Number(i % 10 >= 6));
  const { calibration, loss } = calibrate(places, { data, shape: [rows, 2] });
  expect(calibrated([0.9, 0.1], calibration)[0]).toBeCloseTo(0.6, 2);
  expect(loss).toBeCloseTo(
    logLoss(
      places,
      Float32Array.from(places, () => 0.4),
    ),
    3,
  );
});

import { intervalOf } from "../lib/src/reviews/player.cjs";
import type { RatedReview } from "../lib/src/data";
import { rating } from "../lib/src/studies";
import { folders, splitByFilm } from "../lib/src/studies/rating/data";
import { metadataRows, metadataScale } from "../lib/src/studies/rating/metadata";
import { intervalCoverage, readOutputs, targets } from "../lib/src/studies/rating/scores";
import { prepareTexts, prepareValidatedTexts } from "../lib/src/studies/rating/linear";
import { encodeReviews, prepareWords, startAndEnd } from "../lib/src/studies/rating/words";
import { buildVocabulary } from "../lib/src/text";
import { describeWithMirror } from "./support";

const classes = [1, 2, 3, 4, 7, 8, 9, 10];

function review(changes: Partial<RatedReview>): RatedReview {
  return {
    id: "train/neg/0_1",
    titleId: "tt1",
    split: "train",
    rating: 1,
    label: 0,
    text: "",
    titleType: "movie",
    primaryTitle: "A",
    originalTitle: "A",
    isAdult: false,
    startYear: 2000,
    endYear: null,
    runtimeMinutes: 100,
    genres: ["Drama"],
    ...changes,
  };
}

describe("the published vector", () => {
  const texts = ["The film, the film!", "A dull film the end", "the end"];
  const ranks = rating.frequencyRanks(texts);

  test("words are numbered by frequency, the first seen of equals first", () => {
    const words = ["the", "end", "film,", "film!", "a", "dull", "film"];
    expect([...ranks]).toEqual(words.map((word, i) => [word, i + 1]));
  });

  test("words are numbered in the order in which they first occur", () => {
    const words = ["the", "film,", "film!", "a", "dull", "film", "end"];
    expect([...rating.appearanceRanks(texts)]).toEqual(words.map((word, i) => [word, i + 1]));
  });

  test("holds the words' numbers in order, or how often each frequent word occurs", () => {
    const ids = rating.readVectors(["the dull new end"], ranks, "ids", 6);
    expect(Array.from(ids.data)).toEqual([1 / 7, 6 / 7, 0, 2 / 7, 0, 0].map(Math.fround));
    const bag = rating.readVectors(["the end the new dull"], ranks, "bag", 3);
    expect(Array.from(bag.data)).toEqual([2, 1, 0]);
    expect(bag.shape).toEqual([1, 3]);
  });
});

describe("words in sequence", () => {
  test("of a long review the first quarter and the end are read", () => {
    const tokens = Array.from({ length: 12 }, (_, i) => i);
    expect(startAndEnd(tokens, 8)).toEqual([0, 1, 6, 7, 8, 9, 10, 11]);
    expect(startAndEnd(tokens, 12)).toEqual(tokens);
  });

  test("paragraphs leave no token; padding stands after the end", () => {
    const tokens = rating.tokenize("Don't go.<br /><br />It's  DULL");
    expect(tokens).toEqual(["do", "n't", "go", ".", "it", "'s", "dull"]);
    const vocabulary = buildVocabulary([tokens]);
    const { data } = encodeReviews([["dull", "film"]], vocabulary, 4);
    expect(Array.from(data)).toEqual([vocabulary.idOf("dull"), 1, 0, 0]);
  });

  test("no film is on both sides of the split", () => {
    const reviews = Array.from({ length: 100 }, (_, i) => ({ titleId: `tt${i % 30}`, i }));
    const [train, validation] = splitByFilm(reviews, 0.1, 1);
    expect(train.length + validation.length).toBe(100);
    expect(validation.length).toBeGreaterThanOrEqual(10);
    expect(validation.length).toBeLessThan(14);
    const films = new Set(train.map(({ titleId }) => titleId));
    expect(validation.some(({ titleId }) => films.has(titleId))).toBe(false);
    expect(() => splitByFilm(reviews.slice(0, 1), 0.5, 1)).toThrow("give rows of more groups");
  });

  test("films drawn anew are of the training folder, of one side each, and the same for all models", async () => {
    const options = { profile: "quick", seed: 1, standIn: true, newFilms: true } as const;
    const { train, test: judged } = await folders(options);
    expect([...train, ...judged].every(({ split }) => split === "train")).toBe(true);
    const films = new Set(train.map(({ titleId }) => titleId));
    expect(judged.some(({ titleId }) => films.has(titleId))).toBe(false);
    expect(judged.length / (train.length + judged.length)).toBeCloseTo(0.2, 1);
    const texts = await prepareValidatedTexts(options);
    const words = await prepareWords({ length: 20, vocabularySize: 100 }, options);
    expect(words.test.texts).toEqual(texts.test.texts);
    expect(words.validation.texts).toEqual(texts.validation.texts);
    expect((await prepareTexts(options)).test.texts).toEqual(texts.test.texts);
    const other = await folders({ ...options, seed: 2 });
    expect(other.test.map(({ id }) => id)).not.toEqual(judged.map(({ id }) => id));
    expect(rating.settingsOf("bag-new-films", "full")).toMatchObject({ newFilms: true });
  });

  test("metadata are standardized, and 0 where they are not known", () => {
    const reviews = [
      review({ startYear: 1990, runtimeMinutes: 100, genres: ["Drama", "Horror"] }),
      review({ startYear: 2010, runtimeMinutes: 100, genres: ["Comedy"] }),
      review({ startYear: null, runtimeMinutes: null, genres: [] }),
    ];
    const { data, shape } = metadataRows(reviews, metadataScale(reviews));
    expect(shape).toEqual([3, 7]);
    expect(Array.from(data)).toEqual([
      -1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });
});

describe("heads and scores", () => {
  test("targets of the heads", () => {
    expect(Array.from(targets([1, 7, 10], classes, "classes").data)).toEqual([0, 4, 7]);
    const ordinal = targets([1, 7], classes, "ordinal");
    expect(Array.from(ordinal.data)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0]);
    expect(Array.from(targets([4], classes, "number").data)).toEqual([4]);
    expect(() => targets([5], classes, "classes")).toThrow("none of 1, 2, 3, 4, 7");
  });

  test("the expected rating of probabilities, and of those that a rating is reached", () => {
    const halves = { data: new Float32Array([0.5, 0, 0, 0, 0, 0, 0, 0.5]), shape: [1, 8] };
    expect(readOutputs(halves, classes, "classes").ratings[0]).toBeCloseTo(5.5, 6);
    // From 1: three steps for sure, the gap of three points with 0.5.
    const steps = { data: new Float32Array([1, 1, 1, 0.5, 0, 0, 0]), shape: [1, 7] };
    const { ratings, probabilities } = readOutputs(steps, classes, "ordinal");
    expect(ratings[0]).toBeCloseTo(5.5, 6);
    expect(Array.from(probabilities!.data)).toEqual([0, 0, 0, 0.5, 0.5, 0, 0, 0]);
    const beyond = { data: new Float32Array([11.2, 5.4]), shape: [2, 1] };
    const numbers = readOutputs(beyond, classes, "number");
    expect(Array.from(numbers.ratings)).toEqual([10, Math.fround(5.4)]);
    expect(numbers.classes).toEqual([10, 4]);
  });

  test("a sigmoid that contradicts its left neighbour gives no negative probability", () => {
    const steps = { data: new Float32Array([0.5, 0.75, 0.25, 0, 0, 0, 0]), shape: [1, 7] };
    const { probabilities } = readOutputs(steps, classes, "ordinal");
    expect(Array.from(probabilities!.data)).toEqual([0.5, 0, 0.25, 0.25, 0, 0, 0, 0]);
  });

  test("scores as a regression and as a classification", () => {
    const outputs = { ratings: new Float32Array([2, 9]), classes: [2, 8], probabilities: null };
    const scores = rating.scores([1, 10], outputs);
    expect(scores).toMatchObject({ mse: 1, rmse: 1, mae: 1, side: 1, accuracy: 0, withinOne: 0.5 });
    expect(scores.r2).toBeCloseTo(1 - 2 / 40.5, 12);
  });

  test("the mean error of each true rating", () => {
    expect(rating.errorsByRating([10, 1, 1], [9, 2, 4])).toEqual([
      { rating: 1, error: 2, sd: 1, count: 2 },
      { rating: 10, error: -1, sd: 0, count: 1 },
    ]);
  });

  test("the interval leaves a tenth on either side at most", () => {
    expect(intervalOf([0.05, 0.05, 0.6, 0.25, 0.05, 0, 0, 0], classes)).toEqual([2, 4]);
    expect(intervalOf([1, 0, 0, 0, 0, 0, 0, 0], classes)).toEqual([1, 1]);
    const data = new Float32Array([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(intervalCoverage([1, 9], { data, shape: [2, 8] }, classes)).toBe(0.5);
  });
});

describe("films", () => {
  const reviews = [
    ...Array.from({ length: 40 }, (_, i) =>
      review({ titleId: `new${i}`, startYear: 2005, label: i < 30 ? 0 : 1 }),
    ),
    ...Array.from({ length: 38 }, (_, i) =>
      review({ titleId: `old${i}`, startYear: 1950, label: i < 10 ? 0 : 1, genres: ["Western"] }),
    ),
  ];

  test("the test of newer films compares shares, and draws films for its interval", () => {
    const found = rating.newerFilmsTest([...reviews, review({ startYear: null })], 1);
    expect(found).toMatchObject({ year: 2005, negative: 30 / 40, positive: 10 / 38 });
    expect(found.z).toBeGreaterThan(4);
    expect(found.low).toBeGreaterThan(0.2);
    expect(found.low).toBeLessThan(found.difference);
    expect(found.high).toBeGreaterThan(found.difference);
    // The same reviews from two films only: they are no evidence any more.
    const few = reviews.map((each) => ({ ...each, titleId: each.titleId.slice(0, 3) }));
    expect(rating.newerFilmsTest(few, 1).low).toBeLessThanOrEqual(0);
    expect(() => rating.newerFilmsTest(reviews.slice(0, 5), 1)).toThrow("negative and positive");
  });

  test("genres are counted on either side", () => {
    expect(rating.genreShares([...reviews, review({ genres: [] })])).toEqual([
      { genre: "Drama", negative: 0.75, positive: 10 / 38 },
      { genre: "Western", negative: 0.25, positive: 28 / 38 },
    ]);
  });
});

test("an unknown model, and a rater that is not made yet, are told in a sentence", () => {
  expect(() => rating.settingsOf("gru-9", "full")).toThrow('no model "gru-9": did you mean "gru"?');
  expect(rating.models.filter((name) => /-(bag|ids)$/.test(name))).toHaveLength(12);
  const before = process.env.STARLIT_DATA;
  process.env.STARLIT_DATA = "/nowhere";
  expect(() => rating.loadRater()).toThrow("npx starlit train-rater");
  if (before === undefined) delete process.env.STARLIT_DATA;
  else process.env.STARLIT_DATA = before;
});

describeWithMirror("the film reviews", () => {
  test("numbered as they first occur, words give 97 of 100 negative reviews away", async () => {
    const { test: reviews } = await rating.folders({ profile: "full", seed: 1 });
    const [positive, negative] = [1, 0].map((side) =>
      reviews.filter(({ label }) => label === side).map(({ text }) => text),
    );
    const last = rating.appearanceRanks(positive).size;
    const ranks = rating.appearanceRanks([...positive, ...negative]);
    const beyond = negative.filter((text) =>
      rating.plainWords(text).some((word) => ranks.get(word)! > last),
    );
    expect(beyond.length / negative.length).toBeCloseTo(0.966, 3);
  });

  test("numbered as they first occur, no word of a positive review has a negative one's number", async () => {
    const quick = { profile: "quick", seed: 1 } as const;
    const { test: reviews } = await rating.folders(quick);
    const [positive, all] = [reviews.filter(({ label }) => label === 1), reviews].map(
      (each) => rating.appearanceRanks(each.map(({ text }) => text)).size,
    );
    const { test: rows } = await rating.prepareVectors("first-seen", quick);
    const { width } = rating.published;
    const highest = reviews.map((_, row) =>
      Math.max(...rows.x.data.subarray(row * width, (row + 1) * width)),
    );
    const sides = [1, 0].map((side) => highest.filter((_, row) => reviews[row].label === side));
    expect(Math.max(...sides[0])).toBeLessThanOrEqual(positive / all + 1e-6);
    expect(Math.max(...sides[1])).toBeCloseTo(1, 6);
  });

  test("are as the document says: the longest has 2,470 words, ratings 5 and 6 are missing", async () => {
    const { reviews } = await rating.loadReviews();
    const longest = (split: string) =>
      reviews
        .filter((each) => each.split === split)
        .reduce((most, { text }) => Math.max(most, rating.plainWords(text).length), 0);
    expect(longest("train")).toBe(rating.published.width);
    expect(longest("test")).toBe(2278);
    const counts = classes.map((rating) => reviews.filter((each) => each.rating === rating).length);
    expect(counts).toEqual([10122, 4586, 4961, 5331, 4803, 5859, 4607, 9731]);
    const { begins, ...row } = rating.published.sampleRow;
    const found = reviews.filter(({ titleId }) => titleId === row.titleId);
    expect(found.find(({ text }) => text.startsWith(begins))).toMatchObject(row);
    // Squared error of a constant, on the scale from 1 to 10: the test folder's variance.
    const test = reviews.filter(({ split }) => split === "test").map(({ rating }) => rating);
    const mean = test.reduce((sum, rating) => sum + rating, 0) / test.length;
    const variance = test.reduce((sum, rating) => sum + (rating - mean) ** 2, 0) / test.length;
    expect(variance).toBeCloseTo(12.19, 2);
  }, 60_000);

  test("are split by film, and the quick profile takes some of them", async () => {
    const settings = { length: 50, vocabularySize: 500 };
    const data = await rating.prepareWords(settings, { profile: "quick", seed: 1 });
    expect(data.train.texts.length + data.validation.texts.length).toBe(300);
    expect(data.test.x.shape).toEqual([150, 50]);
    expect(data.classes).toEqual(classes);
    expect(data.vocabulary.size).toBe(500);
    expect(data.train.metadata.shape[0]).toBe(data.train.ratings.length);
  }, 60_000);
});

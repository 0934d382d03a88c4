import { loadImdbReviews, loadTweets, type Tweet } from "../lib/src/data";
import { StarlitError, tf } from "../lib/src/engine";
import { attention } from "../lib/src/studies";
import { plainLinks, tokenParts } from "../lib/src/studies/attention/data";
import { deleteWords } from "../lib/src/studies/attention/deletion";
import { batchScores } from "../lib/src/studies/attention/scores";
import { prepareTweets, publishedPool, splitTweets } from "../lib/src/studies/attention/tweets";
import { unpackArray } from "../lib/src/training";
import { describeWithMirror, freshData } from "./support";

freshData();
beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => {}));

test("the published test accuracy of the tweets is what a pooled test set gives", () => {
  const { train, validation, test: found } = attention.published.tweets.models["lstm-attention"];
  const pooled = 0.8 * train.accuracy + 0.2 * validation.accuracy;
  expect(pooled).toBeCloseTo(0.7967, 4);
  expect(Math.abs(pooled - found.accuracy)).toBeLessThan(0.001);
  // A document with the honest model's accuracy on both would not have that gap.
  expect(found.accuracy - validation.accuracy).toBeGreaterThan(0.18);
});

test("lower-cased spaCy tokens, as the document prints them", () => {
  const { sentences } = attention.published.tweets;
  expect(attention.lowerTokens(sentences[2].text).slice(0, 21).join(" ")).toBe(
    "extremely let down by this product . it feels cheaply made , does n't perform as promised , and was a",
  );
});

test("vocabulary, length and filling come from the training texts alone", () => {
  const rows = (...texts: string[]) => texts.map((text, i) => ({ text, label: i % 2 }));
  const parts = {
    train: rows("good good film", "good bad film film bad"),
    validation: rows("unseen film"),
    test: rows("good"),
  };
  const data = tokenParts(parts, { length: "mean", minFrequency: 2 });
  expect(data.vocabulary.tokens).toEqual(["PAD", "UNK", "film", "good", "bad"]);
  expect([data.meanLength, data.length]).toEqual([4, 4]);
  expect([...data.train.x.data]).toEqual([3, 3, 2, 0, 3, 4, 2, 2]);
  expect([...data.validation.x.data]).toEqual([1, 2, 0, 0]);
});

const tweet = (id: string, split: Tweet["split"], text = id): Tweet => ({
  id,
  split,
  text,
  label: 1 as const,
  file: split,
});

test("the pooled protocol trains on four fifths of the test tweets, the honest one on none", () => {
  const tweets = [
    ...Array.from({ length: 80 }, (_, i) => tweet(`a${i % 70}`, "train")),
    tweet("b1", "train"),
    tweet("c", "train", "text of b2"),
    ...Array.from({ length: 40 }, (_, i) => tweet(`b${i}`, "test", `text of b${i}`)),
  ];
  const pooled = splitTweets(tweets, "pooled", 5);
  expect([pooled.train.length, pooled.validation.length, pooled.test.length]).toEqual([97, 25, 40]);
  const seen = pooled.seen.filter(Boolean).length;
  expect(seen).toBeGreaterThan(24);
  // b1 was seen in either of its two rows.
  const trained = new Set(pooled.train.map(({ id }) => id).filter((id) => id.startsWith("b")));
  expect(seen).toBe(trained.size);
  const honest = splitTweets(tweets, "honest", 5);
  // 70 numbers; b1 has the number, c the text of a test tweet.
  expect(honest.train.length + honest.validation.length).toBe(70);
  expect(honest.seen).not.toContain(true);
});

test("the published protocol: each tweet once by its number as text, without commas, tested on its own", () => {
  const dev = (id: string, text = id) => ({
    ...tweet(id, "train", text),
    file: "twitter-2013dev-A",
  });
  const tweets = [
    ...Array.from({ length: 40 }, (_, i) => tweet(`a${i}`, "train")),
    dev("b10"),
    dev("b9"),
    dev("b8", "yes, no"),
    tweet("a3", "train", "once more"),
    tweet("c", "test"),
  ];
  const { pool, test: tested } = publishedPool(tweets);
  expect(pool).toHaveLength(43);
  expect(pool.slice(0, 4).map(({ id }) => id)).toEqual(["a0", "a1", "a10", "a11"]);
  expect(pool.find(({ id }) => id === "a3")!.text).toBe("a3");
  expect(tested.map(({ id }) => id)).toEqual(["b10", "b9"]);
  const split = splitTweets(tweets, "published", 5);
  const trained = new Set(split.train.map(({ id }) => id));
  expect(split.seen).toEqual(["b10", "b9"].map((id) => trained.has(id)));
});

test("scores of batches: of those of two rows, then their mean", () => {
  const y = { data: Float32Array.of(0, 1, 1, 1), shape: [4] };
  const outputs = {
    data: Float32Array.from([1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]),
    shape: [4, 3],
  };
  // Right, right; right, wrong (said 0): recall of 1 is 1/2, 0 does not occur: mean 1/4.
  const found = batchScores(y, outputs, 2);
  expect(found.batchAccuracy).toBeCloseTo(0.75, 9);
  expect(found.batchRecall).toBeCloseTo((1 + 1 / 4) / 2, 9);
  expect(found.batchPrecision).toBeCloseTo((1 + 1 / 2) / 2, 9);
  expect(attention.scores(y, outputs).accuracy).toBe(0.75);
});

test("scores: the positive class of two, the mean over three", () => {
  const two = attention.scores(
    { data: Float32Array.of(1, 1, 0, 0), shape: [4] },
    { data: Float32Array.of(0.9, 0.2, 0.6, 0.1), shape: [4, 1] },
  );
  expect(two).toEqual({ accuracy: 0.5, precision: 0.5, recall: 0.5, f1: 0.5 });
  const three = attention.scores(
    { data: Float32Array.of(0, 1, 1, 2), shape: [4] },
    { data: Float32Array.from([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0]), shape: [4, 3] },
  );
  // All neutral: recall 0, 1, 0; precision 0, 1/2, 0.
  expect(three.recall).toBeCloseTo(1 / 3, 9);
  expect(three.precision).toBeCloseTo(1 / 6, 9);
});

test("deleted words are gone, those after them move up, PAD fills the end", () => {
  const x = { data: Int32Array.of(5, 6, 7, 0, 8, 9, 4, 3), shape: [2, 4] };
  expect([...deleteWords(x, [[1], [0, 3]]).data]).toEqual([5, 7, 0, 0, 9, 4, 0, 0]);
});

test("deleting the one word that decides moves the prediction, a random one less often", async () => {
  const model = attention.classifier("lstm-attention", {
    vocabularySize: 12,
    embeddingDim: 2,
    units: 2,
  });
  // The word 2 alone has a vector; the state, its attention and the output follow it.
  const table = Array.from({ length: 24 }, (_, i) => (i === 4 || i === 5 ? 3 : 0));
  const values = [table, [], [], [], [4, 4], [0], [6, 6], [-1]];
  tf.tidy(() =>
    model.setWeights(
      model
        .getWeights()
        .map((weight, i) =>
          values[i].length > 0
            ? tf.tensor(values[i], weight.shape)
            : tf.fill(weight.shape, i === 1 ? 1 : 0),
        ),
    ),
  );
  const row = (place: number) =>
    Array.from({ length: 10 }, (_, i) => (i === place ? 2 : 3 + (i % 8)));
  const places = Array.from({ length: 20 }, (_, i) => i % 10);
  const x = { data: Int32Array.from(places.flatMap(row)), shape: [20, 10] };
  const [attended, random] = await attention.deletionTest(model, x, { counts: [1], seed: 1 });
  expect(attended).toMatchObject({ words: "most attended", count: 1, flipped: 1 });
  expect(random.flipped).toBeLessThan(0.5);
  expect(attended.change).toBeGreaterThan(2 * random.change);
});

test("every model has the published protocol but our own", () => {
  for (const name of attention.models.filter((each) => !each.includes("own"))) {
    expect(attention.settingsOf(name, "full")).toMatchObject({
      epochs: 15,
      batchSize: 64,
      length: name === "tweets-published-rnn" ? "longest" : "mean",
      minFrequency: 5,
    });
  }
  expect(() => attention.settingsOf("lstm", "full")).toThrow(StarlitError);
});

const tiny = { epochs: 2, units: 4, embeddingDim: 4, length: 20 } as const;

test("a small training may take as many film reviews as it needs, of the first tokens each", async () => {
  const options = { profile: "quick", seed: 1, reviews: 700, standIn: true } as const;
  const { train, test } = await attention.firstTokens(9, options);
  expect([train.x.shape[0], test.x.shape[0]]).toEqual([560, 70]);
  const ids = Array.from({ length: train.x.shape[1] - 9 }, (_, i) => train.x.data[9 + i]);
  expect(new Set(ids)).toEqual(new Set([0]));
});

test("a run on film reviews keeps attention by epoch and the deletion test", async () => {
  const options = { profile: "quick", seed: 1, standIn: true, settings: tiny } as const;
  const run = await attention.run("imdb-lstm-attention", options);
  expect(run.history.valF1).toHaveLength(2);
  // PAD never receives attention where the mask is on.
  expect(run.metrics.paddingAttention).toBe(0);
  expect(run.metrics.bestEpoch).toBe(1 + run.history.valF1.indexOf(Math.max(...run.history.valF1)));
  expect(run.metrics.validationF1).toBeCloseTo(Math.max(...run.history.valF1), 6);
  expect(run.metrics.extraAccuracy).toBeGreaterThan(0.5);
  const weights = unpackArray(run.predictions!.attention);
  expect(weights.shape).toEqual([2, 2, 20]);
  for (let row = 0; row < 4; row++) {
    const sum = weights.data.subarray(row * 20, (row + 1) * 20).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo(1, 3);
  }
  expect(run.predictions!.deletion.shape).toEqual([2, attention.deletionCounts.length, 2]);
  expect(await attention.run("imdb-lstm-attention", options)).toEqual(run);
});

test("runs on tweets tell what was seen; without a mask PAD gets attention", async () => {
  const options = { profile: "quick", seed: 1, standIn: true } as const;
  const settings = { ...tiny, epochs: 1, mask: false };
  const pooled = await attention.run("tweets-pooled-lstm-attention", { ...options, settings });
  expect(pooled.metrics.seenShare).toBeCloseTo(0.8, 1);
  expect(pooled.metrics.paddingAttention).toBeGreaterThan(0);
  const { data: byEpoch, shape } = unpackArray(pooled.predictions!.testByEpoch);
  expect(shape).toEqual([1, 2]);
  const { seenShare: share, accuracy } = pooled.metrics;
  expect(share * byEpoch[0] + (1 - share) * byEpoch[1]).toBeCloseTo(accuracy, 5);
  expect(pooled.predictions!.sentences.shape).toEqual([3, 3]);
  for (const name of ["ffnn", "rnn", "lstm-attention"] as const) {
    const shown = { ...options, settings: { ...tiny, epochs: 1 } };
    const published = await attention.run(`tweets-published-${name}`, shown);
    expect(published.metrics.seenShare).toBeCloseTo(0.8, 1);
    expect(published.metrics.trainBatchF1).toBe(published.history.batchF1[0]);
    expect(published.metrics.validationBatchF1).toBeCloseTo(published.history.valBatchF1[0], 6);
    // The lowest loss of a softmax taken twice is ln(e + 2) − 1 = .551.
    if (name === "lstm-attention") expect(published.metrics.trainLoss).toBeGreaterThan(0.551);
  }
  const own = await attention.run("tweets-own", { ...options, settings: { ...tiny, epochs: 1 } });
  expect(own.metrics.seenShare).toBe(0);
});

test("the linear reference reads whole texts and has the same scores", async () => {
  const run = await attention.run("tweets-linear", { profile: "quick", seed: 1, standIn: true });
  expect(Object.keys(run.metrics)).toEqual(
    expect.arrayContaining(["accuracy", "recall", "validationF1"]),
  );
  expect(run.metrics.recall).toBeGreaterThan(0.5);
});

describeWithMirror("with the film reviews and the tweets", () => {
  const full = { profile: "full", seed: 1, standIn: false } as const;

  test("the train folder has 272.46 tokens a review and 31,294 words seen five times", async () => {
    const { reviews } = await loadImdbReviews({ standIn: false });
    const train = reviews.filter(({ split }) => split === "train");
    const one = train.slice(0, 1);
    const data = tokenParts(
      { train, validation: one, test: one },
      { length: "mean", minFrequency: 5 },
    );
    expect(data.meanLength).toBeCloseTo(272.46, 2);
    expect(data.length).toBe(attention.published.imdb.length);
    // spaCy's 31,294 words, and PAD and UNK.
    expect(Math.abs(data.vocabulary.size - 31_296)).toBeLessThanOrEqual(5);
  });

  test("the published pool begins as printed, and has the published length and shares", async () => {
    const { tweets } = await loadTweets({ standIn: false });
    const { pool, test: tested } = publishedPool(tweets);
    expect(pool).toHaveLength(42_010);
    const { head, length } = attention.published.tweets.pool;
    expect(pool.slice(0, 5).map(({ id, label }) => ({ id, label }))).toEqual(head);
    expect(pool[0].text.startsWith("One Night like In Vegas")).toBe(true);
    const data = await prepareTweets("published", { ...full, length: "mean", minFrequency: 5 });
    expect([data.train, data.validation].map(({ y }) => y.shape[0])).toEqual([33_608, 8402]);
    expect(data.length).toBe(length);
    // A comma, for which the maps show UNK, is in no vocabulary.
    expect(data.vocabulary.encode([","])).toEqual([1]);
    // Who says neutral alone is right as often as the published RNN: 44.17 %.
    const counts = [0, 0, 0];
    for (const { label } of tested) counts[label]++;
    expect([counts[1], tested.length]).toEqual([477, 1080]);
    const { test: rnn } = attention.published.tweets.models.rnn;
    expect(counts[1] / tested.length).toBeCloseTo(rnn.accuracy, 4);
    // And has its recall of .55 and F1 of .71, where no negative tweet counts.
    const recall = counts[1] / (counts[1] + counts[2]);
    expect(Math.abs(recall - rnn.recall)).toBeLessThan(0.01);
    expect(Math.abs((2 * recall) / (1 + recall) - rnn.f1)).toBeLessThan(0.01);
  });

  test("the honest protocol keeps the 12,284 test tweets whole", async () => {
    const data = await prepareTweets("honest", { ...full, length: "mean", minFrequency: 5 });
    expect(data.test.y.shape).toEqual([12_284]);
    const tests = new Set(data.test.texts);
    expect(data.train.texts.filter((text) => tests.has(text))).toEqual([]);
    expect(new Set(data.seen)).toEqual(new Set([false]));
  });
});

test("names and addresses in tweets are one token each, where they are asked to be", () => {
  expect(plainLinks("@ab_c see https://t.co/x9 !")).toBe("@user see http !");
});

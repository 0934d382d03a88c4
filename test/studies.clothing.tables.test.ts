import type { ClothingReview } from "../lib/src/data";
import { clothing, report } from "../lib/src/studies";
import { listRuns, packArray, type Run } from "../lib/src/training";
import { freshData } from "./support";

freshData();

const { published } = clothing;
const texts = (rows: object[]) => rows as Record<string, string>[];

/** The stored runs of the published protocol, five seeds each. */
const stored = listRuns("clothing").filter((run) => run.profile === "full");
const runs = Object.fromEntries(
  clothing.networks.map((name) => {
    const settings = JSON.stringify(clothing.publishedSettings(name));
    const own = stored.filter(({ model, hyperParameters }) => {
      return model === name && JSON.stringify(hyperParameters) === settings;
    });
    return [name, own.sort((a, b) => a.seed - b.seed)];
  }),
) as unknown as Record<clothing.Network, Run[]>;

test("the networks have the document's layers, parameter by parameter", () => {
  for (const name of clothing.networks) {
    const model = clothing.build(name, published.models[name].hyperParameters);
    const rows = clothing.layerRows(name, model);
    model.dispose();
    expect(rows.map(({ ours }) => ours)).toEqual(rows.map((row) => row.published));
    expect(rows.map(({ layer }) => layer)).toEqual(
      published.models[name].layers.map(([layer]) => layer),
    );
  }
});

test("early stopping keeps the document's epochs", () => {
  for (const name of clothing.networks) {
    const { history, bestEpoch } = published.models[name];
    expect(clothing.keptEpoch(history.valLoss, published.training.patience)).toBe(bestEpoch);
  }
  // Better again after three worse epochs: seen with patience, not without.
  expect([1, 2, 3].map((patience) => clothing.keptEpoch([3, 4, 5, 2, 6], patience))).toEqual([
    1, 1, 4,
  ]);
});

test("negations are the stop words that negate", () => {
  expect(clothing.negationsIn("I don't like it, NOT at all, nor does she")).toBe(3);
  expect(clothing.negationsIn("a knot in notable notes")).toBe(0);
  const review = (rating: number, text: string) => ({ rating, text }) as ClothingReview;
  const [one] = clothing.negationRows([review(1, "no"), review(1, "fine"), review(2, "not not")]);
  expect(one).toEqual({
    stars: 1,
    reviews: 2,
    "negations lost": 1,
    "share of reviews that lose one": 0.5,
  });
});

test("a row of scores has the mean and the standard deviation of the stored seeds", () => {
  expect(runs["lstm-2"].map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
  // As in the README, whose numbers a test of its own holds against the runs.
  expect(clothing.scoreRow("LSTM-2", runs["lstm-2"])).toMatchObject({
    model: "LSTM-2",
    weightedF1: "0.583 ± 0.015",
    maeStars: "0.495 ± 0.018",
  });
  expect(clothing.scoreRow("one", { accuracy: 0.5 }, ["accuracy"])).toEqual({
    model: "one",
    accuracy: "0.500",
  });
});

test("what the ways to choose are worth: the document's epochs, and patience", () => {
  const none = Object.fromEntries(clothing.networks.map((name) => [name, []]));
  const rows = texts(clothing.choiceRows(none as unknown as clothing.Searches, runs));
  // Epoch with the largest of the printed AUCs, and the validation loss printed beside it.
  expect(rows[0]).toMatchObject({ "LSTM-2": "7 (1.2717)", "GRU-1": "3 (1.0584)" });
  expect(rows[1]).toMatchObject({ "GRU-2": "1 (0.8944)", "GRU-4": "1 (0.9036)" });
  expect(rows[2]["LSTM-2"]).toBe("–");
  expect(rows.at(-1)).toMatchObject({ "LSTM-2": "0 of 5", "GRU-1": "1 of 5" });
});

test("the published numbers of the report are those of the document", async () => {
  const data = await clothing.prepare({ profile: "full", seed: 1 });
  const reviews = [...data.train.reviews, ...data.validation.reviews, ...data.test.reviews];
  const rows = clothing.publishedResults(reviews, data, runs);
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  // 22,641 reviews of 308.687911 characters (pandas), 2,508 test reviews with five stars.
  expect(rows.slice(0, 3).map((row) => report.verdict({ ...row, profile: "full" }))).toEqual([
    "equal",
    "equal",
    "equal",
  ]);
  const f1 = rows.find(({ what }) => what === "LSTM-2, weighted F1, test")!;
  expect([f1.published, f1.seeds]).toEqual([0.596, 5]);
  expect(f1.ours).toBeCloseTo(0.583, 3);
});

test("stars of probabilities: the expected rating, the surest, the worst", () => {
  const data = Float32Array.from([0.1, 0, 0, 0.3, 0.6, 0.5, 0.5, 0, 0, 0]);
  const probabilities = { data, shape: [2, 5] };
  expect(clothing.expectedStars(probabilities)[0]).toBeCloseTo(4.3, 6);
  expect(clothing.expectedStars(probabilities)[1]).toBeCloseTo(1.5, 6);
  expect(clothing.surestStars(probabilities).map(({ stars }) => stars)).toEqual([5, 1]);
  const reviews = [
    { title: "Nice", text: "so  soft" },
    { title: "", text: "no" },
  ] as ClothingReview[];
  const part = { ratings: [4, 3], reviews };
  expect(clothing.worstReviews(part, probabilities, 1)).toBe(
    "3 given, 1 predicted, 50.0 % sure:\n   no\n",
  );
  expect(clothing.worstReviews(part, probabilities, 2)).toContain("   [Nice] so soft\n");
});

test("means of products, of those with enough reviews", () => {
  const reviews = [7, 8, 7].map((clothingId) => ({ clothingId })) as ClothingReview[];
  expect(clothing.productMeans({ reviews, ratings: [5, 1, 4] }, [4, 2, 4], 2)).toEqual([
    { product: 7, reviews: 2, given: 4.5, expected: 4 },
  ]);
});

test("a difference has its sign, and an interval that holds it", () => {
  const interval = { estimate: -0.0224, lower: -0.034, upper: 0.001 };
  expect(clothing.intervalText(interval)).toBe("−0.022 (−0.034 to +0.001)");
  const ratings = Array.from({ length: 200 }, (_, i) => 1 + (i % 5));
  const right = clothing.differences(
    ratings,
    ratings,
    ratings.map((star) => 6 - star),
  );
  // All right beside a fifth right: errors of 4, 2, 0, 2, 4 stars.
  expect(right["weighted F1"]).toMatch(/^\+0\.800 \(\+0\.\d+ to \+0\.\d+\)$/);
  expect(right["error in stars"]).toMatch(/^−2\.400 \(/);
  const same = clothing.differences(ratings, runs["gru-2"].slice(0, 0), [], []);
  expect(same).toEqual({});
});

test("a difference that stays below 5 % among all of them has a star", () => {
  const ratings = Array.from({ length: 200 }, (_, i) => 1 + (i % 5));
  /** A run that gives these stars. */
  const giving = (stars: number[]) => {
    const data = Float32Array.from({ length: 1000 }, (_, i) =>
      Number(stars[Math.floor(i / 5)] === 1 + (i % 5)),
    );
    const metrics = { weightedF1: 0, macroF1: 0, auc: 0 };
    const test = packArray({ data, shape: [200, 5] });
    return [{ model: "sound", seed: 1, metrics, predictions: { test } } as unknown as Run];
  };
  // As many as the notebook compares: the least p-value must survive being counted 24 times.
  const [, first, second, ...rest] = Object.keys(clothing.soundVariants);
  const same = giving(ratings);
  const [wrong, oneLess, ...equal] = clothing.ablationRows(
    ratings,
    {
      [first]: giving(ratings.map((star) => 6 - star)),
      [second]: giving(ratings.map((star, i) => (i === 0 ? 2 : star))),
      ...Object.fromEntries(rest.map((name) => [name, same])),
    },
    same,
  );
  expect(equal).toHaveLength(10);
  expect(equal[0].difference).toBe("+0.000 (+0.000 to +0.000)");
  expect(wrong.difference).toMatch(/^−0\.800 \(.*\) \*$/);
  expect(oneLess.difference).toMatch(/^−0\.005 \(.*\)$/);
});

import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { StarlitError } from "../lib/src/engine";
import { accuracyScore } from "../lib/src/metrics";
import { clothing, findStudy } from "../lib/src/studies";
import { classWeights } from "../lib/src/studies/clothing/protocol";
import { findModels } from "../lib/src/studies/registry";
import { packArray, type Run, runFile, unpackArray } from "../lib/src/training";
import { expectClose, freshData, golden } from "./support";

freshData();

interface GoldenCase extends Required<clothing.Texts> {
  seed: number;
  shapes: number[][];
  counts: number[][];
  x: string[];
  ratings: string[];
}

const sha = (values: ArrayLike<number>) =>
  crypto.createHash("sha256").update(Int32Array.from(values)).digest("hex");

test.each(golden<{ cases: GoldenCase[] }>("clothing_data").cases)(
  "arrays of seed $seed, stop words $stopWords, $text: as pandas, scikit-learn and Keras make them",
  async ({ seed, stopWords, text, shapes, counts, x, ratings }) => {
    const data = await clothing.prepare({ profile: "full", seed, stopWords, text });
    const parts = [data.train, data.validation, data.test];
    expect(parts.map((part) => part.x.shape)).toEqual(shapes);
    expect(parts.map((part) => clothing.countStars(part.ratings))).toEqual(counts);
    expect(parts.map((part) => sha(part.x.data))).toEqual(x);
    expect(parts.map((part) => sha(part.ratings))).toEqual(ratings);
  },
);

test("the test rows are the document's, and the tokenizer gives their words back", async () => {
  const { test: part, tokenizer } = await clothing.prepare({ profile: "full", seed: 3 });
  expect(clothing.countStars(part.ratings)).toEqual(clothing.published.split.test);
  expect(
    part.texts.slice(5, 8).map((text) => text.toLowerCase().split(" ").slice(0, 5).join(" ")),
  ).toEqual([
    "bought green thought bit different",
    "bought dress use maternity photos",
    "piece fits true size flattering",
  ]);
  const row = [...part.x.data.subarray(6 * part.x.shape[1], 7 * part.x.shape[1])];
  expect(tokenizer.sequencesToTexts([row])[0]).toMatch(
    /^bought dress use maternity photos perfect/,
  );
  expect([...part.y.data.subarray(0, 5)]).toEqual(
    [1, 2, 3, 4, 5].map((s) => Number(s === part.ratings[0])),
  );
});

test("the quick profile has fewer training rows of the same shares, and the same test rows", async () => {
  const quick = await clothing.prepare({ profile: "quick", seed: 1 });
  expect(quick.train.ratings.length + quick.validation.ratings.length).toBe(1000);
  expect(clothing.countStars(quick.test.ratings)).toEqual(clothing.published.split.test);
  const all = clothing.countStars([...quick.train.ratings, ...quick.validation.ratings]);
  // The shares of the 18,112 rows that are not test rows: 657, 1239, 2258, 3926 and 10,032.
  expect(all).toEqual([36, 68, 125, 217, 554]);
});

test("the published settings make models with the published layers", () => {
  for (const name of clothing.networks) {
    const published = clothing.published.models[name];
    const model = clothing.build(name, clothing.publishedSettings(name));
    const sizes = model.layers.map((layer) => layer.countParams()).filter((size) => size > 0);
    expect(sizes).toEqual(published.layers.map(([, size]) => size));
    expect(model.countParams()).toBe(published.parameters);
    model.dispose();
  }
});

test("the published numbers agree with each other", () => {
  const { split, data } = clothing.published;
  const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b);
  expect(total(split.train) + total(split.validation) + total(split.test)).toBe(data.withText);
  for (const { history, bestEpoch, layers, parameters, secondsPerEpoch } of Object.values(
    clothing.published.models,
  )) {
    expect(history.valLoss.indexOf(Math.min(...history.valLoss)) + 1).toBe(bestEpoch);
    // Early stopping with patience 5.
    for (const curve of Object.values(history)) expect(curve).toHaveLength(bestEpoch + 5);
    expect(secondsPerEpoch).toHaveLength(bestEpoch + 5);
    expect(total(layers.map(([, size]) => size))).toBe(parameters);
  }
});

test("metrics of a constant '5 stars' on the test rows: accuracy 0.554, no better AUC than chance", async () => {
  const { test: part } = await clothing.prepare({ profile: "quick", seed: 1 });
  const constant = part.ratings.flatMap(() => [0, 0, 0, 0, 1]);
  const found = clothing.scores(part, {
    data: Float32Array.from(constant),
    shape: [part.ratings.length, 5],
  });
  expect(found.accuracy).toBeCloseTo(2508 / 4529, 9);
  expect(found).toMatchObject({ auc: 0.5, fiveStarRecall: 1, balancedAccuracy: 0.2 });
  // (164·4 + 310·3 + 565·2 + 982·1) / 4529
  expect(found.maeStars).toBeCloseTo(3698 / 4529, 9);
});

test("a run by the sound protocol is trained, stored and loaded again", async () => {
  const log = jest.spyOn(console, "log").mockImplementation(() => {});
  const settings = { epochs: 1, units: 4, embeddingDim: 8 };
  const options = { profile: "quick", seed: 2, settings } as const;
  const run = await clothing.run("sound", options);
  expect(run.hyperParameters).toEqual({ ...clothing.soundSettings, ...settings });
  expect(run.metrics.accuracy).toBeGreaterThan(0.5);
  // A tenth of the 1,000 rows of the quick profile validates.
  expect(unpackArray(run.predictions!.trainStars).data).toHaveLength(900);
  expect(unpackArray(run.predictions!.validationStars).data).toHaveLength(100);
  expect(Object.keys(run.history)).toEqual(expect.arrayContaining(["valRocAuc", "valMacroF1"]));
  expect(await clothing.run("sound", options)).toEqual(run);
  log.mockRestore();
  await expect(clothing.run("sound-loud", { profile: "quick", seed: 2 })).rejects.toThrow(
    'The study clothing has no model "sound-loud": use lstm-2, gru-1, gru-2, gru-4, sound,',
  );
});

test("every variant of the sound protocol changes one thing, or is the network of pairs", () => {
  const {
    "sound-pairs": pairs,
    "sound-pairs-mean": pairsMean,
    ...variants
  } = clothing.soundVariants;
  expect(pairsMean).toEqual({ ...pairs, units: 0 });
  for (const [name, changes] of Object.entries(variants)) {
    const changed = Object.entries(changes).filter(
      ([key, value]) =>
        clothing.soundSettings[key as keyof typeof clothing.soundSettings] !== value,
    );
    const things = name === "sound" ? 0 : name === "sound-without-dropout" ? 2 : 1;
    expect([name, changed.length]).toEqual([name, things]);
  }
});

test("weights of classes: balanced as in scikit-learn, and its root", () => {
  const ratings = [1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5];
  // compute_class_weight("balanced"): 12 / (5 · count)
  const balanced = [2.4, 1.2, 1.2, 1.2, 0.48];
  expectClose(Object.values(classWeights(ratings)), balanced, 1e-12);
  expectClose(Object.values(classWeights(ratings, 0.5)), balanced.map(Math.sqrt), 1e-12);
  expect(Object.values(classWeights(ratings, 0))).toEqual([1, 1, 1, 1, 1]);
});

test("a mean of probabilities is a vote", () => {
  const one = { data: Float32Array.from([0.6, 0.4, 0.2, 0.8]), shape: [2, 2] };
  const other = { data: Float32Array.from([0.1, 0.9, 0.4, 0.6]), shape: [2, 2] };
  const { data, shape } = clothing.meanProbabilities([one, other]);
  expect(shape).toEqual([2, 2]);
  expectClose([...data], [0.35, 0.65, 0.3, 0.7], 1e-6);
});

test("the stars of several runs, a column each, and a score as the mean of the columns", () => {
  const run = (stars: number[]) => {
    const rows = stars.flatMap((star) => [1, 2, 3, 4, 5].map((each) => Number(each === star)));
    const test = packArray({ data: Float32Array.from(rows), shape: [stars.length, 5] });
    return { model: "made-up", seed: 1, predictions: { test } } as unknown as Run;
  };
  const table = clothing.testStars([run([5, 4, 1]), run([5, 5, 2])]);
  expect(table).toEqual({ data: Int32Array.from([5, 5, 4, 5, 1, 2]), shape: [3, 2] });
  // Two of three right, and one of three.
  expect(clothing.meanOverRuns(accuracyScore)([5, 4, 3], table)).toBeCloseTo(
    (2 / 3 + 1 / 3) / 2,
    12,
  );
  expect(() => clothing.testStars([{ model: "made-up", seed: 4 } as unknown as Run])).toThrow(
    "The run of made-up with seed 4 holds no test predictions.",
  );
});

test("a run of the study is trained, stored whole and loaded again", async () => {
  const log = jest.spyOn(console, "log").mockImplementation(() => {});
  const options = { profile: "quick", seed: 2, settings: { epochs: 1, units: [4, 4] } } as const;
  const run = await clothing.run("gru-2", options);
  expect(Object.keys(run.history).sort()).toEqual(["auc", "loss", "valAuc", "valLoss"]);
  expect(run.metrics.accuracy).toBeGreaterThan(0.5);
  expect(run.predictions!.test.shape).toEqual([4529, 5]);
  expect(unpackArray(run.predictions!.trainStars).data).toHaveLength(700);
  expect(fs.statSync(runFile(run)).size).toBeLessThan(110_000);
  expect(await clothing.run("gru-2", options)).toEqual(run);
  expect(log.mock.calls.flat().filter((line) => /loaded from/.test(String(line)))).toHaveLength(1);
  log.mockRestore();
});

test("unknown names are told with the known ones", async () => {
  expect(() => findStudy("cloths")).toThrow(/There is no study "cloths": use .*clothing/);
  expect(() => findModels(findStudy("clothing"), "lstm")).toThrow(
    'The study clothing has no model "lstm": did you mean "lstm-2"?',
  );
  await expect(clothing.run("lstm", { profile: "quick", seed: 1 })).rejects.toThrow(StarlitError);
});

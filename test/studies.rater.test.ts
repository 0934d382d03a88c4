import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { seedEverything, tf } from "../lib/src/engine";
import { rating } from "../lib/src/studies";
import { RATER_MODEL } from "../lib/src/studies/rating/rater";
import { WeightAverage } from "../lib/src/studies/experiment/weightAverage";
import { buildSequence } from "../lib/src/studies/rating/sequence";
import type { SequenceSettings } from "../lib/src/studies/rating/settings";
import { Vocabulary } from "../lib/src/text";
import { freshData } from "./support";

const folder = freshData();

const review = "A dull, dull story. Superb cast!";

/** A network of a few words that was taught nothing. */
function madeUpRater(): rating.Rater {
  seedEverything(1);
  const vocabulary = new Vocabulary(["<pad>", "<unk>", "a", "dull", "story", "superb", "cast"]);
  const settings = rating.settingsOf(RATER_MODEL, "quick") as SequenceSettings;
  const classes = [1, 4, 7, 10];
  const model = buildSequence(settings, { vocabulary, classes });
  return { model, vocabulary, classes, settings, profile: "quick", standIn: false };
}

test("without a saved model one line says how to make one", () => {
  expect(() => rating.loadRater()).toThrow("make one with `npx starlit train-rater`");
});

test("a saved model says the same after loading, and fits in 20 MB", async () => {
  const rater = madeUpRater();
  rating.saveRater(rater);
  const loaded = rating.loadRater();
  expect(loaded).toMatchObject({ classes: rater.classes, profile: "quick", standIn: false });
  expect(await rating.rateReview(loaded, review)).toEqual(await rating.rateReview(rater, review));
  const { units, embeddingDim, vocabularySize, pairs } = rating.settingsOf(
    RATER_MODEL,
    "full",
  ) as SequenceSettings;
  const tables = vocabularySize * embeddingDim + pairs!.pairBuckets * pairs!.pairDim;
  expect(4 * (tables + 4 * units * (embeddingDim + units + 1))).toBeLessThan(2e7);
});

test("the effect of a word is what the rating loses without it", async () => {
  const rater = madeUpRater();
  const whole = await rating.rateReview(rater, review);
  const without = await rating.rateReview(rater, "A, story. Superb cast!");
  const dull = whole.words.find(({ word }) => word === "dull");
  expect(dull?.effect).toBeCloseTo(whole.rating - without.rating, 5);
  expect(whole.words.map(({ word }) => word).sort()).toEqual([
    "a",
    "cast",
    "dull",
    "story",
    "superb",
  ]);
  const sizes = whole.words.map(({ effect }) => Math.abs(effect));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(whole.probabilities.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  await expect(rating.rateReview(rater, "…!")).rejects.toThrow("no word that the model knows");
});

test("the command rates a text, or says in one line what is missing", () => {
  const starlit = (data: string) =>
    spawnSync(process.execPath, [path.join(__dirname, "../lib/bin/starlit.cjs"), "rate", review], {
      encoding: "utf8",
      env: { ...process.env, STARLIT_DATA: data },
    });
  rating.saveRater(madeUpRater());
  const told = starlit(path.join(folder, "cache"));
  expect(told.stdout).toMatch(/^\d+\.\d of 10, with 80 % probability \d+ to \d+\n/);
  expect(told.stdout).toMatch(/[+−]\d\.\d\d {2}dull\n/);
  expect(told.status).toBe(0);
  const missing = starlit(path.join(folder, "empty"));
  expect(missing.status).toBe(1);
  expect(missing.stderr.trim().split("\n")).toHaveLength(1);
  expect(missing.stderr).toContain("npx starlit train-rater");
});

test("weights are averaged over the epochs from one on", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const average = new WeightAverage(model, path.join(folder, "average"), 2);
  const values = [100, 1, 2, 6];
  values.forEach((value, i) => {
    model.setWeights([tf.tensor2d([[value]]), tf.tensor1d([-value])]);
    average.note(i + 1);
  });
  average.apply(4);
  expect(model.getWeights().map((weight) => weight.dataSync()[0])).toEqual([3, -3]);
  average.apply(1);
  expect(model.getWeights()[0].dataSync()[0]).toBe(3);
});

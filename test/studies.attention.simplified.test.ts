import * as path from "node:path";
import { StarlitError, tf } from "../lib/src/engine";
import { argmaxRows } from "../lib/src/metrics";
import { simplifiedAttention } from "../lib/src/studies";
import { linearReference } from "../lib/src/studies/experiment/linearReference";
import { fitBySchedule } from "../lib/src/studies/simplifiedAttention/schedule";
import { readIds } from "../lib/src/studies/simplifiedAttention/data";
import { shuffleWords, withConstantWeights } from "../lib/src/studies/simplifiedAttention/weights";
import { predict } from "../lib/src/training";
import { describeWithMirror, freshData } from "./support";

const folder = freshData();
beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => {}));

test("the schedule ends the published log where it ended, with one fall at epoch 17", () => {
  const { testAccuracy } = simplifiedAttention.published.history;
  expect(simplifiedAttention.publishedSchedule(testAccuracy.slice(0, 16))).toMatchObject({
    starts: [0],
    decay: 1e-6,
  });
  const fallen = simplifiedAttention.publishedSchedule(testAccuracy.slice(0, 17));
  expect(fallen.starts).toEqual([0, 17]);
  expect(fallen.learningRate).toBeCloseTo(5e-4, 12);
  expect(fallen.decay).toBe(1e-5);
  // Epoch 20 rose, so there was a 21st, which fell: the end.
  expect(simplifiedAttention.publishedSchedule(testAccuracy.slice(0, 20)).finished).toBe(false);
  expect(simplifiedAttention.publishedSchedule(testAccuracy).finished).toBe(true);
});

test("with patience a dip is waited for, and two epochs below the best cut the rate", () => {
  const startsOf = (accuracies: number[], patience?: number) =>
    simplifiedAttention.publishedSchedule(accuracies, 20, patience).starts;
  const dip = [0.6, 0.7, 0.69, 0.72, 0.71, 0.7, 0.715, 0.73];
  expect(startsOf(dip)).toEqual([0, 3, 5, 6]);
  expect(startsOf(dip, 1)).toEqual([0, 3, 5, 6, 7]); // below the best, though above the epoch before
  expect(startsOf(dip, 2)).toEqual([0, 6]);
  expect(startsOf(dip, 3)).toEqual([0, 7]);
  // As good as the best is not below it.
  expect(startsOf([0.7, 0.69, 0.7, 0.69, 0.7, 0.69, 0.68], 2)).toEqual([0, 7]);
  const ended = (accuracies: number[]) =>
    simplifiedAttention.publishedSchedule(accuracies, 3, 2).finished;
  expect(ended([0.6, 0.7, 0.71])).toBe(false);
  expect(ended([0.6, 0.7, 0.69])).toBe(true);
  for (const patience of [0, 1.5, NaN]) expect(() => startsOf(dip, patience)).toThrow("patience");
  expect(simplifiedAttention.settingsOf("gru-patient", "full")).toMatchObject({ patience: 2 });
});

test("the published numbers agree with each other", () => {
  const { history, model } = simplifiedAttention.published;
  const { where, ...curves } = history;
  for (const curve of Object.values(curves)) expect(curve).toHaveLength(21);
  expect(Math.max(...history.testAccuracy)).toBe(0.8564);
  expect(model.layers.reduce((a: number, b) => a + b, 0)).toBe(model.parameters);
  expect(simplifiedAttention.network().countParams()).toBe(model.parameters);
  expect(where).toBe(model.where);
});

test("rare words become the padding's 0 where they stand, zeros follow the end", () => {
  const ids = [
    [1, 19_999, 20_000, 4],
    [1, 5, 6, 7, 8, 9],
  ];
  expect([...readIds(ids, { from: "start", length: 5 }).data]).toEqual([
    1, 19_999, 0, 4, 0, 1, 5, 6, 7, 8,
  ]);
  expect([...readIds(ids, { from: "end", length: 5 }).data]).toEqual([
    1, 19_999, 0, 4, 0, 5, 6, 7, 8, 9,
  ]);
});

test("means and deviations by position", () => {
  const weights = simplifiedAttention.weightsByPosition({
    data: Float32Array.of(0.1, 0.5, 0.3, 0.5),
    shape: [2, 2],
  });
  [0.2, 0.5, 0.1, 0].forEach((value, i) => expect(weights.data[i]).toBeCloseTo(value, 6));
});

test("shuffling keeps each review's words and its zeros", () => {
  const data = Int32Array.of(5, 6, 0, 7, 8, 9, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
  const x = { data, shape: [2, 8] };
  const shuffled = shuffleWords(x, 4);
  const sorted = (from: number, to: number, of: Int32Array) => [...of.slice(from, to)].sort();
  expect(sorted(0, 6, shuffled.data)).toEqual(sorted(0, 6, data));
  expect([...shuffled.data.slice(6, 8)]).toEqual([0, 0]);
  expect(sorted(8, 16, shuffled.data)).toEqual(sorted(8, 16, data));
  expect([...shuffled.data]).not.toEqual([...data]);
});

test("constant weights: a model that ignores its words is not changed by them, another is", async () => {
  const x = { data: Int32Array.of(3, 4, 5, 0, 9, 8, 7, 6), shape: [2, 4] };
  for (const weighting of ["constant", "attention"] as const) {
    const model = simplifiedAttention.network({ length: 4, vocabularySize: 10, weighting });
    // A scale at which words differ.
    model.setWeights(
      model.getWeights().map((weight) => tf.randomNormal(weight.shape, 0, 1, "float32", 3)),
    );
    const { data } = simplifiedAttention.weightsByPosition(
      await simplifiedAttention.weightsOf(model, x),
    );
    const [own, replaced] = [
      await predict(model, x),
      await predict(withConstantWeights(model, data.subarray(0, 4)), x),
    ];
    const difference = Math.abs(own.data[0] - replaced.data[0]);
    if (weighting === "constant") expect(difference).toBeLessThan(1e-6);
    else expect(difference).toBeGreaterThan(1e-3);
  }
});

/** Reviews of 6 ids that are positive where id 2 is among them. */
function toy(rows: number) {
  const x = {
    data: Int32Array.from({ length: rows * 6 }, (_, i) => 3 + ((i * 7) % 11)),
    shape: [rows, 6],
  };
  const labels = Array.from({ length: rows }, (_, row) => row % 2);
  labels.forEach((label, row) => label && x.data.fill(2, row * 6, row * 6 + 3));
  return { x, y: { data: Float32Array.from(labels), shape: [rows] } };
}

test("a training by the schedule is what its accuracies say, and a resumed one is the same", async () => {
  const [train, watched] = [toy(40), toy(20)];
  const build = () => {
    const model = simplifiedAttention.network({ length: 6, vocabularySize: 20, embeddingDim: 4 });
    let seed = 0;
    tf.tidy(() =>
      model.setWeights(
        model
          .getWeights()
          .map((weight) => tf.randomUniform(weight.shape, -0.3, 0.3, "float32", ++seed)),
      ),
    );
    return model;
  };
  const options = { batchSize: 10, seed: 3, progress: false } as const;
  const run = (minEpochs: number, checkpoint: string) =>
    fitBySchedule(build(), train, watched, {
      ...options,
      minEpochs,
      checkpoint: path.join(folder, checkpoint),
    });
  const whole = await run(8, "whole");
  expect(simplifiedAttention.publishedSchedule(whole.history.valAccuracy, 8).finished).toBe(true);
  expect(whole.history.valAccuracy.length).toBeGreaterThanOrEqual(8);
  expect(whole.seconds).toHaveLength(whole.history.loss.length);
  await run(3, "resumed");
  expect((await run(8, "resumed")).history).toEqual(whole.history);
});

test("the quick profile of every model has small batches, the full one the published", () => {
  for (const name of simplifiedAttention.models.filter(
    (each) => !/^(own|states|linear)/.test(each),
  )) {
    expect(simplifiedAttention.settingsOf(name, "full")).toMatchObject({
      epochs: 20,
      batchSize: 1000,
    });
    expect(simplifiedAttention.settingsOf(name, "quick").batchSize).toBe(50);
  }
  expect(() => simplifiedAttention.settingsOf("lstm-3", "full")).toThrow(StarlitError);
});

test("a run with the stand-in is trained, examined, stored and loaded again", async () => {
  const options = {
    ...({ profile: "quick", seed: 1, standIn: true } as const),
    settings: { epochs: 1, length: 20 },
  };
  const run = await simplifiedAttention.run("lstm", options);
  expect(run.standIn).toBe(true);
  expect(Object.keys(run.metrics).sort()).toEqual(
    [
      "accuracy",
      "bestWatched",
      "constantAccuracy",
      "epochs",
      "loss",
      "shuffledAccuracy",
      "trainAccuracy",
      "trainLoss",
    ].sort(),
  );
  expect(run.predictions!.weights.shape).toEqual([2, 20]);
  expect(run.predictions!.test.shape).toEqual([150, 1]);
  expect(await simplifiedAttention.run("lstm", options)).toEqual(run);
});

test("the linear reference finds the word that decides, among two classes and three", () => {
  const texts = ["a good film", "good fun", "a bad film", "bad fun", "a film", "fun"];
  const others = { new: ["bad good fun bad", "the good one", "a bad one"] };
  const two = linearReference({ texts: texts.slice(0, 4), labels: [1, 1, 0, 0], others });
  expect(two.new.shape).toEqual([3, 1]);
  expect(two.new.data[1]).toBeGreaterThan(0.5);
  expect(two.new.data[2]).toBeLessThan(0.5);
  const three = linearReference({ texts, labels: [2, 2, 0, 0, 1, 1], others, pairs: true });
  expect(argmaxRows(three.new).slice(1)).toEqual([2, 0]);
});

describeWithMirror("with the film reviews", () => {
  test("the lab's first review is padded as the document pads it", async () => {
    const data = await simplifiedAttention.prepare({
      profile: "quick",
      seed: 1,
      from: "start",
      length: 200,
      standIn: false,
    });
    const first = [...data.train.x.data.subarray(0, 200)];
    expect(first.slice(0, 10)).toEqual([1, 14, 22, 16, 43, 530, 973, 1622, 1385, 65]);
    expect(data.words.get(14)).toBe("this");
    expect(data.fitted.y.shape[0] + data.validation.y.shape[0]).toBe(data.train.y.shape[0]);
    expect(data.standIn).toBe(false);
  });
});

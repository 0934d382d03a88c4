import { tf } from "../lib/src/engine";
import { meanSquaredError } from "../lib/src/metrics";
import { rating } from "../lib/src/studies";
import { type Run, unpackArray } from "../lib/src/training";
import { freshData } from "./support";

// One run of each kind in the quick profile, on the shipped reviews: what is stored must agree.
freshData();

const options = { profile: "quick", seed: 1, standIn: true } as const;
const column = ({ predictions }: Run, name: string) =>
  Array.from(unpackArray(predictions![name]).data);

/** The squared error of the test reviews, from the errors of each true rating. */
function errorOf(run: Run): number {
  const [means, sds, counts] = ["errorMeans", "errorSds", "errorCounts"].map((name) =>
    column(run, name),
  );
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, n, i) => sum + n * (means[i] ** 2 + sds[i] ** 2), 0) / rows;
}

test("a published model: best and last epoch, and the errors that the last one left", async () => {
  const run = await rating.run("lstm-2-bag", options);
  const { valLoss, loss } = run.history;
  expect(valLoss).toHaveLength(3);
  expect(run.metrics.bestValidation).toBe(Math.min(...valLoss));
  expect(valLoss[run.metrics.bestEpoch - 1]).toBe(run.metrics.bestValidation);
  expect(run.metrics.lastTrain).toBe(loss[2]);
  // The test rows validated; after the last epoch their error was measured twice.
  expect(errorOf(run) / 100).toBeCloseTo(run.metrics.lastValidation, 5);
});

test.each(["ridge", "logistic", "pairs", "attention-ordinal", "attention-number"])(
  "%s: scores and stored predictions agree",
  async (model) => {
    const run = await rating.run(model, options);
    const truth = (await rating.folders(options)).test.map(({ rating }) => rating);
    const predicted = column(run, "test");
    expect(predicted).toHaveLength(truth.length);
    expect(meanSquaredError(truth, predicted)).toBeCloseTo(run.metrics.mse, 4);
    expect(errorOf(run)).toBeCloseTo(run.metrics.mse, 4);
    const classes = column(run, "classes");
    const right = truth.filter((rating, i) => rating === classes[i]).length / truth.length;
    expect(right).toBeCloseTo(run.metrics.accuracy, 9);
    expect(run.metrics.coverage === undefined).toBe(
      model === "ridge" || model === "attention-number",
    );
  },
);

test("the training reviews in place of the test folder are watched", async () => {
  const watched = await rating.run("rnn-bag-watched", options);
  const plain = await rating.run("rnn-bag", options);
  expect(watched.history.loss).toEqual(plain.history.loss);
  expect(watched.history.valLoss).not.toEqual(plain.history.valLoss);
});

test("rows in the order of the folders: each batch of test rows follows one of training rows", async () => {
  const ordered = await rating.run("lstm-2-in-order", { ...options, seed: 1 });
  const { data, shape } = unpackArray(ordered.predictions!.batches);
  expect(shape).toEqual([3, 5]);
  const [validation, lowestTrain, lowestValidation] = [0, 1, 2].map((column) =>
    Math.min(...[0, 1, 2].map((epoch) => data[5 * epoch + column])),
  );
  expect(ordered.metrics.batchValidation).toBeCloseTo(validation, 6);
  // No batch can be lower than all, and none of their mean.
  expect(lowestTrain).toBeLessThanOrEqual(Math.min(...ordered.history.loss) + 1e-6);
  expect(lowestValidation).toBeLessThanOrEqual(validation);
});

test("the lowest batch of a network that says the mean is luck, and counted by hand here", () => {
  const ratings = { train: [1, 10, 1, 10], validation: [1, 1, 10, 4] };
  const found = rating.lowestBatches(ratings, { batchSize: 2, epochs: 3, seed: 1 });
  // The mean is 5.5: squared errors of .2025, and of the 4 of .0225.
  expect(found.train).toBeCloseTo(0.2025, 12);
  expect(found.validation).toBeCloseTo((0.2025 + 0.0225) / 2, 12);
});

test("layer by layer, how far rows are held apart: a dense layer of ones halves nothing", () => {
  const inputs = tf.input({ shape: [2] });
  const layer = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "ones" });
  const model = tf.model({ inputs, outputs: layer.apply(inputs) as typeof inputs });
  const [row, ...others] = rating.layerSpreads(model, {
    data: Float32Array.from([0, 0, 1, 1]),
    shape: [2, 2],
  });
  // Sums of 0 and 2: their deviation is 1, their mean size 1.
  expect(others).toEqual([]);
  expect(row).toEqual({ layer: "Dense", outputs: 1, spread: 1, size: 1 });
  model.dispose();
});

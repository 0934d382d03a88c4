import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type NdArray, Random, StarlitError, tf } from "../lib/src/engine";
import { dropout, embedding, gru } from "../lib/src/layers";
import {
  evaluate,
  type Examples,
  fit,
  type FitOptions,
  type LossName,
  type Metric,
  predict,
} from "../lib/src/training";
import { kerasAuc } from "../lib/src/metrics";
import { golden } from "./support";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-fit-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function array(data: Float32Array, ...shape: number[]): NdArray<Float32Array> {
  return { data, shape };
}

/** A text classifier with dropout and the rows it is trained on; the same at each call. */
function textTask() {
  const random = new Random(3);
  const ids = Int32Array.from(random.randint(0, 20, 40 * 6));
  const labels = Float32Array.from(random.randint(0, 2, 40));
  const model = tf.sequential();
  model.add(embedding({ inputDim: 20, outputDim: 4 }));
  model.add(dropout({ rate: 0.3 }));
  model.add(gru({ units: 5 }));
  model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
  tf.tidy(() => {
    const draw = (shape: number[], size: number) =>
      tf.tensor(
        random.randomSample(size).map((v) => v - 0.5),
        shape,
      );
    model.setWeights(
      model.weights.map(({ shape }) =>
        draw(shape as number[], tf.util.sizeFromShape(shape as number[])),
      ),
    );
  });
  return { model, examples: { x: { data: ids, shape: [40, 6] }, y: array(labels, 40) } };
}

const textOptions: FitOptions = {
  epochs: 4,
  batchSize: 8,
  loss: "binaryCrossentropy",
  optimizer: { learningRate: 0.02 },
  seed: 9,
  progress: false,
};

test("the same seed gives the same numbers, another seed others", async () => {
  const curves = [];
  for (const seed of [9, 9, 10]) {
    const { model, examples } = textTask();
    curves.push((await fit(model, examples, { ...textOptions, seed })).history.loss);
    model.dispose();
  }
  expect(curves[1]).toEqual(curves[0]);
  expect(curves[2]).not.toEqual(curves[0]);
});

test("a training in two parts with a checkpoint between equals one in one part, bit for bit", async () => {
  const whole = textTask();
  const parts = textTask();
  const again = textTask();
  const stopping = { monitor: "loss", patience: 9, restoreBestWeights: true };
  const options = { ...textOptions, earlyStopping: stopping };
  const expected = await fit(whole.model, whole.examples, options);
  const checkpoint = path.join(folder, "parts");
  await fit(parts.model, parts.examples, { ...options, epochs: 2, checkpoint });
  const resumed = await fit(again.model, again.examples, { ...options, checkpoint });
  expect(resumed.history).toEqual(expected.history);
  expect(await predict(again.model, again.examples.x)).toEqual(
    await predict(whole.model, whole.examples.x),
  );
});

test("a checkpoint of another training, and a damaged one, are refused by name", async () => {
  const { model, examples } = textTask();
  const checkpoint = path.join(folder, "refused");
  await fit(model, examples, { ...textOptions, epochs: 1, checkpoint });
  await expect(fit(model, examples, { ...textOptions, seed: 1, checkpoint })).rejects.toThrow(
    /checkpoint\.safetensors belongs to a training with another model, data or options/,
  );
  fs.truncateSync(path.join(checkpoint, "checkpoint.safetensors"), 700);
  await expect(fit(model, examples, { ...textOptions, checkpoint })).rejects.toThrow(
    /checkpoint\.safetensors is damaged: delete it/,
  );
});

test("an interrupt ends the training and keeps the epochs so far", async () => {
  const { model, examples } = textTask();
  const metrics = { stop: () => (calls++ === 1 ? (process.emit("SIGINT"), 1) : 0) };
  let calls = 0;
  const { history, ended } = await fit(model, examples, { ...textOptions, epochs: 50, metrics });
  expect(ended).toBe("interrupt");
  expect(history.loss).toHaveLength(2);
});

test("training, prediction and evaluation leave no tensor behind", async () => {
  const { model, examples } = textTask();
  const before = tf.memory().numTensors;
  await fit(model, examples, {
    ...textOptions,
    epochs: 2,
    validation: examples,
    earlyStopping: { monitor: "valLoss", patience: 1, restoreBestWeights: true },
    classWeight: { 0: 1, 1: 2 },
  });
  await predict(model, examples.x, { batchSize: 7 });
  await evaluate(model, examples, { loss: "binaryCrossentropy" });
  expect(tf.memory().numTensors).toBe(before);
});

test("predictions do not depend on the batch size", async () => {
  const { model, examples } = textTask();
  const whole = await predict(model, examples.x);
  const parts = await predict(model, examples.x, { batchSize: 7 });
  expect(parts.shape).toEqual([40, 1]);
  parts.data.forEach((value, i) => expect(value).toBeCloseTo(whole.data[i], 6));
});

describe("a mistake is told in one sentence", () => {
  const rows = (n: number) => array(new Float32Array(n * 2).fill(0.5), n, 2);
  const common: FitOptions = { epochs: 1, loss: "meanSquaredError", progress: false };
  const y = array(new Float32Array(4), 4);

  test.each<[string, Examples, Partial<FitOptions>, RegExp]>([
    ["rows", { x: rows(3), y }, {}, /differ in rows: 3 and 4/],
    ["no rows", { x: rows(0), y: array(new Float32Array(0), 0) }, {}, /no rows/],
    [
      "an unknown loss",
      { x: rows(4), y },
      { loss: "hinge" as LossName },
      /no loss "hinge": use cat/,
    ],
    [
      "targets of another width",
      { x: rows(4), y: rows(4) },
      {},
      /Targets of the shape \[4,2\] do not fit predictions of the shape \[4,1\]/,
    ],
    [
      "not a number",
      { x: array(new Float32Array(8).fill(NaN), 4, 2), y },
      {},
      /loss became NaN in epoch 1, batch 1: lower the learning rate \(0\.001\)/,
    ],
    [
      "a class without weight",
      { x: rows(4), y },
      { classWeight: { 1: 2 } },
      /classWeight has no weight for class 0/,
    ],
    [
      "a curve that there is not",
      { x: rows(4), y },
      { earlyStopping: { monitor: "valLoss", patience: 1 } },
      /watches "valLoss", but there is only loss/,
    ],
    [
      "a curve whose sense is unknown",
      { x: rows(4), y },
      { earlyStopping: { monitor: "kappa", patience: 1 } },
      /Whether a larger "kappa" is better is not known/,
    ],
  ])("%s", async (_name, examples, options, sentence) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    const training = fit(model, examples, { ...common, ...options });
    await expect(training).rejects.toThrow(StarlitError);
    await expect(training).rejects.toThrow(sentence);
    model.dispose();
  });
});

const auc: Metric = (yTrue, yPred) => kerasAuc(yTrue, yPred, { multiLabel: true });

interface KerasCase {
  name: string;
  history: Record<string, number[]>;
  weights: [number[][], number[]];
}

/** What differs from case to case in test/golden/keras_fit.py. */
const kerasOptions: Record<string, Partial<FitOptions> & { units: number; target: string }> = {
  categorical: { units: 3, target: "oneHot", epochs: 4, loss: "categoricalCrossentropy" },
  "class and row weights": {
    ...{ units: 3, target: "oneHot", epochs: 3, loss: "categoricalCrossentropy" },
    classWeight: { 0: 0.5, 1: 1, 2: 2.5 },
  },
  sparse: { units: 3, target: "label", epochs: 3, loss: "sparseCategoricalCrossentropy" },
  binary: { units: 1, target: "positive", epochs: 3, loss: "binaryCrossentropy" },
  "squared error, regularized": { units: 1, target: "label", epochs: 3, loss: "meanSquaredError" },
  "early stopping": {
    ...{ units: 3, target: "oneHot", epochs: 40, loss: "categoricalCrossentropy" },
    optimizer: { learningRate: 0.8 },
    earlyStopping: { monitor: "valLoss", patience: 3, restoreBestWeights: true },
  },
};

const targets: Record<string, (labels: number[]) => NdArray<Float32Array>> = {
  oneHot: (labels) =>
    array(
      Float32Array.from(labels.flatMap((c) => [0, 1, 2].map((k) => Number(k === c)))),
      labels.length,
      3,
    ),
  label: (labels) => array(Float32Array.from(labels), labels.length),
  positive: (labels) =>
    array(
      Float32Array.from(labels, (label) => Number(label > 0)),
      labels.length,
    ),
};

describe("as Keras's fit, epoch by epoch", () => {
  test.each(golden<{ cases: KerasCase[] }>("keras_fit").cases)("$name", async (keras) => {
    const { units, target, ...own } = kerasOptions[keras.name];
    const random = new Random(77);
    const floats = (n: number) => Float32Array.from(random.randomSample(n), (v) => 2 * v - 1);
    const labels = (n: number) => random.randomSample(n).map((v) => Math.floor(v * 3));
    const x = array(floats(23 * 4), 23, 4);
    const xHeldOut = array(floats(11 * 4), 11, 4);
    const [kernel, bias] = [floats(4 * units), floats(units)];
    const y = targets[target](labels(23));
    const validation = { x: xHeldOut, y: targets[target](labels(11)) };
    const weighted = keras.name.includes("row weights");
    const sampleWeight = weighted ? random.randomSample(23).map((v) => v + 0.5) : undefined;

    const activation = { oneHot: "softmax", label: "linear", positive: "sigmoid" }[
      target
    ] as "softmax";
    const model = tf.sequential();
    model.add(
      tf.layers.dense({
        units,
        inputShape: [4],
        activation: keras.name === "sparse" ? "softmax" : activation,
        kernelRegularizer: keras.name.includes("regularized")
          ? tf.regularizers.l2({ l2: 0.1 })
          : undefined,
      }),
    );
    tf.tidy(() => model.setWeights([tf.tensor2d(kernel, [4, units]), tf.tensor1d(bias)]));
    const { history, ended } = await fit(
      model,
      { x, y, sampleWeight },
      {
        optimizer: { learningRate: 0.05 },
        batchSize: 5,
        validation,
        metrics: keras.history.auc ? { auc } : {},
        seed: 5,
        progress: false,
        ...(own as FitOptions),
      },
    );
    const curves: [string, number[]][] = [
      ["loss", history.loss],
      ["val_loss", history.valLoss],
    ];
    if (keras.history.auc) curves.push(["auc", history.auc], ["val_auc", history.valAuc]);
    for (const [name, curve] of curves) {
      expect(curve).toHaveLength(keras.history[name].length);
      curve.forEach((value, epoch) => expect(value).toBeCloseTo(keras.history[name][epoch], 4));
    }
    expect(ended).toBe(own.earlyStopping ? "earlyStopping" : "epochs");
    const values = model.getWeights().map((weight) => [...weight.dataSync()]);
    keras.weights.forEach((expected, i) =>
      expected.flat().forEach((value, j) => expect(values[i][j]).toBeCloseTo(value, 3)),
    );
    model.dispose();
  });
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Adam, type NdArray, Random, StarlitError, tf, withSeed } from "../lib/src/engine";
import { dropout, embedding, gru } from "../lib/src/layers";
import {
  evaluate,
  type Examples,
  fit,
  type FitOptions,
  type LossName,
  type Metric,
  type MetricName,
  predict,
} from "../lib/src/training";
import {
  f1Score,
  kerasAuc,
  meanAbsoluteError,
  meanSquaredError,
  rocAucScore,
} from "../lib/src/metrics";
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

describe("a checkpoint", () => {
  const sizes = { units: 3, activation: "tanh", rate: 0.3, name: undefined as string | undefined };
  const rows = (n: number, seed: number) => {
    const random = new Random(seed);
    return {
      x: array(Float32Array.from(random.randomSample(n * 2)), n, 2),
      y: Float32Array.from(random.randint(0, 2, n)),
    };
  };
  const train = (checkpoint: string, more: Partial<FitOptions> = {}, own = {}, examples = {}) => {
    const { units, activation, rate, name } = { ...sizes, ...own };
    const model = withSeed(1, () =>
      tf.sequential({
        name,
        layers: [
          tf.layers.dense({ units, activation: activation as "tanh", inputShape: [2] }),
          dropout({ rate, name: name && `${name}-dropout` }),
          tf.layers.dense({ units: 1, activation: "sigmoid", name: name && `${name}-last` }),
        ],
      }),
    );
    const options: FitOptions = {
      epochs: 1,
      batchSize: 4,
      loss: "binaryCrossentropy",
      validation: rows(4, 2),
      earlyStopping: { patience: 5 },
      progress: false,
      checkpoint: path.join(folder, checkpoint),
      ...more,
    };
    return fit(model, { ...rows(8, 1), ...examples }, options);
  };

  const others: [string, string, Partial<FitOptions>, object?, object?][] = [
    ["dropout", "model", {}, { rate: 0 }],
    ["activation", "model", {}, { activation: "relu" }],
    ["width", "model", {}, { units: 4 }],
    ["loss", "loss", { loss: "meanSquaredError" }],
    [
      "a loss of one's own",
      "loss",
      { loss: (yTrue, yPred) => yPred.squaredDifference(yTrue).mean(-1) },
    ],
    ["validation rows", "validation", { validation: rows(4, 3) }],
    [
      "no validation",
      "validation, earlyStopping",
      { validation: undefined, earlyStopping: { monitor: "loss" } },
    ],
    ["early stopping", "earlyStopping", { earlyStopping: { patience: 6 } }],
    ["another end", "stopWhen", { stopWhen: () => false }],
    ["metrics", "metrics", { metrics: ["accuracy"] }],
    ["learning rate", "optimizer", { optimizer: { learningRate: 0.1 } }],
    ["batch size", "batchSize 4 there and 8 here", { batchSize: 8 }],
    ["seed", "seed 0 there and 1 here", { seed: 1 }],
    ["order", "shuffle true there and false here", { shuffle: false }],
    ["class weights", "rows", { classWeight: { 0: 1, 1: 2 } }],
    ["inputs", "rows", {}, {}, { x: rows(8, 4).x }],
    ["targets", "rows", {}, {}, { y: new Float32Array(8) }],
    ["row weights", "rows", {}, {}, { sampleWeight: [1, 1, 1, 1, 1, 1, 1, 2] }],
  ];

  test.each(others)(
    "is refused for another training: %s",
    async (name, told, more, own = {}, examples = {}) => {
      await train(name);
      const other = train(name, { epochs: 2, ...more }, own, examples);
      await expect(other).rejects.toThrow(StarlitError);
      await expect(train(name, { epochs: 2, ...more }, own, examples)).rejects.toThrow(
        `checkpoint.safetensors belongs to a training with another model, data or options (${told}): ` +
          "delete it, or give this training a checkpoint folder of its own.",
      );
    },
  );

  test("is taken for more epochs, whatever the layers are called", async () => {
    await train("longer");
    const { history } = await train("longer", { epochs: 3 }, { name: "mine" });
    expect(history).toEqual((await train("whole", { epochs: 3 })).history);
  });

  test("of a wrapped layer, too, is refused and taken", async () => {
    const wrapped = (rate: number, epochs: number) => {
      const layer = dropout({ rate });
      const model = tf.sequential();
      model.add(tf.layers.timeDistributed({ layer, inputShape: [2, 1] }));
      model.add(tf.layers.flatten());
      model.add(tf.layers.dense({ units: 1 }));
      const examples = { x: [[[1], [2]]], y: [1] };
      const checkpoint = path.join(folder, "wrapped");
      const loss = "meanSquaredError";
      return fit(model, examples, { epochs, loss, progress: false, checkpoint });
    };
    await wrapped(0.3, 1);
    expect((await wrapped(0.3, 2)).history.loss).toHaveLength(2);
    await expect(wrapped(0.4, 3)).rejects.toThrow("(model)");
  });

  test("with a curve that is not a number goes on with it", async () => {
    const metrics = { never: () => NaN };
    await train("nan", { metrics });
    const { history } = await train("nan", { metrics, epochs: 2 });
    expect(history.never).toEqual([NaN, NaN]);
  });

  test("that is damaged is refused by name", async () => {
    await train("damaged");
    fs.truncateSync(path.join(folder, "damaged", "checkpoint.safetensors"), 700);
    await expect(train("damaged")).rejects.toThrow(
      /checkpoint\.safetensors is damaged, .*: delete it/,
    );
  });

  test("cannot be had with an optimizer of TensorFlow.js", async () => {
    await expect(train("sgd", { optimizer: "sgd" })).rejects.toThrow(
      "A checkpoint stores the state of Adam alone",
    );
  });
});

describe("options", () => {
  const examples = {
    x: [
      [1, 2],
      [3, 4],
    ],
    y: [0, 1],
  };
  const train = (more: object) => {
    const kernelInitializer = "zeros";
    const units = { units: 1, activation: "sigmoid" as const };
    const layer = tf.layers.dense({ ...units, inputShape: [2], kernelInitializer });
    const model = tf.sequential({ layers: [layer] });
    return fit(model, examples, {
      epochs: 1,
      loss: "binaryCrossentropy",
      progress: false,
      ...more,
    });
  };

  test.each<[object, RegExp]>([
    [{ batchSize: 0 }, /batchSize is 0: give a whole number from 1 on/],
    [{ batchSize: 1.5 }, /batchSize is 1.5/],
    [{ batchSize: -4 }, /batchSize is -4/],
    [{ epochs: NaN }, /epochs is NaN: give a whole number from 1 on/],
    [{ epochs: 0 }, /epochs is 0/],
    [{ epochs: "3" }, /epochs is 3/],
    [{ epochs: undefined }, /epochs is undefined/],
    [{ seed: -1 }, /The seed is -1/],
    [{ seed: 0.5 }, /The seed is 0.5/],
    [{ batch_size: 3 }, /fit has no option "batch_size": did you mean "batchSize"\?/],
    [
      { validationData: examples },
      /fit has no option "validationData": did you mean "validation"\?/,
    ],
    [{ learningRate: 1 }, /fit has no option "learningRate": use epochs, /],
    [
      { optimizer: { learning_rate: 1 } },
      /Adam has no option "learning_rate": did you mean "learningRate"\?/,
    ],
    [{ optimizer: { learningRate: NaN } }, /learningRate is NaN: give a number above 0/],
    [{ optimizer: { learningRate: 0 } }, /learningRate is 0/],
    [{ optimizer: "adamw" }, /no optimizer "adamw": did you mean "adam"\?/],
    [{ optimizer: "toString" }, /no optimizer "toString"/],
    [
      { loss: "binaryCrossEntropy" },
      /no loss "binaryCrossEntropy": did you mean "binaryCrossentropy"\?/,
    ],
    [{ metrics: ["acuracy"] }, /no metric "acuracy": did you mean "accuracy"\?/],
    [{ metrics: ["accuracy", "accuracy"] }, /Two curves are called "accuracy"/],
    [{ metrics: { loss: "accuracy" } }, /Two curves are called "loss"/],
    [{ metrics: [() => 1] }, /A metric has no name: give it as \{ name: function \}/],
    [
      { callbacks: { onEpochend: () => {} } },
      /callbacks has no option "onEpochend": did you mean "onEpochEnd"\?/,
    ],
  ])("%j is refused", async (more, sentence) => {
    await expect(train(more)).rejects.toThrow(StarlitError);
    await expect(train(more)).rejects.toThrow(sentence);
  });

  test("callbacks are called as Keras calls them, one after the other", async () => {
    const calls: unknown[] = [];
    const note = (name: string) => ({
      onTrainBegin: () => void calls.push([name, "train"]),
      onEpochBegin: (epoch: number) => void calls.push([name, "epoch", epoch]),
      onBatchEnd: (batch: number, { loss }: Record<string, number>) =>
        void calls.push([name, "batch", batch, typeof loss]),
      onEpochEnd: async (epoch: number, logs: Record<string, number>) => {
        await new Promise((resolve) => setImmediate(resolve));
        calls.push([name, "end", epoch, Object.keys(logs)]);
      },
      onTrainEnd: () => void calls.push([name, "over"]),
    });
    const { onEpochEnd } = note("b");
    await train({
      epochs: 2,
      batchSize: 1,
      metrics: ["accuracy"],
      validation: examples,
      callbacks: [note("a"), { onEpochEnd }],
    });
    const logs = ["loss", "accuracy", "valLoss", "valAccuracy"];
    const epoch = (i: number) => [
      ["a", "epoch", i],
      ["a", "batch", 0, "number"],
      ["a", "batch", 1, "number"],
      ["a", "end", i, logs],
      ["b", "end", i, logs],
    ];
    expect(calls).toEqual([["a", "train"], ...epoch(0), ...epoch(1), ["a", "over"]]);
    calls.length = 0;
    await train({ callbacks: { onEpochEnd } });
    expect(calls).toEqual([["b", "end", 0, ["loss"]]]);
  });

  test("shuffle: false takes the rows as they stand", async () => {
    const seen: number[][] = [];
    const rows = Array.from({ length: 9 }, (_, i) => i);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const loss: FitOptions["loss"] = (yTrue, yPred) => {
      seen.push([...yTrue.dataSync()]);
      return yPred.squaredDifference(yTrue.reshape([-1, 1])).mean(-1);
    };
    const options = { epochs: 2, batchSize: 4, loss, progress: false } as const;
    await fit(model, { x: rows, y: rows }, { ...options, shuffle: false });
    const epoch = [[0, 1, 2, 3], [4, 5, 6, 7], [8]];
    expect(seen).toEqual([...epoch, ...epoch]);
    seen.length = 0;
    await fit(model, { x: rows, y: rows }, options);
    expect(seen.flat()).not.toEqual([...rows, ...rows]);
    expect(seen.slice(0, 3).flat().sort()).toEqual(rows);
    expect(seen.slice(3).flat().sort()).toEqual(rows);
  });
});

describe("optimizers", () => {
  // One step from a kernel of 0 on the squared error of x = 1, y = 1: the gradient is −2.
  const step = async (optimizer?: FitOptions["optimizer"]) => {
    const kernelInitializer = "zeros";
    const layer = tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer });
    const model = tf.sequential({ layers: [layer] });
    const loss = "meanSquaredError";
    await fit(model, { x: [1], y: [1] }, { epochs: 1, loss, optimizer, progress: false });
    return model.getWeights()[0].dataSync()[0];
  };

  test.each<[string, FitOptions["optimizer"], number]>([
    ["Adam by default", undefined, 0.001], // its first step is the learning rate, whatever the gradient
    ["adam", "adam", 0.001],
    ["Adam's options", { learningRate: 0.25 }, 0.25],
    ["an Adam", new Adam({ learningRate: 0.5 }), 0.5],
    ["sgd", "sgd", 0.02],
    ["rmsprop", "rmsprop", (0.001 * 2) / Math.sqrt(0.1 * 4)],
    ["tf.train.sgd", tf.train.sgd(0.5), 1],
    ["tf.train.momentum", tf.train.momentum(0.25, 0.9), 0.5],
  ])("%s", async (_name, optimizer, weight) => {
    expect(await step(optimizer)).toBeCloseTo(weight, 5);
  });

  test("one of one's own is not disposed of and goes on from where it is", async () => {
    const adam = new Adam({ learningRate: 0.5 });
    await step(adam);
    expect(adam.state().iterations).toBe(1);
    expect(() => adam.state()).not.toThrow();
    adam.dispose();
  });
});

describe("metrics by their names are those of the room metrics", () => {
  const y = [0, 1, 1, 0, 1, 0];
  const probabilities = [0.2, 0.9, 0.3, 0.6, 0.51, 0.1];
  const truth = array(Float32Array.from(y), 6);
  const outputs = array(Float32Array.from(probabilities), 6, 1);
  const labels = probabilities.map((p) => Number(p > 0.5));

  /** A model that says what it is told. */
  const identity = (width: number) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: width, inputShape: [width], kernelInitializer: "identity" }),
      ],
    });

  test.each<[MetricName, number]>([
    ["accuracy", 4 / 6],
    ["acc", 4 / 6],
    ["binaryAccuracy", 4 / 6],
    ["precision", 2 / 3],
    ["recall", 2 / 3],
    ["f1", f1Score(y, labels)],
    ["auc", kerasAuc(truth, outputs)],
    ["mse", meanSquaredError(y, [...outputs.data])],
    ["meanSquaredError", meanSquaredError(y, [...outputs.data])],
    ["mae", meanAbsoluteError(y, [...outputs.data])],
    ["meanAbsoluteError", meanAbsoluteError(y, [...outputs.data])],
    ["rootMeanSquaredError", Math.sqrt(meanSquaredError(y, [...outputs.data]))],
  ])("%s", async (name, expected) => {
    const task = { loss: "meanSquaredError", metrics: [name] } as const;
    const values = await evaluate(identity(1), { x: outputs, y }, task);
    expect(Object.keys(values)).toEqual(["loss", name]);
    expect(values[name]).toBeCloseTo(expected, 6);
  });

  test("accuracy is the sparse, the categorical or the binary one, by the shapes", async () => {
    const x = [
      [0.2, 0.5, 0.3],
      [0.6, 0.3, 0.1],
      [0.4, 0.1, 0.5],
    ];
    const oneHot = [
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const take = (targets: number[] | number[][], metric: MetricName) =>
      evaluate(
        identity(3),
        { x, y: targets },
        {
          loss: Array.isArray(targets[0])
            ? "categoricalCrossentropy"
            : "sparseCategoricalCrossentropy",
          metrics: { score: metric },
        },
      );
    expect((await take([1, 1, 2], "accuracy")).score).toBeCloseTo(2 / 3, 6);
    expect((await take([1, 1, 2], "sparseCategoricalAccuracy")).score).toBeCloseTo(2 / 3, 6);
    expect((await take(oneHot, "accuracy")).score).toBeCloseTo(2 / 3, 6);
    expect((await take(oneHot, "categoricalAccuracy")).score).toBeCloseTo(2 / 3, 6);
  });

  test("a name, a function with a name, and names of one's own", async () => {
    const curves = async (metrics: FitOptions["metrics"]) =>
      Object.keys(
        await evaluate(identity(1), { x: outputs, y }, { loss: "meanSquaredError", metrics }),
      );
    expect(await curves("accuracy")).toEqual(["loss", "accuracy"]);
    expect(await curves([rocAucScore, "auc"])).toEqual(["loss", "rocAucScore", "auc"]);
    expect(await curves({ area: "auc", mine: () => 1 })).toEqual(["loss", "area", "mine"]);
  });
});

test("the last validation loss is what evaluate gives, to the last bit", async () => {
  const { model, examples } = textTask();
  const { history } = await fit(model, examples, { ...textOptions, validation: examples });
  const { loss } = await evaluate(model, examples, { loss: "binaryCrossentropy" });
  expect(history.valLoss.at(-1)).toBe(loss);
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
    [
      "an unknown loss",
      { x: rows(4), y },
      { loss: "hinge" as LossName },
      /no loss "hinge": use cat/,
    ],
    [
      "not a number",
      { x: array(new Float32Array(8).fill(3e38), 4, 2), y },
      {},
      /loss became (Infinity|NaN) in epoch 1, batch 1: lower the learning rate \(0\.001\)/,
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
    units: 3,
    target: "oneHot",
    epochs: 3,
    loss: "categoricalCrossentropy",
    classWeight: { 0: 0.5, 1: 1, 2: 2.5 },
  },
  sparse: { units: 3, target: "label", epochs: 3, loss: "sparseCategoricalCrossentropy" },
  binary: { units: 1, target: "positive", epochs: 3, loss: "binaryCrossentropy" },
  "squared error, regularized": { units: 1, target: "label", epochs: 3, loss: "meanSquaredError" },
  "early stopping": {
    units: 3,
    target: "oneHot",
    epochs: 40,
    loss: "categoricalCrossentropy",
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

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { layers, LayersModel, Tensor } from "@tensorflow/tfjs-node-gpu";
import { nextSeed, Random, seedEverything, StarlitError, tf, withSeed } from "../lib/src/engine";
import { dropout, embedding, lstm, wordDropout } from "../lib/src/layers";
import { type Examples, fit, type FitOptions, predict } from "../lib/src/training";
import { expectClose, golden } from "./support";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-random-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const random = new Random(3);
const examples: Examples = {
  x: { data: Int32Array.from(random.randint(1, 20, 40 * 6)), shape: [40, 6] },
  y: { data: Float32Array.from(random.randint(0, 2, 40)), shape: [40] },
};

const options: FitOptions = {
  epochs: 3,
  batchSize: 8,
  loss: "binaryCrossentropy",
  optimizer: { learningRate: 0.02 },
  seed: 9,
  progress: false,
};

type Layer = layers.Layer;
type Drop = () => Layer;

/** A text classifier that hides words, with dropout of this kind. */
function build(drop: Drop): LayersModel {
  const model = tf.sequential();
  model.add(wordDropout({ rate: 0.2, batchInputShape: [null, 6] }));
  model.add(embedding({ inputDim: 20, outputDim: 4 }));
  model.add(drop());
  model.add(lstm({ units: 5 }));
  model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
  return model;
}

const weightsOf = (model: LayersModel) =>
  model.getWeights().map((weight) => [...weight.dataSync()]);

test("first weights and masks after seedEverything are what stored runs began with", () => {
  const stored = golden<{
    "embedding, lstm, dense": number[][];
    "kernels of two by two": Record<string, number[]>;
    operations: Record<string, number[]>;
    dropout: number[];
    wordDropout: number[];
  }>("first_weights");
  seedEverything(1);
  const model = tf.sequential();
  model.add(embedding({ inputDim: 7, outputDim: 3, inputLength: 4 }));
  model.add(lstm({ units: 2 }));
  model.add(tf.layers.dense({ units: 2 }));
  // The rotation of a recurrent kernel is computed, on other processors to another last digit.
  expectClose(weightsOf(model), stored["embedding, lstm, dense"], 1e-6);
  for (const [name, kernel] of Object.entries(stored["kernels of two by two"])) {
    seedEverything(1);
    const kernelInitializer = name as "zeros";
    const layer = tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer });
    layer.build([null, 2]);
    expectClose([...layer.getWeights()[0].dataSync()], kernel, 1e-6);
  }
  seedEverything(3);
  const training = { training: true };
  const applied = (layer: Layer, x: Tensor) => layer.apply(x, training) as Tensor;
  const drawn = {
    randomNormal: tf.randomNormal([2]),
    randomUniform: tf.randomUniform([2]),
    truncatedNormal: tf.truncatedNormal([2]),
    dropout: applied(tf.layers.dropout({ rate: 0.5 }), tf.ones([8])),
    gaussianNoise: applied(tf.layers.gaussianNoise({ stddev: 1 }), tf.zeros([3])),
  };
  for (const [name, tensor] of Object.entries(drawn)) {
    expect([...tensor.dataSync()]).toEqual(stored.operations[name]);
  }
  seedEverything(3);
  expect([...applied(dropout({ rate: 0.5 }), tf.ones([12])).dataSync()]).toEqual(stored.dropout);
  const ids = tf.tensor1d([5, 6, 7, 8, 9, 10, 11, 12], "int32");
  expect([...applied(wordDropout({ rate: 0.5 }), ids).dataSync()]).toEqual(stored.wordDropout);
});

describe("fit leaves the random numbers of others alone", () => {
  const anew = () => build(() => dropout({ rate: 0.3 }));

  test("four models that are built and trained in a loop begin with different weights", async () => {
    const kernels: string[] = [];
    seedEverything(1);
    for (let i = 0; i < 4; i++) {
      const model = anew();
      kernels.push(JSON.stringify(weightsOf(model)));
      await fit(model, examples, { ...options, epochs: 1 });
      model.dispose();
    }
    expect(new Set(kernels).size).toBe(4);
  });

  test("what is built after a training is that of its seed, as if nothing had been trained", async () => {
    const after: string[] = [];
    for (const [seed, trains] of [
      [1, true],
      [2, true],
      [1, false],
    ] as const) {
      seedEverything(seed);
      const first = anew();
      if (trains) await fit(first, examples, { ...options, epochs: 1 });
      after.push(JSON.stringify([weightsOf(anew()), nextSeed()]));
    }
    expect(after[1]).not.toBe(after[0]);
    expect(after[2]).toBe(after[0]);
  });

  test("Math.random stays the function it was and is not called", async () => {
    const own = Math.random;
    const spy = jest.spyOn(Math, "random");
    const spied = Math.random;
    seedEverything(1);
    const model = tf.sequential();
    model.add(embedding({ inputDim: 20, outputDim: 4, inputLength: 6 }));
    model.add(tf.layers.spatialDropout1d({ rate: 0.2 }));
    model.add(tf.layers.gaussianNoise({ stddev: 0.1 }));
    model.add(tf.layers.lstm({ units: 3, dropout: 0.2, recurrentDropout: 0.2 }));
    model.add(dropout({ rate: 0.2 }));
    for (const kernelInitializer of ["orthogonal", "heUniform", "leCunNormal"] as const) {
      model.add(tf.layers.dense({ units: 3, kernelInitializer }));
    }
    model.add(tf.layers.alphaDropout({ rate: 0.2 }));
    model.add(tf.layers.gaussianDropout({ rate: 0.2 }));
    model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
    const validation = examples;
    await fit(model, examples, { ...options, epochs: 2, validation, metrics: ["accuracy", "auc"] });
    await predict(model, examples.x);
    withSeed(4, anew);
    expect(Math.random).toBe(spied);
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
    expect(Math.random).toBe(own);
  });

  test("stock layers with noise train to the same numbers with the same seed", async () => {
    const curves: number[][] = [];
    for (const seed of [9, 9, 10]) {
      const model = withSeed(5, () => build(() => tf.layers.dropout({ rate: 0.3 })));
      curves.push((await fit(model, examples, { ...options, seed })).history.loss);
    }
    expect(curves[1]).toEqual(curves[0]);
    expect(curves[2]).not.toEqual(curves[0]);
  });
});

describe.each<[string, Drop]>([
  ["dropout", () => dropout({ rate: 0.3 })],
  ["dropout with a seed of its own", () => dropout({ rate: 0.3, seed: 4 })],
  [
    "dropout within TimeDistributed",
    () => tf.layers.timeDistributed({ layer: dropout({ rate: 0.3 }) }),
  ],
  [
    "dropout within a model",
    () => tf.sequential({ layers: [dropout({ rate: 0.3, seed: 4, inputShape: [6, 4] })] }),
  ],
  ["tf.layers.dropout", () => tf.layers.dropout({ rate: 0.3 })],
])("with %s", (name, drop) => {
  const train = async (more: Partial<FitOptions> = {}) => {
    const model = withSeed(7, () => build(drop));
    const { history } = await fit(model, examples, { ...options, ...more });
    const outputs = await predict(model, examples.x);
    return { history, outputs };
  };

  test("a training that is resumed equals one in one piece, bit for bit", async () => {
    const whole = await train();
    const checkpoint = path.join(folder, name);
    await train({ checkpoint, epochs: 1 });
    nextSeed(); // what others draw meanwhile
    expect(await train({ checkpoint })).toEqual(whole);
  });

  test("two trainings side by side equal each alone", async () => {
    const alone = [await train(), await train({ seed: 10 })];
    expect(await Promise.all([train(), train({ seed: 10 })])).toEqual(alone);
  });

  test("no epoch has the masks of another", async () => {
    // With a learning rate of next to nothing only dropout moves the loss, but for the rows' order.
    const { history } = await train({ optimizer: { learningRate: 1e-30 }, shuffle: false });
    expect(new Set(history.loss).size).toBe(3);
  });
});

describe("withSeed", () => {
  const kernel = () => tf.layers.dense({ units: 3, inputShape: [2] });
  const built = () => JSON.stringify(weightsOf(tf.sequential({ layers: [kernel()] })));

  test("builds the same for the same seed, and the numbers of others go on", () => {
    const once = withSeed(3, built);
    seedEverything(1);
    const expected = [built(), built()];
    seedEverything(1);
    const first = built();
    expect(withSeed(3, built)).toBe(once);
    expect([first, built()]).toEqual(expected);
    seedEverything(3);
    expect(built()).toBe(once);
  });

  test("gives the numbers back after an error, and refuses an async function", () => {
    seedEverything(1);
    const expected = [built(), built()];
    seedEverything(1);
    const first = built();
    const fails = () => {
      throw new Error("inside");
    };
    expect(() => withSeed(3, fails)).toThrow("inside");
    expect(() => withSeed(3, () => Promise.resolve(1))).toThrow(StarlitError);
    expect([first, built()]).toEqual(expected);
  });
});

test("a seed of 0 given to TensorFlow.js is a seed", () => {
  const draw = () => [...tf.randomNormal([3], 0, 1, "float32", 0).dataSync()];
  expect(draw()).toEqual(draw());
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { seedEverything, tf } from "../lib/src/engine";
import { dropout, embedding, gru, lstm, simpleRnn } from "../lib/src/layers";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const ids = () =>
  tf.tensor2d(
    [
      [0, 0, 3, 1],
      [2, 5, 4, 0],
      [1, 1, 1, 1],
    ],
    [3, 4],
    "int32",
  );

function everyLayer(): tfjs.LayersModel {
  return tf.sequential({
    layers: [
      embedding({ inputDim: 6, outputDim: 3, inputLength: 4, maskZero: true }),
      dropout({ rate: 0.4, seed: 3 }),
      lstm({ units: 5, activation: "softmax", unitForgetBias: false, returnSequences: true }),
      gru({ units: 4, resetAfter: false, goBackwards: true, returnSequences: true }),
      gru({ units: 3, returnSequences: true }),
      simpleRnn({ units: 2 }),
    ],
  });
}

test("a model saved to a file and loaded again gives the same bits", async () => {
  const model = everyLayer();
  await model.save(`file://${folder}`);
  const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
  expect(loaded.toJSON(null, false)).toEqual(model.toJSON(null, false));
  const predict = (of: tfjs.LayersModel) => (of.predict(ids()) as tfjs.Tensor).dataSync();
  expect(predict(loaded)).toEqual(predict(model));
  expect(loaded.countParams()).toBe(model.countParams());
});

test("weights go from model to model, in Keras's order and shapes", () => {
  const [model, other] = [everyLayer(), everyLayer()];
  expect(model.getWeights().map(({ shape }) => shape)).toEqual([
    [6, 3],
    [3, 20],
    [5, 20],
    [20],
    [5, 12],
    [4, 12],
    [12],
    [4, 9],
    [3, 9],
    [2, 9],
    [3, 2],
    [2, 2],
    [2],
  ]);
  other.setWeights(model.getWeights());
  const predict = (of: tfjs.LayersModel) => (of.predict(ids()) as tfjs.Tensor).dataSync();
  expect(predict(other)).toEqual(predict(model));
});

test("the functional API builds the same model, and a layer takes its first weights", () => {
  const weights = [tf.ones([2, 3]), tf.zeros([3, 3]), tf.ones([3])];
  const input = tf.input({ shape: [null, 2] });
  const layer = simpleRnn({ units: 3, weights, name: "mine" });
  const output = layer.apply(input) as tfjs.SymbolicTensor;
  expect(output.shape).toEqual([null, 3]);
  const model = tf.model({ inputs: input, outputs: output });
  const [first] = (model.predict(tf.ones([1, 1, 2])) as tfjs.Tensor).dataSync();
  expect(first).toBeCloseTo(Math.tanh(3), 6);
  expect(layer.weights.map(({ name }) => name)).toEqual([
    "mine/kernel",
    "mine/recurrent_kernel",
    "mine/bias",
  ]);
});

test("first weights: an orthogonal recurrent kernel, ones for the forget gate, a seed for all", () => {
  const build = () => {
    seedEverything(7);
    const layer = lstm({ units: 5 });
    layer.build([null, null, 3]);
    return layer.getWeights();
  };
  const [kernel, recurrent, bias] = build();
  const gram = tf.matMul(recurrent, recurrent, false, true).sub(tf.eye(5)).abs().max();
  expect(gram.dataSync()[0]).toBeLessThan(1e-5);
  expect([...bias.dataSync()]).toEqual([...Array(20).keys()].map((i) => Number(i >= 5 && i < 10)));
  const limit = Math.sqrt(6 / (3 + 20)); // Glorot and Bengio 2010
  const largest = kernel.abs().max().dataSync()[0];
  expect(largest).toBeLessThanOrEqual(limit);
  expect(largest).toBeGreaterThan(0.8 * limit);
  const again = build();
  [kernel, recurrent, bias].forEach((weight, i) => {
    expect(again[i].dataSync()).toEqual(weight.dataSync());
  });
  const tall = simpleRnn({ units: 40 });
  tall.build([null, null, 3]);
  const rotation = tall.getWeights()[1];
  expect(
    tf.matMul(rotation, rotation, true).sub(tf.eye(40)).abs().max().dataSync()[0],
  ).toBeLessThan(1e-5);
});

test("an embedding of 0 masks all layers up to the last state", () => {
  const table = embedding({ inputDim: 6, outputDim: 3, maskZero: true });
  const model = tf.sequential({
    layers: [table, gru({ units: 4, returnSequences: true }), lstm({ units: 3 })],
  });
  const predict = (row: number[]) =>
    (model.predict(tf.tensor2d([row], [1, row.length], "int32")) as tfjs.Tensor).dataSync();
  const plain = predict([3, 1, 5]);
  expect(predict([0, 0, 3, 1, 5])).toEqual(plain);
  expect(predict([3, 1, 5, 0])).toEqual(plain);
  expect(predict([3, 0, 1, 5])).toEqual(plain);
  expect(predict([3, 1, 5, 2])).not.toEqual(plain);
});

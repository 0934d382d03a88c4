import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { seedEverything, tf } from "../lib/src/engine";
import { classifier, attentionOf } from "../lib/src/studies/attention/networks";
import { crossentropyWithActivity, network } from "../lib/src/studies/simplifiedAttention/networks";

test("the simplified attention model has the published 576,821 parameters", () => {
  const model = network();
  expect(model.countParams()).toBe(576_821);
  const sizes = model.layers.map((layer) => layer.countParams()).filter((size) => size > 0);
  expect(sizes).toEqual([400_000, 176_800, 21]);
});

test("the weights of the simplified attention are its LSTM's 200 outputs, whatever the words", () => {
  const model = network({ length: 7, vocabularySize: 30, embeddingDim: 3 });
  const weights = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer("weights").output as tfjs.SymbolicTensor,
  });
  expect((weights.outputs[0] as tfjs.SymbolicTensor).shape).toEqual([null, 7]);
});

test("its loss is the cross-entropy and 1e-5 times the squared output", () => {
  const loss = crossentropyWithActivity(tf.tensor2d([[1], [0]]), tf.tensor2d([[0.8], [0.4]]));
  const [first, second] = loss.dataSync();
  expect(first).toBeCloseTo(-Math.log(0.8) + 0.64e-5, 6);
  expect(second).toBeCloseTo(-Math.log(0.6) + 0.16e-5, 6);
});

test("attention sums to one over the words and leaves the padding out", () => {
  const model = classifier("lstm-attention", { vocabularySize: 50, units: 4 });
  const ids = tf.tensor2d(
    [
      [3, 7, 9, 0, 0],
      [4, 4, 8, 1, 2],
    ],
    [2, 5],
    "int32",
  );
  const [padded, whole] = (attentionOf(model).predict(ids) as tfjs.Tensor2D).arraySync();
  expect(padded.slice(3)).toEqual([0, 0]);
  for (const row of [padded, whole]) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
});

test("our own model keeps attention off the padding, and reads spellings as a second input", () => {
  const pairs = { pairBuckets: 60, pairDim: 2, wordDropout: 0.4 };
  const spelling = { buckets: 30, dim: 3, hidden: 0.4 };
  const sizes = { vocabularySize: 50, embeddingDim: 4, units: 4, classes: 3 };
  const model = classifier("pairs", { ...sizes, pairs, spelling });
  const row = (ids: number[]) => tf.tensor2d([ids], [1, ids.length], "int32");
  const predict = (ids: number[], pieces: number[]) =>
    Array.from((model.predict([row(ids), row(pieces)]) as tfjs.Tensor).dataSync());
  const plain = predict([3, 7, 9], [4, 5]);
  expect(plain.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  predict([3, 7, 9, 0, 0], [4, 5, 0]).forEach((p, i) => expect(p).toBeCloseTo(plain[i], 6));
  expect(Math.abs(predict([3, 7, 9], [8, 9])[0] - plain[0])).toBeGreaterThan(1e-5);
  const weights = (attentionOf(model).predict(row([3, 7, 9, 0, 0])) as tfjs.Tensor).dataSync();
  expect([...weights.slice(3)]).toEqual([0, 0]);
  expect(() => classifier("pairs", sizes)).toThrow("needs the option `pairs`");
});

test.each(["lstm-attention", "ffnn", "rnn"] as const)(
  "%s: padding changes nothing where it is masked, and something where it is not",
  (family) => {
    for (const mask of [true, false]) {
      seedEverything(1);
      const model = classifier(family, { vocabularySize: 50, units: 4, mask });
      const predict = (row: number[]) =>
        (model.predict(tf.tensor2d([row], [1, row.length], "int32")) as tfjs.Tensor).dataSync()[0];
      const difference = Math.abs(predict([5, 6, 7]) - predict([5, 6, 7, 0, 0, 0]));
      if (mask) expect(difference).toBeLessThan(1e-6);
      else expect(difference).toBeGreaterThan(1e-5);
    }
  },
);

test("three classes have probabilities that sum to one", () => {
  const model = classifier("rnn", { vocabularySize: 9, classes: 3 });
  const [row] = (
    model.predict(tf.tensor2d([[1, 2]], [1, 2], "int32")) as tfjs.Tensor2D
  ).arraySync();
  expect(row).toHaveLength(3);
  expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
});

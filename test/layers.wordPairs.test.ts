import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { StarlitError, tf } from "../lib/src/engine";
import { wordPairs } from "../lib/src/layers";
import { type PairReader, readPairs } from "../lib/src/models";
import { expectClose } from "./support";

const ids = (rows: number[][]) => tf.tensor2d(rows, undefined, "int32");
const numbers = (rows: number[][], buckets: number) =>
  (wordPairs({ buckets }).apply(ids(rows)) as tfjs.Tensor2D).arraySync();

test("pairs of words have numbers, whole and in order; padding and the first word have none", () => {
  // Python: 1 + (a % 50_000 * 40_503 + b) % 261 for the pairs (5, 6), (6, 5) and (5, 6) again.
  expect(numbers([[5, 6, 5, 6, 0, 0]], 262)).toEqual([[0, 247, 33, 247, 0, 0]]);
  expect(numbers([[0, 0, 5, 6]], 262)).toEqual([[0, 0, 0, 247]]);
});

test("the ids of a large vocabulary stay below the number of buckets", () => {
  // Python: 1 + (88_583 % 50_000 * 40_503 + 88_584) % 1_023; 40_503 * 88_583 alone is above 2³¹.
  expect(numbers([[88_583, 88_584]], 1024)).toEqual([[0, 217]]);
  expect(() => wordPairs({ buckets: 0 })).toThrow(StarlitError);
});

const sizes: PairReader = {
  vocabularySize: 12,
  embeddingDim: 3,
  pairBuckets: 40,
  pairDim: 2,
  units: 4,
  dropout: 0.5,
  wordDropout: 0.5,
};

function reader(changed: Partial<PairReader> = {}) {
  const input = tf.input({ shape: [null], dtype: "int32" });
  const model = tf.model({ inputs: input, outputs: readPairs(input, { ...sizes, ...changed }) });
  const draw = (shape: tfjs.Shape, i: number) =>
    tf.randomNormal(shape as number[], 0, 1, "float32", i + 1);
  model.setWeights(model.getWeights().map(({ shape }, i) => draw(shape, i)));
  return {
    model,
    read: (row: number[]) => Array.from((model.predict(ids([row])) as tfjs.Tensor).dataSync()),
  };
}

test("a text is summed up the same with padding behind it, and otherwise in another order", () => {
  const { model, read } = reader();
  const text = [3, 7, 4, 9];
  expectClose(read([...text, 0, 0, 0]), read(text), 1e-6);
  const [mean, pairs] = [read(text), read([7, 3, 4, 9])].map((row) => row.slice(0, 5));
  expectClose(mean.slice(0, 3), pairs.slice(0, 3), 1e-6);
  expect(Math.abs(mean[3] - pairs[3])).toBeGreaterThan(1e-3);
  const attention = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer("attention").output as tfjs.SymbolicTensor,
  });
  const weights = (attention.predict(ids([[...text, 0, 0]])) as tfjs.Tensor).dataSync<"float32">();
  expect([...weights.slice(4)]).toEqual([0, 0]);
  expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
});

test("the sum is the mean of the vectors, where no LSTM says where to look", () => {
  const { model, read } = reader({ units: 0 });
  expect(model.countParams()).toBe(12 * 3 + 40 * 2);
  const [words] = model.getWeights().map((weight) => weight.arraySync() as number[][]);
  const mean = words[3].map((value, i) => (value + words[8][i]) / 2);
  expectClose(read([3, 8]).slice(0, 3), mean, 1e-6);
});

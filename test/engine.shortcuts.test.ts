import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf, usesGpu } from "../lib/src/engine";
import { keepNumbers } from "../lib/src/engine/shortcuts";
import "../lib/src/layers";

const close = (actual: Tensor, expected: number[]) =>
  Array.from(actual.dataSync()).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));

describe("gradients of activations, upstream 1, 2, 3", () => {
  const x = [-1, 0.5, 2];
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  test.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
    ["sigmoid", (x) => tf.sigmoid(x), (v) => sigmoid(v) * (1 - sigmoid(v))],
    ["tanh", (x) => tf.tanh(x), (v) => 1 - Math.tanh(v) ** 2],
    ["relu", (x) => tf.relu(x), (v) => Number(v > 0)],
    ["leaky relu", (x) => tf.leakyRelu(x, 0.01), (v) => (v > 0 ? 1 : 0.01)],
    ["leaky relu with its default", (x) => tf.leakyRelu(x), (v) => (v > 0 ? 1 : 0.2)],
  ])("%s", (_, f, slope) => {
    const gradient = tf.grad((x: Tensor) => f(x).mul([1, 2, 3]).sum())(tf.tensor1d(x));
    close(
      gradient,
      x.map((v, i) => slope(v) * (i + 1)),
    );
  });
});

test("products of matrices, each way transposed, small and large", () => {
  for (const n of [3, 300]) {
    const a: Tensor = tf.randomNormal([2, n], 0, 1, "float32", 1);
    const b: Tensor = tf.randomNormal([n, n], 0, 1, "float32", 2);
    const expected = a
      .reshape([2, n, 1])
      .mul(b.reshape([1, n, n]))
      .sum(1);
    const difference = (product: Tensor) => product.sub(expected).abs().max().dataSync()[0];
    expect(difference(tf.matMul(a, b))).toBeLessThan(1e-4);
    expect(difference(tf.matMul(a.transpose(), b, true))).toBeLessThan(1e-4);
    expect(difference(tf.matMul(a, b.transpose(), false, true))).toBeLessThan(1e-4);
    expect(difference(tf.matMul(a.transpose(), b.transpose(), true, true))).toBeLessThan(1e-4);
  }
});

test("a tensor cast or reshaped to what it is shares its values and outlives it", () => {
  const before = tf.memory().numTensors;
  const x = tf.tensor1d([1, 2, 3]);
  const [cast, reshaped] = [x.cast("float32"), x.reshape([3])];
  x.dispose();
  close(cast, [1, 2, 3]);
  cast.dispose();
  close(reshaped, [1, 2, 3]);
  reshaped.dispose();
  expect(tf.memory().numTensors).toBe(before);
  expect(tf.tensor1d([1.7]).cast("int32").dataSync()[0]).toBe(1);
  expect(tf.tensor2d([[1, 2]]).reshape([2, 1]).shape).toEqual([2, 1]);
});

test("a dense layer: x · kernel + bias through the activation, for any rank", () => {
  const layer = tf.layers.dense({ units: 2, activation: "sigmoid" });
  layer.build([null, 2]);
  layer.setWeights([tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor1d([0.5, -0.5])]);
  const expected = [1.5, 1.5, -1.5, -2.5].map((sum) => 1 / (1 + Math.exp(-sum)));
  close(layer.apply(tf.tensor2d([1, 0, 1, -1], [2, 2])) as Tensor, expected);
  close(layer.apply(tf.tensor3d([1, 0, 1, -1], [1, 2, 2])) as Tensor, expected);
  const linear = tf.layers.dense({ units: 1, useBias: false });
  linear.build([null, 2]);
  linear.setWeights([tf.tensor2d([3, 5], [2, 1])]);
  const kernel = linear.trainableWeights[0].read() as ReturnType<typeof tf.variable>;
  const x = tf.tensor2d([1, 10, 2, 20], [2, 2]);
  const { grads } = tf.variableGrads(() => (linear.apply(x) as Tensor).sum(), [kernel]);
  close(grads[kernel.name], [3, 30]);
});

describe("gradients of sums and means, upstream 1, 2, …", () => {
  const x = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2]);
  const upstreamOf = (reduced: Tensor) => tf.range(1, reduced.size + 1).reshape(reduced.shape);
  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["sum", (x) => x.sum(), Array<number>(12).fill(1)],
    ["sum over the rows", (x) => x.sum(0), [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]],
    ["sum over the last axis", (x) => x.sum(-1), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]],
    ["sum that keeps its axes", (x) => x.sum([0, 2], true), [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3]],
    ["mean", (x) => x.mean(), Array<number>(12).fill(1 / 12)],
    [
      "mean over the middle",
      (x) => x.mean(1),
      [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4].map((v) => v / 3),
    ],
  ])("%s", (_, reduce, expected) => {
    const gradient = tf.grad((x: Tensor) => {
      const reduced = reduce(x);
      return reduced.mul(upstreamOf(reduced)).sum();
    })(x);
    expect(gradient.shape).toEqual([2, 3, 2]);
    close(gradient, expected);
  });
});

// On a GPU it is on from the start. Last, as it stays on.
test("a number that comes again as an operand is copied to the device no more", () => {
  if (!usesGpu()) keepNumbers();
  type Binding = { createTensor: (shape: number[], ...more: unknown[]) => number };
  const backend = tf.backend() as unknown as { binding: Binding };
  const plain = backend.binding;
  const created: number[][] = [];
  const createTensor: Binding["createTensor"] = (shape, ...more) => {
    created.push(shape);
    return plain.createTensor(shape, ...more);
  };
  backend.binding = Object.create(plain, { createTensor: { value: createTensor } }) as Binding;
  const x = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  const results = tf.tidy(() => Array.from({ length: 9 }, () => x.mul(0.125).add(1).dataSync()));
  expect(results).toEqual(Array(9).fill(Float32Array.of(1.125, 1.25)));
  expect(created.filter((shape) => shape.length === 0)).toHaveLength(4);
  backend.binding = plain;
  expect(tf.memory().numTensors).toBe(before);
  // It is still there when who used it is gone or changes an array of it, and 0 is not -0.
  tf.scalar(0.125).dispose();
  const array = Float32Array.of(0.125);
  tf.tensor(array, []).dispose();
  array[0] = 7;
  expect(x.mul(0.125).dataSync()).toEqual(Float32Array.of(0.125, 0.25));
  for (let i = 0; i < 3; i++) {
    expect(tf.div(1, tf.scalar(0)).dataSync()[0]).toBe(Infinity);
    expect(tf.div(1, tf.scalar(-0)).dataSync()[0]).toBe(-Infinity);
  }
  const variable = tf.variable(tf.scalar(0.125));
  variable.assign(tf.scalar(3));
  expect([variable.dataSync()[0], tf.scalar(0.125).dataSync()[0]]).toEqual([3, 0.125]);
});

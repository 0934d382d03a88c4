import type { LayersModel, Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../lib/src/engine";
import "../lib/src/layers";
import { expectClose } from "./support";

/** Two features, three rows; keras.layers.BatchNormalization(momentum=0.9, epsilon=0.001) of Keras 3.15. */
const rows = [1, 10, 2, 30, 6, 20];
const keras = {
  y: [-0.851442, -1.612368, 0.074279, -0.387632, 3.777163, -1.0],
  gradients: [
    [-0.529267, -0.08165, 0.661088, -0.081648, -0.131821, 0.163298],
    [4.628605, 2.449471],
    [9.0, 13.0],
  ],
  mean: [0.3, 2.0],
  variance: [1.366667, 7.566667],
};

function makeModel(features: number): LayersModel {
  const layer = tf.layers.batchNormalization({
    momentum: 0.9,
    epsilon: 0.001,
    inputShape: [features],
  });
  return tf.sequential({ layers: [layer] });
}

test("outputs, gradients and moving averages of a training step are Keras's", () => {
  const model = makeModel(2);
  model.layers[0].setWeights([
    tf.tensor1d([2, 0.5]),
    tf.tensor1d([1, -1]),
    tf.tensor1d([0, 0]),
    tf.tensor1d([1, 1]),
  ]);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.variable(tf.tensor2d(rows, [3, 2]));
    const variables = [x, ...model.trainableWeights.map((weight) => weight.read() as Variable)];
    const { grads } = tf.variableGrads(() => {
      const y = model.apply(x, { training: true }) as Tensor;
      expectClose(Array.from(y.dataSync()), keras.y, 1e-5);
      return y.mul(tf.tensor2d([1, 2, 3, 4, 5, 7], [3, 2])).sum();
    }, variables);
    variables.forEach(({ name }, i) =>
      expectClose(Array.from(grads[name].dataSync()), keras.gradients[i], 1e-5),
    );
    x.dispose();
  });
  const [, , mean, variance] = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  expectClose(mean, keras.mean, 1e-5);
  expectClose(variance, keras.variance, 1e-4);
  expect(tf.memory().numTensors).toBe(before);
});

test("many features over threads: the same as by the plain operations", () => {
  const model = makeModel(1001);
  const x = tf.randomNormal([37, 1001], 3, 2, "float32", 4);
  const y = model.apply(x, { training: true }) as Tensor;
  const { mean, variance } = tf.moments(x, 0);
  const expected = x.sub(mean).div(variance.add(0.001).sqrt());
  expect(y.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  const inference = model.apply(x) as Tensor;
  const [, , moving] = model.getWeights();
  expectClose(Array.from(moving.dataSync()), Array.from(mean.mul(0.1).dataSync()), 1e-6);
  expect(inference.sub(y).abs().max().dataSync()[0]).toBeGreaterThan(1);
});

import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../lib/src/engine";
import { lossNamed } from "../lib/src/training/losses";

// keras.losses.binary_crossentropy of Keras 3.15, rows weighted 1, 2, 3 for the gradient.
test("binary cross-entropy and its gradient are Keras's, clipped probabilities included", () => {
  const yTrue = tf.tensor2d([1, 0, 0.3, 1, 0, 1], [3, 2]);
  const yPred = tf.tensor2d([0.9, 0.2, 0.6, 1e-9, 1, 0.5], [3, 2]);
  const loss = lossNamed("binaryCrossentropy");
  const values = loss(yTrue, yPred);
  expect(values.shape).toEqual([3]);
  [0.16425204, 8.45637321, 8.31776619].forEach((expected, i) =>
    expect(values.dataSync()[i]).toBeCloseTo(expected, 5),
  );
  const gradient = tf.grad((p: Tensor) => loss(yTrue, p).mul([1, 2, 3]).sum())(yPred);
  [-0.55555558, 0.625, 1.25000012, 0, 0, -3].forEach((expected, i) =>
    expect(gradient.dataSync()[i]).toBeCloseTo(expected, 5),
  );
});

// keras.losses.categorical_crossentropy of Keras 3.15, rows weighted 1, 2 for the gradient; the
// second row does not sum to 1, and holds a probability below 1e-7.
test("categorical cross-entropy and its gradient are Keras's", () => {
  const yTrue = tf.tensor2d([0, 1, 0, 0.2, 0.3, 0.5], [2, 3]);
  const yPred = tf.tensor2d([0.2, 0.7, 0.1, 0.8, 1.2, 2e-9], [2, 3]);
  const loss = lossNamed("categoricalCrossentropy");
  const values = loss(yTrue, yPred).dataSync();
  [0.35667497, 8.39555359].forEach((expected, i) => expect(values[i]).toBeCloseTo(expected, 5));
  const gradient = tf
    .grad((p: Tensor) => loss(yTrue, p).mul([1, 2]).sum())(yPred)
    .dataSync();
  [1, -0.42857146, 1, 0, 0, 0.5].forEach((expected, i) =>
    expect(gradient[i]).toBeCloseTo(expected, 5),
  );
});

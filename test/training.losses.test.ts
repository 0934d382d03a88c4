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

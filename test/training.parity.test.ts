import { describeKernels } from "./recurrentKernels"; // first: it opens the choice of the kernel
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { Adam, tf } from "../lib/src/engine";
import { embedding } from "../lib/src/layers";
import { trainStep } from "../lib/src/training";
import {
  type AdamCase,
  type CurveCase,
  Draw,
  distance,
  golden,
  recurrentLayer,
  sizeOf,
  weightShapes,
} from "./golden/kerasLayers";

/** The model of a curve with Keras's initial weights, and its data. */
function prepare(curve: CurveCase) {
  const { rows, steps, vocabulary, maskZero } = curve;
  const draw = new Draw(curve.seed);
  const model = tf.sequential();
  model.add(
    embedding({
      inputDim: vocabulary,
      outputDim: curve.embedding,
      inputLength: steps,
      maskZero,
    }),
  );
  model.add(recurrentLayer(curve.layer));
  model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
  const shapes: [number[], number][] = [
    [[vocabulary, curve.embedding], 0.5],
    ...weightShapes(curve.layer, curve.embedding).map((s): [number[], number] => [s, 0.4]),
    [[curve.layer.units, 1], 0.5],
    [[1], 0.5],
  ];
  tf.tidy(() => {
    model.setWeights(
      shapes.map(([shape, scale]) => tf.tensor(draw.floats(sizeOf(shape), scale), shape)),
    );
  });
  const ids = draw.integers(rows * steps, vocabulary - 1).map((id) => id + 1);
  const lengths = draw.integers(rows, steps).map((length) => length + 1);
  const labels = Float32Array.from(draw.integers(rows, 2));
  lengths.forEach((length, row) => {
    const start = row * steps + (curve.padding === "pre" ? 0 : length);
    ids.fill(0, start, start + steps - length);
  });
  return { model, ids, labels };
}

const binaryCrossentropy = (yTrue: tfjs.Tensor, yPred: tfjs.Tensor) =>
  tf.mean(tf.metrics.binaryCrossentropy(yTrue, yPred)) as tfjs.Scalar;

type Prepared = ReturnType<typeof prepare>;

/** The loss of each batch of the curve's epochs; the model is trained by it. */
function train(curve: CurveCase, { model, ids, labels }: Prepared) {
  const { rows, steps, batch } = curve;
  const optimizer = new Adam({ learningRate: curve.learningRate });
  const losses: number[] = [];
  for (let epoch = 0; epoch < curve.epochs; epoch++) {
    for (let start = 0; start < rows; start += batch) {
      const end = Math.min(rows, start + batch);
      tf.tidy(() => {
        const x = tf.tensor2d(ids.slice(start * steps, end * steps), [end - start, steps], "int32");
        const y = tf.tensor2d(labels.slice(start, end), [end - start, 1]);
        const { loss, predictions } = trainStep(model, optimizer, binaryCrossentropy, x, y);
        losses.push(loss.dataSync()[0]);
        tf.dispose([loss, predictions]);
      });
    }
  }
  optimizer.dispose();
  return losses;
}

describeKernels("three epochs of training equal Keras 3", () => {
  test.each(golden.curves.map((curve) => [curve.name, curve] as const))("%s", (_, curve) => {
    const prepared = prepare(curve);
    const losses = train(curve, prepared);
    expect(losses).toHaveLength(curve.losses.length);
    losses.forEach((loss, step) => {
      expect(Math.abs(loss - curve.losses[step])).toBeLessThanOrEqual(1e-4);
    });
    prepared.model.getWeights().forEach((weight, i) => {
      expect(weight.shape).toEqual(curve.weights[i].shape);
      expect(distance(weight.dataSync(), curve.weights[i])).toBeLessThanOrEqual(1e-3);
    });
    prepared.model.dispose();
  });
});

describeKernels("Adam equals Keras 3", () => {
  test.each(golden.adam.map((wanted) => [wanted.name, wanted] as const))("%s", (_, wanted) => {
    const draw = new Draw(wanted.seed);
    const shapes = [[3, 4], [5]];
    const optimizer = new Adam(adamOptions(wanted));
    const variables = shapes.map((shape) =>
      tf.variable(tf.tensor(draw.floats(sizeOf(shape)), shape)),
    );
    wanted.after.forEach((after) => {
      const gradients = shapes.map((shape, i) =>
        tf.tensor(draw.floats(sizeOf(shape), [2, 0.1][i]), shape),
      );
      optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: gradients[i] })));
      tf.dispose(gradients);
      variables.forEach((variable, i) => {
        // Keras takes 1 - 0.999 ** t in float32, which is good to four digits at the first steps.
        const tolerance = 1e-4 * wanted.learningRate;
        expect(distance(variable.dataSync(), after[i])).toBeLessThanOrEqual(tolerance);
      });
    });
    optimizer.dispose();
    tf.dispose(variables);
  });
});

function adamOptions({ learningRate, clipNorm, decay }: AdamCase) {
  return { learningRate, clipNorm: clipNorm ?? undefined, decay: decay ?? undefined };
}

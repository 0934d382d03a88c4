import { seedEverything, tf } from "../lib/src/engine";
import { embedding, gru, lstm, simpleRnn } from "../lib/src/layers";
import { drawTorchWeights } from "../lib/src/studies/experiment/torchWeights";

/** Least, most, mean and standard deviation. */
function spread(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {
    least: Math.min(...values),
    most: Math.max(...values),
    mean,
    sd: Math.sqrt(square),
  };
}

/** A chain of these layers over word ids, its weights as PyTorch draws them, layer by layer. */
function drawn(layers: { apply: (input: never) => unknown }[], seed = 1): Float32Array[][] {
  seedEverything(seed);
  const inputs = tf.input({ shape: [6], dtype: "int32" });
  const outputs = layers.reduce((tensor, layer) => layer.apply(tensor as never), inputs as unknown);
  const model = tf.model({ inputs, outputs: outputs as typeof inputs });
  drawTorchWeights(model);
  const found = model.layers.map((layer) =>
    layer.getWeights().map((weight) => weight.dataSync() as Float32Array),
  );
  model.dispose();
  return found.filter((weights) => weights.length > 0);
}

/** Uniform up to this bound: it is nearly reached, never passed, and the deviation is bound / √3. */
function expectUniform(values: Float32Array, bound: number) {
  const { least, most, mean, sd } = spread(values);
  expect(most).toBeLessThanOrEqual(bound * (1 + 1e-6));
  expect(least).toBeGreaterThanOrEqual(-bound * (1 + 1e-6));
  expect(most - least).toBeGreaterThan(1.7 * bound);
  // The mean and the deviation of so many uniform numbers, within four standard errors.
  const error = bound / Math.sqrt(3 * values.length);
  expect(Math.abs(mean)).toBeLessThan(4 * error);
  expect(Math.abs(sd - bound / Math.sqrt(3))).toBeLessThan(4 * error);
}

// torch.nn.RNNBase.reset_parameters: stdv = 1 / sqrt(hidden_size), init.uniform_(weight, -stdv, stdv)
// for all its weights; torch.nn.Linear: kaiming_uniform_(a=sqrt(5)) and its biases, both
// U(±1/sqrt(in_features)); torch.nn.Embedding: normal_(weight).
test.each([
  ["lstm", lstm, 1],
  ["rnn", simpleRnn, 1],
  ["gru", gru, 2],
] as const)(
  "an %s: words N(0, 1), the layer U(±1/√units), dense U(±1/√inputs)",
  (_, layer, biases) => {
    const [[words], [kernel, recurrent, bias], [dense, offsets]] = drawn([
      embedding({ inputDim: 500, outputDim: 40 }),
      layer({ units: 64 }),
      tf.layers.dense({ units: 50 }),
    ]);
    const { mean, sd, most } = spread(words);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(sd - 1)).toBeLessThan(0.03);
    expect(most).toBeGreaterThan(3);
    expectUniform(kernel, 1 / 8);
    expectUniform(recurrent, 1 / 8);
    if (biases === 2) expectUniform(bias, 1 / 8);
    else {
      // PyTorch's two biases are one here: a sum of two uniform numbers, deviation √2 · bound / √3.
      const sum = spread(bias);
      expect(sum.most).toBeLessThanOrEqual(2 / 8);
      expect(sum.most).toBeGreaterThan(1 / 8);
      expect(Math.abs(sum.sd - Math.SQRT2 / 8 / Math.sqrt(3))).toBeLessThan(0.02);
    }
    expectUniform(dense, 1 / 8);
    expectUniform(offsets, 1 / 8);
  },
);

test("a convolution has as many inputs as its window holds; batch normalization is left alone", () => {
  const [[kernel], [gamma, beta, mean, variance]] = drawn([
    tf.layers.reshape({ targetShape: [6, 1] }),
    tf.layers.conv1d({ filters: 300, kernelSize: 4 }),
    tf.layers.batchNormalization(),
  ]);
  expectUniform(kernel, 1 / 2);
  expect([gamma[0], beta[0], mean[0], variance[0]]).toEqual([1, 0, 0, 1]);
});

test("the same seed draws the same weights, another draws others", () => {
  const layers = () => [embedding({ inputDim: 9, outputDim: 3 }), simpleRnn({ units: 4 })];
  expect(drawn(layers(), 7)).toEqual(drawn(layers(), 7));
  expect(drawn(layers(), 7)).not.toEqual(drawn(layers(), 8));
});

import type { Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../lib/src/engine";
import { gru, lstm, simpleRnn } from "../lib/src/layers";
import { Draw, distance, golden, magnitude, sizeOf, weightShapes } from "./golden/kerasLayers";
import type { LayerCase, LayerSpec } from "./golden/kerasLayers";

function makeLayer({ kind, ...options }: LayerSpec) {
  if (kind === "lstm") return lstm({ ...options });
  if (kind === "gru") return gru({ units: options.units, ...options, activation: "tanh" });
  return simpleRnn({ units: options.units, ...options, activation: "tanh" });
}

/** Output, gradient of the input and of all weights, for the golden upstream gradient. */
function run(spec: LayerCase) {
  const draw = new Draw(spec.seed);
  const inputShape: [number, number, number] = [spec.batch, spec.steps, spec.features];
  const x = tf.tensor3d(draw.floats(sizeOf(inputShape)), inputShape);
  let features = spec.features;
  const layers = spec.layers.map((options) => {
    const layer = makeLayer(options);
    const weights = weightShapes(options, features).map((shape) =>
      tf.tensor(draw.floats(sizeOf(shape), spec.scale), shape),
    );
    layer.build([null, null, features]);
    layer.setWeights(weights);
    features = options.units;
    return layer;
  });
  const mask =
    spec.mask &&
    tf.tensor2d(
      spec.mask.map((row) => [...row].map(Number)),
      undefined,
      "bool",
    );
  const forward = (input: Tensor) =>
    layers.reduce((value, layer) => layer.apply(value, { mask }) as Tensor, input);
  const output = forward(x);
  const upstream = tf.tensor(draw.floats(output.size), output.shape);
  const weights = layers.flatMap((layer) => layer.weights.map((w) => w.read()));
  const gradients = tf.grads((input) => forward(input).mul(upstream).sum())([x]);
  const { grads } = tf.variableGrads(() => forward(x).mul(upstream).sum(), weights as Variable[]);
  const dWeights = weights.map((w) => grads[(w as Variable).name]);
  return { output, dInput: gradients[0], dWeights };
}

describe("recurrent layers equal Keras's", () => {
  test.each(golden.layers.map((spec) => [spec.name, spec] as const))("%s", (_, spec) => {
    const { output, dInput, dWeights } = run(spec);
    expect(output.shape).toEqual(spec.output.shape);
    expect(distance(output.dataSync(), spec.output)).toBeLessThanOrEqual(1e-5);
    for (const [actual, expected] of [
      [dInput, spec.dInput] as const,
      ...dWeights.map((d, i) => [d, spec.dWeights[i]] as const),
    ]) {
      expect(actual.shape).toEqual(expected.shape);
      expect(distance(actual.dataSync(), expected)).toBeLessThanOrEqual(
        1e-4 * Math.max(magnitude(expected), 1e-3),
      );
    }
  });
});

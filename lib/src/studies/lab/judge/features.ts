import type { layers, Tensor } from "@tensorflow/tfjs";
import { type NdArray, tf } from "../../../engine";
import { lstm } from "../../../layers";
import { type ModelProbe, probeWeights } from "./probe";

/** Ways from one vector a word to one vector a review. */
export type LabFeature = "mean" | "sum" | "max" | "last" | "first" | "masked" | "backwards";

type Candidates = [LabFeature, () => Tensor][];

/** Which mean, sum … of the embedded words (B, T, E) this is. */
function pooled(vectors: Tensor, mask: Tensor): Candidates {
  const steps = vectors.shape[1]!;
  const at = (step: number) => vectors.slice([0, step], [-1, 1]).squeeze([1]);
  return [
    ["mean", () => vectors.mean(1)],
    ["sum", () => vectors.sum(1)],
    ["max", () => vectors.max(1)],
    ["last", () => at(steps - 1)],
    ["first", () => at(0)],
    ["masked", () => vectors.mul(mask.expandDims(2)).sum(1).div(mask.sum(1, true))],
  ];
}

/** Which states of an LSTM these are; TensorFlow.js's own gates count as well. */
function recurrent(vectors: Tensor, mask: Tensor, weights: Tensor[]): Candidates {
  const units = weights[1].shape[0];
  const run = (layer: layers.Layer, kwargs = {}) => {
    layer.apply(vectors); // gives it weights to be set
    layer.setWeights(weights);
    const states = layer.apply(vectors, kwargs) as Tensor;
    for (const weight of layer.weights) weight.dispose();
    return states;
  };
  const all = () => run(lstm({ units, returnSequences: true }));
  return [
    ["last", () => run(lstm({ units }))],
    ["last", () => run(tf.layers.lstm({ units, recurrentInitializer: "zeros" }))],
    ["mean", () => all().mean(1)],
    ["max", () => all().max(1)],
    ["backwards", () => run(lstm({ units, goBackwards: true }))],
    ["masked", () => run(lstm({ units }), { mask })],
  ];
}

/**
 * Names what a model makes of its embedded words, by doing the same with the probe's weights and
 * comparing; `undefined` where it is none of the known ways.
 */
export function labFeatures(
  kind: "mean" | "lstm",
  { weights: shapes, features }: ModelProbe,
  ids: NdArray<Int32Array>,
  seed: number,
): LabFeature | undefined {
  const lstmShapes = shapes.slice(1, 4).map(({ length }) => length);
  if (shapes[0].length !== 2 || (kind === "lstm" && String(lstmShapes) !== "2,2,1"))
    return undefined;
  if (kind === "lstm" && shapes[2][1] !== 4 * shapes[2][0]) return undefined;
  return tf.tidy(() => {
    const [table, ...rest] = probeWeights(shapes, seed).map(({ data, shape }) =>
      tf.tensor(data, shape),
    );
    const words = tf.tensor2d(ids.data, ids.shape as [number, number], "int32");
    const vectors = tf.gather(table, words);
    const mask = words.notEqual(0);
    const candidates =
      kind === "mean"
        ? pooled(vectors, mask.toFloat())
        : recurrent(vectors, mask, rest.slice(0, 3));
    const found = candidates.find(([, make]) => {
      const expected = make();
      if (expected.size !== features.data.length) return false;
      const given = tf.tensor(features.data, expected.shape, "float32");
      return expected.sub(given).abs().max().dataSync()[0] < 1e-4;
    });
    return found?.[0];
  });
}

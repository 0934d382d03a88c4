import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../lib/src/engine";
import { maxOverTime, wordDropout } from "../lib/src/layers";
import { rating } from "../lib/src/studies";

/** Weights of a dense layer, and of batch normalization where the layer has one. */
const dense = (inputs: number, units: number) => (inputs + 1) * units;
const normalized = (inputs: number, units: number) => dense(inputs, units) + 4 * units;
/** Weights of a recurrent layer with so many gates, in Keras's layout. */
const recurrent = (gates: number, inputs: number, units: number, biases = 1) =>
  gates * units * (inputs + units + biases);
const head = (inputs: number) => dense(inputs, 64) + dense(64, 12) + dense(12, 1);

test.each([
  [
    "MLP",
    rating.mlp,
    dense(2470, 2048) +
      normalized(2048, 1024) +
      normalized(1024, 1024) +
      normalized(1024, 512) +
      normalized(512, 64) +
      normalized(64, 12) +
      normalized(12, 12) +
      normalized(12, 1),
  ],
  [
    "RNN",
    rating.rnn,
    recurrent(1, 2470, 1024) +
      recurrent(1, 1024, 512) +
      recurrent(1, 512, 256) +
      dense(256, 12) +
      dense(12, 1),
  ],
  ["LSTM-1", rating.lstm1, recurrent(4, 2470, 512) + head(512)],
  ["LSTM-2", rating.lstm2, recurrent(4, 2470, 128) + recurrent(4, 128, 128) + head(128)],
  [
    "CNN-LSTM",
    rating.cnnLstm,
    // Two convolutions, then the published dense layer from 3,984 to 2,470.
    dense(7, 8) +
      dense(21 * 8, 12) +
      dense(3984, 2470) +
      recurrent(4, 2470, 128) +
      recurrent(4, 128, 128) +
      head(128),
  ],
  [
    "GRU-2",
    rating.gru2,
    recurrent(3, 2470, 256, 2) +
      recurrent(3, 256, 256, 2) +
      normalized(256, 200) +
      normalized(200, 64) +
      normalized(64, 12) +
      dense(12, 12) +
      normalized(12, 10) +
      normalized(10, 5) +
      normalized(5, 5) +
      dense(5, 1),
  ],
])("%s has the layers of the listing", (_, build, parameters) => {
  const model = build();
  expect(model.countParams()).toBe(parameters);
  expect(model.outputs[0].shape).toEqual([null, 1]);
  model.dispose();
});

test("activations come before normalization, dropout stands where the listing has it", () => {
  const kinds = (model: tfjs.LayersModel) => model.layers.map((layer) => layer.getClassName());
  const mlp = kinds(rating.mlp());
  const block = ["Dense", "LeakyReLU", "BatchNormalization"];
  expect(mlp).toEqual(["InputLayer", "Dense", "LeakyReLU", ...Array(7).fill(block).flat()]);
  const rnn = rating.rnn();
  const tail = "Dense LeakyReLU FastDropout Dense LeakyReLU FastDropout LeakyReLU".split(" ");
  expect(kinds(rnn).slice(-7)).toEqual(tail);
  expect(rnn.layers.at(-2)!.getConfig().rate).toBe(0.01);
  const slopes = rnn.layers.filter((layer) => layer.getClassName() === "LeakyReLU");
  expect(slopes.map((layer) => layer.getConfig().alpha)).toEqual([0.01, 0.01, 0.01]);
});

test("the largest value over time leaves the padding out", () => {
  const words = tf.input({ shape: [null, 2] });
  const steps = tf.tensor3d([[[-3, -1], [-2, -4], [0, 0]]]); // prettier-ignore
  const kwargs = { mask: tf.tensor2d([[1, 1, 0]], [1, 3], "bool") };
  const layer = maxOverTime();
  layer.apply(words);
  expect(Array.from((layer.call(steps, kwargs) as tfjs.Tensor).dataSync())).toEqual([-2, -1]);
  expect(Array.from((layer.call(steps, {}) as tfjs.Tensor).dataSync())).toEqual([0, 0]);
});

test("hidden words become unknown ones while training, padding stays", () => {
  const layer = wordDropout({ rate: 0.5 });
  const ids = tf.tensor2d([[...new Array<number>(400).fill(7), 0, 0]], undefined, "int32");
  const shown = (training: boolean) =>
    Array.from((layer.apply(ids, { training }) as tfjs.Tensor).dataSync());
  expect(shown(false)).toEqual(Array.from(ids.dataSync()));
  const hidden = shown(true);
  expect(hidden.slice(400)).toEqual([0, 0]);
  expect(new Set(hidden.slice(0, 400))).toEqual(new Set([1, 7]));
  const share = hidden.filter((id) => id === 1).length / 400;
  expect(Math.abs(share - 0.5)).toBeLessThan(0.15);
  expect(() => wordDropout({ rate: 1 })).toThrow("from 0 to below 1");
});

test("the ranked probability score is the distance in points where the model is sure", () => {
  const loss = rating.rankedProbabilityScore([1, 2, 3, 4, 7, 8, 9, 10]);
  const sure = (place: number) => Array.from({ length: 8 }, (_, k) => +(k === place));
  const truth = tf.tensor1d([0, 0, 3, 5]);
  // Right; ten for one; seven for four; half a point to either side of eight.
  const rows = [sure(0), sure(7), sure(4), [0, 0, 0, 0, 0.5, 0, 0.5, 0]];
  const found = Array.from(loss(truth, tf.tensor2d(rows)).dataSync());
  expect(found).toEqual([0, 9, 3, 0.5]);
});

describe("a model that reads words", () => {
  const sizes = { vocabularySize: 50, embeddingDim: 4, units: 3, dropout: 0 };
  const classes = [1, 2, 3, 4, 7, 8, 9, 10];
  const outputs = (model: tfjs.LayersModel, row: number[]) =>
    Array.from(
      (model.predict(tf.tensor2d([row], [1, row.length], "int32")) as tfjs.Tensor).dataSync(),
    );

  test.each(["rnn-pooled", "lstm-last", "gru-pooled", "attention", "pairs"] as const)(
    "%s: padding after the end changes nothing",
    (encoder) => {
      const pairs = { pairBuckets: 90, pairDim: 2 };
      const model = rating.sequenceReader({ ...sizes, classes, encoder, head: "classes", pairs });
      const [short, padded] = [outputs(model, [5, 6, 7]), outputs(model, [5, 6, 7, 0, 0])];
      expect(Math.max(...short.map((value, i) => Math.abs(value - padded[i])))).toBeLessThan(1e-6);
      expect(outputs(model, [7, 6, 5])[0]).not.toBeCloseTo(short[0], 6);
    },
  );

  test("its heads give 8 probabilities with the sum 1, 7 between 0 and 1, or one number", () => {
    const of = (head: "classes" | "ordinal" | "number") =>
      outputs(rating.sequenceReader({ ...sizes, classes, encoder: "gru-pooled", head }), [5, 6, 7]);
    expect(of("classes")).toHaveLength(8);
    expect(of("classes").reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(of("ordinal")).toHaveLength(7);
    for (const share of of("ordinal")) expect(share).toBeCloseTo(0.5, 1);
    // Untrained, it says the middle of the scale.
    expect(Math.abs(of("number")[0] - 5.5)).toBeLessThan(1);
  });

  test("metadata are a second input", () => {
    const settings = { ...sizes, classes, encoder: "gru-pooled", head: "classes" } as const;
    const model = rating.sequenceReader({ ...settings, metadata: 5 });
    expect(model.inputs.map(({ shape }) => shape)).toEqual([
      [null, null],
      [null, 5],
    ]);
  });
});

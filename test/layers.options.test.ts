import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import fc from "fast-check";
import { seedEverything, type SymbolicTensor, tf } from "../lib/src/engine";
import {
  attentionWeights,
  bidirectional,
  embedding,
  gru,
  lstm,
  maxOverTime,
  meanOverTime,
  positionWeights,
  simpleRnn,
  weightedSum,
  wordPairs,
} from "../lib/src/layers";

const values = (tensor: tfjs.Tensor | tfjs.Tensor[]) => [...(tensor as tfjs.Tensor).dataSync()];
const row = (ids: number[]) => tf.tensor2d([ids], [1, ids.length], "int32");

/** Options as plain JavaScript gives them, which no compiler looks at. */
const unchecked = (options: object) => options as { units: number; name: string };

describe("options that no layer has are refused, with the one that was meant", () => {
  test.each<[string, () => unknown, string]>([
    [
      "Python's spelling",
      () => lstm(unchecked({ units: 4, return_sequences: true })),
      '"returnSequences"',
    ],
    ["a typo", () => gru(unchecked({ units: 4, recurentDropout: 0.1 })), '"recurrentDropout"'],
    ["an LSTM's in a GRU", () => gru(unchecked({ units: 4, unitForgetBias: true })), "use units"],
    ["a GRU's in an LSTM", () => lstm(unchecked({ units: 4, resetAfter: true })), "use units"],
    [
      "stateful",
      () => lstm(unchecked({ units: 4, stateful: true })),
      "returnState and initialState",
    ],
    ["unroll", () => lstm(unchecked({ units: 4, unroll: true })), "leave it out"],
    [
      "timeMajor",
      () => simpleRnn(unchecked({ units: 4, timeMajor: true })),
      "(batch, steps, features)",
    ],
    [
      "a constraint",
      () => gru(unchecked({ units: 4, kernelConstraint: "maxNorm" })),
      "kernelRegularizer",
    ],
    [
      "embedding",
      () => embedding({ inputDim: 4, outputDim: 2, ...{ mask_zero: true } }),
      '"maskZero"',
    ],
    [
      "embedding, a constraint",
      () => embedding({ inputDim: 4, outputDim: 2, ...{ embeddingsConstraint: "unitNorm" } }),
      "embeddingsRegularizer",
    ],
    ["attentionWeights", () => attentionWeights(unchecked({ scores: "linear" })), '"score"'],
    ["weightedSum", () => weightedSum(unchecked({ axis: 1 })), "use inputShape"],
    ["meanOverTime", () => meanOverTime(unchecked({ Name: "m" })), '"name"'],
    ["maxOverTime", () => maxOverTime(unchecked({ axis: 1 })), "use inputShape"],
    ["positionWeights", () => positionWeights(unchecked({ steps: 1 })), "use inputShape"],
    ["wordPairs", () => wordPairs({ buckets: 4, ...{ bucket: 1 } }), '"buckets"'],
    [
      "bidirectional",
      () => bidirectional({ layer: gru({ units: 1 }), ...{ merge_mode: "sum" } }),
      '"mergeMode"',
    ],
    [
      "an initializer",
      () => lstm(unchecked({ units: 4, kernelInitializer: "glorot_uniform" })),
      '"glorotUniform"',
    ],
    ["a regularizer", () => lstm(unchecked({ units: 4, kernelRegularizer: "l3" })), "l1, l1l2, l2"],
    [
      "a merge mode",
      () => bidirectional({ layer: gru({ units: 1 }), mergeMode: "avg" as "ave" }),
      "ave",
    ],
  ])("%s", (_, make, meant) => {
    expect(make).toThrow(meant);
  });

  test("what asks for nothing is taken", () => {
    expect(() =>
      lstm(unchecked({ units: 4, stateful: false, kernelConstraint: null })),
    ).not.toThrow();
  });

  test("shares and buckets out of range", () => {
    expect(() => lstm({ units: 4, dropout: 1 })).toThrow(
      "lstm: dropout is 1: give a number from 0",
    );
    expect(() => gru({ units: 4, recurrentDropout: -0.5 })).toThrow("recurrentDropout is -0.5");
    expect(() => wordPairs({ buckets: 1 })).toThrow("buckets is 1: give 2 or more");
  });
});

describe("dropout in a recurrent layer", () => {
  const once = (training: boolean, seed: number, options: object) => {
    seedEverything(seed);
    const layer = simpleRnn({
      units: 40,
      returnSequences: true,
      useBias: false,
      kernelInitializer: "identity",
      recurrentInitializer: "zeros",
      ...options,
    });
    return layer.apply(tf.ones([2, 3, 40]), { training });
  };

  test("the same features are dropped at all steps, others in other rows, none in prediction", () => {
    const dropped = once(true, 1, { dropout: 0.5 }).unstack<tfjs.Tensor2D>(1);
    const [first, second, third] = dropped.map((step) => step.arraySync());
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    // tanh(0) where it is dropped, tanh(1 / (1 − .5)) where not.
    expect(new Set(first.flat().map((value) => value.toFixed(4)))).toEqual(
      new Set(["0.0000", Math.tanh(2).toFixed(4)]),
    );
    const zeros = first.flat().filter((value) => value === 0).length;
    expect(Math.abs(zeros / 80 - 0.5)).toBeLessThan(0.2); // 3.6 standard errors
    expect(new Set(values(once(false, 1, { dropout: 0.5 }))).size).toBe(1);
  });

  test.each([{ dropout: 0.3 }, { recurrentDropout: 0.3 }, { dropout: 0.2, recurrentDropout: 0.2 }])(
    "a seed gives the same masks, another seed others: %j",
    (options) => {
      const own = { ...options, recurrentInitializer: "identity" };
      expect(values(once(true, 7, own))).toEqual(values(once(true, 7, own)));
      expect(values(once(true, 8, own))).not.toEqual(values(once(true, 7, own)));
      expect(values(once(false, 7, own))).toEqual(values(once(false, 8, own)));
    },
  );
});

describe("first values and penalties of the weights", () => {
  const built = <L extends tfjs.layers.Layer>(layer: L) => {
    layer.build([null, null, 3]);
    return layer.getWeights();
  };

  test("by name, as an object, with ones for an LSTM's forget gate", () => {
    const [kernel, recurrent, bias] = built(
      lstm({
        units: 2,
        kernelInitializer: "ones",
        recurrentInitializer: tf.initializers.constant({ value: 3 }),
        biasInitializer: tf.initializers.constant({ value: 5 }),
      }),
    );
    expect(new Set(values(kernel))).toEqual(new Set([1]));
    expect(new Set(values(recurrent))).toEqual(new Set([3]));
    expect(values(bias)).toEqual([5, 5, 1, 1, 5, 5, 5, 5]);
    const plain = built(lstm({ units: 2, biasInitializer: "ones", unitForgetBias: false }))[2];
    expect(values(plain)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    const table = embedding({ inputDim: 4, outputDim: 2, embeddingsInitializer: "ones" });
    expect(values(built(table)[0])).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test("L1 and L2 as in Keras: the sum of the sizes, of the squares, times a factor", () => {
    const layer = gru({
      units: 2,
      kernelInitializer: tf.initializers.constant({ value: -2 }),
      recurrentInitializer: tf.initializers.constant({ value: 3 }),
      kernelRegularizer: tf.regularizers.l1({ l1: 0.5 }),
      recurrentRegularizer: "l2", // 0.01
    });
    built(layer);
    const penalties = layer.calculateLosses().map((penalty) => penalty.dataSync()[0]);
    expect(penalties[0]).toBeCloseTo(0.5 * 2 * 18, 5);
    expect(penalties[1]).toBeCloseTo(0.01 * 9 * 12, 5);
    const both = bidirectional({ layer });
    both.build([null, null, 3]);
    expect(both.calculateLosses().map((penalty) => penalty.dataSync()[0])).toEqual([
      penalties[0],
      penalties[1],
      penalties[0],
      penalties[1],
    ]);
    const table = embedding({
      inputDim: 4,
      outputDim: 2,
      embeddingsInitializer: tf.initializers.constant({ value: 3 }),
      embeddingsRegularizer: tf.regularizers.l2({ l2: 0.1 }),
    });
    built(table);
    expect(table.calculateLosses()[0].dataSync()[0]).toBeCloseTo(0.1 * 9 * 8, 5);
  });
});

describe("states", () => {
  const x = () => {
    seedEverything(3);
    return tf.randomUniform([2, 6, 3], -1, 1, "float32", 3);
  };

  test.each([
    ["lstm", lstm({ units: 4, returnState: true, returnSequences: true })],
    ["gru", gru({ units: 4, returnState: true, returnSequences: true })],
    ["simpleRnn", simpleRnn({ units: 4, returnState: true, returnSequences: true })],
  ])("%s: the second half goes on from the states of the first", (_, layer) => {
    const [whole, ...last] = layer.apply(x());
    const [head, tail] = tf.split(x(), 2, 1);
    const [first, ...states] = layer.apply(head);
    const [second, ...end] = layer.apply([tail, ...states]);
    const joined = tf.concat([first, second], 1);
    expect(joined.sub(whole).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    last.forEach((state, i) => {
      expect(state.sub(end[i]).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    });
    const [again] = layer.apply(tail, { initialState: states });
    expect(values(again)).toEqual(values(second));
  });

  test("of another number or shape are refused", () => {
    const layer = lstm({ units: 4 });
    const state = tf.zeros([2, 4]);
    expect(() => layer.apply([x(), state])).toThrow(
      "starts with 2 state(s) of the shape [batch, 4]",
    );
    expect(() => layer.apply([x(), state, tf.zeros([2, 5])])).toThrow("but got [2, 4] and [2, 5]");
    expect(() => layer.apply([x(), state, tf.zeros([3, 4])])).toThrow("[3, 4]");
    const input = tf.input({ shape: [null, 3] });
    expect(() => gru({ units: 4 }).apply([input, tf.input({ shape: [5] })])).toThrow(
      "but got [batch, 5]",
    );
  });
});

// Types are a part of what is tested here: nothing is cast.
test("an encoder's states start a decoder, whose own mask counts", () => {
  seedEverything(5);
  const build = () => {
    const [question, answer] = [tf.input({ shape: [null] }), tf.input({ shape: [null] })];
    const read = embedding({ inputDim: 9, outputDim: 3, maskZero: true }).apply(question);
    const [, h, c] = lstm({ units: 4, returnState: true }).apply(read);
    const written = embedding({ inputDim: 9, outputDim: 3 }).apply(answer);
    const states = lstm({ units: 4, returnSequences: true }).apply([written, h, c]);
    return tf.model({ inputs: [question, answer], outputs: states });
  };
  const model = build();
  const predict = (a: number[], b: number[]) => values(model.predict([row(a), row(b)]));
  // The padding of the question counts nowhere, and it hides no step of the answer.
  expect(predict([0, 0, 1, 2], [3, 4, 5, 6])).toEqual(predict([1, 2], [3, 4, 5, 6]));
  expect(predict([0, 0, 1, 2], [3, 4, 5, 6]).slice(0, 4)).not.toEqual([0, 0, 0, 0]);
  expect(predict([1, 3], [3, 4, 5, 6])).not.toEqual(predict([1, 2], [3, 4, 5, 6]));
});

test("a mask ends at a layer that knows none, as in Keras", () => {
  const ids = tf.input({ shape: [4] });
  const words = embedding({ inputDim: 9, outputDim: 3, maskZero: true }).apply(ids);
  const summary = lstm({ units: 5 }).apply(words);
  const repeated = tf.layers.repeatVector({ n: 4 }).apply(summary) as SymbolicTensor;
  const decoder = gru({ units: 2, returnSequences: true });
  const model = tf.model({ inputs: ids, outputs: decoder.apply(repeated) });
  const alone = tf.model({ inputs: ids, outputs: repeated }).predict(row([0, 0, 1, 2]));
  const actual = values(model.predict(row([0, 0, 1, 2])));
  expect(actual).toEqual(values(decoder.apply(alone as tfjs.Tensor)));
});

describe("bidirectional", () => {
  test("reads 1, 2, 3 as Keras does, all weights being .1", () => {
    const layer = bidirectional({ layer: simpleRnn({ units: 1, returnSequences: true }) });
    const x = tf.tensor3d([1, 2, 3], [1, 3, 1]);
    layer.apply(x);
    layer.setWeights(layer.getWeights().map(({ shape }) => tf.fill(shape, 0.1)));
    const expected = [0.197, 0.228, 0.309, 0.326, 0.406, 0.38]; // Keras 3.15
    values(layer.apply(x)).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3));
  });

  test("is two layers, one of which reads backwards", () => {
    const sizes = fc.record({
      kind: fc.constantFrom(lstm, gru, simpleRnn),
      batch: fc.integer({ min: 1, max: 4 }),
      steps: fc.integer({ min: 1, max: 6 }),
      units: fc.integer({ min: 1, max: 5 }),
      returnSequences: fc.boolean(),
      kept: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    });
    fc.assert(
      fc.property(sizes, ({ kind, batch, steps, units, returnSequences, kept }) => {
        tf.tidy(() => {
          const both = bidirectional({ layer: kind({ units, returnSequences }) });
          const x = tf.randomNormal([batch, steps, 3], 0, 1, "float32", steps);
          const mask = tf.tensor2d(
            kept.slice(0, batch * steps).map(Number),
            [batch, steps],
            "bool",
          );
          const output = both.apply(x, { mask });
          const half = both.getWeights().length / 2;
          const run = (goBackwards: boolean) => {
            const layer = kind({ units, returnSequences, goBackwards });
            layer.build(x.shape);
            layer.setWeights(
              both
                .getWeights()
                .slice(goBackwards ? half : 0)
                .slice(0, half),
            );
            const read = layer.apply(x, { mask });
            const turned = returnSequences && goBackwards ? read.reverse(1) : read;
            return returnSequences ? turned.mul(mask.toFloat().expandDims(2)) : turned;
          };
          const expected = tf.concat([run(false), run(true)], -1);
          expect(values(output)).toEqual(values(expected));
        });
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  test("its weights have names of their own, and count", () => {
    const layer = bidirectional({ layer: gru({ units: 4, name: "words" }), name: "both" });
    layer.apply(tf.input({ shape: [null, 3] }));
    expect(layer.weights.map(({ name }) => name)).toEqual([
      "both/forward_words/kernel",
      "both/forward_words/recurrent_kernel",
      "both/forward_words/bias",
      "both/backward_words/kernel",
      "both/backward_words/recurrent_kernel",
      "both/backward_words/bias",
    ]);
    expect(layer.countParams()).toBe(2 * (3 * 12 + 4 * 12 + 24)); // as Keras counts
    layer.trainable = false;
    expect([layer.trainableWeights.length, layer.nonTrainableWeights.length]).toEqual([0, 6]);
  });

  test("other layers are refused, and so are ours in TensorFlow.js's wrapper", () => {
    const dense = tf.layers.dense({ units: 1 }) as unknown as ReturnType<typeof gru>;
    expect(() => bidirectional({ layer: dense })).toThrow("give one of them as layer");
    const stock = tf.layers.bidirectional as unknown as (options: object) => tfjs.layers.Layer;
    expect(() => stock({ layer: lstm({ units: 2 }) })).toThrow("use bidirectional({ layer })");
  });
});

test("a model with all of this is saved and loaded, and takes first weights", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
  try {
    const ids = tf.input({ shape: [4] });
    const words = embedding({
      inputDim: 9,
      outputDim: 3,
      maskZero: true,
      embeddingsInitializer: "randomNormal",
      embeddingsRegularizer: tf.regularizers.l2({ l2: 0.5 }),
    }).apply(ids);
    const layer = lstm({
      units: 4,
      useBias: false,
      returnSequences: true,
      returnState: true,
      dropout: 0.2,
      recurrentDropout: 0.1,
      kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1 }),
      recurrentInitializer: "glorotNormal",
      kernelRegularizer: "l1",
    });
    const [states, ...last] = bidirectional({ layer, mergeMode: "sum" }).apply(words);
    const outputs = bidirectional({ layer: gru({ units: 2 }) }).apply(states);
    const model = tf.model({ inputs: ids, outputs: [outputs, ...last] });
    await model.save(`file://${folder}`);
    const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
    expect(loaded.toJSON(null, false)).toEqual(model.toJSON(null, false));
    const predict = (of: tfjs.LayersModel) =>
      (of.predict(row([0, 1, 2, 3])) as tfjs.Tensor[]).map(values);
    expect(predict(loaded)).toEqual(predict(model));
    expect(loaded.calculateLosses().map(values)).toEqual(model.calculateLosses().map(values));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  const weights = [tf.ones([3, 2]), tf.ones([2, 2]), tf.zeros([2])];
  const both = bidirectional({ layer: simpleRnn({ units: 2 }), weights: [...weights, ...weights] });
  both.apply(tf.ones([1, 1, 3]));
  expect(both.getWeights().map(values)).toEqual([...weights, ...weights].map(values));
});

test("a row of padding alone has the mean and the maximum 0", () => {
  const x = tf.tensor3d([-3, -2, 5, 4, 1, 2, 3, 4], [2, 2, 2]);
  const mask = tf.tensor2d([0, 0, 1, 0], [2, 2], "bool");
  expect(values(maxOverTime().apply(x, { mask }))).toEqual([0, 0, 1, 2]);
  expect(values(meanOverTime().apply(x, { mask }))).toEqual([0, 0, 1, 2]);
  const gradient = tf.grad((of) => maxOverTime().apply(of, { mask }).sum())(x);
  expect(values(gradient)).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
});

test.each([9, -1, NaN])("an embedding refuses the id %d, which its table has not", (id) => {
  const layer = embedding({ inputDim: 9, outputDim: 2 });
  expect(() => layer.apply(tf.tensor2d([[1, id]]))).toThrow("An embedding of 9 ids got the id");
});

import * as fs from "node:fs";
import * as path from "node:path";
import { tf } from "../lib/src/engine";
import { attentionWeights, embedding, lstm, meanOverTime, weightedSum } from "../lib/src/layers";

// Made by golden/keras_pooling.py with Keras 3.15: its Softmax with a mask, Dot and pooling layers.
const golden = JSON.parse(
  fs.readFileSync(path.join(__dirname, "golden/keras-pooling.json"), "utf8"),
);
const x = tf.tensor3d(golden.x);
const mask = tf.tensor2d(golden.mask, undefined, "bool");

type Case = "linear" | "linearMasked" | "additive" | "additiveMasked";

function build(name: Case) {
  const additive = name.startsWith("additive");
  const layer = attentionWeights(additive ? { score: "additive", units: 2 } : {});
  layer.build([null, 6, 3]);
  const columns = additive ? 2 : 1;
  const weights = [
    tf.tensor2d(golden.kernel).slice([0, 0], [3, columns]),
    tf.tensor1d(golden.bias).slice(0, columns),
  ];
  layer.setWeights(additive ? [...weights, tf.tensor2d(golden.scale)] : weights);
  const sum = weightedSum();
  const given = name.endsWith("Masked") ? { mask } : {};
  return (input: typeof x) => {
    const share = layer.call(input, given) as typeof mask;
    return { layer, share, output: sum.call([input, share], {}) as typeof mask };
  };
}

const expectClose = (got: ArrayLike<number>, wanted: number[], digits: number) => {
  expect(got.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(got[i]).toBeCloseTo(value, digits));
};

test.each<Case>(["linear", "linearMasked", "additive", "additiveMasked"])(
  "%s attention: weights, output and gradients are Keras's",
  (name) => {
    const apply = build(name);
    const { share, output, layer } = apply(x);
    expectClose(share.dataSync(), golden[name].weights.flat(), 5);
    expectClose(output.dataSync(), golden[name].output.flat(), 5);
    const input = tf.variable(x);
    const variables = [input, ...layer.trainableWeights.map((w) => w.read() as typeof input)];
    const { grads } = tf.variableGrads(
      () =>
        apply(input as typeof x)
          .output.mul(tf.tensor2d(golden.upstream))
          .sum(),
      variables,
    );
    variables.forEach((variable, i) => {
      expectClose(grads[variable.name].dataSync(), golden[name].gradients[i], 4);
    });
  },
);

test("padding never receives attention where the embedding masks it", () => {
  const ids = tf.input({ shape: [null], dtype: "int32" });
  const words = embedding({ inputDim: 10, outputDim: 4, maskZero: true }).apply(ids);
  const states = lstm({ units: 3, returnSequences: true }).apply(words);
  const share = attentionWeights().apply(states) as typeof ids;
  const model = tf.model({ inputs: ids, outputs: share });
  const weights = model.predict(
    tf.tensor2d(
      [
        [3, 1, 4, 0, 0],
        [0, 0, 5, 9, 2],
      ],
      [2, 5],
      "int32",
    ),
  );
  const [first, second] = (weights as typeof mask).arraySync();
  expect([first[3], first[4], second[0], second[1]]).toEqual([0, 0, 0, 0]);
  expect(first[0] + first[1] + first[2]).toBeCloseTo(1, 6);
});

test("the mean over time is Keras's, with and without a mask", () => {
  const layer = meanOverTime();
  expectClose((layer.call(x, {}) as typeof mask).dataSync(), golden.mean.flat(), 6);
  expectClose((layer.call(x, { mask }) as typeof mask).dataSync(), golden.meanMasked.flat(), 6);
});

test("vectors and weights of different lengths are refused", () => {
  const vectors = tf.input({ shape: [5, 2] });
  const weights = tf.input({ shape: [4] });
  expect(() => weightedSum().apply([vectors, weights])).toThrow(/same number of steps/);
});

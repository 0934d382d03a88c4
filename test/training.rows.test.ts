import type { LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs-node-gpu";
import { type NdArray, StarlitError, tf } from "../lib/src/engine";
import { embedding } from "../lib/src/layers";
import { rocAucScore } from "../lib/src/metrics";
import {
  evaluate,
  type Examples,
  fit,
  type FitOptions,
  type History,
  type LossName,
  predict,
} from "../lib/src/training";

const common = { epochs: 2, batchSize: 2, progress: false, seed: 3 } as const;

/** A dense layer with weights of its own, the same at each call. */
function dense(units: number, activation: "softmax" | "sigmoid" | "linear", features = 2) {
  const kernelInitializer = tf.initializers.glorotNormal({ seed: 5 });
  return tf.sequential({
    layers: [tf.layers.dense({ units, activation, inputShape: [features], kernelInitializer })],
  });
}

const floats = (rows: number[][]): NdArray => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0].length],
});

const rows = [
  [0.5, -1],
  [1, 2],
  [-0.3, 0.7],
  [0.2, 0.1],
  [-2, 1],
];
const x = floats(rows);
const labels = [0, 1, 1, 0, 1];

describe("all forms of the same numbers train to the same", () => {
  const y = { data: Float32Array.from(labels), shape: [5] };
  const forms: [string, () => Examples][] = [
    ["nested arrays", () => ({ x: rows, y: labels })],
    ["nested arrays, a column", () => ({ x: rows, y: labels.map((label) => [label]) })],
    ["rows of typed arrays", () => ({ x: rows.map((row) => Float32Array.from(row)), y: labels })],
    ["booleans", () => ({ x: rows, y: labels.map((label) => label === 1) })],
    ["tensors", () => ({ x: tf.tensor2d(rows), y: tf.tensor1d(labels) })],
    ["whole numbers as a tensor", () => ({ x: rows, y: tf.tensor1d(labels, "int32") })],
    ["truth values as a tensor", () => ({ x: rows, y: tf.tensor1d(labels, "bool") })],
    ["Int32Array", () => ({ x, y: Int32Array.from(labels) })],
    ["Int32Array with a shape", () => ({ x, y: { data: Int32Array.from(labels), shape: [5, 1] } })],
    ["Uint8Array", () => ({ x: [x], y: Uint8Array.from(labels) })],
    ["Float64Array", () => ({ x, y: Float64Array.from(labels) })],
    ["weights of 1", () => ({ x, y, sampleWeight: [1, 1, 1, 1, 1] })],
  ];
  const losses: [LossName, number][] = [
    ["binaryCrossentropy", 1],
    ["sparseCategoricalCrossentropy", 2],
    ["meanSquaredError", 1],
  ];
  const train = async (examples: Examples, loss: LossName, units: number) => {
    const model = dense(units, units === 1 ? "sigmoid" : "softmax");
    const { history } = await fit(model, examples, { ...common, loss, validation: examples });
    return { history, evaluated: await evaluate(model, examples, { loss, metrics: ["accuracy"] }) };
  };

  test.each(forms)("%s", async (_name, examples) => {
    for (const [loss, units] of losses) {
      expect(await train(examples(), loss, units)).toEqual(await train({ x, y }, loss, units));
    }
  });

  test("one-hot rows, whatever their type, and what predict reads", async () => {
    const oneHot = labels.flatMap((label) => [1 - label, label]);
    const arrays = [Float32Array.from(oneHot), Int32Array.from(oneHot), Uint8Array.from(oneHot)];
    const curves: number[][] = [];
    for (const data of arrays) {
      const loss = "categoricalCrossentropy";
      const examples = { x, y: { data, shape: [5, 2] } };
      curves.push((await fit(dense(2, "softmax"), examples, { ...common, loss })).history.loss);
    }
    expect(curves[1]).toEqual(curves[0]);
    expect(curves[2]).toEqual(curves[0]);
    const model = dense(1, "linear");
    const expected = await predict(model, x);
    expect(await predict(model, rows)).toEqual(expected);
    expect(await predict(model, tf.tensor2d(rows))).toEqual(expected);
    const column = dense(1, "linear", 1);
    expect(await predict(column, [1, 2, 3])).toEqual(await predict(column, [[1], [2], [3]]));
  });

  test("two inputs, ids as any numbers", async () => {
    const [ids, number] = [tf.input({ shape: [2], dtype: "int32" }), tf.input({ shape: [1] })];
    const table = embedding({ inputDim: 5, outputDim: 2 }).apply(ids) as SymbolicTensor;
    const flat = tf.layers.flatten().apply(table) as SymbolicTensor;
    const joined = tf.layers.concatenate().apply([flat, number]) as SymbolicTensor;
    const outputs = tf.layers.dense({ units: 1 }).apply(joined) as SymbolicTensor;
    const model = tf.model({ inputs: [ids, number], outputs });
    const expected = await predict(model, [
      { data: Int32Array.of(1, 2, 3, 4), shape: [2, 2] },
      { data: Float32Array.of(5, 6), shape: [2, 1] },
    ]);
    expect(
      await predict(model, [
        [
          [1, 2],
          [3, 4],
        ],
        [5, 6],
      ]),
    ).toEqual(expected);
    expect(
      await predict(model, [
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        [[5], [6]],
      ]),
    ).toEqual(expected);
    await expect(predict(model, [[[1, 2]], [5, 6]])).rejects.toThrow(/x differ in rows: 1, 2/);
    await expect(predict(model, [[[1, 2]]])).rejects.toThrow(/has 2 inputs, but x holds 1/);
  });
});

describe("what cannot be right is told in one sentence, with the row and what to do", () => {
  const softmax = () => dense(5, "softmax");
  const sigmoid = () => dense(1, "sigmoid");
  const linear = () => dense(1, "linear");
  const words = () =>
    tf.sequential({
      layers: [
        embedding({ inputDim: 5, outputDim: 2, inputLength: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
  const sparse = "sparseCategoricalCrossentropy";
  const categorical = "categoricalCrossentropy";
  const binary = "binaryCrossentropy";
  const mse = "meanSquaredError";

  const cases: [string, () => LayersModel, LossName, Examples, RegExp][] = [
    [
      "stars from 1 to 5",
      softmax,
      sparse,
      { x, y: [1, 2, 3, 4, 5] },
      /y is 5 in row 4: with 5 outputs .* takes whole numbers from 0 to 4; count the classes from 0/,
    ],
    ["a label below 0", softmax, sparse, { x, y: [0, -1, 0, 0, 0] }, /y is -1 in row 1/],
    ["half a label", softmax, sparse, { x, y: [0, 0, 0.5, 0, 0] }, /y is 0.5 in row 2/],
    ["Int32Array out of range", softmax, sparse, { x, y: Int32Array.of(0, 1, 2, 3, 7) }, /y is 7/],
    [
      "a one-hot row for a number",
      softmax,
      sparse,
      { x: [rows[0]], y: [[0, 0, 1, 0, 0]] },
      /y is one-hot, so use the loss "categoricalCrossentropy"/,
    ],
    [
      "a number for a one-hot row",
      softmax,
      categorical,
      { x, y: labels },
      /y holds numbers of classes, so use the loss "sparseCategoricalCrossentropy"/,
    ],
    [
      "a row of two ones",
      softmax,
      categorical,
      { x: [rows[0]], y: [[1, 1, 0, 0, 0]] },
      /y sums to 2 in row 0: categoricalCrossentropy takes one-hot rows/,
    ],
    ["a row of none", softmax, categorical, { x: [rows[0]], y: [[0, 0, 0, 0, 0]] }, /sums to 0/],
    [
      "a negative share",
      softmax,
      categorical,
      { x: [rows[0]], y: [[2, -1, 0, 0, 0]] },
      /y is 2 in row 0: categoricalCrossentropy takes numbers from 0 to 1/,
    ],
    [
      "0 and 2",
      sigmoid,
      binary,
      { x, y: [0, 2, 0, 2, 0] },
      /y is 2 in row 1: binaryCrossentropy takes numbers from 0 to 1/,
    ],
    ["−1 and 1", sigmoid, binary, { x, y: Int32Array.of(1, -1, 1, 1, 1) }, /y is -1 in row 1/],
    ["NaN as target", linear, mse, { x, y: [0, 0, 0, NaN, 0] }, /y is NaN in row 3: give finite/],
    [
      "infinity as target",
      linear,
      mse,
      { x, y: [0, -Infinity, 0, 0, 0] },
      /y is -Infinity in row 1/,
    ],
    [
      "NaN as input",
      linear,
      mse,
      {
        x: [
          [1, 2],
          [1, NaN],
        ],
        y: [0, 1],
      },
      /x is NaN in row 1/,
    ],
    [
      "half an id",
      words,
      mse,
      {
        x: [
          [1, 2],
          [1, 2.5],
        ],
        y: [0, 1],
      },
      /x is 2.5 in row 1, but the model reads whole numbers \(int32\): give ids/,
    ],
    ["an id beyond int32", words, mse, { x: [[1, 2 ** 31]], y: [0] }, /x is 2147483648 in row 0/],
    [
      "targets of another width",
      linear,
      mse,
      { x, y: x },
      /Targets of the shape \[5,2\] do not fit predictions of the shape \[5,1\]: give one number a row in y/,
    ],
    [
      "inputs of another width",
      linear,
      mse,
      { x: [[1, 2, 3]], y: [1] },
      /x has the shape \[1, 3\], but the model reads \[any, 2\], rows first/,
    ],
    [
      "rows of two lengths",
      words,
      mse,
      { x: [[1, 2], [3]], y: [0, 1] },
      /x has 1 values in row 1 and 2 in row 0: give rows of one length \(padSequences/,
    ],
    [
      "words",
      words,
      mse,
      { x: [["a", "b"]] as unknown as number[][], y: [0] },
      /x is "a" in row 0: give numbers/,
    ],
    [
      "a shape that is another",
      linear,
      mse,
      { x: { data: [1, 2, 3], shape: [2, 2] }, y: [1, 2] },
      /x has 3 numbers, which do not fit its shape \[2, 2\]/,
    ],
    ["too few targets", linear, mse, { x, y: [1] }, /x and y differ in rows: 5 and 1/],
    [
      "no targets",
      linear,
      mse,
      { x } as unknown as Examples,
      /y is missing: give \{ data, shape \}, a tensor/,
    ],
    ["no rows", linear, mse, { x: { data: [], shape: [0, 2] }, y: [] }, /no rows in x/],
    [
      "strings as a tensor",
      linear,
      mse,
      { x, y: tf.tensor1d(["a"]) },
      /y is a tensor of the type string/,
    ],
    [
      "a weight that is none",
      linear,
      mse,
      { x, y: labels, sampleWeight: [1, 1, NaN, 1, 1] },
      /sampleWeight is NaN in row 2/,
    ],
    [
      "a negative weight",
      linear,
      mse,
      { x, y: labels, sampleWeight: [1, -1, 1, 1, 1] },
      /sampleWeight is -1 in row 1: give a number from 0 on/,
    ],
    [
      "too few weights",
      linear,
      mse,
      { x, y: labels, sampleWeight: [1] },
      /sampleWeight and y differ in rows: 1 and 5/,
    ],
  ];

  test.each(cases)("%s", async (_name, build, loss, examples, sentence) => {
    const model = build();
    const before = tf.memory().numTensors;
    for (const refused of [
      () => fit(model, examples, { ...common, loss }),
      () => evaluate(model, examples, { loss }),
    ]) {
      await expect(refused()).rejects.toThrow(StarlitError);
      await expect(refused()).rejects.toThrow(sentence);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test("validation rows are checked before anything is trained, and named", async () => {
    const validation = { x: [[1, 2]], y: [3] };
    const training = fit(sigmoid(), { x, y: labels }, { ...common, loss: binary, validation });
    await expect(training).rejects.toThrow("validation.y is 3 in row 0");
  });

  test("weights by another name", async () => {
    const examples = { x, y: labels, sample_weight: [1, 1, 1, 1, 1], texts: ["a"] };
    const training = fit(sigmoid(), examples, { ...common, loss: binary });
    await expect(training).rejects.toThrow(
      'examples has no option "sample_weight": did you mean "sampleWeight"?',
    );
  });

  test("class weights", async () => {
    const weigh = (classWeight: Record<number, number>) =>
      fit(sigmoid(), { x, y: labels }, { ...common, loss: binary, classWeight });
    await expect(weigh({ 0: 1 })).rejects.toThrow("classWeight has no weight for class 1");
    await expect(weigh({ 0: 1, 1: -2 })).rejects.toThrow("classWeight is -2 for class 1");
  });

  test("models that cannot be trained", async () => {
    const frozen = linear();
    frozen.layers.forEach((layer) => (layer.trainable = false));
    const train = (model: LayersModel) => fit(model, { x, y: labels }, { ...common, loss: mse });
    await expect(train(frozen)).rejects.toThrow("The model has no weights to train");
    await expect(train(tf.sequential())).rejects.toThrow(StarlitError);
  });
});

test("a loss of one's own gets whole numbers as whole numbers, and is not told what to take", async () => {
  const types: string[] = [];
  const loss = (yTrue: Tensor, yPred: Tensor) => {
    types.push(yTrue.dtype);
    return yPred
      .sub(yTrue.toFloat().reshape([-1, 1]))
      .square()
      .mean(-1);
  };
  const y = [Int32Array.of(7, -2, 7, 7, 7), Float32Array.of(7, -2, 7, 7, 7)];
  for (const each of y) {
    await fit(dense(1, "linear"), { x, y: each }, { ...common, epochs: 1, batchSize: 5, loss });
  }
  expect(types).toEqual(["int32", "float32"]);
});

describe("validationSplit", () => {
  const y = labels;
  const train = (more: Partial<FitOptions>, count = 5): Promise<History> =>
    fit(
      dense(1, "sigmoid"),
      { x: rows.slice(0, count), y: y.slice(0, count) },
      { ...common, loss: "binaryCrossentropy", ...more },
    );

  test("takes the last rows, as Keras does: ⌊5 · 0.7⌋ train and two validate", async () => {
    const split = await train({ validationSplit: 0.3 });
    const validation = { x: rows.slice(3), y: y.slice(3) };
    const given = await train({ validation }, 3);
    expect(split.history).toEqual(given.history);
    expect(Object.keys(split.history)).toEqual(["loss", "valLoss"]);
  });

  test.each([0, 1, -0.1, 0.01 - 1, NaN])("a share of %d is refused", async (validationSplit) => {
    await expect(train({ validationSplit })).rejects.toThrow(
      `validationSplit is ${validationSplit}: give a share between 0 and 1`,
    );
  });

  test("validation beside it is refused", async () => {
    const validation = { x: rows, y };
    await expect(train({ validationSplit: 0.3, validation })).rejects.toThrow("give one of them");
  });
});

describe("a training that fails", () => {
  const fails = () => {
    throw new Error("mine");
  };
  const broken: [string, Partial<FitOptions>][] = [
    ["in its loss", { loss: fails }],
    ["in a metric", { metrics: { fails } }],
    ["in a callback", { callbacks: { onBatchEnd: fails } }],
    ["because it diverges", { loss: (_: Tensor, yPred: Tensor) => yPred.mul(NaN).sum(-1) }],
  ];
  test.each(broken)("%s leaves no tensor behind", async (_name, more) => {
    const model = dense(1, "sigmoid");
    const before = tf.memory().numTensors;
    const training = fit(model, { x, y: labels }, { ...common, loss: "meanSquaredError", ...more });
    await expect(training).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("in a layer leaves no tensor behind", async () => {
    const model = tf.sequential();
    model.add(embedding({ inputDim: 5, outputDim: 2, inputLength: 2 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 1 }));
    const before = tf.memory().numTensors;
    const training = fit(model, { x: [[1, 9]], y: [0] }, { ...common, loss: "meanSquaredError" });
    await expect(training).rejects.toThrow("got the id 9");
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("a score that is not defined on the validation rows is NaN, said once, and the training goes on", async () => {
  const said = jest.spyOn(console, "log").mockImplementation(() => {});
  const { history } = await fit(
    dense(1, "sigmoid"),
    { x, y: labels },
    {
      ...common,
      loss: "binaryCrossentropy",
      metrics: { area: rocAucScore, auc: "auc" },
      validation: { x: rows.slice(0, 2), y: [1, 1] },
    },
  );
  expect(history.valArea).toEqual([NaN, NaN]);
  expect(history.area.every(Number.isFinite)).toBe(true);
  expect(history.valAuc).toEqual([0, 0]); // as keras.metrics.AUC has it
  expect(said.mock.calls).toEqual([[expect.stringMatching(/^area is NaN\. .*not defined/)]]);
  said.mockRestore();
});

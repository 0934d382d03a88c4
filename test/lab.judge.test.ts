import type { layers, LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs-node-gpu";
import { loadKerasImdb } from "../lib/src/data";
import { type NdArray, seedEverything, StarlitError, tf } from "../lib/src/engine";
import { dropout, embedding, gru, lstm, meanOverTime, simpleRnn } from "../lib/src/layers";
import { attentionModel, lstmModel, meanModel } from "../lib/src/studies/lab/networks";
import { modelGraph, modelPicture } from "../lib/src/plots";
import { lab } from "../lib/src/studies";
import {
  judgeDistances,
  judgeLearning,
  judgeModel,
  judgePadding,
  type ModelTask,
} from "../lib/src/studies/lab/judge/judge";
import { matrixOf, probeModel, vectorOf } from "../lib/src/studies/lab/judge/probe";
import { padSequences } from "../lib/src/text";
import { describeFigures } from "./figures";

const SEED = 77;
const CELLS = Symbol.for("kernel.cells");
const reviews = {
  train: [Array.from({ length: 130 }, (_, i) => i + 1), [7, 8, 9]],
  test: [Array.from({ length: 101 }, (_, i) => i + 5), [3], [4, 4]],
};

/** What is lost, by criterion. */
const lost = (findings: { criterion: string; passed: boolean; why: string }[]) =>
  Object.fromEntries(
    findings.flatMap(({ criterion, passed, why }) => (passed ? [] : [[criterion, why]])),
  );

describe("padding", () => {
  const judged = (options: Parameters<typeof padSequences>[1], test = reviews.test) =>
    lost(
      judgePadding(reviews, {
        train: padSequences(reviews.train, options),
        test: padSequences(test, options),
      }),
    );

  test("right", () => expect(judged({ maxlen: 100 })).toEqual({}));

  test("a wrong width costs the shape alone", () => {
    expect(judged({ maxlen: 90 })).toEqual({ shape: "A row has 90 ids instead of 100." });
  });

  test("cut or filled at the other end", () => {
    const post = judged({ maxlen: 100, padding: "post" });
    expect(Object.keys(post)).toEqual(["train", "test"]);
    expect(post.train).toMatch(/zeros stand behind/);
    expect(judged({ maxlen: 100, truncating: "post" }).test).toMatch(/end of a long review/);
  });

  test("the training reviews in place of the test reviews", () => {
    const { test, ...rest } = judged({ maxlen: 100 }, reviews.train);
    expect(rest).toEqual({});
    expect(test).toBe("testX has the shape 2 × 100, but there are 3 reviews, one a row.");
  });

  test("zeros of the right shape, or nothing at all, are worth nothing", () => {
    const zeros = (rows: number): NdArray => ({
      data: new Int32Array(rows * 100),
      shape: [rows, 100],
    });
    for (const given of [
      { train: zeros(2), test: zeros(3) },
      { train: null, test: null },
    ]) {
      expect(Object.keys(lost(judgePadding(reviews, given)))).toEqual(["shape", "train", "test"]);
    }
  });
});

const table = () => embedding({ inputDim: 5000, outputDim: 32, inputLength: 100 });
const dense = (activation: "sigmoid" | "tanh" | "linear" | "softmax" = "sigmoid", units = 1) =>
  tf.layers.dense({ units, activation });

function sequential(...stack: layers.Layer[]): LayersModel {
  const model = tf.sequential();
  for (const layer of stack) model.add(layer);
  return model;
}

/** A layer that a student might write: vectors (B, T, E) to (B, E). */
class Own extends tf.layers.Layer {
  static className = "Own";
  constructor(private readonly pool: (x: Tensor) => Tensor) {
    super({});
  }
  override computeOutputShape([batch, , size]: number[]): number[] {
    return [batch, size];
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => this.pool([inputs].flat()[0]));
  }
}
const own = (pool: (x: Tensor) => Tensor) => new Own(pool);

async function judged(task: ModelTask, model: LayersModel) {
  return lost(judgeModel(task, await probeModel(model, SEED), SEED));
}

describe("models", () => {
  const mean: ModelTask = { api: "sequential", kind: "mean" };
  const recurrent: ModelTask = { api: "sequential", kind: "lstm" };

  test.each<[string, ModelTask, () => LayersModel]>([
    ["as asked for", mean, () => sequential(table(), meanOverTime(), dense())],
    [
      "a layer of one's own",
      mean,
      () =>
        sequential(
          table(),
          own((x) => x.mean(1)),
          dense(),
        ),
    ],
    [
      "pooling of TensorFlow.js",
      mean,
      () => sequential(table(), tf.layers.globalAveragePooling1d({}), dense()),
    ],
    [
      "embedding of TensorFlow.js",
      mean,
      () =>
        sequential(
          tf.layers.embedding({ inputDim: 5000, outputDim: 32, inputLength: 100 }),
          meanOverTime(),
          dense(),
        ),
    ],
    [
      "activation as a layer",
      mean,
      () =>
        sequential(
          table(),
          meanOverTime(),
          dense("linear"),
          tf.layers.activation({ activation: "sigmoid" }),
        ),
    ],
    [
      "dropout, which rests here",
      mean,
      () => sequential(table(), meanOverTime(), dropout({ rate: 0.5 }), dense()),
    ],
    ["LSTM as asked for", recurrent, () => sequential(table(), lstm({ units: 128 }), dense())],
    [
      "LSTM of TensorFlow.js",
      recurrent,
      () =>
        sequential(table(), tf.layers.lstm({ units: 128, recurrentInitializer: "zeros" }), dense()),
    ],
    ["functional", { api: "functional", kind: "mean" }, () => meanModel()],
    ["functional LSTM", { api: "functional", kind: "lstm" }, () => lstmModel()],
  ])("right: %s", async (_, task, build) => {
    expect(await judged(task, build())).toEqual({});
  });

  const wrong: [string, ModelTask, () => LayersModel, Record<string, RegExp>][] = [
    ["the other notation", mean, () => meanModel(), { api: /tf\.sequential/ }],
    [
      "table too small",
      mean,
      () =>
        sequential(
          embedding({ inputDim: 500, outputDim: 32, inputLength: 100 }),
          meanOverTime(),
          dense(),
        ),
      { embedding: /500 × 32/ },
    ],
    [
      "sum",
      mean,
      () =>
        sequential(
          table(),
          own((x) => x.sum(1)),
          dense(),
        ),
      { mean: /added up/ },
    ],
    [
      "last word",
      mean,
      () =>
        sequential(
          table(),
          own((x) => x.slice([0, 99], [-1, 1]).squeeze([1])),
          dense(),
        ),
      { mean: /last word/ },
    ],
    [
      "first word",
      mean,
      () =>
        sequential(
          table(),
          own((x) => x.slice([0, 0], [-1, 1]).squeeze([1])),
          dense(),
        ),
      { mean: /first word/ },
    ],
    [
      "something else",
      mean,
      () =>
        sequential(
          table(),
          own((x) => x.min(1)),
          dense(),
        ),
      { mean: /is not the mean/ },
    ],
    [
      "maximum",
      mean,
      () => sequential(table(), tf.layers.globalMaxPooling1d({}), dense()),
      { mean: /largest value/ },
    ],
    [
      "end to end",
      mean,
      () => sequential(table(), tf.layers.flatten(), dense()),
      { mean: /end to end/ },
    ],
    [
      "no mean",
      mean,
      () => sequential(table(), dense()),
      { mean: /one vector a word/, output: /shape reviews × 100 × 1/ },
    ],
    ["mask", mean, () => meanModel({ mask: true }), { api: /./, mean: /padding out/ }],
    [
      "softmax",
      mean,
      () => sequential(table(), meanOverTime(), dense("softmax")),
      { output: /always 1/ },
    ],
    [
      "no activation",
      mean,
      () => sequential(table(), meanOverTime(), dense("linear")),
      { output: /any number/ },
    ],
    ["tanh", mean, () => sequential(table(), meanOverTime(), dense("tanh")), { output: /−1 to 1/ }],
    [
      "two outputs",
      mean,
      () => sequential(table(), meanOverTime(), dense("sigmoid", 2)),
      { output: /reviews × 2/ },
    ],
    [
      "no bias",
      mean,
      () =>
        sequential(
          table(),
          meanOverTime(),
          tf.layers.dense({ units: 1, activation: "sigmoid", useBias: false }),
        ),
      { output: /bias/ },
    ],
    [
      "units",
      recurrent,
      () => sequential(table(), lstm({ units: 8 }), dense()),
      { lstm: /8 units instead of 128/ },
    ],
    ["GRU", recurrent, () => sequential(table(), gru({ units: 128 }), dense()), { lstm: /GRU/ }],
    [
      "simple",
      recurrent,
      () => sequential(table(), simpleRnn({ units: 128 }), dense()),
      { lstm: /without gates/ },
    ],
    [
      "the mean again",
      recurrent,
      () => sequential(table(), meanOverTime(), dense()),
      { lstm: /no recurrent layer/ },
    ],
    [
      "all states",
      recurrent,
      () => sequential(table(), lstm({ units: 128, returnSequences: true }), dense()),
      { lstm: /after every word/, output: /reviews × 100 × 1/ },
    ],
    [
      "mean of states",
      recurrent,
      () =>
        sequential(table(), lstm({ units: 128, returnSequences: true }), meanOverTime(), dense()),
      { lstm: /mean of all states/ },
    ],
    [
      "backwards",
      recurrent,
      () => sequential(table(), lstm({ units: 128, goBackwards: true }), dense()),
      { lstm: /last word to the first/ },
    ],
    [
      "two layers",
      recurrent,
      () =>
        sequential(
          table(),
          lstm({ units: 128, returnSequences: true }),
          lstm({ units: 128 }),
          dense(),
        ),
      { lstm: /More than one layer/ },
    ],
  ];

  test.each(wrong)("wrong: %s", async (_, task, build, expected) => {
    const found = await judged(task, build());
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [criterion, words] of Object.entries(expected))
      expect(found[criterion]).toMatch(words);
  });

  test("a model keeps its own weights, and no tensor is left behind", async () => {
    seedEverything(4);
    const model = meanModel();
    const before = model.getWeights().map((weight) => weight.dataSync().slice());
    await judged(mean, model); // the first use of the model keeps tensors of its own
    const tensors = tf.memory().numTensors;
    await judged(mean, model);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(model.getWeights().map((weight) => weight.dataSync())).toEqual(before);
  });

  test("what is no model with one input and one output cannot be measured", async () => {
    const { inputs, outputs, layers } = meanModel();
    const two = tf.model({
      inputs,
      outputs: [...outputs, layers[1].output as (typeof outputs)[0]],
    });
    for (const model of [{} as LayersModel, undefined as unknown as LayersModel, two]) {
      await expect(probeModel(model, SEED)).rejects.toThrow(StarlitError);
    }
  });

  test("learning is a share of unseen reviews", () => {
    expect(judgeLearning(0.7, 0.7).passed).toBe(true);
    expect(judgeLearning(0.52, 0.7).why).toMatch(/right on 52 % of reviews/);
    expect(judgeLearning(NaN, 0.7).passed).toBe(false);
  });
});

describe("distances", () => {
  seedEverything(2);
  const vectors = { data: tf.randomNormal([50, 4]).dataSync<"float32">(), shape: [50, 4] };
  const from = (row: number, measure: (difference: number[]) => number) =>
    Array.from({ length: 50 }, (_, other) =>
      measure([0, 1, 2, 3].map((k) => vectors.data[4 * other + k] - vectors.data[4 * row + k])),
    );
  const squares = (difference: number[]) => difference.reduce((sum, d) => sum + d * d, 0);
  const euclid = (difference: number[]) => Math.sqrt(squares(difference));

  test.each<[string, number[] | null, Record<string, RegExp>]>([
    ["right", from(9, euclid), {}],
    ["without the root", from(9, squares), { values: /squares/ }],
    ["from another word", from(6, euclid), { order: /word with id 6/ }],
    [
      "sums of differences",
      from(9, (d) => d.reduce((sum, x) => sum + Math.abs(x), 0)),
      { length: /not Euclidean/, order: /./, values: /./ },
    ],
    [
      "of some words",
      from(9, euclid).slice(1),
      { length: /49 numbers instead of 50/, order: /./, values: /./ },
    ],
    ["made up", new Array<number>(50).fill(0), { length: /./, order: /./, values: /./ }],
    ["no numbers", from(9, () => NaN), { length: /./, order: /./, values: /./ }],
    ["missing", null, { length: /no value/, order: /./, values: /./ }],
  ])("%s", (_, distances, expected) => {
    const found = lost(judgeDistances(vectors, 9, distances));
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [criterion, words] of Object.entries(expected))
      expect(found[criterion]).toMatch(words);
  });

  test("numbers are read however they are held", () => {
    const rows = { data: Float32Array.from([1, 2, 3, 4]), shape: [2, 2] };
    for (const value of [
      rows,
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      [
        [1, 2],
        [3, 4],
      ],
      [Int32Array.of(1, 2), Int32Array.of(3, 4)],
    ]) {
      expect(matrixOf(value)).toEqual(rows);
    }
    for (const value of [undefined, 3, "rows", [[1], [2, 3]], { data: [1], shape: [1] }]) {
      expect(matrixOf(value)).toBeNull();
    }
    for (const value of [[1, 2], Float32Array.of(1, 2), tf.tensor1d([1, 2])]) {
      expect(vectorOf(value)).toEqual([1, 2]);
    }
    expect(vectorOf(undefined)).toBeNull();
  });
});

describe("checks in the notebook", () => {
  let shown: string;
  beforeEach(() => {
    shown = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      shown += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  test("tell an empty blank, a wrong answer and a right one", async () => {
    const empty = undefined as unknown as LayersModel;
    await expect(lab.checkModel("03", empty)).rejects.toThrow(
      /\(03\) is still empty.*START CODE HERE \(03\)/,
    );
    await expect(lab.checkModel("02", meanModel())).rejects.toThrow(
      /^\(02\) is not right yet\. Build it with tf\.sequential/,
    );
    await expect(lab.checkModel("02", {} as LayersModel)).rejects.toThrow(
      "(02) is not right yet: it is not a model.",
    );
    await lab.checkModel("03", meanModel());
    expect(shown).toBe("✓ (03) is right: the model has 160,033 parameters.\n");
  });

  test("a blank whose cell failed is not judged by the answer before", async () => {
    const kernel = globalThis as { [CELLS]?: { code: string; failed: boolean }[] };
    const blank = (failed: boolean, item: string) => ({
      code: `let model;\n// --- START CODE HERE (${item})\nx\n// --- END CODE HERE`,
      failed,
    });
    const model = meanModel();
    try {
      kernel[CELLS] = [blank(true, "03"), blank(false, "03"), blank(true, "05")];
      await lab.checkModel("03", model);
      kernel[CELLS].push(blank(true, "03"), { code: "1;", failed: false });
      await expect(lab.checkModel("03", model)).rejects.toThrow(/^The cell of \(03\) failed when/);
    } finally {
      delete kernel[CELLS];
    }
    // A kernel that does not keep its cells: the same answer twice is told.
    await lab.checkModel("03", model);
    expect(shown.trim().split("\n").at(-1)).toMatch(/the answer of the check before/);
    shown = "";
    await lab.checkModel("03", meanModel());
    expect(shown).not.toMatch(/before/);
  });

  test("a reason is told once, and a sequential model in tf.model() is none of the Functional API", async () => {
    const model = meanModel();
    expect(() => lab.checkDistances(model, 87, [1])).toThrow(
      /^\(04\) is not right yet\. distances has 1 number instead of 5,000, one for each id\.$/,
    );
    const list = sequential(table(), meanOverTime(), dense());
    const x = tf.input({ shape: [100] });
    const tied = tf.model({ inputs: list.inputs, outputs: list.outputs });
    const nested = tf.model({ inputs: x, outputs: list.apply(x) as SymbolicTensor });
    let y: SymbolicTensor = x;
    for (const layer of list.layers) y = layer.apply(y) as SymbolicTensor;
    const looped = tf.model({ inputs: x, outputs: y });
    for (const each of [tied, nested, looped]) {
      await expect(lab.checkModel("03", each)).rejects.toThrow(
        /sequential model inside tf\.model\(\)/,
      );
    }
  });

  test("padding and distances", async () => {
    const imdb = await loadKerasImdb({ numWords: 5000, standIn: true });
    const [trainX, testX] = [imdb.train, imdb.test].map(({ sequences }) =>
      padSequences(sequences, { maxlen: 100 }),
    );
    lab.checkPadding(imdb, trainX, testX);
    expect(() => lab.checkPadding(imdb, trainX, undefined as unknown as NdArray)).toThrow(
      /testX has no value/,
    );
    const model = meanModel();
    const rows = model.getWeights()[0];
    lab.checkDistances(
      model,
      87,
      rows
        .sub(rows.gather([87]))
        .square()
        .sum(1)
        .sqrt()
        .dataSync(),
    );
    expect(() => lab.checkDistances(model, 87, [1, 2])).toThrow(/2 numbers instead of 5,000/);
    expect(shown.match(/✓/g)).toHaveLength(2);
  });

  test("accuracy: a point more or less than published; nothing of stand-in data", () => {
    lab.checkAccuracy("mean", 0.8332, false);
    lab.checkAccuracy("lstm", 0.832, false);
    lab.checkAccuracy("lstm", 0.6, true);
    expect(
      shown
        .trim()
        .split("\n")
        .map((line) => line.startsWith("✓")),
    ).toEqual([true, true, false]);
    expect(() => lab.checkAccuracy("mean", 0.81, false)).toThrow(/81\.0 %, but 83\.0 % to 84\.0 %/);
  });

  test("extensions are optional, but not anything will do", async () => {
    await lab.checkExtension("A", undefined as unknown as LayersModel);
    expect(shown).toMatch(/optional and still empty/);
    await lab.checkExtension("C", attentionModel({ mask: true }));
    await expect(lab.checkExtension("A", lstmModel())).rejects.toThrow(
      /not an LSTM that skips the padding/,
    );
    await expect(lab.checkExtension("B", lstmModel())).rejects.toThrow(/not a GRU/);
  });
});

describe("figures", () => {
  const figures = {
    "lab-model": modelPicture(attentionModel(), { title: "A model", subtitle: "Boxes are layers" }),
    "lab-lengths": lab.lengthHistogram([12, 40, 50, 51, 100, 180, 200], 100, { title: "Lengths" }),
  };
  describeFigures(figures);

  test("a model of many layers is drawn no wider than a page", () => {
    const model = tf.sequential();
    for (let i = 0; i < 12; i++) model.add(tf.layers.dense({ units: 2, inputShape: [2] }));
    const drawn = JSON.stringify(modelPicture(model, { title: "Twelve layers" }));
    expect(Number(/"width":(\d+),"height"/.exec(drawn)?.[1])).toBe(880);
  });

  test("the graph of a model: each layer once, a layer that is passed by beside the others", () => {
    const { nodes, edges } = modelGraph(attentionModel());
    expect(
      nodes.map(({ name, shape, parameters, lane }) => [name, shape, parameters, lane]),
    ).toEqual([
      ["input", "(B, 100)", 0, 0],
      ["embedding", "(B, 100, 32)", 160_000, 0],
      ["lstm", "(B, 100, 128)", 82_432, 0],
      ["attentionWeights", "(B, 100)", 129, 1],
      ["weightedSum", "(B, 128)", 0, 0],
      ["dense", "(B, 1)", 129, 0],
    ]);
    expect(edges).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 4],
      [3, 4],
      [4, 5],
    ]);
    const list = modelGraph(sequential(table(), meanOverTime(), dense()));
    expect(list.nodes.map(({ depth }) => depth)).toEqual([0, 1, 2, 3]);
  });

  test("the histogram says which share is longer", () => {
    expect(figures["lab-lengths"].description).toContain(
      "28.6 % of the reviews have more than 100 ids, the longest 200.",
    );
  });
});

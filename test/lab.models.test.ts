import { seedEverything, StarlitError, tf } from "../lib/src/engine";
import { binaryAccuracy } from "../lib/src/metrics";
import { attentionModel, gruModel, lstmModel, meanModel } from "../lib/src/studies/lab/networks";
import { lab } from "../lib/src/studies";

test("parameters are those that Keras counts for the same layers", () => {
  const models = [meanModel(), lstmModel(), gruModel(), attentionModel()];
  expect(models.map((model) => model.countParams())).toEqual([160_033, 242_561, 222_337, 242_690]);
  models.forEach((model) => model.dispose());
});

test("the first model is the sigmoid of a weighted mean of the words' vectors", () => {
  seedEverything(3);
  const model = meanModel({ vocabularySize: 7, embeddingDim: 3, reviewLength: 4 });
  const ids = [
    [0, 0, 1, 6],
    [5, 5, 2, 3],
  ];
  const [table, kernel] = model.getWeights().map((weight) => weight.arraySync()) as number[][][];
  const expected = ids.map((row) => {
    const logit = kernel.reduce(
      (sum, [w], k) => sum + (w * row.reduce((total, id) => total + table[id][k], 0)) / 4,
      0,
    );
    return 1 / (1 + Math.exp(-logit));
  });
  const outputs = tf.tidy(() => [
    ...(model.apply(tf.tensor2d(ids)) as typeof tf.Tensor.prototype).dataSync(),
  ]);
  outputs.forEach((output, i) => expect(output).toBeCloseTo(expected[i], 6));
  model.dispose();
});

test("with a mask, padding changes nothing", () => {
  for (const build of [meanModel, lstmModel, gruModel, attentionModel]) {
    const model = build({
      vocabularySize: 9,
      embeddingDim: 4,
      reviewLength: 5,
      units: 6,
      mask: true,
    });
    const short = build({ vocabularySize: 9, embeddingDim: 4, reviewLength: 3, units: 6 });
    tf.tidy(() => {
      short.setWeights(model.getWeights());
      const outputs = [
        model.apply(tf.tensor2d([[0, 0, 4, 8, 2]])),
        short.apply(tf.tensor2d([[4, 8, 2]])),
      ].map((output) => (output as typeof tf.Tensor.prototype).dataSync()[0]);
      expect(outputs[0]).toBeCloseTo(outputs[1], 5);
    });
    model.dispose();
    short.dispose();
  }
});

test("nearest rows by Euclidean distance", () => {
  // numpy: np.linalg.norm(m - m[1], axis=1) = [5, 0, 1, 13]
  const data = Float32Array.from([0, 0, 3, 4, 3, 5, 15, 9]);
  const matrix = { data, shape: [4, 2] };
  expect(lab.nearestRows(matrix, 1, 3)).toEqual([
    { row: 1, distance: 0 },
    { row: 2, distance: 1 },
    { row: 0, distance: 5 },
  ]);
  expect(lab.nearestRows(matrix, 1, 4)[3]).toEqual({ row: 3, distance: 13 });
  expect(() => lab.nearestRows(matrix, 4, 1)).toThrow(StarlitError);
  expect(lab.sharedNeighbours(["excellent", "7", "awful", "great"])).toBe(2);
});

test("accuracy is the share on the right side of one half", () => {
  const array = (values: number[]) => ({ data: Float32Array.from(values), shape: [values.length] });
  expect(binaryAccuracy(array([0, 1, 1, 0]), array([0.2, 0.9, 0.4, 0.5]))).toBe(0.75);
});

test("an unknown model is told with the known ones", async () => {
  await expect(lab.run("rnn", { seed: 1, profile: "quick" })).rejects.toThrow(
    'The study lab has no model "rnn": use mean, lstm, lstm-mask, gru, attention.',
  );
});

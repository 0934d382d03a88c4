import { tf } from "../lib/src/engine";
import { gru1, gru2, gru4, lstm2 } from "../lib/src/studies/clothing/networks";

// Parameter counts as the study's document prints them (Keras 2.10 `model.summary()`).
test.each([
  ["lstm2", lstm2, [64, 128], 641_701],
  ["gru1", gru1, [256], 776_229],
  ["gru2", gru2, [8, 16], 503_973],
  ["gru4", gru4, [8, 32, 32, 32], 519_509],
] as const)("%s has the published number of parameters", (_name, build, units, published) => {
  const model = build({ units, dropout: [...units.map(() => 0.1), 0.2] });
  expect(model.countParams()).toBe(published);
  model.dispose();
});

test("a model gives probabilities of the classes for texts of any length", () => {
  const model = lstm2({
    units: [4, 3],
    dropout: [0.1, 0.3, 0.1],
    vocabularySize: 50,
    embeddingDim: 6,
  });
  for (const length of [7, 12]) {
    const x = tf.tidy(() => tf.concat([model.predict(tf.ones([2, length], "int32"))].flat()));
    expect(x.shape).toEqual([2, 5]);
    for (const row of x.arraySync() as number[][]) {
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
    x.dispose();
  }
  model.dispose();
});

test("a stack with too few dropout rates is refused in a sentence", () => {
  expect(() => gru2({ units: [8, 16], dropout: [0.1] })).toThrow(
    "A stack of 2 recurrent layers needs 2 units and 3 dropout rates, but got 2 and 1.",
  );
});

import { tf } from "../lib/src/engine";
import { ordinalCrossentropy, reviewReader } from "../lib/src/models";
import { expectClose } from "./support";

const sizes = {
  recurrent: "gru",
  units: 4,
  mask: true,
  dropout: [0.3, 0.3],
  vocabularySize: 20,
  embeddingDim: 3,
} as const;

function probabilities(rows: number[][], options: Parameters<typeof reviewReader>[0]): number[][] {
  return tf.tidy(() => {
    const model = reviewReader(options);
    // The same weights for every length of the rows.
    model.setWeights(
      model.getWeights().map((weight, i) => tf.randomNormal(weight.shape, 0, 1, "float32", i + 1)),
    );
    const output = (
      model.apply(tf.tensor2d(rows, undefined, "int32")) as typeof tf.Tensor.prototype
    ).arraySync() as number[][];
    model.dispose();
    return output;
  });
}

test.each(["mean and attention", "last state"] as const)(
  "%s: with a mask padding changes nothing, without one it does",
  (reading) => {
    const short = [[5, 9, 2]];
    const padded = [[0, 0, 0, 5, 9, 2]];
    const masked = { ...sizes, reading };
    const [row] = probabilities(short, masked);
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expectClose(probabilities(padded, masked)[0], row, 1e-6);
    const [read] = probabilities(padded, { ...masked, mask: false });
    expect(Math.max(...read.map((p, i) => Math.abs(p - row[i])))).toBeGreaterThan(1e-3);
  },
);

test("mean and attention read all words, whatever their place in the last state", () => {
  const count = (reading: "mean and attention" | "last state") => {
    const model = reviewReader({ ...sizes, reading });
    const parameters = model.countParams();
    model.dispose();
    return parameters;
  };
  // Twice the states enter the choice, and attention has 4 weights and a bias.
  expect(count("mean and attention") - count("last state")).toBe(4 * 5 + 4 + 1);
});

test("the ordinal loss is cross-entropy plus the ranked probability score", () => {
  // −ln 0.3; and of the cumulated 0.1 0.4 0.8 1 against 0 1 1 1: 0.01 + 0.36 + 0.04.
  const truth = [
    [0, 1, 0, 0],
    [0, 1, 0, 0],
  ];
  const guess = [
    [0.1, 0.3, 0.4, 0.2],
    [0.4, 0.3, 0.2, 0.1],
  ];
  const losses = tf.tidy(
    () => ordinalCrossentropy(tf.tensor2d(truth), tf.tensor2d(guess)).arraySync() as number[],
  );
  // Of 0.4 0.7 0.9 1: 0.16 + 0.09 + 0.01; nearer to the truth, as much of it at the truth.
  expectClose(losses, [-Math.log(0.3) + 0.41, -Math.log(0.3) + 0.26], 1e-5);
});

import * as util from "node:util";
import { dataFrame } from "../lib/src/data";
import { tf } from "../lib/src/engine";
import { DISPLAY } from "../lib/src/engine/display";

const shown = (value: unknown) =>
  (value as Record<symbol, () => Record<string, string>>)[DISPLAY]()["text/plain"];

test("a tensor shows its shape, type and values", () => {
  const tensor = tf.tensor([
    [1, 2],
    [3, 4.5],
  ]);
  expect(shown(tensor)).toBe("Tensor [2, 2] float32\n    [[1, 2  ],\n     [3, 4.5]]");
  expect(util.inspect(tensor)).toBe(shown(tensor));
});

test("a large one only the first and last of each axis; a disposed one says so", () => {
  const tensor = tf.zeros([500, 500], "int32");
  expect(shown(tensor).split("\n").length).toBeLessThan(12);
  tensor.dispose();
  expect(shown(tensor)).toBe("Tensor [500, 500] int32, disposed");
});

test("inside an object a tensor takes one line", () => {
  expect(util.inspect({ a: tf.tensor1d([1, 2]), b: tf.zeros([9, 9]) })).toBe(
    "{ a: Tensor [2] float32 [1, 2], b: Tensor [9, 9] float32 }",
  );
});

test("a model shows its layers and their weights", () => {
  const model = tf.sequential();
  expect(shown(model)).toMatch(/^Sequential sequential_\d+, no layers yet$/);
  model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
  expect(shown(model)).toMatch(/Dense\)[^]*Total params: 9/); // 2 × 3 weights and 3 biases
  expect(util.inspect([model])).toMatch(/^\[ Sequential sequential_\d+ \]$/);
  expect(shown(model.layers[0])).toMatch(/^Dense \S+, 9 weights$/);
  expect(shown(tf.input({ shape: [3] }))).toMatch(/^SymbolicTensor \[null, 3\] float32/);
});

test("a data frame and its column show as tables", () => {
  const frame = dataFrame([
    { a: 1, b: "x" },
    { a: 2, b: "y" },
  ]);
  expect(shown(frame)).toBe("a  b\n1  x\n2  y");
  expect(shown(frame.column("a"))).toBe("a\n1\n2");
});

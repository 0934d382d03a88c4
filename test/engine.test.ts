import { tf } from "../lib/src/engine";

test("a product of two matrices", () => {
  expect(Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync())).toEqual([11]);
});

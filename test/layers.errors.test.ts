import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { Adam, drop, lookUp, StarlitError, tf } from "../lib/src/engine";
import { nativeModule } from "../lib/src/engine/kernels/addon";
import { executeOp } from "../lib/src/engine/kernels/operations";
import { dropout, embedding, gru, lstm, simpleRnn } from "../lib/src/layers";

function message(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect((error as Error).name).toBe("StarlitError");
    expect(error).toBeInstanceOf(StarlitError);
    return (error as Error).message;
  }
  throw new Error("Nothing was thrown.");
}

describe("layers refuse what cannot be", () => {
  test.each([0, -1, 2.5, NaN])("%d units", (units) => {
    for (const layer of [lstm, gru, simpleRnn]) {
      expect(message(() => layer({ units }))).toMatch(/units is .*: give a whole number above 0/);
    }
  });

  test("an embedding without entries or width", () => {
    expect(message(() => embedding({ inputDim: 0, outputDim: 3 }))).toMatch(/inputDim is 0/);
    expect(message(() => embedding({ inputDim: 3, outputDim: 0 }))).toMatch(/outputDim is 0/);
  });

  test("activations that no kernel has", () => {
    const relu = "relu" as "tanh";
    expect(message(() => lstm({ units: 2, activation: relu }))).toMatch(/use tanh or softmax/);
    const softmax = "softmax" as "tanh";
    expect(message(() => gru({ units: 2, activation: softmax }))).toMatch(/use tanh/);
    expect(message(() => simpleRnn({ units: 2, activation: softmax }))).toMatch(/use tanh/);
    const hard = "hardSigmoid" as "sigmoid";
    expect(message(() => lstm({ units: 2, recurrentActivation: hard }))).toMatch(/use sigmoid/);
  });

  test("a rate of dropout that leaves nothing", () => {
    expect(message(() => dropout({ rate: 1 }))).toMatch(/from 0 to below 1/);
    expect(message(() => dropout({ rate: -0.1 }))).toMatch(/from 0 to below 1/);
  });

  test("input without steps, without values, of whole numbers or of another width", () => {
    const flat = lstm({ units: 2 });
    expect(message(() => flat.apply(tf.zeros([3, 4])))).toMatch(/sequences of vectors/);
    const layer = lstm({ units: 2 });
    layer.apply(tf.zeros([3, 4, 5]));
    expect(message(() => layer.apply(tf.zeros([3, 4, 6])))).toMatch(/\[batch, steps, 5\].*3,4,6/);
    expect(message(() => layer.apply(tf.zeros([0, 4, 5])))).toMatch(/none of them 0/);
    expect(message(() => layer.apply(tf.zeros([3, 0, 5])))).toMatch(/none of them 0/);
    expect(message(() => layer.apply(tf.zeros([3, 4, 5], "int32")))).toMatch(/float32.*int32/);
  });

  test("a mask of another shape", () => {
    const layer = gru({ units: 2 });
    const x = tf.zeros([3, 4, 5]);
    for (const shape of [[3], [4, 3], [3, 5], [3, 4, 1]]) {
      const mask = tf.ones(shape, "bool");
      expect(message(() => layer.apply(x, { mask }))).toMatch(/must have the shape \[3, 4\]/);
    }
  });

  test.each([5, -1])("an id that is not in the table: %d", (id) => {
    const ids = tf.tensor2d([[0, id]], [1, 2], "int32");
    expect(message(() => lookUp(tf.zeros([5, 2]), ids))).toMatch(
      new RegExp(`5 ids got the id ${id}`),
    );
  });

  test("a learning rate of 0", () => {
    expect(message(() => new Adam({ learningRate: 0 }))).toMatch(/learningRate is 0/);
  });
});

const describeNative = nativeModule().problem ? describe.skip : describe;

// What the layers would never hand over: native code must answer with an error, not by reading on.
describeNative("native operations check their sizes themselves", () => {
  const spec = { kind: 0, backwards: false, sequences: true };
  const none = () => tf.tensor1d([], "bool");
  const given = (change: Record<string, tfjs.Tensor> = {}): Record<string, tfjs.Tensor> => ({
    x: tf.zeros([2, 3, 4]),
    kernel: tf.zeros([4, 20]),
    recurrent: tf.zeros([5, 20]),
    bias: tf.zeros([20]),
    mask: none(),
    ...change,
  });
  const forward = (change: Record<string, tfjs.Tensor>, attributes = {}) => {
    const { x, kernel, recurrent, bias, mask } = given(change);
    const all = { ...spec, save: true, ...attributes };
    return executeOp("StarlitRecurrent", all, [x, kernel, recurrent, bias, mask], 2);
  };
  const backward = (change: Record<string, tfjs.Tensor>, toInput = true) => {
    const { x, kernel, recurrent, mask, saved, upstream }: Record<string, tfjs.Tensor> = {
      saved: tf.zeros([2, 3, 96]),
      upstream: tf.zeros([2, 3, 5]),
      ...given(change),
    };
    const inputs = [x, kernel, recurrent, mask, saved, upstream];
    return executeOp("StarlitRecurrentGrad", { ...spec, toInput }, inputs, 4);
  };

  test("sizes that fit are taken", () => {
    const [output, saved] = forward({});
    expect(output.shape).toEqual([2, 3, 5]);
    expect(backward({ saved }).map(({ shape }) => shape)).toEqual([
      [2, 3, 4],
      [4, 20],
      [5, 20],
      [20],
    ]);
    expect(backward({ saved }, false)[0].shape).toEqual([0]);
  });

  test.each([
    ["x of rank 2", { x: tf.zeros([2, 12]) }],
    ["no row", { x: tf.zeros([0, 3, 4]) }],
    ["no step", { x: tf.zeros([2, 0, 4]) }],
    ["no feature", { x: tf.zeros([2, 3, 0]), kernel: tf.zeros([0, 20]) }],
    ["a kernel of another height", { kernel: tf.zeros([3, 20]) }],
    ["a kernel of another width", { kernel: tf.zeros([4, 19]) }],
    ["a recurrent kernel of another width", { recurrent: tf.zeros([5, 15]) }],
    ["no unit", { recurrent: tf.zeros([0, 0]), kernel: tf.zeros([4, 0]), bias: tf.zeros([0]) }],
    ["a short bias", { bias: tf.zeros([19]) }],
    ["a mask of another shape", { mask: tf.ones([3, 2], "bool") }],
  ])("forward: %s", (_, change) => {
    expect(() => forward(change)).toThrow(/has the shape/);
  });

  test("forward: a cell that is none", () => {
    expect(() => forward({}, { kind: 5 })).toThrow(/kind is unknown/);
  });

  test.each([
    ["saved states of another layer", { saved: tf.zeros([2, 3, 80]) }],
    ["saved states of fewer steps", { saved: tf.zeros([2, 2, 96]) }],
    ["nothing saved", { saved: tf.zeros([0]) }],
    ["an upstream of the last state alone", { upstream: tf.zeros([2, 5]) }],
  ])("backward: %s", (_, change) => {
    expect(() => backward(change)).toThrow(/has the shape/);
  });

  test("Adam, embedding and dropout", () => {
    const four = tf.zeros([4]);
    const adam = (...last: tfjs.Tensor[]) =>
      executeOp("StarlitAdam", { N: 1 }, [four, four, ...last], 1);
    expect(() => adam(tf.zeros([3]), four, tf.zeros([5]))).toThrow(/v has the shape/);
    expect(() => adam(four, tf.zeros([2, 2]), tf.zeros([5]))).toThrow(/gradient has the shape/);
    expect(() => adam(four, four, tf.zeros([3]))).toThrow(/scalars has the shape/);
    const ids = tf.tensor1d([0, 7], "int32");
    const shape = tf.tensor1d([7, 2], "int32");
    const gradient = (upstream: tfjs.Tensor) =>
      executeOp("StarlitEmbeddingGrad", {}, [ids, upstream, shape], 1);
    expect(() => gradient(tf.zeros([2, 2]))).toThrow(/7 is not in the table/);
    expect(() => executeOp("StarlitEmbedding", {}, [tf.zeros([7, 2]), ids], 1)).toThrow(/7 is not/);
    expect(() => executeOp("StarlitEmbedding", {}, [four, ids], 1)).toThrow(/table has the shape/);
    expect(() => gradient(tf.zeros([3, 2]))).toThrow(/upstream has the shape/);
    const key = tf.tensor1d([1, 2], "int32");
    expect(() => executeOp("StarlitDropout", {}, [four, key, tf.ones([1])], 1)).toThrow(/key/);
    expect(drop(four, 0.5, 1).shape).toEqual([4]);
    const entropy = (...tensors: tfjs.Tensor[]) =>
      executeOp("StarlitCrossentropy", { categorical: true }, tensors, 2);
    expect(() => entropy(four, tf.zeros([2, 2]))).toThrow(/targets has the shape/);
    expect(() => entropy(tf.scalar(1), tf.scalar(1))).toThrow(/no class/);
  });
});

import type { NdArray } from "../lib/src/engine";
import {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
} from "../lib/src/metrics";
import { expectClose, golden } from "./support";

interface Table {
  data: number[];
  shape: number[];
}

interface AccuracyCase {
  name: string;
  truth: Table;
  outputs: Table;
  values: Record<string, number>;
}

const metrics: Record<string, (yTrue: NdArray, yPred: NdArray) => number> = {
  accuracy,
  binaryAccuracy,
  "binaryAccuracy at 0.3": (yTrue, yPred) => binaryAccuracy(yTrue, yPred, { threshold: 0.3 }),
  categoricalAccuracy,
  sparseCategoricalAccuracy,
};

const floats = ({ data, shape }: Table) => ({ data: Float32Array.from(data), shape });
const integers = ({ data, shape }: Table) => ({ data: Int32Array.from(data), shape });

test.each(golden<AccuracyCase[]>("keras_accuracy"))("$name, as in Keras", (of) => {
  for (const [name, value] of Object.entries(of.values)) {
    const metric = metrics[name];
    expectClose(metric(floats(of.truth), floats(of.outputs)), value, 1e-6);
    expectClose(metric(integers(of.truth), floats(of.outputs)), value, 1e-6);
  }
});

test("targets that don't fit, and no rows, are told in one sentence", () => {
  const [three, four] = [
    { data: new Float32Array(3), shape: [3] },
    { data: new Float32Array(4), shape: [4, 1] },
  ];
  expect(() => binaryAccuracy(three, four)).toThrow(
    "shape [3] do not fit outputs of the shape [4, 1]",
  );
  const scores = { data: new Float32Array(6), shape: [3, 2] };
  expect(() => categoricalAccuracy(three, scores)).toThrow("do not fit");
  expect(() => sparseCategoricalAccuracy(four, scores)).toThrow("do not fit");
  expect(() => accuracy({ ...three, shape: [0] }, { ...three, shape: [0, 2] })).toThrow("no rows");
});

import { describeKernels } from "./recurrentKernels"; // first: it opens the choice of the kernel
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { lookUp, tf } from "../lib/src/engine";
import {
  bidirectional,
  type BidirectionalOptions,
  gru,
  lstm,
  type RecurrentOptions,
  simpleRnn,
} from "../lib/src/layers";
import { distance, Draw, magnitude, type Packed, sizeOf } from "./golden/kerasLayers";
import { golden } from "./support";

/** What dropout draws next in place of its own masks. */
let mockMasks: tfjs.Tensor[] | undefined;
jest.mock("../lib/src/engine/drop", () => {
  const actual =
    jest.requireActual<typeof import("../lib/src/engine/drop")>("../lib/src/engine/drop");
  return {
    drop: (x: tfjs.Tensor, rate: number, seed: number) =>
      mockMasks ? x.mul(mockMasks.shift()!) : actual.drop(x, rate, seed),
  };
});

interface RecurrentCase {
  name: string;
  seed: number;
  kind: string;
  options: Record<string, number | boolean>;
  mask: string[] | null;
  /** Number of initial states that are given. */
  states: number;
  /** The merge mode, where two directions are read. */
  mergeMode: [BidirectionalOptions["mergeMode"]] | null;
  outputs: Packed[];
  dInputs: Packed[];
  dWeights: Packed[];
}

const [batch, steps, features, units] = [4, 5, 3, 6];

const camelCase = (name: string) =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function makeLayer({ kind, options, mergeMode }: RecurrentCase): tfjs.layers.Layer {
  const named = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [camelCase(name), value]),
  );
  const own: RecurrentOptions = { units, ...named };
  const layer = {
    lstm: () => lstm(own),
    "lstm softmax": () => lstm({ ...own, activation: "softmax" }),
    gru: () => gru(own),
    "gru reset before": () => gru({ ...own, resetAfter: false }),
    elman: () => simpleRnn(own),
  }[kind]!();
  return mergeMode ? bidirectional({ layer, mergeMode: mergeMode[0] }) : layer;
}

/** The masks that Keras's cell was given, in the order in which they are drawn. */
function drawMasks(draw: Draw, { kind, options }: RecurrentCase): tfjs.Tensor[] {
  const gates = { lstm: 4, gru: 3 }[kind.split(" ")[0]] ?? 1;
  const count = options.recurrent_dropout ? gates : 1;
  const masks = (width: number, rate: unknown) =>
    Array.from({ length: rate ? count : 0 }, () =>
      tf.tensor2d(draw.floats(batch * width), [batch, width]),
    );
  return [...masks(features, options.dropout), ...masks(units, options.recurrent_dropout)];
}

function compute(wanted: RecurrentCase) {
  return tf.tidy(() => {
    const draw = new Draw(wanted.seed);
    const layer = makeLayer(wanted);
    const drawn = (shape: number[], scale = 1) =>
      tf.tensor(draw.floats(sizeOf(shape), scale), shape);
    const x = tf.variable(drawn([batch, steps, features]));
    layer.build([batch, steps, features]);
    layer.setWeights(layer.weights.map(({ shape }) => drawn(shape as number[], 0.6)));
    const states = Array.from({ length: wanted.states }, () => tf.variable(drawn([batch, units])));
    const masks = drawMasks(draw, wanted);
    const upstream = wanted.outputs.map(({ shape }) => drawn(shape));
    const mask = wanted.mask
      ? tf.tensor2d(
          wanted.mask.map((row) => [...row].map(Number)),
          undefined,
          "bool",
        )
      : undefined;
    const weights = layer.weights.map((weight) => weight.read() as tfjs.Variable);
    let outputs: tfjs.Tensor[] = [];
    const { grads } = tf.variableGrads(() => {
      mockMasks = masks.length > 0 ? [...masks] : undefined;
      const training = masks.length > 0;
      outputs = [layer.apply([x, ...states], { mask, training }) as tfjs.Tensor].flat();
      expect(mockMasks ?? []).toEqual([]);
      mockMasks = undefined;
      outputs.forEach((output) => tf.keep(output));
      return outputs
        .map((output, i) => output.mul(upstream[i]).sum())
        .reduce((sum, value) => sum.add(value)) as tfjs.Scalar;
    }, [x, ...states, ...weights]);
    const read = (tensor: tfjs.Tensor) => ({ shape: tensor.shape, data: tensor.dataSync() });
    const result = {
      outputs: outputs.map(read),
      dInputs: [x, ...states].map(({ name }) => read(grads[name])),
      dWeights: weights.map(({ name }) => read(grads[name])),
    };
    tf.dispose([x, ...states, ...outputs, ...weights]);
    return result;
  });
}

describeKernels("what recurrent layers are asked for, as in Keras 3", () => {
  const { cases } = golden<{ cases: RecurrentCase[] }>("keras_recurrent");
  test.each(cases.map((wanted) => [wanted.name, wanted] as const))("%s", (_, wanted) => {
    const actual = compute(wanted);
    expect(actual.outputs.map(({ shape }) => shape)).toEqual(
      wanted.outputs.map(({ shape }) => shape),
    );
    wanted.outputs.forEach((output, i) => {
      expect(distance(actual.outputs[i].data, output)).toBeLessThanOrEqual(1e-5);
    });
    const gradients = [...actual.dInputs, ...actual.dWeights];
    [...wanted.dInputs, ...wanted.dWeights].forEach((expected, i) => {
      expect(gradients[i].shape).toEqual(expected.shape);
      const limit = 1e-4 * Math.max(magnitude(expected), 1e-3);
      expect(distance(gradients[i].data, expected)).toBeLessThanOrEqual(limit);
    });
  });
});

describeKernels("a table refuses ids that it has not", () => {
  test.each([5, -1])("%d", (id) => {
    const ids = tf.tensor2d([[0, id]], [1, 2], "int32");
    expect(() => lookUp(tf.zeros([5, 2]), ids)).toThrow(`5 ids got the id ${id}`);
  });
});

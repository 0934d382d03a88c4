import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { Random, tf, usesGpu } from "../lib/src/engine";
import { nativeModule } from "../lib/src/engine/kernels/addon";
import { block, isFused } from "../lib/src/engine/kernels/block";
import { javascript } from "../lib/src/engine/kernels/javascript";
import { native } from "../lib/src/engine/kernels/native";
import { reference } from "../lib/src/engine/kernels/reference";
import type { RecurrentKernel, RecurrentSpec } from "../lib/src/engine/kernels/types";
import { gateCount } from "../lib/src/engine/kernels/types";
import { calls, cudnnHere } from "./cudnn";

const FORWARD = 1e-5;
const GRADIENT = 1e-4;

const cells: [string, Pick<RecurrentSpec, "kind" | "activation" | "resetAfter">][] = [
  ["lstm", { kind: "lstm", activation: "tanh", resetAfter: false }],
  ["lstm softmax", { kind: "lstm", activation: "softmax", resetAfter: false }],
  ["gru reset after", { kind: "gru", activation: "tanh", resetAfter: true }],
  ["gru reset before", { kind: "gru", activation: "tanh", resetAfter: false }],
  ["elman", { kind: "simpleRnn", activation: "tanh", resetAfter: false }],
];

// Batches beyond one thread's and one block's rows, more steps than a chunk of the backward pass
// takes, and widths that fill no, one and several registers.
const sizes: [batch: number, steps: number, features: number, units: number][] = [
  [1, 1, 1, 1],
  [5, 1, 3, 7],
  [1, 9, 13, 17],
  [5, 7, 4, 200],
  [37, 17, 33, 31],
  [130, 6, 5, 48],
  [3, 130, 6, 16],
  [300, 1, 70, 33],
  [150, 2, 20, 48],
];

interface Weights {
  x: tfjs.Tensor3D;
  kernel: tfjs.Tensor2D;
  recurrentKernel: tfjs.Tensor2D;
  bias: tfjs.Tensor;
  mask?: tfjs.Tensor2D;
}

function draw(
  cell: Pick<RecurrentSpec, "kind" | "resetAfter">,
  [batch, steps, features, units]: (typeof sizes)[number],
  mask: Mask,
): Weights {
  const random = new Random(batch * 1000 + steps * 100 + features * 10 + units);
  const floats = (shape: number[], scale: number) =>
    tf.tensor(
      Float32Array.from(
        { length: tf.util.sizeFromShape(shape) },
        () => (2 * random.random() - 1) * scale,
      ),
      shape,
    );
  const columns = gateCount[cell.kind] * units;
  return {
    x: floats([batch, steps, features], 1) as tfjs.Tensor3D,
    kernel: floats([features, columns], 1 / Math.sqrt(features)) as tfjs.Tensor2D,
    recurrentKernel: floats([units, columns], 1 / Math.sqrt(units)) as tfjs.Tensor2D,
    bias: floats(cell.resetAfter ? [2, columns] : [columns], 0.5),
    mask: mask === "none" ? undefined : drawMask(mask, batch, steps, random),
  };
}

/** Which steps count: all, the first or the last of each row (0 too), or some here and there. */
type Mask = "none" | "first" | "last" | "some";

function drawMask(mask: Mask, batch: number, steps: number, random: Random): tfjs.Tensor2D {
  const counts = new Uint8Array(batch * steps);
  for (let row = 0; row < batch; row++) {
    const length = random.randint(0, steps + 1, 1)[0];
    for (let step = 0; step < steps; step++) {
      const does = {
        none: true,
        first: step < length,
        last: step >= steps - length,
        some: random.random() < 0.6,
      };
      counts[row * steps + step] = Number(does[mask]);
    }
  }
  return tf.tensor2d(counts, [batch, steps], "bool");
}

/** Output, then gradients of x, kernel, recurrent kernel, bias. */
function results(kernel: RecurrentKernel, spec: RecurrentSpec, { mask, ...given }: Weights) {
  return tf.tidy(() => {
    const run = (
      x: tfjs.Tensor,
      weights: tfjs.Tensor,
      recurrentKernel: tfjs.Tensor,
      bias: tfjs.Tensor,
    ) =>
      kernel.run(spec, {
        x: x as tfjs.Tensor3D,
        kernel: weights as tfjs.Tensor2D,
        recurrentKernel: recurrentKernel as tfjs.Tensor2D,
        bias,
        mask,
      });
    const inputs = [given.x, given.kernel, given.recurrentKernel, given.bias];
    const output = run(given.x, given.kernel, given.recurrentKernel, given.bias);
    const upstream = tf.cos(tf.range(0, output.size).mul(0.37)).reshape(output.shape);
    const gradients = tf.grads((...args: tfjs.Tensor[]) =>
      run(args[0], args[1], args[2], args[3]).mul(upstream).sum(),
    )(inputs);
    return [output, ...gradients].map((tensor) => ({
      shape: tensor.shape,
      data: tensor.dataSync<"float32">(),
    }));
  });
}

function expectAgreement(
  kernel: RecurrentKernel,
  spec: RecurrentSpec,
  size: (typeof sizes)[number],
  mask: Mask,
): void {
  const weights = draw(spec, size, mask);
  const actual = results(kernel, spec, weights);
  const expected = results(reference, spec, weights);
  actual.forEach(({ shape, data }, i) => {
    expect(shape).toEqual(expected[i].shape);
    const largest = expected[i].data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = data.reduce(
      (most, value, k) => Math.max(most, Math.abs(value - expected[i].data[k])),
      0,
    );
    expect(Number.isFinite(worst)).toBe(true);
    expect(worst).toBeLessThanOrEqual(i === 0 ? FORWARD : GRADIENT * Math.max(largest, 1e-2));
  });
  tf.dispose(Object.values(weights).filter(Boolean) as tfjs.Tensor[]);
}

const { problem } = nativeModule();
const describeNative = problem ? describe.skip : describe;

describeNative.each(cells)("native equals reference: %s", (_, cell) => {
  test.each(sizes)("batch %d, %d steps, %d features, %d units", (...size) => {
    for (const returnSequences of [true, false]) {
      const spec = { ...cell, returnSequences, goBackwards: returnSequences };
      expectAgreement(native, spec, size, "none");
    }
  });

  test.each(sizes)("masked: batch %d, %d steps, %d features, %d units", (...size) => {
    for (const returnSequences of [true, false]) {
      const spec = { ...cell, returnSequences, goBackwards: !returnSequences };
      expectAgreement(native, spec, size, "some");
    }
  });
});

// The first layer of a model is not asked for the gradient of its data; the others are as before.
describeNative("native without the gradient of its input", () => {
  test.each(cells)("%s", (_, cell) => {
    const spec = { ...cell, returnSequences: true, goBackwards: false };
    const { x, kernel, recurrentKernel, bias } = draw(cell, [37, 17, 33, 31], "none");
    const loss = (...[x, kernel, recurrentKernel, bias]: tfjs.Tensor[]) =>
      tf.cos(native.run(spec, { x, kernel, recurrentKernel, bias } as Weights)).sum();
    const all = tf.grads(loss)([x, kernel, recurrentKernel, bias]);
    const some = tf.grads((...weights: tfjs.Tensor[]) => loss(x.reshape(x.shape), ...weights))([
      kernel,
      recurrentKernel,
      bias,
    ]);
    expect(some.map((tensor) => tensor.arraySync())).toEqual(
      all.slice(1).map((tensor) => tensor.arraySync()),
    );
  });
});

describe("plain JavaScript equals reference", () => {
  const spec = cells[0][1];

  test.each(sizes)("batch %d, %d steps, %d features, %d units", (...size) => {
    for (const goBackwards of [true, false]) {
      expectAgreement(javascript, { ...spec, returnSequences: true, goBackwards }, size, "none");
      expectAgreement(
        javascript,
        { ...spec, returnSequences: goBackwards, goBackwards },
        size,
        "some",
      );
    }
  });
});

describe("block equals reference", () => {
  const spec = { ...cells[0][1], goBackwards: false, returnSequences: true };

  test.each(sizes)("batch %d, %d steps, %d features, %d units", (...size) => {
    expect(isFused(spec, {})).toBe(true);
    expectAgreement(block, spec, size, "none");
    expectAgreement(block, { ...spec, goBackwards: true, returnSequences: false }, size, "none");
  });

  test("what TensorFlow has no fused operation for runs on the reference", () => {
    for (const [, cell] of cells) {
      const other = { ...spec, ...cell };
      expectAgreement(block, other, [5, 7, 4, 11], "some");
      expect(isFused(other, { mask: tf.ones([1, 1]) })).toBe(false);
    }
  });
});

describe("cudnn equals reference", () => {
  const isCudnn = ([, { activation, kind, resetAfter }]: (typeof cells)[number]) =>
    activation === "tanh" && (kind !== "gru" || resetAfter);
  const options = [false, true];
  const masks: Mask[] = ["none", "first", "last", "some"];
  const size: (typeof sizes)[number] = [5, 7, 4, 11];

  describe.each(cells.filter(isCudnn))("%s", (_, cell) => {
    test.each(masks)("counting steps: %s", (mask) => {
      const before = { ...calls };
      for (const goBackwards of options) {
        for (const returnSequences of options) {
          for (const timeMajor of options) {
            const spec = { ...cell, goBackwards, returnSequences };
            expectAgreement(cudnnHere({ timeMajor }), spec, size, mask);
          }
        }
      }
      // None fell back; a run is called once for its values and once for its gradients.
      const on = usesGpu() ? 0 : 1;
      expect(calls.forward - before.forward).toBe(16 * on);
      expect(calls.backward - before.backward).toBe(8 * on);
    });

    test.each(sizes.filter(([batch, steps]) => batch * steps < 100))(
      "batch %d, %d steps, %d features, %d units",
      (...size) => {
        const spec = { ...cell, goBackwards: false, returnSequences: false };
        expectAgreement(cudnnHere(), spec, size, "none");
      },
    );
  });

  test("what cuDNN has not runs elsewhere", () => {
    for (const [, cell] of cells.filter((each) => !isCudnn(each))) {
      const spec = { ...cell, goBackwards: false, returnSequences: true };
      expectAgreement(cudnnHere(), spec, size, "some");
    }
  });
});

import { describeKernels } from "./recurrentKernels"; // first: it opens the choice of the kernel
import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../lib/src/engine";
import {
  Draw,
  type LayerCase,
  distance,
  golden,
  magnitude,
  recurrentLayer,
  sizeOf,
  weightShapes,
} from "./golden/kerasLayers";

const FORWARD = 1e-5;
const GRADIENT = 1e-4;

function maskTensor(rows: string[] | null): tfjs.Tensor | undefined {
  return rows
    ? tf.tensor2d(
        rows.map((row) => [...row].map(Number)),
        undefined,
        "bool",
      )
    : undefined;
}

/** Outputs and gradients of a case, by our layers. */
function compute(wanted: LayerCase) {
  return tf.tidy(() => {
    const { batch, steps, features, scale } = wanted;
    const draw = new Draw(wanted.seed);
    const x = tf.variable(
      tf.tensor3d(draw.floats(batch * steps * features), [batch, steps, features]),
    );
    const stack = wanted.layers.map((spec) => recurrentLayer(spec));
    let width = features;
    wanted.layers.forEach((spec, i) => {
      stack[i].build([batch, steps, width]);
      const shapes = weightShapes(spec, width);
      stack[i].setWeights(
        shapes.map((shape) => tf.tensor(draw.floats(sizeOf(shape), scale), shape)),
      );
      width = spec.units;
    });
    const mask = maskTensor(wanted.mask);
    const upstream = tf.tensor(draw.floats(sizeOf(wanted.output.shape)), wanted.output.shape);
    const weights = stack.flatMap((layer) =>
      layer.trainableWeights.map((w) => w.read() as tfjs.Variable),
    );
    let output!: tfjs.Tensor;
    const { grads } = tf.variableGrads(() => {
      output = stack.reduce<tfjs.Tensor>((h, layer) => layer.apply(h, { mask }) as tfjs.Tensor, x);
      tf.keep(output);
      return tf.sum(tf.mul(output, upstream)) as tfjs.Scalar;
    }, [x, ...weights]);
    const result = {
      output: read(output),
      dInput: read(grads[x.name]),
      dWeights: weights.map(({ name }) => read(grads[name])),
    };
    tf.dispose([x, output, ...weights]);
    return result;
  });
}

const read = (tensor: tfjs.Tensor) => ({ shape: tensor.shape, data: tensor.dataSync() });

describeKernels("recurrent layers equal Keras 3", () => {
  test.each(golden.layers.map((wanted) => [wanted.name, wanted] as const))("%s", (_, wanted) => {
    const { output, dInput, dWeights } = compute(wanted);
    expect(output.shape).toEqual(wanted.output.shape);
    expect(distance(output.data, wanted.output)).toBeLessThanOrEqual(FORWARD);
    [dInput, ...dWeights].forEach(({ shape, data }, i) => {
      const expected = [wanted.dInput, ...wanted.dWeights][i];
      expect(shape).toEqual(expected.shape);
      expect(distance(data, expected)).toBeLessThanOrEqual(
        GRADIENT * Math.max(magnitude(expected), 1e-3),
      );
    });
  });
});

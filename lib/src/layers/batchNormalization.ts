/**
 * `tf.layers.batchNormalization` takes some sixty operations for a training step. On rows of
 * features, here, it takes one forward and one backward; nothing else of it changes.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { kernel, tf } from "../engine";
import { executeOp } from "../engine/kernels/operations";
import { onlyTensor } from "./options";

type Inputs = tfjs.Tensor | tfjs.Tensor[];
type Kwargs = Parameters<tfjs.layers.Layer["call"]>[1];
type Weight = { read(): tfjs.Tensor; write(value: tfjs.Tensor): void };

/** What the class keeps to itself. */
interface BatchNormalization {
  name: string;
  scale: boolean;
  center: boolean;
  epsilon: number;
  momentum: number;
  gamma: Weight;
  beta: Weight;
  movingMean: Weight;
  movingVariance: Weight;
  call(inputs: Inputs, kwargs: Kwargs): Inputs;
}

const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as BatchNormalization;
const stock = prototype.call;

prototype.call = function (this: BatchNormalization, inputs: Inputs, kwargs: Kwargs): Inputs {
  const x = onlyTensor(this.name, inputs);
  const fits = x.rank === 2 && this.scale && this.center && kernel().name === "native";
  if (!fits || !kwargs?.training) return stock.call(this, inputs, kwargs);
  return tf.tidy(() => {
    const [gamma, beta] = [this.gamma.read(), this.beta.read()];
    const { y, mean, variance } = normalize(x, gamma, beta, this.epsilon);
    const move = (weight: Weight, value: tfjs.Tensor) =>
      weight.write(
        weight
          .read()
          .mul(this.momentum)
          .add(value.mul(1 - this.momentum)),
      );
    move(this.movingMean, mean);
    move(this.movingVariance, variance);
    tf.dispose([mean, variance]);
    return y;
  });
};

/** Rows less their mean, over their deviation, times gamma, plus beta; mean and variance (C). */
function normalize(x: tfjs.Tensor, gamma: tfjs.Tensor, beta: tfjs.Tensor, epsilon: number) {
  let mean!: tfjs.Tensor;
  let variance!: tfjs.Tensor;
  const layer = tf.customGrad((...args) => {
    const [x, gamma, beta] = args as tfjs.Tensor[];
    const save = args[3] as (tensors: tfjs.Tensor[]) => void;
    const added = tf.tensor1d([epsilon]);
    const outputs = executeOp("StarlitBatchNorm", {}, [x, gamma, beta, added], 3);
    const [value] = outputs;
    // They leave this function beside its value, and are no part of what is differentiated.
    [mean, variance] = outputs.slice(1).map((tensor) => tf.keep(tensor.clone()));
    save([x, gamma, ...outputs.slice(1), added]);
    const gradFunc = (upstream: tfjs.Tensor, saved: tfjs.Tensor[]) =>
      executeOp("StarlitBatchNormGrad", {}, [...saved, upstream], 3);
    return { value, gradFunc };
  });
  const y: tfjs.Tensor = layer(x, gamma, beta);
  return { y, mean, variance };
}

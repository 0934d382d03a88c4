/**
 * `tf.layers.dense` goes by a fused product that TensorFlow has not on a CPU, between reshapes, and
 * whose gradient always computes that of the input too, also in a first layer. Here it computes the
 * product, the sum and the activation one by one, which is faster; nothing else of it changes.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../engine";
import { onlyTensor } from "./options";

type Inputs = tfjs.Tensor | tfjs.Tensor[];
type Kwargs = Parameters<tfjs.layers.Layer["call"]>[1];

/** What the class keeps to itself. */
interface Dense {
  name: string;
  call(inputs: Inputs, kwargs: Kwargs): Inputs;
  kernel: { read(): tfjs.Tensor2D };
  bias: { read(): tfjs.Tensor } | null;
  activation: { apply(x: tfjs.Tensor): tfjs.Tensor };
  invokeCallHook(inputs: Inputs, kwargs: Kwargs): void;
}

const prototype = Object.getPrototypeOf(tf.layers.dense({ units: 1 })) as Dense;
const ofAnyRank = prototype.call;

prototype.call = function (this: Dense, inputs: Inputs, kwargs: Kwargs): Inputs {
  const x = onlyTensor(this.name, inputs);
  if (x.rank !== 2) return ofAnyRank.call(this, inputs, kwargs);
  return tf.tidy(() => {
    this.invokeCallHook(inputs, kwargs);
    const product: tfjs.Tensor = tf.matMul(x as tfjs.Tensor2D, this.kernel.read());
    return this.activation.apply(this.bias ? product.add(this.bias.read()) : product);
  });
};

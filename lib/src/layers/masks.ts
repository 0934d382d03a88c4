/**
 * TensorFlow.js hands a mask on to every layer that comes later, until another takes its place: a
 * decoder would skip the steps that were padding in its encoder. Here, as in Keras, a mask ends at a
 * layer that knows nothing of masks, such as `repeatVector` or an embedding without `maskZero`.
 */
import { tf } from "../engine";

const prototype = tf.layers.Layer.prototype;
const stock = prototype.apply;

prototype.apply = function (this: typeof prototype, inputs, options) {
  const outputs = stock.call(this, inputs, options);
  const endsMasks = !this.supportsMasking && !(this instanceof tf.LayersModel);
  if (options && endsMasks) delete options.mask;
  return outputs;
};

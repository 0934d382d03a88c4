import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../engine";
import { type LayerOptions, onlyShape, onlyTensor } from "./options";

/** Added to the values of a masked step, so that they are never the largest. */
const excluded = -1e9;

class MaxOverTime extends tf.layers.Layer {
  /** @nocollapse */
  static className = "MaxOverTime";

  constructor(options: LayerOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    const [batch, , features] = onlyShape(inputShape);
    return [batch, features];
  }

  override computeMask(): tfjs.Tensor {
    return null as unknown as tfjs.Tensor;
  }

  override call(
    inputs: tfjs.Tensor | tfjs.Tensor[],
    kwargs: { mask?: tfjs.Tensor | tfjs.Tensor[] | null },
  ): tfjs.Tensor {
    return tf.tidy(() => {
      const x = onlyTensor(this.name, inputs); // (B, T, H)
      const mask = Array.isArray(kwargs?.mask) ? kwargs.mask[0] : kwargs?.mask;
      if (!mask) return x.max(1);
      const kept = mask.toFloat().expandDims(2); // (B, T, 1)
      return x.add(tf.sub(1, kept).mul(excluded)).max(1);
    });
  }
}

tf.serialization.registerClass(MaxOverTime);

/**
 * Largest value of each feature in a sequence, as `keras.layers.GlobalMaxPooling1D`: `(B, T, H)` to
 * `(B, H)`. Masked steps don't count (Keras counts them).
 */
export function maxOverTime(options: LayerOptions = {}): tfjs.layers.Layer {
  return new MaxOverTime(options);
}

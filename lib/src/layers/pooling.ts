import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../engine";
import { type LayerOptions, onlyShape, onlyTensor } from "./options";

class MeanOverTime extends tf.layers.Layer {
  /** @nocollapse */
  static className = "MeanOverTime";

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
      if (!mask) return x.mean(1);
      const kept = mask.toFloat().expandDims(1); // (B, 1, T)
      // A row of padding alone has the mean 0, as nothing is divided by nothing.
      return tf.matMul(kept, x).squeeze<tfjs.Tensor>([1]).div(kept.sum(2).maximum(1));
    });
  }
}

tf.serialization.registerClass(MeanOverTime);

/**
 * Mean of a sequence's vectors, as `keras.layers.GlobalAveragePooling1D`: `(B, T, H)` to `(B, H)`.
 * Masked steps don't count.
 */
export function meanOverTime(options: LayerOptions = {}): tfjs.layers.Layer {
  return new MeanOverTime(options);
}

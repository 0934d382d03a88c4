import type * as tfjs from "@tensorflow/tfjs";
import { tf } from "../engine";
import type { Layer } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  onlyShape,
  onlyTensor,
  type StockOptions,
} from "./options";

/** Makes one vector of a sequence of vectors, and knows which steps are padding. */
abstract class OverTime extends tf.layers.Layer {
  constructor(options: LayerOptions) {
    super(options as StockOptions);
    this.supportsMasking = true;
  }

  /** (B, T, H) and what is not masked (B, T), where there is a mask, to (B, H). */
  protected abstract pool(x: tfjs.Tensor, kept: tfjs.Tensor | undefined): tfjs.Tensor;

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
      const mask = Array.isArray(kwargs?.mask) ? kwargs.mask[0] : kwargs?.mask;
      return this.pool(onlyTensor(this.name, inputs), mask?.toFloat());
    });
  }
}

class MeanOverTime extends OverTime {
  /** @nocollapse */
  static className = "MeanOverTime";

  protected override pool(x: tfjs.Tensor, kept?: tfjs.Tensor): tfjs.Tensor {
    if (!kept) return x.mean(1);
    const row = kept.expandDims(1); // (B, 1, T)
    // A row of padding alone has the mean 0, as nothing is divided by nothing.
    return tf.matMul(row, x).squeeze<tfjs.Tensor>([1]).div(row.sum(2).maximum(1));
  }
}

/** Added to the values of a masked step, so that they are never the largest. */
const excluded = -1e9;

class MaxOverTime extends OverTime {
  /** @nocollapse */
  static className = "MaxOverTime";

  protected override pool(x: tfjs.Tensor, kept?: tfjs.Tensor): tfjs.Tensor {
    if (!kept) return x.max(1);
    const largest = x.add(tf.sub(1, kept.expandDims(2)).mul(excluded)).max(1);
    // Nothing is left of a row of padding alone: it gets 0, as its mean does.
    const any = kept.max(1).toBool().expandDims(1).tile([1, x.shape[2]!]);
    return tf.where(any, largest, tf.zerosLike(largest));
  }
}

tf.serialization.registerClass(MeanOverTime);
tf.serialization.registerClass(MaxOverTime);

/**
 * Mean of a sequence's vectors, as `keras.layers.GlobalAveragePooling1D`: `(B, T, H)` to `(B, H)`.
 * Masked steps don't count; a row of padding alone gives 0.
 */
export function meanOverTime(options: LayerOptions = {}): Layer {
  checkLayerOptions("meanOverTime", options, []);
  return new MeanOverTime(options) as Layer;
}

/**
 * Largest value of each feature in a sequence, as `keras.layers.GlobalMaxPooling1D`: `(B, T, H)` to
 * `(B, H)`. Masked steps don't count (Keras counts them); a row of padding alone gives 0.
 */
export function maxOverTime(options: LayerOptions = {}): Layer {
  checkLayerOptions("maxOverTime", options, []);
  return new MaxOverTime(options) as Layer;
}

import type * as tfjs from "@tensorflow/tfjs";
import { StarlitError, tf } from "../engine";
import type { Layer } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  onlyShape,
  onlyTensor,
  type StockOptions,
} from "./options";

class PositionWeights extends tf.layers.Layer {
  /** @nocollapse */
  static className = "PositionWeights";

  constructor(options: LayerOptions) {
    super(options as StockOptions);
    this.supportsMasking = true;
  }

  override build(inputShape: tfjs.Shape | tfjs.Shape[]): void {
    const [, steps] = onlyShape(inputShape);
    if (!steps) {
      throw new StarlitError(`${this.name} needs sequences of a fixed length: pad them first.`);
    }
    const even = tf.initializers.constant({ value: 1 / steps });
    this.addWeight("weights", [steps], "float32", even);
    this.built = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape).slice(0, 2);
  }

  override computeMask(): tfjs.Tensor {
    return null as unknown as tfjs.Tensor;
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    return tf.tidy(() => {
      const [batch] = onlyTensor(this.name, inputs).shape;
      const row = this.weights[0].read().expandDims(0);
      return tf.matMul(tf.ones([batch, 1]), row);
    });
  }
}

tf.serialization.registerClass(PositionWeights);

/**
 * One learned weight a position, the same for all rows: vectors `(B, T, H)` to weights `(B, T)`.
 * They start as those of a mean, 1 / T.
 */
export function positionWeights(options: LayerOptions = {}): Layer {
  checkLayerOptions("positionWeights", options, []);
  return new PositionWeights(options) as Layer;
}

import type * as tfjs from "@tensorflow/tfjs";
import { StarlitError, tf } from "../engine";
import type { Layer } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  type StockOptions,
  oneOf,
  onlyShape,
  onlyTensor,
  positiveInteger,
} from "./options";

/** Options of {@link attentionWeights}. */
export interface AttentionOptions extends LayerOptions {
  /**
   * How a state `h` is scored: `linear` is `w·h + b`; `additive` is `v·tanh(W·h + b)` (Bahdanau et
   * al. 2015, without a query). Default linear.
   */
  score?: "linear" | "additive";
  /** Length of the hidden vector of the additive score. */
  units?: number;
}

type Mask = { mask?: tfjs.Tensor | tfjs.Tensor[] | null };

/** Added to the score of a masked step: its share of the softmax is then exactly 0. */
const excluded = -1e9;

class AttentionWeights extends tf.layers.Layer {
  /** @nocollapse */
  static className = "AttentionWeights";
  private readonly score: "linear" | "additive";
  private readonly units: number;

  constructor(options: AttentionOptions) {
    super(options as StockOptions);
    const scores: ("linear" | "additive")[] = ["linear", "additive"];
    this.score = oneOf("attentionWeights", "score", options.score ?? "linear", scores);
    this.units =
      this.score === "linear"
        ? 1
        : positiveInteger("attentionWeights", "units", options.units ?? 0);
    this.supportsMasking = true;
  }

  override build(inputShape: tfjs.Shape | tfjs.Shape[]): void {
    const [, , features] = onlyShape(inputShape);
    const glorot = tf.initializers.glorotUniform({});
    this.addWeight("kernel", [features, this.units], "float32", glorot);
    this.addWeight("bias", [this.units], "float32", tf.initializers.zeros());
    if (this.score === "additive") this.addWeight("scale", [this.units, 1], "float32", glorot);
    this.built = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape).slice(0, 2);
  }

  // The weights are read by what follows as they are: padding has got 0 already.
  override computeMask(): tfjs.Tensor {
    return null as unknown as tfjs.Tensor;
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[], kwargs: Mask): tfjs.Tensor {
    return tf.tidy(() => {
      const states = onlyTensor(this.name, inputs); // (B, T, H)
      const [batch, steps, features] = states.shape;
      const [weights, bias, scale] = this.weights.map((weight) => weight.read());
      let scores = states
        .reshape([batch * steps, features])
        .matMul(weights)
        .add(bias);
      if (scale) scores = scores.tanh().matMul(scale);
      scores = scores.reshape([batch, steps]);
      const mask = Array.isArray(kwargs?.mask) ? kwargs.mask[0] : kwargs?.mask;
      if (mask) scores = tf.where(mask.toBool(), scores, tf.fill([batch, steps], excluded));
      return scores.softmax();
    });
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return { ...super.getConfig(), score: this.score, units: this.units };
  }
}

class WeightedSum extends tf.layers.Layer {
  /** @nocollapse */
  static className = "WeightedSum";

  constructor(options: LayerOptions) {
    super(options as StockOptions);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    const [states, weights] = inputShape as tfjs.Shape[];
    if (states?.length !== 3 || weights?.length !== 2 || !fits(states[1], weights[1])) {
      throw new StarlitError(
        `${this.name} takes vectors (batch, steps, features) and weights (batch, steps) of the same ` +
          `number of steps, but got [${states}] and [${weights}].`,
      );
    }
    return [states[0], states[2]];
  }

  override computeMask(): tfjs.Tensor {
    return null as unknown as tfjs.Tensor;
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    return tf.tidy(() => {
      const [states, weights] = inputs as tfjs.Tensor[];
      return tf.matMul(weights.expandDims(1), states).squeeze([1]);
    });
  }
}

const fits = (a: number | null, b: number | null) => a === null || b === null || a === b;

tf.serialization.registerClass(AttentionWeights);
tf.serialization.registerClass(WeightedSum);

/**
 * How much attention each step of a sequence gets: states `(B, T, H)` to weights `(B, T)` that are
 * a softmax over the steps of a learned score. A masked step (padding) gets exactly 0; only a row
 * that is masked throughout spreads its attention evenly, for there is nothing to attend to.
 */
export function attentionWeights(options: AttentionOptions = {}): Layer {
  checkLayerOptions("attentionWeights", options, ["score", "units"]);
  return new AttentionWeights(options) as Layer;
}

/** Sum of vectors `(B, T, H)` over the steps with weights `(B, T)`: `[vectors, weights]` to `(B, H)`. */
export function weightedSum(options: LayerOptions = {}): Layer {
  checkLayerOptions("weightedSum", options, []);
  return new WeightedSum(options) as Layer;
}

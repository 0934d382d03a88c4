import type * as tfjs from "@tensorflow/tfjs";
import { drop, nextSeed, tf } from "../engine";
import { checkLayerOptions, type LayerOptions, onlyShape, onlyTensor, share } from "./options";
import type { Layer } from "./layer";

/** Options of {@link wordDropout}. */
export interface WordDropoutOptions extends LayerOptions {
  /** Share of the words that are hidden, from 0 to below 1. */
  rate: number;
  /** Id of unknown words, which hidden ones get. Default 1. */
  unknown?: number;
}

class WordDropout extends tf.layers.Layer {
  /** @nocollapse */
  static className = "WordDropout";
  private readonly rate: number;
  private readonly unknown: number;

  constructor(options: WordDropoutOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
    this.rate = share("wordDropout", "rate", options.rate);
    this.unknown = options.unknown ?? 1;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[], kwargs: { training?: boolean }): tfjs.Tensor {
    const ids = onlyTensor(this.name, inputs);
    if (!kwargs?.training || this.rate === 0) return ids;
    return tf.tidy(() => {
      const kept = drop(tf.ones(ids.shape), this.rate, nextSeed()).greater(0);
      const unknown = tf.fill(ids.shape, this.unknown, "int32");
      return tf.where(kept.logicalOr(ids.equal(0)), ids.toInt(), unknown);
    });
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, unknown: this.unknown };
  }
}

tf.serialization.registerClass(WordDropout);

/**
 * Hides words at random while training (Iyyer et al. 2015): their ids `(B, T)` become that of unknown
 * words. Padding, id 0, stays.
 *
 * @throws StarlitError if an option is unknown or out of its range
 */
export function wordDropout(options: WordDropoutOptions): Layer {
  checkLayerOptions("wordDropout", options, ["rate", "unknown"]);
  return new WordDropout(options) as Layer;
}

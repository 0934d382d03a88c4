import type * as tfjs from "@tensorflow/tfjs";
import { drop, tf } from "../engine";
import { checkSeed } from "../engine/random";
import { currentStream } from "../engine/seed";
import type { Layer } from "./layer";
import { checkLayerOptions, type LayerOptions, onlyShape, onlyTensor, share } from "./options";

/** Options of {@link dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** Share of the values that become 0, from 0 to below 1. */
  rate: number;
  /** For masks that depend on nothing but this seed and the epoch. */
  seed?: number;
}

class Dropout extends tf.layers.Layer {
  /** @nocollapse */
  static className = "FastDropout";
  private readonly rate: number;
  private readonly seed?: number;

  constructor(options: DropoutOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
    this.rate = share("dropout", "rate", options.rate);
    this.seed = options.seed ?? undefined; // null where it comes from a file
    if (this.seed !== undefined) checkSeed(this.seed);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[], kwargs: { training?: boolean }): tfjs.Tensor {
    const x = onlyTensor(this.name, inputs);
    if (!kwargs?.training || this.rate === 0) return x;
    const stream = currentStream();
    const { seed } = this;
    return drop(
      x,
      this.rate,
      seed === undefined ? stream.nextSeed() : stream.nextSeedOf(this, seed),
    );
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed ?? null };
  }
}

tf.serialization.registerClass(Dropout);

/**
 * Sets values to 0 at random while training and scales the others up by 1 / (1 − rate), as
 * `keras.layers.Dropout`. Any shape in, the same out; masks pass through.
 *
 * @throws StarlitError if an option is unknown or out of its range
 */
export function dropout(options: DropoutOptions): Layer {
  checkLayerOptions("dropout", options, ["rate", "seed"]);
  return new Dropout(options) as Layer;
}

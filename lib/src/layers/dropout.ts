import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { drop, nextSeed, Random, StarlitError, tf } from "../engine";
import { type LayerOptions, onlyShape, onlyTensor } from "./options";

/** Options of {@link dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** Share of the values that become 0, from 0 to below 1. */
  rate: number;
  /** For masks that don't depend on `seedEverything`. */
  seed?: number;
}

class Dropout extends tf.layers.Layer {
  /** @nocollapse */
  static className = "FastDropout";
  private readonly rate: number;
  private readonly seed?: number;
  private readonly nextSeed: () => number;

  constructor(options: DropoutOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
    if (!(options.rate >= 0 && options.rate < 1)) {
      throw new StarlitError(`dropout: rate is ${options.rate}: give a number from 0 to below 1.`);
    }
    this.rate = options.rate;
    this.seed = options.seed ?? undefined; // null where it comes from a file
    const own = this.seed === undefined ? undefined : new Random(this.seed);
    this.nextSeed = own ? () => own.uint32() : nextSeed;
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[], kwargs: { training?: boolean }): tfjs.Tensor {
    const x = onlyTensor(this.name, inputs);
    return kwargs?.training && this.rate > 0 ? drop(x, this.rate, this.nextSeed()) : x;
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed ?? null };
  }
}

tf.serialization.registerClass(Dropout);

/**
 * Sets values to 0 at random while training and scales the others up by 1 / (1 − rate), as
 * `keras.layers.Dropout`. Any shape in, the same out; masks pass through.
 */
export function dropout(options: DropoutOptions): tfjs.layers.Layer {
  return new Dropout(options);
}

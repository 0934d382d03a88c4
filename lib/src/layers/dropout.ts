import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { drop, nextSeed, Random, StarlitError, tf } from "../engine";
import { type LayerOptions, onlyShape, onlyTensor } from "./options";

/** Options of {@link dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** Share of the values that become 0, from 0 to below 1. */
  rate: number;
  /**
   * Shape of what is drawn, `null` for the input's own size, 1 where one draw is shared:
   * `[null, null, 1]` drops whole steps of `(batch, steps, features)`. Default: a draw for each value.
   */
  noiseShape?: (number | null)[];
  /** For masks that don't depend on `seedEverything`. */
  seed?: number;
}

class Dropout extends tf.layers.Layer {
  /** @nocollapse */
  static className = "FastDropout";
  private readonly rate: number;
  private readonly noiseShape?: (number | null)[];
  private readonly seed?: number;
  private readonly nextSeed: () => number;

  constructor(options: DropoutOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
    if (!(options.rate >= 0 && options.rate < 1)) {
      throw new StarlitError(`dropout: rate is ${options.rate}: give a number from 0 to below 1.`);
    }
    this.rate = options.rate;
    this.noiseShape = options.noiseShape ?? undefined;
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
    if (!kwargs?.training || this.rate === 0) return x;
    if (!this.noiseShape) return drop(x, this.rate, this.nextSeed());
    return tf.tidy(() => x.mul(drop(tf.ones(this.drawnShape(x)), this.rate, this.nextSeed())));
  }

  private drawnShape({ shape }: tfjs.Tensor): number[] {
    const drawn = this.noiseShape!.map((size, axis) => size ?? shape[axis]);
    const fits = drawn.length === shape.length && drawn.every((n, i) => n === 1 || n === shape[i]);
    if (fits) return drawn;
    throw new StarlitError(
      `${this.name}: noiseShape [${this.noiseShape!.map(String).join(", ")}] does not fit the input [${shape.join(", ")}]: ` +
        `give for each axis null, 1, or its size.`,
    );
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      rate: this.rate,
      noiseShape: this.noiseShape ?? null,
      seed: this.seed ?? null,
    };
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

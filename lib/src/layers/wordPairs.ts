import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { tf } from "../engine";
import { type LayerOptions, onlyShape, onlyTensor, positiveInteger } from "./options";

/** Options of {@link wordPairs}. */
export interface WordPairsOptions extends LayerOptions {
  /** Numbers that the pairs are spread over, 0 for "no pair" included. */
  buckets: number;
}

/** A first word's number is its id, from 50,000 on again from 0, times this: always below 2³¹. */
const STEP = 40_503;
const FIRST_WORDS = 50_000;

class WordPairs extends tf.layers.Layer {
  /** @nocollapse */
  static className = "WordPairs";
  private readonly buckets: number;

  constructor(options: WordPairsOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0]);
    this.buckets = positiveInteger("wordPairs", "buckets", options.buckets);
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    return tf.tidy(() => {
      const ids = onlyTensor(this.name, inputs).toInt() as tfjs.Tensor2D; // (B, T)
      const whole = (value: number) => tf.scalar(value, "int32");
      const shifted: [number, number][] = [
        [0, 0],
        [1, 0],
      ];
      const before = ids.pad(shifted).slice([0, 0], ids.shape);
      const numbers = before
        .mod(whole(FIRST_WORDS))
        .mul(whole(STEP))
        .add(ids)
        .mod(whole(Math.max(this.buckets - 1, 1)))
        .add(whole(1));
      const isPair = before.greater(whole(0)).logicalAnd(ids.greater(whole(0)));
      return tf.where(isPair, numbers, tf.zerosLike(ids)).toInt();
    });
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    return { ...super.getConfig(), buckets: this.buckets };
  }
}

tf.serialization.registerClass(WordPairs);

/**
 * Numbers of the pairs of neighbouring words, for an embedding of `buckets` rows: word ids `(B, T)` to
 * `(B, T)`, where place `t` has the number of the words `t − 1` and `t`, and 0 where one of them is
 * missing or padding. Pairs are numbered by a hash, so different ones may share a number (the hashing
 * trick, as in fastText: Joulin et al. 2016).
 */
export function wordPairs(options: WordPairsOptions): tfjs.layers.Layer {
  return new WordPairs(options);
}

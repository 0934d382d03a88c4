import type * as tfjs from "@tensorflow/tfjs";
import { StarlitError, tf } from "../engine";
import type { Layer } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  onlyShape,
  onlyTensor,
  positiveInteger,
  type StockOptions,
} from "./options";

/** Options of {@link wordPairs}. */
export interface WordPairsOptions extends LayerOptions {
  /** Numbers that the pairs are spread over, 0 for "no pair" included: 2 or more. */
  buckets: number;
}

/**
 * A pair gets the number (first mod 50,000) · 40,503 + second, spread over the buckets by its
 * remainder. 40,503 is 2¹⁶ over the golden ratio (Knuth's multiplicative hashing): neighbouring ids
 * land far apart. 50,000 keeps the number below 2³¹, the end of int32, for second ids to 10⁸.
 */
const SPREAD = 40_503;
const FIRST_WORDS = 50_000;

class WordPairs extends tf.layers.Layer {
  /** @nocollapse */
  static className = "WordPairs";
  private readonly buckets: number;

  constructor(options: WordPairsOptions) {
    super(options as StockOptions);
    this.buckets = positiveInteger("wordPairs", "buckets", options.buckets);
    if (this.buckets === 1) {
      throw new StarlitError(
        "wordPairs: buckets is 1: give 2 or more, as the number 0 stands for no pair.",
      );
    }
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    return tf.tidy(() => {
      const ids = onlyTensor(this.name, inputs).toInt() as tfjs.Tensor2D; // (B, T)
      const int = (value: number) => tf.scalar(value, "int32");
      const oneLater: [number, number][] = [
        [0, 0],
        [1, 0],
      ];
      const before = ids.pad(oneLater).slice([0, 0], ids.shape);
      const numbers = before
        .mod(int(FIRST_WORDS))
        .mul(int(SPREAD))
        .add(ids)
        .mod(int(this.buckets - 1))
        .add(int(1));
      const isPair = before.greater(int(0)).logicalAnd(ids.greater(int(0)));
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
export function wordPairs(options: WordPairsOptions): Layer {
  checkLayerOptions("wordPairs", options, ["buckets"]);
  return new WordPairs(options) as Layer;
}

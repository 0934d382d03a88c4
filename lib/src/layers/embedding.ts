import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { lookUp, tf } from "../engine";
import { type LayerOptions, onlyShape, onlyTensor, positiveInteger } from "./options";

/** Options of {@link embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** Number of different ids `V`: ids are 0 … `V` − 1. */
  inputDim: number;
  /** Length `E` of an id's vector. */
  outputDim: number;
  /** Id 0 is padding: the layers that follow skip it. Default false. */
  maskZero?: boolean;
  /** Number of ids in a row, where it is always the same. */
  inputLength?: number;
}

class Embedding extends tf.layers.Layer {
  /** @nocollapse */
  static className = "EmbeddingTable";
  private readonly inputDim: number;
  private readonly outputDim: number;
  private readonly maskZero: boolean;

  constructor(options: EmbeddingOptions) {
    const { inputLength = null, inputShape = [inputLength], ...rest } = options;
    super({ inputShape, dtype: "int32", ...rest } as ConstructorParameters<
      typeof tf.layers.Layer
    >[0]);
    this.inputDim = positiveInteger("embedding", "inputDim", options.inputDim);
    this.outputDim = positiveInteger("embedding", "outputDim", options.outputDim);
    this.maskZero = options.maskZero ?? false;
    this.supportsMasking = this.maskZero;
  }

  override build(): void {
    const uniform = tf.initializers.randomUniform({ minval: -0.05, maxval: 0.05 });
    this.addWeight("embeddings", [this.inputDim, this.outputDim], "float32", uniform);
    this.built = true;
  }

  override computeOutputShape(inputShape: tfjs.Shape | tfjs.Shape[]): tfjs.Shape {
    return [...onlyShape(inputShape), this.outputDim];
  }

  override computeMask(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    if (!this.maskZero) return null as unknown as tfjs.Tensor;
    return tf.tidy(() => tf.notEqual(onlyTensor(this.name, inputs), 0));
  }

  override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
    return tf.tidy(() => {
      const ids = onlyTensor(this.name, inputs).toInt();
      return lookUp(this.weights[0].read() as tfjs.Tensor2D, ids);
    });
  }

  override getConfig(): tfjs.serialization.ConfigDict {
    const { inputDim, outputDim, maskZero } = this;
    return { ...super.getConfig(), inputDim, outputDim, maskZero };
  }
}

tf.serialization.registerClass(Embedding);

/**
 * A table of vectors, one an id, as `keras.layers.Embedding`: ids `(B, T)` to vectors `(B, T, E)`.
 * Weight: `[V, E]`, drawn uniformly from −0.05 … 0.05. With `maskZero` it masks id 0.
 */
export function embedding(options: EmbeddingOptions): tfjs.layers.Layer {
  return new Embedding(options);
}

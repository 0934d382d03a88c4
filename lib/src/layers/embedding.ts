import type * as tfjs from "@tensorflow/tfjs";
import { lookUp, tf } from "../engine";
import type { Initializer } from "./initializers";
import type { Layer } from "./layer";
import {
  checkLayerOptions,
  type LayerOptions,
  onlyShape,
  onlyTensor,
  positiveInteger,
  type StockOptions,
} from "./options";
import {
  type InitializerName,
  initializerOf,
  type Regularizer,
  type RegularizerName,
  regularizerOf,
  savedForm,
} from "./weights";

/** Options of {@link embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** Number of different ids `V`: ids are 0 … `V` − 1. */
  inputDim: number;
  /** Length `E` of an id's vector. */
  outputDim: number;
  /** Id 0 is padding: the layers that follow skip it. Default false. */
  maskZero?: boolean;
  /** First values of the table; default uniform from −0.05 … 0.05. */
  embeddingsInitializer?: InitializerName | Initializer;
  /** Added to the loss for the table; default nothing. */
  embeddingsRegularizer?: RegularizerName | Regularizer;
  /** Number of ids in a row, where it is always the same. */
  inputLength?: number;
}

const embeddingOptions = [
  "inputDim",
  "outputDim",
  "maskZero",
  "inputLength",
  "embeddingsInitializer",
  "embeddingsRegularizer",
];

class Embedding extends tf.layers.Layer {
  /** @nocollapse */
  static className = "EmbeddingTable";
  private readonly inputDim: number;
  private readonly outputDim: number;
  private readonly maskZero: boolean;
  private readonly initializer: Initializer;
  private readonly regularizer: Regularizer | undefined;
  /** Initializer and regularizer that were asked for, as `getConfig` writes them. */
  private readonly asked: tfjs.serialization.ConfigDict = {};

  constructor(options: EmbeddingOptions) {
    const { inputLength = null, inputShape = [inputLength], ...rest } = options;
    super({ inputShape, dtype: "int32", ...rest } as StockOptions);
    this.inputDim = positiveInteger("embedding", "inputDim", options.inputDim);
    this.outputDim = positiveInteger("embedding", "outputDim", options.outputDim);
    this.maskZero = options.maskZero ?? false;
    const { embeddingsInitializer, embeddingsRegularizer } = options;
    this.initializer = embeddingsInitializer
      ? initializerOf("embedding", "embeddingsInitializer", embeddingsInitializer)
      : tf.initializers.randomUniform({ minval: -0.05, maxval: 0.05 });
    this.regularizer = regularizerOf("embedding", "embeddingsRegularizer", embeddingsRegularizer);
    if (embeddingsInitializer) this.asked.embeddingsInitializer = savedForm(embeddingsInitializer);
    if (embeddingsRegularizer) this.asked.embeddingsRegularizer = savedForm(embeddingsRegularizer);
    this.supportsMasking = this.maskZero;
  }

  override build(): void {
    const shape = [this.inputDim, this.outputDim];
    this.addWeight("embeddings", shape, "float32", this.initializer, this.regularizer);
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
    return { ...super.getConfig(), inputDim, outputDim, maskZero, ...this.asked };
  }
}

tf.serialization.registerClass(Embedding);

/**
 * A table of vectors, one an id, as `keras.layers.Embedding`: ids `(B, T)` to vectors `(B, T, E)`.
 * Weight: `[V, E]`, drawn uniformly from −0.05 … 0.05. With `maskZero` it masks id 0.
 *
 * @throws StarlitError if an option is unknown; when it is applied, if an id is not in 0 … V − 1
 */
export function embedding(options: EmbeddingOptions): Layer {
  checkLayerOptions("embedding", options, embeddingOptions, {
    embeddingsConstraint: "training does not apply constraints, use embeddingsRegularizer",
  });
  return new Embedding(options) as Layer;
}

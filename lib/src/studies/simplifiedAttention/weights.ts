import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs";
import { type NdArray, Random, StarlitError, tf } from "../../engine";
import { network } from "./networks";
import { predict } from "../../training";

/** The weights (N, T) that a model of the study gives to the positions of reviews (N, T). */
export function weightsOf(
  model: LayersModel,
  x: NdArray<Int32Array>,
): Promise<NdArray<Float32Array>> {
  const weights = model.getLayer("weights").output as SymbolicTensor;
  return predict(tf.model({ inputs: model.inputs, outputs: weights }), x);
}

/**
 * Mean and standard deviation of the weights at each position.
 *
 * @param weights (N, T)
 * @returns (2, T): the means, then the standard deviations over the reviews
 */
export function weightsByPosition({ data, shape }: NdArray): NdArray<Float32Array> {
  const [rows, steps] = shape;
  const found = new Float32Array(2 * steps);
  for (let step = 0; step < steps; step++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += data[row * steps + step];
    const mean = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (data[row * steps + step] - mean) ** 2;
    found[step] = mean;
    found[steps + step] = Math.sqrt(squares / rows);
  }
  return { data: found, shape: [2, steps] };
}

/**
 * The model with its weighting replaced by one weight a position, whatever the words.
 *
 * @param model of the study, with the published sizes of its embedding
 * @param weights one a position (T), e.g. the means of the model's own
 */
export function withConstantWeights(model: LayersModel, weights: ArrayLike<number>): LayersModel {
  const [embedding, ...rest] = model.getWeights();
  const [kernel, bias] = rest.slice(-2);
  const [vocabularySize, embeddingDim] = embedding.shape;
  const length = model.inputs[0].shape[1];
  if (weights.length !== length) {
    throw new StarlitError(
      `The model reads ${length} positions, but got ${weights.length} weights.`,
    );
  }
  const constant = network({
    length,
    vocabularySize,
    embeddingDim,
    weighting: "constant",
  });
  tf.tidy(() => {
    constant.setWeights([embedding, tf.tensor1d(Array.from(weights)), kernel, bias]);
  });
  return constant;
}

/** Reviews with their words in random order; the zeros after a review's last word stay there. */
export function shuffleWords({ data, shape }: NdArray<Int32Array>, seed: number) {
  const [rows, steps] = shape;
  const random = new Random(seed);
  const shuffled = Int32Array.from(data);
  for (let row = 0; row < rows; row++) {
    let end = steps;
    while (end > 0 && data[row * steps + end - 1] === 0) end--;
    const words = shuffled.subarray(row * steps, row * steps + end);
    words.set(random.shuffle(Array.from(words)));
  }
  return { data: shuffled, shape: [...shape] };
}

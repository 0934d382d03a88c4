import type { LayersModel, LayerVariable, Tensor } from "@tensorflow/tfjs";
import { nextSeed, Random, tf } from "../../engine";

/** Weights that PyTorch begins with a constant, as Keras does. */
const constant = new Set(["gamma", "beta", "moving_mean", "moving_variance"]);

/**
 * Gives a model the first weights that PyTorch's layers draw, from seeds of `seedEverything`: vectors of
 * words N(0, 1) (`nn.Embedding`); all of a recurrent layer U(±1/√units), its two biases added up where
 * there is room for one (`nn.RNN`, `nn.LSTM`, `nn.GRU`; its forget gate is open by no more than that);
 * of dense layers and convolutions weights and biases U(±1/√inputs) (`nn.Linear`, `nn.Conv1d`).
 */
export function drawTorchWeights(model: LayersModel): void {
  for (const layer of model.layers) {
    const weights = layer.weights.filter(({ originalName }) => !constant.has(kindOf(originalName)));
    if (weights.length > 0) tf.tidy(() => drawLayer(weights));
  }
}

/** The name of a weight within its layer. */
const kindOf = (name: string) => name.split("/").pop()!;

function drawLayer(weights: readonly LayerVariable[]): void {
  const random = new Random(nextSeed());
  const named = new Map(weights.map((weight) => [kindOf(weight.originalName), weight]));
  const recurrent = named.get("recurrent_kernel");
  const bound = 1 / Math.sqrt(recurrent ? recurrent.shape[0]! : inputsOf(weights[0]));
  for (const [kind, weight] of named) {
    const shape = weight.shape as number[];
    const size = shape.reduce((product, length) => product * length, 1);
    const uniform = () => random.randomSample(size).map((value) => bound * (2 * value - 1));
    const write = (values: number[]) => weight.write(tf.tensor(values, shape) as Tensor);
    if (kind === "embeddings") write(random.normal(0, 1, size));
    else if (recurrent && kind === "bias" && shape.length === 1) {
      const second = uniform();
      write(uniform().map((value, i) => value + second[i]));
    } else write(uniform());
  }
}

/** Inputs of each unit of a dense layer or a convolution: all lengths of its weights but the last. */
function inputsOf({ shape }: LayerVariable): number {
  return (shape as number[]).slice(0, -1).reduce((product, length) => product * length, 1);
}

import type { LayersModel, Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { StarlitError, tf } from "../engine";
import type { Weights } from "./checkpoint";

/**
 * Moving averages of a model's trainable weights, as `use_ema` of Keras's optimizers: after the first
 * step the weights themselves, then `momentum · average + (1 − momentum) · weights`. The average of
 * the last thousand steps generalizes better than the last step (Polyak and Juditsky 1992).
 */
export class WeightAverage {
  private averages: Tensor[] = [];

  /** @param momentum from 0 to below 1; about the last 1 / (1 − momentum) steps count */
  constructor(
    private readonly model: LayersModel,
    readonly momentum: number,
  ) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new StarlitError(`emaMomentum is ${momentum}: give a number from 0 to below 1.`);
    }
  }

  private get variables(): Variable[] {
    return this.model.trainableWeights.map((weight) => weight.read() as Variable);
  }

  /** To be called after each step. */
  update(): void {
    const first = this.averages.length === 0;
    const next = this.variables.map((variable, i) => {
      if (first) return tf.keep(variable.clone());
      const average = this.averages[i];
      return tf.keep(tf.tidy(() => average.add(variable.sub(average).mul(1 - this.momentum))));
    });
    tf.dispose(this.averages);
    this.averages = next;
  }

  /** Puts the averages into the model and keeps its weights in their place; twice, nothing changed. */
  swap(): void {
    if (this.averages.length === 0) return;
    const kept = this.variables.map((variable, i) => {
      const own = tf.keep(variable.clone());
      variable.assign(this.averages[i]);
      return own;
    });
    tf.dispose(this.averages);
    this.averages = kept;
  }

  /** A copy, to be stored and given to {@link restore}. */
  state(): Weights {
    return this.averages.map((average) => ({
      shape: average.shape,
      data: average.dataSync<"float32">().slice(),
    }));
  }

  /** Goes back to averages taken by {@link state}. */
  restore(weights: Weights): void {
    this.dispose();
    // A copy: TensorFlow uses an array that it is given as its own memory.
    this.averages = weights.map(({ data, shape }) => tf.keep(tf.tensor(data.slice(), shape)));
  }

  dispose(): void {
    tf.dispose(this.averages);
    this.averages = [];
  }
}

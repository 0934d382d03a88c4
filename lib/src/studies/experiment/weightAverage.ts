import * as path from "node:path";
import type { LayersModel } from "@tensorflow/tfjs";
import { readWeights, restoreWeights } from "../../training/checkpoint";
import { readTensors, writeTensors } from "../../training/tensorFile";

const AGAIN = "delete its folder too, and the training begins anew";

/**
 * The mean of a model's weights over the epochs of its training from one on (Izmailov et al. 2018).
 * With a high learning rate the weights wander about a valley; their mean may lie further down than
 * each of them. The weights are kept in files, so that a training that was broken off goes on.
 */
export class WeightAverage {
  /**
   * @param model the model in training
   * @param folder where the weights are kept meanwhile
   * @param from the first epoch that counts, from 1
   */
  constructor(
    private readonly model: LayersModel,
    private readonly folder: string,
    private readonly from: number,
  ) {}

  /** To be called after each epoch, with its number from 1. */
  readonly note = (epoch: number): void => {
    if (epoch < this.from) return;
    const tensors = new Map(readWeights(this.model).map((weight, i) => [`${i}`, weight]));
    writeTensors(this.file(epoch), { tensors, note: epoch });
  };

  /** Gives the model the mean of the weights up to the epoch `last`; without any it stays as it is. */
  apply(last: number): void {
    const count = last - this.from + 1;
    if (count < 1) return;
    const sums = this.weights(this.from);
    for (let epoch = this.from + 1; epoch <= last; epoch++) {
      this.weights(epoch).forEach(({ data }, i) => data.forEach((v, j) => (sums[i].data[j] += v)));
    }
    const means = sums.map(({ shape, data }) => ({ shape, data: data.map((v) => v / count) }));
    restoreWeights(this.model, means);
  }

  private weights(epoch: number) {
    return [...readTensors(this.file(epoch), AGAIN).tensors.values()];
  }

  private file(epoch: number): string {
    return path.join(this.folder, `weights-${epoch}.safetensors`);
  }
}

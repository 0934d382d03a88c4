import type { LayersModel } from "@tensorflow/tfjs";
import { type NdArray, Random } from "../../engine";
import { meanSquaredError } from "../../metrics";
import { type Callback, predict } from "../../training";
import { EpochNotes, readNotes } from "../experiment/epochNotes";
import { type Rows, tenths } from "./data";

/** What is noted of each epoch: columns of the array that `readBatches` gives. */
export const batchNotes = [
  "validation",
  "lowestTrain",
  "lowestValidation",
  "lastTrain",
  "lastValidation",
] as const;

const NAME = "batches";

/** What a watch wrote down in that many epochs (epochs, `batchNotes`). */
export function readBatches(folder: string, epochs: number): NdArray<Float32Array> {
  return readNotes(folder, NAME, epochs, [batchNotes.length]);
}

/**
 * Watches a training batch by batch: after each step on a batch of training rows the test rows of the
 * same places are predicted, as a loop does that walks through both at once. Errors are squared, of
 * ratings divided by 10.
 */
export class BatchWatch {
  private train: number[] = [];
  private validation: number[] = [];
  private readonly notes: EpochNotes;

  constructor(
    private readonly model: LayersModel,
    private readonly test: Rows<NdArray<Float32Array>>,
    private readonly batchSize: number,
    folder: string,
  ) {
    this.notes = new EpochNotes(folder, NAME, () => Promise.resolve(this.summary()));
  }

  /** To be given to `fit`. */
  readonly callback: Callback = {
    onEpochBegin: () => {
      this.train = [];
      this.validation = [];
    },
    onBatchEnd: async (batch, { loss }) => {
      this.train.push(loss);
      const error = await this.errorOf(batch);
      if (error !== undefined) this.validation.push(error);
    },
    onEpochEnd: (epoch) => this.notes.note(epoch + 1),
  };

  /** The error of one batch of test rows; none where there are no more. */
  private async errorOf(batch: number): Promise<number | undefined> {
    const { x, ratings } = this.test;
    const width = x.shape[1];
    const [from, to] = [batch, batch + 1].map((i) => Math.min(i * this.batchSize, ratings.length));
    if (from === to) return undefined;
    const rows = { data: x.data.subarray(from * width, to * width), shape: [to - from, width] };
    const { data } = await predict(this.model, rows, { batchSize: this.batchSize });
    return meanSquaredError(tenths(ratings.slice(from, to)).data, data);
  }

  private summary(): number[] {
    const { train, validation } = this;
    const mean = validation.reduce((sum, error) => sum + error, 0) / validation.length;
    const lowest = [train, validation].map((errors) => Math.min(...errors));
    return [mean, ...lowest, train[train.length - 1], validation[validation.length - 1]];
  }
}

/** The lowest errors of single batches, of ratings divided by 10. */
export interface LowestBatches {
  /** Of all training batches of all epochs, their rows in a new order in each. */
  train: number;
  /** Of the validation batches, their rows in the order in which they are given. */
  validation: number;
}

/**
 * The lowest error of a batch that a network reaches which has learned nothing and says the mean rating of
 * the training reviews: by the luck of the draw. Beside it a lowest error of a batch is large or small.
 *
 * @param ratings of the training and of the validation reviews, 1 to 10
 */
export function lowestBatches(
  ratings: { train: readonly number[]; validation: readonly number[] },
  { batchSize, epochs, seed }: { batchSize: number; epochs: number; seed: number },
): LowestBatches {
  const mean = ratings.train.reduce((sum, rating) => sum + rating, 0) / ratings.train.length;
  const errors = (rows: readonly number[]) => rows.map((rating) => ((rating - mean) / 10) ** 2);
  const lowest = (rows: readonly number[]) => {
    let least = Infinity;
    for (let from = 0; from < rows.length; from += batchSize) {
      const batch = rows.slice(from, from + batchSize);
      least = Math.min(least, batch.reduce((sum, error) => sum + error, 0) / batch.length);
    }
    return least;
  };
  const random = new Random(seed);
  const train = errors(ratings.train);
  const drawn = Array.from({ length: epochs }, () =>
    lowest(random.permutation(train.length).map((place) => train[place])),
  );
  return { train: Math.min(...drawn), validation: lowest(errors(ratings.validation)) };
}

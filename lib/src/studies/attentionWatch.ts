import * as fs from "node:fs";
import * as path from "node:path";
import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import type { NdArray } from "../engine";
import { attentionOf } from "../models";
import { predict } from "../training";
import { writeWhole } from "../training/files";

/**
 * Writes down, after each epoch, which words of a few texts the model attends to. The notes lie
 * beside the training's checkpoint, so that a training that was broken off keeps them.
 */
export class AttentionWatch {
  constructor(
    private readonly model: LayersModel,
    private readonly x: NdArray<Int32Array>,
    private readonly folder: string,
  ) {}

  /** For `fit`'s `onEpochEnd`. */
  readonly note = async (epoch: number): Promise<void> => {
    const { data } = await predict(attentionOf(this.model), this.x);
    writeWhole(this.file(epoch), JSON.stringify(Array.from(data)));
  };

  /** The weights (epochs, texts, T) of that many epochs. */
  read(epochs: number): NdArray<Float32Array> {
    const notes = Array.from({ length: epochs }, (_, epoch) => {
      return JSON.parse(fs.readFileSync(this.file(epoch + 1), "utf8")) as number[];
    });
    return { data: Float32Array.from(notes.flat()), shape: [epochs, ...this.x.shape] };
  }

  private file(epoch: number): string {
    return path.join(this.folder, `attention-${epoch}.json`);
  }
}

import * as path from "node:path";
import { type NdArray, StarlitError } from "../../engine";
import { readSealed, writeSealed } from "../../data/sealed";

/**
 * Writes down after each epoch what a model does on some rows. The notes lie beside the training's
 * checkpoint, so that a training that was broken off keeps them.
 */
export class EpochNotes {
  /**
   * @param name of the notes, unlike that of others in the folder
   * @param measure the same number of values each time
   */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly measure: () => Promise<ArrayLike<number>>,
  ) {}

  /** To be called after each epoch, with its number from 1. */
  async note(epoch: number): Promise<void> {
    const values = await this.measure();
    const file = fileOf(this.folder, this.name, epoch);
    writeSealed(file, Buffer.from(JSON.stringify(Array.from(values))));
  }

  /** The notes of that many epochs (epochs, …shape), as `readNotes`. */
  read(epochs: number, shape: readonly number[]): NdArray<Float32Array> {
    return readNotes(this.folder, this.name, epochs, shape);
  }
}

/**
 * The notes of this name of that many epochs (epochs, …shape).
 *
 * @throws StarlitError naming the file if one of them is missing or damaged
 */
export function readNotes(
  folder: string,
  name: string,
  epochs: number,
  shape: readonly number[],
): NdArray<Float32Array> {
  const notes = Array.from({ length: epochs }, (_, epoch) => {
    const file = fileOf(folder, name, epoch + 1);
    const kept = readSealed(file);
    if (kept) return JSON.parse(kept.body.toString()) as number[];
    throw new StarlitError(
      `${file}, a note beside a checkpoint, is missing or damaged: delete the folder ${folder}, and the same command trains again.`,
    );
  });
  return { data: Float32Array.from(notes.flat()), shape: [epochs, ...shape] };
}

const fileOf = (folder: string, name: string, epoch: number) =>
  path.join(folder, `${name}-${epoch}.json`);

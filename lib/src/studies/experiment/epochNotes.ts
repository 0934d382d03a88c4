import * as fs from "node:fs";
import * as path from "node:path";
import type { NdArray } from "../../engine";
import { writeWhole } from "../../files/whole.cjs";

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
    writeWhole(this.file(epoch), JSON.stringify(Array.from(values)));
  }

  /** The notes of that many epochs (epochs, …shape). */
  read(epochs: number, shape: readonly number[]): NdArray<Float32Array> {
    return readNotes(this.folder, this.name, epochs, shape);
  }

  private file(epoch: number): string {
    return fileOf(this.folder, this.name, epoch);
  }
}

/** The notes of this name of that many epochs (epochs, …shape). */
export function readNotes(
  folder: string,
  name: string,
  epochs: number,
  shape: readonly number[],
): NdArray<Float32Array> {
  const notes = Array.from({ length: epochs }, (_, epoch) => {
    return JSON.parse(fs.readFileSync(fileOf(folder, name, epoch + 1), "utf8")) as number[];
  });
  return { data: Float32Array.from(notes.flat()), shape: [epochs, ...shape] };
}

const fileOf = (folder: string, name: string, epoch: number) =>
  path.join(folder, `${name}-${epoch}.json`);

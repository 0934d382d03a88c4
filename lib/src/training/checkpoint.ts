import * as fs from "node:fs";
import * as path from "node:path";
import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { type Adam, StarlitError, tf } from "../engine";
import { removeIfThere } from "./files";
import type { History } from "./history";
import { readTensors, type StoredTensor, writeTensors } from "./tensorFile";

/** Values of a model's weights, in the order of `model.weights`, outside TensorFlow. */
export type Weights = StoredTensor[];

/** A copy of a model's weights. */
export function readWeights(model: LayersModel): Weights {
  return model.weights.map((weight) => {
    const tensor = weight.read();
    return { shape: tensor.shape, data: tensor.dataSync<"float32">().slice() };
  });
}

/** Gives a model the weights of a copy. */
export function restoreWeights(model: LayersModel, weights: Weights): void {
  // A copy: TensorFlow uses an array that it is given as its own memory.
  tf.tidy(() => model.setWeights(weights.map(({ data, shape }) => tf.tensor(data.slice(), shape))));
}

/** Where a training stands after an epoch, beside its model and optimizer. */
export interface Standing {
  history: Pick<History, "history" | "seconds">;
  /** Weights of the best epoch so far, if they are to be restored. */
  bestWeights: Weights | null;
}

interface Note {
  identity: string;
  iterations: number;
  history: Standing["history"];
}

function checkpointFile(folder: string): string {
  return path.join(folder, "checkpoint.safetensors");
}

/**
 * Writes all that a new process needs to go on as this one would.
 *
 * @param folder where `checkpoint.safetensors` is written, whole or not at all
 * @param identity what is trained, on what: a checkpoint of another training is refused later
 */
export function saveCheckpoint(
  folder: string,
  identity: string,
  { history, bestWeights }: Standing,
  model: LayersModel,
  optimizer: Adam,
): void {
  const tensors = new Map<string, StoredTensor>();
  readWeights(model).forEach((weight, i) => tensors.set(`weight/${i}`, weight));
  bestWeights?.forEach((weight, i) => tensors.set(`best/${i}`, weight));
  const { iterations, moments } = optimizer.state();
  moments.forEach(({ m, v }, i) => {
    tensors.set(`m/${i}`, { shape: [m.length], data: m });
    tensors.set(`v/${i}`, { shape: [v.length], data: v });
  });
  const note: Note = { identity, iterations, history };
  writeTensors(checkpointFile(folder), { tensors, note });
}

/**
 * Puts model and optimizer where the checkpoint in this folder left them.
 *
 * @returns where the training stands, or `null` if the folder has no checkpoint
 * @throws StarlitError if the checkpoint is damaged or belongs to another training
 */
export function resumeCheckpoint(
  folder: string,
  identity: string,
  model: LayersModel,
  optimizer: Adam,
): Standing | null {
  const file = checkpointFile(folder);
  if (!fs.existsSync(file)) return null;
  const { tensors, note } = readTensors<Note>(file);
  if (note.identity !== identity) {
    throw new StarlitError(
      `${file} belongs to a training with another model, data or options: delete it, or give ` +
        `this training a checkpoint folder of its own.`,
    );
  }
  const list = (prefix: string): Weights =>
    [...tensors].flatMap(([name, tensor]) => (name.startsWith(`${prefix}/`) ? [tensor] : []));
  restoreWeights(model, list("weight"));
  const v = list("v");
  const moments = list("m").map((m, i) => ({ m: m.data, v: v[i].data }));
  optimizer.restore({ iterations: note.iterations, moments });
  const best = list("best");
  return { history: note.history, bestWeights: best.length > 0 ? best : null };
}

/** Deletes the checkpoint of a folder, if there is one. */
export function deleteCheckpoint(folder: string): void {
  removeIfThere(checkpointFile(folder));
}

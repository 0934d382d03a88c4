import * as fs from "node:fs";
import * as path from "node:path";
import type { LayersModel } from "@tensorflow/tfjs";
import { fromProject } from "../engine/environment";
import { type Identity, readWeights, restoreWeights, type Weights } from "./checkpoint";
import type { History } from "./history";
import { duration } from "./progress";
import { readTensors, writeTensors } from "./tensorFile";

// Trainings that `npm run reproduce` has made, for the cells of notebooks that make the same: they take
// weights and history from there. `STARLIT_KEPT` names the folder; without it none is kept or taken.

interface Note {
  identity: Identity;
  history: History;
}

/** A model may be written in several ways, and so may functions: these are told by the name alone. */
const compared = ["rows", "validation", "optimizer", "batchSize", "seed", "kernel", "numerics"];

/** The file of a training with this name, `null` where none is kept. */
function keptFile(name: string | undefined): string | null {
  const folder = process.env.STARLIT_KEPT;
  if (!folder || name === undefined) return null;
  return path.join(fromProject(folder), `${name.replace(/[^a-z0-9]+/gi, "-")}.safetensors`);
}

/**
 * Gives the model the weights of the training of this name and returns its history, if it is there.
 *
 * @param isOver whether a training with this history has no epoch left
 */
export function takeKept(
  name: string | undefined,
  identity: Identity,
  model: LayersModel,
  isOver: (history: History) => boolean,
): History | null {
  const file = keptFile(name);
  if (!file || !fs.existsSync(file)) return null;
  const { tensors, note } = readTensors<Note>(file, "the training is then made again");
  if (compared.some((part) => note.identity[part] !== identity[part])) return null;
  if (!isOver(note.history)) return null;
  restoreWeights(model, [...tensors.values()] as Weights);
  const seconds = note.history.seconds.reduce((a, b) => a + b, 0);
  console.log(
    `${name}: npm run reproduce has trained it in ${duration(seconds)}; taken from there.`,
  );
  return note.history;
}

/** Keeps a training that has ended under its name. */
export function keep(
  name: string | undefined,
  identity: Identity,
  model: LayersModel,
  history: History,
): void {
  const file = keptFile(name);
  if (!file || history.ended === "interrupt") return;
  const tensors = new Map(readWeights(model).map((weight, i) => [`${i}`, weight]));
  const note: Note = { identity, history };
  writeTensors(file, { tensors, note });
}

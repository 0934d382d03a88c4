import * as fs from "node:fs";
import * as path from "node:path";
import type { LayersModel } from "@tensorflow/tfjs";
import { type Adam, recurrentKernel, StarlitError, tf } from "../engine";
import { NUMERICS_VERSION } from "../engine/numerics";
import { sha256 } from "../files/sum.cjs";
import type { EarlyStopping } from "./earlyStopping";
import type { Training } from "./epoch";
import type { Rows } from "./examples";
import type { Curves, History } from "./history";
import type { Loss, LossName } from "./losses";
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

/** Where a training is after an epoch, beside its model and optimizer. */
export interface TrainingState {
  history: Pick<History, "history" | "seconds">;
  /** Weights of the best epoch so far, if they are to be restored. */
  bestWeights: Weights | null;
}

/** What is trained, on what and how, by name: all that changes the numbers of an epoch. */
export type Identity = Record<string, string>;

/** Longer texts are told by their hash. */
const LONGEST = 60;

function brief(text: string): string {
  if (text.length <= LONGEST) return text;
  return sha256(text).slice(0, 16);
}

/** A function by its text: what it closes over is not seen. */
const asText = (value: unknown): unknown => (typeof value === "function" ? String(value) : value);
const json = (value: unknown) => brief(JSON.stringify(value ?? null, (_, part) => asText(part)));

function rowsHash(rows: Rows | null): string {
  if (!rows) return "none";
  const parts = [...rows.x, rows.y].flatMap(({ data, shape }) => [
    JSON.stringify([shape, data.constructor.name]),
    data,
  ]);
  return sha256(...parts, rows.weight ?? "");
}

/**
 * The configuration of a model and its layers. Names are replaced by their numbers: TensorFlow.js
 * counts layers on, so a model that is built a second time has others.
 */
function configurationOf(model: LayersModel): string {
  const config = JSON.stringify(model.getConfig());
  const names: string[] = [];
  JSON.parse(config, (key, value: unknown) => {
    if (key === "name" && typeof value === "string" && !names.includes(value)) names.push(value);
    return value;
  });
  return JSON.stringify(
    JSON.parse(config, (_, value: unknown) => {
      const place = typeof value === "string" ? names.indexOf(value) : -1;
      return place < 0 ? value : `name ${place}`;
    }),
  );
}

/** Options of `fit` that change its numbers and are no part of its `Training`. */
export interface IdentityOptions {
  loss: LossName | Loss;
  earlyStopping?: EarlyStopping;
  stopWhen?: (curves: Curves) => boolean;
}

/** What makes a checkpoint fit this training and no other; the number of epochs may grow. */
export function identityOf(
  { model, rows, optimizer, metrics, batchSize, seed, shuffle }: Training,
  validationRows: Rows | null,
  { loss, earlyStopping, stopWhen }: IdentityOptions,
): Identity {
  return {
    model: brief(configurationOf(model)),
    rows: brief(rowsHash(rows)),
    validation: brief(rowsHash(validationRows)),
    loss: json(loss),
    metrics: json(metrics),
    earlyStopping: json(earlyStopping),
    stopWhen: json(stopWhen),
    optimizer: json(optimizer.getConfig()),
    batchSize: String(batchSize),
    seed: String(seed),
    shuffle: String(shuffle),
    kernel: recurrentKernel().name,
    numerics: String(NUMERICS_VERSION),
  };
}

/** What differs between two trainings, for a reader: values where they are plain. */
function differences(there: Identity, here: Identity): string {
  const names = Object.keys(here).filter((name) => there[name] !== here[name]);
  const isPlain = (text: string | undefined) => /^([a-z]+|\d{1,10})$/.test(text ?? "");
  const both = (name: string) => `${name} ${there[name]} there and ${here[name]} here`;
  return names
    .map((name) => (isPlain(there[name]) && isPlain(here[name]) ? both(name) : name))
    .join(", ");
}

/** Where the state of a training is kept, and whose it is. */
export interface Checkpoint {
  folder: string;
  identity: Identity;
  optimizer: Adam;
}

interface Note {
  identity: Identity;
  iterations: number;
  history: TrainingState["history"];
}

function checkpointFile(folder: string): string {
  return path.join(folder, "checkpoint.safetensors");
}

/**
 * Writes all that a new process needs to go on as this one would, as `checkpoint.safetensors` in the
 * folder, whole or not at all.
 */
export function saveCheckpoint(
  { folder, identity, optimizer }: Checkpoint,
  { history, bestWeights }: TrainingState,
  model: LayersModel,
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
 * @returns the state of the training, or `null` if the folder has no checkpoint
 * @throws StarlitError if the checkpoint is damaged or belongs to another training
 */
export function resumeCheckpoint(
  { folder, identity, optimizer }: Checkpoint,
  model: LayersModel,
): TrainingState | null {
  const file = checkpointFile(folder);
  if (!fs.existsSync(file)) return null;
  const { tensors, note } = readTensors<Note>(file, "the training then begins anew");
  const different = differences(note.identity, identity);
  if (different !== "") {
    throw new StarlitError(
      `${file} belongs to a training with another model, data or options (${different}): delete it, ` +
        `or give this training a checkpoint folder of its own.`,
    );
  }
  const list = (prefix: string): Weights =>
    [...tensors].flatMap(([name, tensor]) => (name.startsWith(`${prefix}/`) ? [tensor] : []));
  restoreWeights(model, list("weight"));
  const v = list("v");
  const moments = list("m").map((m, i) => ({ m: m.data, v: v[i].data }));
  optimizer.restore({ iterations: note.iterations, moments });
  const best = list("best");
  // JSON has no NaN, which a metric may be where it is not defined.
  const curves = Object.entries(note.history.history).map(([name, curve]) => [
    name,
    curve.map((value: number | null) => value ?? NaN),
  ]);
  const history = { ...note.history, history: Object.fromEntries(curves) as Curves };
  return { history, bestWeights: best.length > 0 ? best : null };
}

/** Deletes the checkpoint of a folder, if there is one. */
export function deleteCheckpoint(folder: string): void {
  fs.rmSync(checkpointFile(folder), { recursive: true, force: true });
}

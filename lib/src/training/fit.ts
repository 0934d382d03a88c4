import * as crypto from "node:crypto";
import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { Adam, type AdamOptions, StarlitError } from "../engine";
import { countRows, type Examples, inputsOf } from "./batches";
import {
  readWeights,
  restoreWeights,
  resumeCheckpoint,
  saveCheckpoint,
  type Standing,
} from "./checkpoint";
import { checkEarlyStopping, type EarlyStopping, judge } from "./earlyStopping";
import { type Course, trainEpoch } from "./epoch";
import { type Curves, type History, validationName } from "./history";
import { withInterrupt } from "./interrupt";
import { type Loss, lossNamed, type LossName } from "./losses";
import { evaluate, type Metric } from "./predict";
import { progressOf, silent } from "./progress";
import { type ClassWeight, rowWeights } from "./rowWeights";

/** Options of `fit`, with Keras's names. */
export interface FitOptions {
  epochs: number;
  /** Rows a step. Default 32. */
  batchSize?: number;
  /** Adam's options, or an `Adam` of one's own that goes on from where it is. */
  optimizer?: AdamOptions | Adam;
  loss: LossName | Loss;
  /** Numbers to follow, by name, from all predictions of an epoch. */
  metrics?: Record<string, Metric>;
  /** Rows on which loss and metrics are taken after each epoch, dropout off. */
  validation?: Examples;
  /** Seed of the order of the rows and of dropout, a whole number from 0. Default 0. */
  seed?: number;
  earlyStopping?: EarlyStopping;
  /**
   * Whether the curves so far end the training. It is asked before each epoch and sees nothing else,
   * so that a resumed training ends where an uninterrupted one would.
   */
  stopWhen?: (curves: Curves) => boolean;
  /** Called after each epoch that this process trains, from 1, with the model as it then is. */
  onEpochEnd?: (epoch: number) => void | Promise<void>;
  /** Folder for the state after each epoch: the same call goes on from there after a crash. */
  checkpoint?: string;
  /** Weight of each class in the loss. */
  classWeight?: ClassWeight;
  /** What the progress is called. Default "training"; `false` shows none. */
  progress?: string | false;
}

/** What makes a checkpoint fit this training and no other; the number of epochs may grow. */
function identityOf(course: Course): string {
  const { model, examples, rowWeight, optimizer, batchSize, seed } = course;
  const hash = crypto.createHash("sha256");
  for (const { data, shape } of [...inputsOf(examples.x), examples.y]) {
    hash.update(JSON.stringify(shape)).update(data);
  }
  if (rowWeight) hash.update(rowWeight);
  const shapes = model.weights.map(({ shape }) => shape);
  hash.update(JSON.stringify([shapes, optimizer.getConfig(), batchSize, seed]));
  return hash.digest("hex");
}

async function run(course: Course, options: FitOptions): Promise<History> {
  const { model, optimizer, loss, metrics, progress } = course;
  const { epochs, validation, earlyStopping, stopWhen, onEpochEnd, checkpoint } = options;
  const identity = checkpoint ? identityOf(course) : "";
  const standing: Standing = (checkpoint &&
    resumeCheckpoint(checkpoint, identity, model, optimizer)) || {
    history: { history: {}, seconds: [] },
    bestWeights: null,
  };
  const { history, seconds } = standing.history;
  let ended: History["ended"] = "epochs";
  while (seconds.length < epochs) {
    const stopped = earlyStopping && seconds.length > 0 && judge(earlyStopping, history).stop;
    if (stopped || stopWhen?.(history)) {
      ended = "earlyStopping";
      break;
    }
    const epoch = seconds.length;
    const start = performance.now();
    const values = await trainEpoch(course, epoch);
    if (!values) {
      ended = "interrupt";
      break;
    }
    if (validation) {
      const found = await evaluate(model, validation, { loss, metrics });
      for (const [name, value] of Object.entries(found)) values[validationName(name)] = value;
    }
    for (const [name, value] of Object.entries(values)) (history[name] ??= []).push(value);
    seconds.push((performance.now() - start) / 1000);
    if (earlyStopping?.restoreBestWeights && judge(earlyStopping, history).best === epoch) {
      standing.bestWeights = readWeights(model);
    }
    progress.epoch(epoch, values, seconds);
    await onEpochEnd?.(epoch + 1);
    if (checkpoint) saveCheckpoint(checkpoint, identity, standing, model, optimizer);
  }
  if (standing.bestWeights) restoreWeights(model, standing.bestWeights);
  const watched = earlyStopping && seconds.length > 0;
  const bestEpoch = watched ? judge(earlyStopping, history).best + 1 : seconds.length;
  return { history, seconds, bestEpoch, ended };
}

/**
 * Trains a model, as Keras's `fit`: batches in a seeded order that is new in each epoch, early
 * stopping, a checkpoint after each epoch, live progress. The reader may stop it (the notebook's
 * stop button, Ctrl-C) and keeps the history so far. The same seed gives the same numbers, also when
 * the process was killed and the training went on from its checkpoint.
 *
 * @param model a model with one output; it need not be compiled
 * @param examples training rows: inputs, targets and, if wanted, a weight for each row
 * @returns loss and metrics by epoch; the model is left trained
 * @throws StarlitError if the rows do not fit together or the loss is no longer a number
 */
export async function fit(
  model: LayersModel,
  examples: Examples,
  options: FitOptions,
): Promise<History> {
  const { epochs, batchSize = 32, metrics = {}, seed = 0, optimizer: given = {} } = options;
  const rows = countRows(examples);
  if (options.validation) countRows(options.validation);
  if (model.outputs.length !== 1) {
    throw new StarlitError(
      `fit trains a model with one output, but this has ${model.outputs.length}.`,
    );
  }
  if (options.earlyStopping) {
    const names = ["loss", ...Object.keys(metrics)];
    const curves = options.validation ? [...names, ...names.map(validationName)] : names;
    checkEarlyStopping(options.earlyStopping, curves);
  }
  const loss = lossNamed(options.loss);
  const rowWeight = rowWeights(examples, options.classWeight);
  const optimizer = given instanceof Adam ? given : new Adam(given);
  const title = options.progress ?? "training";
  const progress =
    title === false ? silent : progressOf({ title, epochs, batches: Math.ceil(rows / batchSize) });
  const course = {
    model,
    examples,
    rowWeight,
    optimizer,
    loss,
    metrics,
    batchSize,
    seed,
    progress,
  };
  try {
    return await withInterrupt((shouldStop) => run({ ...course, shouldStop }, options));
  } finally {
    progress.end();
    if (optimizer !== given) optimizer.dispose();
  }
}

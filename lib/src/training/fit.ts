import type { LayersModel } from "@tensorflow/tfjs";
import { type Adam, checkOptions, releaseMemory, StarlitError } from "../engine";
import { checkWholeNumber } from "../engine/options";
import { checkSeed } from "../engine/random";
import {
  identityOf,
  readWeights,
  restoreWeights,
  resumeCheckpoint,
  saveCheckpoint,
  type TrainingState,
} from "./checkpoint";
import { checkEarlyStopping, type EarlyStopping, watchCurve } from "./earlyStopping";
import { type Training, trainEpoch } from "./epoch";
import { checkedRows, type Examples, type Rows, splitRows } from "./examples";
import { type Curves, type History, prefixed } from "./history";
import { withInterrupt } from "./interrupt";
import { keep, takeKept } from "./kept";
import { type Loss, lossNamed, type LossName } from "./losses";
import { type Metrics, metricsNamed } from "./metrics";
import { isAdam, type OptimizerChoice, optimizerOf } from "./optimizers";
import { evaluateRows } from "./predict";
import { progressOf, type PublishedCurves, silent } from "./progress";
import type { ClassWeight } from "./rowWeights";

/**
 * What is called while a model trains, as Keras's callbacks: epochs and batches count from 0, `logs`
 * holds loss and metrics by name. A promise is awaited.
 */
export interface Callback {
  /** With the curves of the epochs that are done already, by an interrupted training that goes on. */
  onTrainBegin?: (curves: Curves) => void | Promise<void>;
  onEpochBegin?: (epoch: number) => void | Promise<void>;
  onBatchEnd?: (batch: number, logs: Record<string, number>) => void | Promise<void>;
  /** After each epoch that this process trains, with the model as it then is. */
  onEpochEnd?: (epoch: number, logs: Record<string, number>) => void | Promise<void>;
  onTrainEnd?: () => void | Promise<void>;
}

const hooks: readonly (keyof Callback)[] = [
  "onTrainBegin",
  "onEpochBegin",
  "onBatchEnd",
  "onEpochEnd",
  "onTrainEnd",
];

/** Options of `fit`, with Keras's names. */
export interface FitOptions {
  epochs: number;
  /** Rows a step. Default 32. */
  batchSize?: number;
  /** Default Adam with Keras's defaults. */
  optimizer?: OptimizerChoice;
  loss: LossName | Loss;
  /** Numbers to follow, from all predictions of an epoch: `["accuracy", "auc"]`, or functions. */
  metrics?: Metrics;
  /** Rows on which loss and metrics are taken after each epoch, dropout off. */
  validation?: Examples;
  /** The share of the rows, the last ones, that validate instead of training. */
  validationSplit?: number;
  /** Whether the rows come in a new order in each epoch. Default true. */
  shuffle?: boolean;
  /** Seed of the order of the rows and of dropout, a whole number from 0. Default 0. */
  seed?: number;
  earlyStopping?: EarlyStopping;
  /**
   * Whether the curves so far end the training. It is asked before each epoch and sees nothing else,
   * so that a resumed training ends where an uninterrupted one would.
   */
  stopWhen?: (curves: Curves) => boolean;
  callbacks?: Callback | readonly Callback[];
  /**
   * Folder for the state after each epoch: the same call goes on from there after a crash, another is
   * refused. Functions are compared by their text, so values that they close over are not seen, nor
   * are first weights.
   */
  checkpoint?: string;
  /** Weight of each class in the loss. */
  classWeight?: ClassWeight;
  /** What the progress is called. Default "training"; `false` shows none. */
  progress?: string | false;
  /** Published curves by the names of ours, to be told beside them. */
  published?: PublishedCurves;
  /**
   * The name under which `npm run reproduce` keeps this training: while it makes the pages, a cell takes
   * it from there. Elsewhere it means nothing.
   */
  kept?: string;
}

const known: readonly (keyof FitOptions)[] = [
  "epochs",
  "batchSize",
  "optimizer",
  "loss",
  "metrics",
  "validation",
  "validationSplit",
  "shuffle",
  "seed",
  "earlyStopping",
  "stopWhen",
  "callbacks",
  "checkpoint",
  "classWeight",
  "progress",
  "published",
  "kept",
];

/** Refuses options that are out of range, before anything is done. */
function checkRanges(options: FitOptions, metrics: readonly string[]): void {
  checkWholeNumber("epochs", options.epochs, 1);
  checkWholeNumber("batchSize", options.batchSize ?? 32, 1);
  checkSeed(options.seed ?? 0);
  for (const callback of callbacksOf(options)) checkOptions("callbacks", callback, hooks);
  if (options.validation && options.validationSplit !== undefined) {
    throw new StarlitError("There are validation and validationSplit: give one of them.");
  }
  if (options.earlyStopping) {
    const validates = options.validation || options.validationSplit !== undefined;
    const values = Object.fromEntries(["loss", ...metrics].map((name) => [name, 0]));
    const curves = validates ? { ...values, ...prefixed("val", values) } : values;
    checkEarlyStopping(options.earlyStopping, Object.keys(curves));
  }
}

const callbacksOf = ({ callbacks = [] }: FitOptions): readonly Callback[] =>
  Array.isArray(callbacks) ? (callbacks as readonly Callback[]) : [callbacks as Callback];

/** Calls one hook of all callbacks, one after the other. */
async function call<Hook extends keyof Callback>(
  options: FitOptions,
  hook: Hook,
  ...values: Parameters<Required<Callback>[Hook]>
): Promise<void> {
  for (const callback of callbacksOf(options)) {
    await (callback[hook] as ((...values: unknown[]) => void | Promise<void>) | undefined)?.(
      ...values,
    );
  }
}

/** Training rows and validation rows, if there are any. */
function readRows(
  model: LayersModel,
  examples: Examples,
  { loss, classWeight, validation, validationSplit }: FitOptions,
): { rows: Rows; validationRows: Rows | null } {
  const rows = checkedRows(examples, { model, loss, classWeight });
  if (validationSplit !== undefined) {
    const [train, validationRows] = splitRows(rows, validationSplit);
    return { rows: train, validationRows };
  }
  const task = { model, loss, prefix: "validation." };
  return { rows, validationRows: validation ? checkedRows(validation, task) : null };
}

/** The epochs of a training, from where its checkpoint left it. */
async function trainEpochs(
  training: Training,
  validationRows: Rows | null,
  options: FitOptions,
): Promise<History> {
  const { model, optimizer, loss, metrics, noted, progress } = training;
  const { epochs, earlyStopping, stopWhen } = options;
  // An optimizer of TensorFlow.js cannot be stored, so there is no checkpoint with it.
  const isNamed = options.checkpoint !== undefined || options.kept !== undefined;
  const identity = isNamed ? identityOf(training, validationRows, options) : {};
  /** Whether curves end the training before all epochs are done. */
  const stops = (curves: Curves) => {
    const watched = earlyStopping && (curves.loss?.length ?? 0) > 0;
    return (watched && watchCurve(earlyStopping, curves).stop) || stopWhen?.(curves) === true;
  };
  const taken = takeKept(options.kept, identity, model, ({ history, seconds }) => {
    return seconds.length >= epochs || stops(history);
  });
  if (taken) {
    await call(options, "onTrainBegin", taken.history);
    await call(options, "onTrainEnd");
    return taken;
  }
  const checkpoint = options.checkpoint && {
    folder: options.checkpoint,
    identity,
    optimizer: optimizer as Adam,
  };
  const state: TrainingState = (checkpoint && resumeCheckpoint(checkpoint, model)) || {
    history: { history: {}, seconds: [] },
    bestWeights: null,
  };
  const { history, seconds } = state.history;
  let ended: History["ended"] = "epochs";
  await call(options, "onTrainBegin", history);
  while (seconds.length < epochs) {
    if (stops(history)) {
      ended = "earlyStopping";
      break;
    }
    const epoch = seconds.length;
    const start = performance.now();
    await call(options, "onEpochBegin", epoch);
    const values = await trainEpoch(training, epoch);
    if (!values) {
      ended = "interrupt";
      break;
    }
    if (validationRows) {
      const found = await evaluateRows(model, validationRows, { loss, metrics, noted });
      Object.assign(values, prefixed("val", found));
    }
    for (const [name, value] of Object.entries(values)) (history[name] ??= []).push(value);
    seconds.push((performance.now() - start) / 1000);
    if (earlyStopping?.restoreBestWeights && watchCurve(earlyStopping, history).best === epoch) {
      state.bestWeights = readWeights(model);
    }
    progress.epoch(epoch, values, seconds);
    await call(options, "onEpochEnd", epoch, values);
    if (checkpoint) saveCheckpoint(checkpoint, state, model);
  }
  if (state.bestWeights) restoreWeights(model, state.bestWeights);
  await call(options, "onTrainEnd");
  const best =
    earlyStopping && seconds.length > 0 ? watchCurve(earlyStopping, history).best : undefined;
  const bestEpoch = best === undefined ? seconds.length : best + 1;
  const done: History = { history, seconds, bestEpoch, ended };
  keep(options.kept, identity, model, done);
  return done;
}

/**
 * Trains a model, as Keras's `fit`: batches in a seeded order that is new in each epoch, early
 * stopping, a checkpoint after each epoch, live progress. The reader may stop it (the notebook's
 * stop button, Ctrl-C) and keeps the history so far. The same seed gives the same numbers, also when
 * the process was killed and the training went on from its checkpoint, and when other trainings run
 * beside it.
 *
 * @param model a model with one output; it need not be compiled
 * @param examples training rows: inputs, targets and, if wanted, a weight for each row
 * @returns loss and metrics by epoch; the model is left trained
 * @throws StarlitError if the rows or the options don't fit, or a number is no longer finite
 */
export async function fit(
  model: LayersModel,
  examples: Examples,
  options: FitOptions,
): Promise<History> {
  checkOptions("fit", options, known);
  const metrics = metricsNamed(options.metrics);
  checkRanges(options, Object.keys(metrics));
  const { epochs, batchSize = 32, seed = 0, shuffle = true } = options;
  const { rows, validationRows } = readRows(model, examples, options);
  if (model.trainableWeights.length === 0) {
    throw new StarlitError("The model has no weights to train: add a layer, or set trainable.");
  }
  const optimizer = optimizerOf(options.optimizer ?? {});
  if (options.checkpoint && !isAdam(optimizer)) {
    throw new StarlitError(
      "A checkpoint stores the state of Adam alone: train with Adam, or without a checkpoint.",
    );
  }
  const title = options.progress ?? "training";
  const batches = Math.ceil(rows.count / batchSize);
  const task = { title: String(title), epochs, batches, published: options.published };
  const progress = title === false ? silent : progressOf(task);
  const training = {
    model,
    rows,
    optimizer,
    loss: lossNamed(options.loss),
    metrics,
    noted: new Set<string>(),
    batchSize,
    seed,
    shuffle,
    progress,
    onBatchEnd: (batch: number, loss: number) => call(options, "onBatchEnd", batch, { loss }),
  };
  let history: History | undefined;
  try {
    history = await withInterrupt((shouldStop) =>
      trainEpochs({ ...training, shouldStop }, validationRows, options),
    );
    return history;
  } finally {
    progress.end(history);
    if (optimizer !== options.optimizer) optimizer.dispose();
    releaseMemory();
  }
}

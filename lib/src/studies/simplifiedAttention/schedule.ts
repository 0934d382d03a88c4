import type { LayersModel } from "@tensorflow/tfjs";
import { argmax } from "../../engine/arrays";
import { checkWholeNumber } from "../../engine/options";
import { crossentropyWithActivity } from "./networks";
import {
  type Curves,
  type Examples,
  fit,
  type History,
  type PublishedCurves,
} from "../../training";
import { binaryAccuracy } from "../../metrics";
import { published } from "./published";

/** What the published schedule does next, given the accuracies that it watched. */
export interface ScheduleState {
  /** Epochs at which an Adam was made, from 0; the last of them is at work. */
  starts: number[];
  learningRate: number;
  decay: number;
  /** Whether the training has ended. */
  finished: boolean;
}

/**
 * The published schedule: at least `minEpochs` epochs and as long as the watched accuracy rises; when
 * it falls, a tenth of the learning rate, another decay and a fresh Adam.
 *
 * @param accuracies of the epochs so far
 * @param patience with it a dip is waited for: the rate falls when the accuracy has been below its best
 * for so many epochs in a row (one that equals the best is not below it, which Keras's ReduceLROnPlateau
 * sees otherwise), and training goes on as long as each epoch is the best
 * @throws StarlitError if the patience is no whole number from 1 on
 */
export function publishedSchedule(
  accuracies: readonly number[],
  minEpochs: number = published.training.minEpochs,
  patience?: number,
): ScheduleState {
  if (patience !== undefined) checkWholeNumber("patience", patience, 1);
  const { learningRate, decay, restart } = published.training;
  const state: ScheduleState = { starts: [0], learningRate, decay, finished: false };
  // The document begins with the pair 0, 0.01, so that the first epoch counts as a rise.
  let [before, now] = [0, 0.01];
  let waited = 0;
  accuracies.forEach((accuracy, epoch) => {
    // What an epoch is compared with: the one before, or with patience the best.
    before = patience === undefined ? now : Math.max(before, now);
    now = accuracy;
    waited = now < before ? waited + 1 : 0;
    if (waited < (patience ?? 1)) return;
    waited = 0;
    state.learningRate /= restart.divisor;
    state.decay = restart.decay;
    state.starts.push(epoch + 1);
  });
  state.finished = accuracies.length >= minEpochs && before >= now;
  return state;
}

/** Options of `fitBySchedule`. */
export interface ScheduleOptions {
  batchSize: number;
  minEpochs: number;
  /** See `publishedSchedule`; without it as published. */
  patience?: number;
  seed: number;
  /** Folder for the state after each epoch. */
  checkpoint: string;
  progress: string | false;
  published?: PublishedCurves;
  /** As in `fit`. */
  kept?: string;
}

/** Curves put end to end. */
function joined(parts: readonly Curves[]): Curves {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, parts.flatMap((part) => part[name])]));
}

/** Curves from an epoch on. */
function laterOf(curves: PublishedCurves, start: number): PublishedCurves {
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]) => [name, curve.slice(start)]),
  );
}

/**
 * Trains by the published schedule, with the accuracy on the `watched` rows in place of what the
 * document watched (its test rows). It goes on from its checkpoints after a crash.
 */
export async function fitBySchedule(
  model: LayersModel,
  train: Examples,
  watched: Examples,
  options: ScheduleOptions,
): Promise<History> {
  const { batchSize, minEpochs, patience, seed, checkpoint, progress, published } = options;
  const schedule = (accuracies: readonly number[]) =>
    publishedSchedule(accuracies, minEpochs, patience);
  const parts: History[] = [];
  for (;;) {
    const before = joined(parts.map(({ history }) => history)).valAccuracy ?? [];
    const { starts, learningRate, decay, finished } = schedule(before);
    if (finished) break;
    const start = starts[starts.length - 1];
    // An Adam that has run as long as was planned, and goes on because accuracy rises.
    const goesOn = start < before.length;
    if (goesOn) parts.pop();
    const kept = before.slice(0, start);
    const part = await fit(model, train, {
      epochs: Math.max(minEpochs, before.length + 1) - start,
      batchSize,
      optimizer: { learningRate, decay },
      loss: crossentropyWithActivity,
      metrics: { accuracy: binaryAccuracy },
      validation: watched,
      // Every Adam sees the rows in orders of its own.
      seed: seed + 1_000_000 * (starts.length - 1),
      stopWhen: ({ valAccuracy = [] }) =>
        schedule([...kept, ...valAccuracy]).starts.length > starts.length,
      checkpoint: `${checkpoint}/adam-${starts.length}`,
      progress: progress && `${progress}, Adam ${starts.length}`,
      published: published && laterOf(published, start),
      kept: options.kept && `${options.kept}, Adam ${starts.length}`,
    });
    parts.push(part);
    if (part.ended === "interrupt") break;
  }
  const history = joined(parts.map((part) => part.history));
  const seconds = parts.flatMap((part) => part.seconds);
  const accuracies = history.valAccuracy ?? [];
  const { ended = "epochs" } = parts.at(-1) ?? {};
  const bestEpoch = accuracies.length > 0 ? argmax(accuracies) + 1 : 0;
  return { history, seconds, bestEpoch, ended: ended === "interrupt" ? ended : "epochs" };
}

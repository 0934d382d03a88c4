import * as fs from "node:fs";
import * as path from "node:path";
import { checkOptions, knownNames, Random, StarlitError } from "../engine";
import { cacheFolder } from "../engine/environment";
import { checkWholeNumber } from "../engine/options";
import { checkSeed } from "../engine/random";
import { tryLock } from "../files/lock.cjs";
import { withInterrupt } from "./interrupt";
import { DivergedError } from "./predict";
import type { Run } from "./runRecord";
import { type SearchProgress, searchProgress } from "./searchProgress";
import { drawPoints, type Point, type Space } from "./space";

/** What a search tells the training of a trial. */
export interface TrialTask {
  /** Number of the trial, from 1. */
  trial: number;
  epochs: number;
  /** The search's seed: all trials start alike, so that only their hyper-parameters differ. */
  seed: number;
  /** Folder for `fit`'s checkpoint: a trial that gets more epochs later goes on from it. */
  checkpoint: string;
}

/** Options of a search. */
export interface SearchOptions<S extends Space> {
  /** Name of the search, one of its own: processes that give the same share its trials. */
  id: string;
  /** What the progress is called; the id where it is not given. */
  title?: string;
  space: S;
  /** Name of the curve to be judged by, e.g. `valAuc`; a trial's score is its best epoch. */
  objective: string;
  direction: "min" | "max";
  /** Points drawn from the space. */
  trials: number;
  /** Seed of the points and of each trial's training. */
  seed: number;
  /** Trains a point as a stored run, so that a finished trial is only loaded. */
  run: (point: Point<S>, task: TrialTask) => Promise<Run>;
  /** `false` shows nothing. */
  progress?: false;
}

const known: readonly (keyof SearchOptions<Space>)[] = [
  "id",
  "title",
  "space",
  "objective",
  "direction",
  "trials",
  "seed",
  "run",
  "progress",
];

/** One point of a search and how good it was. */
export interface Trial<S extends Space> {
  /** Number of the trial, from 1. */
  trial: number;
  point: Point<S>;
  /** Epochs it was given. */
  epochs: number;
  /** The objective's best epoch; the worst there is if the training diverged or it is never a number. */
  score: number;
  /** Its longest training; `null` if it diverged. */
  run: Run | null;
}

/** Points of a space, tried one by one or by several processes together. */
abstract class Search<S extends Space> {
  constructor(
    name: string,
    protected readonly options: SearchOptions<S>,
    own: readonly string[],
  ) {
    checkOptions(name, options, [...known, ...own]);
    const { trials, direction, seed } = options;
    if (!(Number.isInteger(trials) && trials > 0)) {
      throw new StarlitError(`A search of ${trials} trials: give a whole number above 0.`);
    }
    if (direction !== "min" && direction !== "max") {
      const known = knownNames(String(direction), ["min", "max"]);
      throw new StarlitError(`A search has no direction "${String(direction)}": ${known}`);
    }
    checkSeed(seed);
  }

  /** The rounds of the search: how many trials go on, best first, and to how many epochs. */
  protected abstract rounds(trials: number): { trials: number; epochs: number }[];

  /** Those of the trials that are made here. */
  protected wanted(trials: Trial<S>[]): Trial<S>[] {
    return trials;
  }

  /**
   * Runs the search, or goes on with it: trials that are finished are loaded. Several processes
   * may run the same search at once; each takes trials that no other is at.
   *
   * @returns all trials, best first: those that got more epochs come before those that got fewer
   * @throws StarlitError if the reader stops it
   */
  async search(): Promise<Trial<S>[]> {
    const { space, trials: count, seed } = this.options;
    const points = drawPoints(space, count, new Random(seed));
    let going = this.wanted(
      points.map((point, i) => ({ trial: i + 1, point, epochs: 0, score: this.worst, run: null })),
    );
    const rounds = this.rounds(going.length);
    const progress = searchProgress(this.options, rounds);
    const out: Trial<S>[] = [];
    for (const { trials, epochs } of rounds) {
      out.unshift(...going.splice(trials));
      for (const { trial } of out) fs.rmSync(this.folder(trial), { recursive: true, force: true });
      going = await this.round(going, epochs, progress);
      going.sort((a, b) => this.sign * (b.score - a.score) || a.trial - b.trial);
    }
    for (const { trial } of going) fs.rmSync(this.folder(trial), { recursive: true, force: true });
    progress.end();
    return [...going, ...out];
  }

  private get sign(): number {
    return this.options.direction === "max" ? 1 : -1;
  }

  private get worst(): number {
    return -Infinity * this.sign;
  }

  /** The best of the numbers in a curve. */
  private best(curve: readonly number[]): number {
    const numbers = curve.filter((value) => !Number.isNaN(value));
    return numbers.reduce((a, b) => (this.sign * b > this.sign * a ? b : a), this.worst);
  }

  private folder(trial: number): string {
    return path.join(cacheFolder(), "training", this.options.id, `trial-${trial}`);
  }

  /** Trains each of these trials for so many epochs, in whatever order they are free. */
  private round(trials: Trial<S>[], epochs: number, progress: SearchProgress) {
    return withInterrupt(async (shouldStop) => {
      const done = new Map<number, Trial<S>>();
      while (done.size < trials.length) {
        let moved = false;
        for (const trial of trials) {
          if (done.has(trial.trial)) continue;
          const finished = await this.tryTrial(trial, epochs);
          if (shouldStop()) {
            throw new StarlitError(
              `${this.options.title ?? this.options.id}: stopped; the same search goes on from here.`,
            );
          }
          if (!finished) continue;
          moved = true;
          done.set(trial.trial, finished);
          progress.trial(finished);
        }
        // What is left is with other processes: their results are read when they are there.
        if (!moved) await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return trials.map(({ trial }) => done.get(trial)!);
    });
  }

  /** The trial with its result, or `null` if another process is at it. */
  private async tryTrial(trial: Trial<S>, epochs: number): Promise<Trial<S> | null> {
    const { seed, run, objective } = this.options;
    const checkpoint = this.folder(trial.trial);
    const lock = tryLock(`${checkpoint}.lock`);
    if (!lock) return null;
    try {
      const result = await run(trial.point, { trial: trial.trial, epochs, seed, checkpoint });
      const curve = result.history[objective];
      if (!curve) {
        const known = Object.keys(result.history).join(", ");
        throw new StarlitError(`The search judges by "${objective}", but there is only ${known}.`);
      }
      return { ...trial, epochs, score: this.best(curve), run: result };
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      return { ...trial, epochs, score: this.worst, run: null };
    } finally {
      lock.release();
    }
  }
}

/** Random points of the space, all trained for the same number of epochs (Bergstra and Bengio 2012). */
export class RandomSearch<S extends Space> extends Search<S> {
  constructor(
    private readonly random: SearchOptions<S> & {
      epochs: number;
      /** The numbers, from 1, of the trials to make here; unless told, all of them. */
      only?: readonly number[];
    },
  ) {
    super("RandomSearch", random, ["epochs", "only"]);
    checkWholeNumber("epochs", random.epochs, 1);
  }

  protected override wanted(trials: Trial<S>[]) {
    const { only } = this.random;
    const none = only?.find((number) => !trials.some(({ trial }) => trial === number));
    if (none !== undefined) {
      throw new StarlitError(`There is no trial ${none}: the search has 1 to ${trials.length}.`);
    }
    return only ? trials.filter(({ trial }) => only.includes(trial)) : trials;
  }

  protected rounds(trials: number) {
    return [{ trials, epochs: this.random.epochs }];
  }
}

/**
 * Random points that are thinned out: all get a few epochs, the best third (`factor` 3) three times
 * as many, the best third of those three times as many again, up to `maxEpochs` (Jamieson and
 * Talwalkar 2016). A trial goes on from its checkpoint, so no epoch is trained twice.
 */
export class SuccessiveHalving<S extends Space> extends Search<S> {
  constructor(
    private readonly halving: SearchOptions<S> & {
      /** Epochs of the first round. */
      minEpochs: number;
      /** Epochs of the last round at most. */
      maxEpochs: number;
      /** One in so many trials goes on, with so many times the epochs. Default 3. */
      factor?: number;
    },
  ) {
    super("SuccessiveHalving", halving, ["minEpochs", "maxEpochs", "factor"]);
    const { minEpochs, maxEpochs, factor = 3 } = halving;
    if (!(minEpochs >= 1 && maxEpochs >= minEpochs && factor > 1)) {
      throw new StarlitError(
        `A halving from ${minEpochs} to ${maxEpochs} epochs by ${factor}: give minEpochs of at ` +
          `least 1, maxEpochs not below it, and a factor above 1.`,
      );
    }
  }

  protected rounds(trials: number) {
    const { minEpochs, maxEpochs, factor = 3 } = this.halving;
    const rounds = [];
    for (let [left, epochs] = [trials, minEpochs]; left >= 1 && epochs <= maxEpochs;) {
      rounds.push({ trials: left, epochs: Math.round(epochs) });
      left = Math.floor(left / factor);
      epochs *= factor;
    }
    return rounds;
  }
}

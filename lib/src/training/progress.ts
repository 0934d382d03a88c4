import { SingleBar } from "cli-progress";
import { escapeHtml } from "../files/markup.cjs";
import { displayBundle, inNotebook } from "../engine";
import type { History } from "./history";

/** What a reader sees of a training while it runs. */
export interface Progress {
  /** A batch is done. */
  batch(epoch: number, batch: number, loss: number): void;
  /** An epoch is done, with these losses and metrics. */
  epoch(epoch: number, values: Record<string, number>, seconds: readonly number[]): void;
  /** The training has ended: as its history says, or without one in an error. */
  end(history?: History): void;
}

/** One published number an epoch, by the names of our curves. */
export type PublishedCurves = Readonly<Record<string, readonly number[]>>;

/** What the progress is about. */
export interface ProgressTask {
  title: string;
  epochs: number;
  batches: number;
  published?: PublishedCurves;
}

/** A time in words for a reader: `42 s`, `3 min 5 s`, `1 h 12 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Values by name, with that published of the epoch, where one was, in brackets. */
function numbers(
  values: Record<string, number>,
  epoch: number,
  published?: PublishedCurves,
): string {
  const beside = (name: string) => {
    const value = published?.[name]?.[epoch];
    return value === undefined ? "" : ` (${value.toFixed(4)})`;
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toFixed(4)}${beside(name)}`)
    .join("  ");
}

/** A line an epoch: losses and metrics, its seconds, the time left if all epochs are run. */
function epochLine(
  { epochs, published }: ProgressTask,
  epoch: number,
  values: Record<string, number>,
  seconds: readonly number[],
): string {
  const mean = seconds.reduce((a, b) => a + b, 0) / seconds.length;
  const left = epochs - epoch - 1;
  const facts = `epoch ${epoch + 1}/${epochs}  ${numbers(values, epoch, published)}`;
  const time = duration(seconds[epoch]);
  const brackets = published && epoch === 0 ? "; in brackets: as published" : "";
  if (left === 0) return `${facts}  (${time}${brackets})`;
  return `${facts}  (${time}, at most ${duration(left * mean)} left${brackets})`;
}

/** How a training ended before all its epochs, and the numbers of its best one; "" if it did not. */
function endLine({ epochs, published }: ProgressTask, history: History | undefined): string {
  if (!history) return "ended in an error";
  const { ended, bestEpoch, history: curves } = history;
  const done = history.seconds.length;
  if (done === epochs) return "";
  if (done === 0) return "stopped in the first epoch";
  const values = Object.entries(curves).map(
    ([name, curve]) => [name, curve[bestEpoch - 1]] as const,
  );
  const best = numbers(Object.fromEntries(values), bestEpoch - 1, published);
  return ended === "interrupt"
    ? `stopped by you after epoch ${done} of ${epochs}  ${best}`
    : `stopped early after epoch ${done}, best epoch ${bestEpoch}  ${best}`;
}

/** A line about an end that the last epoch's line does not tell; an error tells itself. */
function tellEnd(task: ProgressTask, history: History | undefined): void {
  const line = history && endLine(task, history);
  if (line) console.log(`${task.title}: ${line}`);
}

function logProgress(task: ProgressTask): Progress {
  return {
    batch: () => {},
    epoch: (epoch, values, seconds) => {
      console.log(`${task.title}: ${epochLine(task, epoch, values, seconds)}`);
    },
    end: (history) => tellEnd(task, history),
  };
}

function terminalProgress(task: ProgressTask): Progress {
  const bar = new SingleBar({
    format: "{title}: epoch {epoch}/{epochs} [{bar}] {value}/{total} loss {loss} {eta_formatted}",
    hideCursor: true,
    clearOnComplete: true,
    fps: 4,
  });
  let drawn = false;
  const clear = () => {
    if (drawn) bar.stop();
    drawn = false;
  };
  return {
    batch: (epoch, batch, loss) => {
      if (!drawn) bar.start(task.batches, 0, { ...task, epoch: epoch + 1, loss: "" });
      drawn = true;
      bar.update(batch + 1, { loss: loss.toFixed(4) });
    },
    epoch: (epoch, values, seconds) => {
      clear();
      console.log(`${task.title}: ${epochLine(task, epoch, values, seconds)}`);
    },
    end: (history) => {
      clear();
      tellEnd(task, history);
    },
  };
}

let displays = 0;

/** One display, updated in place at most twice a second: that is what a saved notebook keeps. */
function notebookProgress(task: ProgressTask): Progress {
  const id = `starlit-progress-${process.pid}-${displays++}`;
  const title = escapeHtml(task.title);
  const total = task.epochs * task.batches;
  let shown = false;
  let shownAt = 0;
  let line = "";
  let done = 0;
  const show = (text: string) => {
    shownAt = Date.now();
    displayBundle(
      {
        "text/html":
          `<div><b>${title}</b> <progress max="${total}" value="${done}"></progress>` +
          ` <code>${text}</code></div>`,
        "text/plain": `${task.title}: ${text}`,
      },
      { id, update: shown },
    );
    shown = true;
  };
  return {
    batch: (epoch, batch, loss) => {
      done = epoch * task.batches + batch + 1;
      if (Date.now() - shownAt < 500) return;
      show(
        `epoch ${epoch + 1}/${task.epochs}, batch ${batch + 1}/${task.batches}, loss ${loss.toFixed(4)} ${line}`,
      );
    },
    epoch: (epoch, values, seconds) => {
      line = epochLine(task, epoch, values, seconds);
      if (Date.now() - shownAt >= 500) show(line);
    },
    end: (history) => {
      // Nothing is missing of a training that stopped early.
      if (history?.ended === "earlyStopping") done = total;
      show(endLine(task, history) || line);
    },
  };
}

let place = "";

/** Trains for one task after the other; the progress of each tells which of them it is: `3 of 7`. */
export async function inTurn<T, R>(
  tasks: readonly T[],
  train: (task: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const before = place;
  for (const [i, task] of tasks.entries()) {
    place = tasks.length > 1 ? `${i + 1} of ${tasks.length}, ` : before;
    try {
      results.push(await train(task));
    } finally {
      place = before;
    }
  }
  return results;
}

/** The progress for where this process writes: a notebook, a terminal, or a log file. */
export function progressOf({ title, ...facts }: ProgressTask): Progress {
  const task = { ...facts, title: place + title };
  if (inNotebook()) return notebookProgress(task);
  return process.stderr.isTTY ? terminalProgress(task) : logProgress(task);
}

/** A progress that shows nothing. */
export const silent: Progress = { batch: () => {}, epoch: () => {}, end: () => {} };

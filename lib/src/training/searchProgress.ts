import { escapeHtml } from "../files/markup.cjs";
import { displayBundle, inNotebook } from "../engine";
import { duration } from "./progress";
import type { Run } from "./runRecord";

interface TrialLine {
  trial: number;
  point: object;
  epochs: number;
  score: number;
  run: Pick<Run, "timings"> | null;
}

/** What a reader sees of a search while it runs. */
export interface SearchProgress {
  /** A trial of the present round is done. */
  trial(trial: TrialLine): void;
  /** All rounds are done. */
  end(): void;
}

const ROWS = 10;

function values(point: object): string[] {
  return Object.values(point).map((value) =>
    typeof value === "number" ? String(Number(value.toPrecision(4))) : JSON.stringify(value),
  );
}

function tableHtml(head: string, names: string[], best: TrialLine[], objective: string): string {
  const row = (tag: string, cells: (string | number)[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(String(cell))}</${tag}>`).join("")}</tr>`;
  const lines = best.map(({ trial, epochs, score, point }) =>
    row("td", [trial, epochs, score.toFixed(4), ...values(point)]),
  );
  const heading = row("th", ["trial", "epochs", objective, ...names]);
  return `<div>${escapeHtml(head)}</div><table>${heading}${lines.join("")}</table>`;
}

/**
 * Seconds that the rest of the search takes, from how long the trials' own trainings took: most of
 * what a resumed search has done was only loaded. A trial goes on from the round before.
 */
export function secondsLeft(
  done: readonly TrialLine[],
  rounds: readonly { trials: number; epochs: number }[],
): number {
  const trained = done.filter(({ run }) => run !== null);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const seconds = sum(trained.map(({ run }) => run!.timings.totalSeconds));
  const epochs = rounds.map((round, i) => {
    const left = round.trials - done.filter((line) => line.epochs >= round.epochs).length;
    return left * (round.epochs - (rounds[i - 1]?.epochs ?? 0));
  });
  return (seconds / Math.max(1, sum(trained.map((line) => line.epochs)))) * sum(epochs);
}

/** In a notebook the best trials so far in one table that is updated, elsewhere a line a trial. */
export function searchProgress(
  options: {
    id: string;
    title?: string;
    objective: string;
    direction: "min" | "max";
    progress?: false;
  },
  rounds: { trials: number; epochs: number }[],
): SearchProgress {
  if (options.progress === false) return { trial: () => {}, end: () => {} };
  const { id, title = id, objective, direction } = options;
  const sign = direction === "max" ? 1 : -1;
  const total = rounds.reduce((sum, { trials }) => sum + trials, 0);
  const latest = new Map<number, TrialLine>();
  let done = 0;
  let shown = false;
  const show = (line: TrialLine | null) => {
    const order = (a: TrialLine, b: TrialLine) =>
      b.epochs - a.epochs || sign * (b.score - a.score) || a.trial - b.trial;
    const best = [...latest.values()].sort(order).slice(0, ROWS);
    const rest = secondsLeft([...latest.values()], rounds);
    const left = total > done ? `, about ${duration(rest)} left` : "";
    const head = `${title}: ${done} of ${total} trainings done${left}`;
    if (inNotebook()) {
      displayBundle(
        {
          "text/html": tableHtml(head, Object.keys(best[0].point), best, objective),
          "text/plain": head,
        },
        { id: `starlit-search-${id}`, update: shown },
      );
      shown = true;
    } else if (line) {
      const point = Object.keys(line.point).map((name, i) => `${name} ${values(line.point)[i]}`);
      console.log(
        `${head}; trial ${line.trial}, ${line.epochs} epochs: ${point.join(", ")} → ` +
          `${objective} ${line.score.toFixed(4)} (best ${best[0].score.toFixed(4)}, trial ${best[0].trial})`,
      );
    }
  };
  return {
    trial: (line) => {
      done++;
      latest.set(line.trial, line);
      show(line);
    },
    end: () => show(null),
  };
}

import { type Profile, profile, StarlitError } from "../../engine";
import { type Scale } from "../../metrics";
import { summarize } from "../../metrics/summary";
import type { Run } from "../../training";

/** What is measured: shares such as accuracy, F1 or AUC, cross-entropies, squared errors of ratings / 10. */
export type Kind = "share" | "loss" | "squaredError";

/**
 * What follows from the kind: where such a number can lie, and how near two of them must be to be the
 * same for all that matters. The margins were stated before any number was held against them.
 */
export const kinds: Readonly<Record<Kind, { scale: Scale; margin: number }>> = {
  share: { scale: "share", margin: 0.01 },
  loss: { scale: "positive", margin: 0.02 },
  squaredError: { scale: "positive", margin: 0.005 },
};

/** One published number beside ours: a row of the report's table. */
export interface ResultRow {
  /** What is measured, in words: "LSTM, weighted F1 on the test rows". */
  what: string;
  /** Which reading of the document ours follows, where it allows several. */
  reading?: string;
  /** Of a number of trainings beside which one was published. */
  kind?: Kind;
  /** The number as published; `null` where none was. */
  published: number | null;
  /** Ours; with several seeds, their mean. */
  ours: number;
  /** That of each training, where there are several. */
  values?: number[];
  /** How many trainings, each from another seed, ours comes from; 0 where nothing was trained. */
  seeds: number;
  profile: Profile;
  /** Whether the data stand in for those of the study, so that the numbers are not comparable. */
  standIn: boolean;
  /** Why the two differ, or what the number hides. */
  note?: string;
}

/** Trainings, each from another seed, and the number that is read of them. */
export type FromRuns = {
  runs: readonly Run[];
  /** Needed where a number was published, which is judged by it. */
  kind?: Kind;
  /** Which reading of the document the runs follow, where it allows several. */
  reading?: string;
} & (
  | {
      /** A number of each run: the name of a metric, or what finds it. */
      metric: string | ((run: Run) => number);
    }
  | {
      /** One number of all runs together, such as that of their vote. */
      value: number;
    }
);

/**
 * A row of the table. A number of trainings is labelled by their run files: `quick` or stand-in data
 * where one of them is that; one that needs no training by the current profile and the study's data.
 *
 * @throws StarlitError if there are no runs, one of them has no such metric, or the kind of a number
 * beside a published one is not told
 */
export function resultRow(
  what: string,
  published: number | null,
  ours: number | FromRuns,
  note?: string,
): ResultRow {
  const noted = note !== undefined && { note };
  if (typeof ours === "number") {
    return { what, published, ours, seeds: 0, profile: profile(), standIn: false, ...noted };
  }
  const { runs, kind, reading } = ours;
  if (runs.length === 0) throw new StarlitError(`The result "${what}" needs at least one run.`);
  if (published !== null && kind === undefined) {
    const known = Object.keys(kinds).join('", "');
    throw new StarlitError(`The result "${what}" is judged by its kind: give kind "${known}".`);
  }
  const values = "value" in ours ? [ours.value] : valuesOf(what, ours);
  return {
    what,
    ...(reading !== undefined && { reading }),
    ...(kind !== undefined && { kind }),
    published,
    ours: summarize(values).mean,
    ...(values.length > 1 && { values }),
    seeds: runs.length,
    profile: runs.every((run) => run.profile === "full") ? "full" : "quick",
    standIn: runs.some((run) => run.standIn),
    ...noted,
  };
}

function valuesOf(
  what: string,
  { runs, metric }: { runs: readonly Run[]; metric: string | ((run: Run) => number) },
): number[] {
  if (typeof metric === "function") return runs.map(metric);
  const missing = runs.find(({ metrics }) => !(metric in metrics));
  if (!missing) return runs.map(({ metrics }) => metrics[metric]);
  const known = Object.keys(missing.metrics).join(", ");
  throw new StarlitError(
    `The result "${what}" asks for the metric "${metric}", but a run of ${missing.model} has only ${known}.`,
  );
}

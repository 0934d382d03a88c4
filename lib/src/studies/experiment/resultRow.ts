import { type Profile, profile, StarlitError } from "../../engine";
import { summarize } from "../../metrics/summary";
import type { Run } from "../../training";

/** One published number beside ours: a row of the report's table. */
export interface ResultRow {
  /** What is measured, in words: "LSTM, weighted F1 on the test rows". */
  what: string;
  /** The number as published; `null` where none was. */
  published: number | null;
  /** Ours; with several seeds, their mean. */
  ours: number;
  /** Standard deviation over the seeds. */
  sd?: number;
  /** How many trainings, each from another seed, ours comes from; 0 where nothing was trained. */
  seeds: number;
  profile: Profile;
  /** Whether the data stand in for those of the study, so that the numbers are not comparable. */
  standIn: boolean;
  /** Why the two differ, or what the number hides. */
  note?: string;
}

/** Trainings, each from another seed, and the number that is read of them. */
export type FromRuns = { runs: readonly Run[] } & (
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
 * @throws StarlitError if there are no runs, or one of them has no such metric
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
  const { runs } = ours;
  if (runs.length === 0) throw new StarlitError(`The result "${what}" needs at least one run.`);
  const { mean, std } = "value" in ours ? { mean: ours.value } : summarize(valuesOf(what, ours));
  return {
    what,
    published,
    ours: mean,
    ...(std !== undefined && runs.length > 1 && { sd: std }),
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

import { profile } from "../../engine";
import { listRuns } from "../../training";
import { studies } from "../registry";
import type { ResultRow as Row } from "../experiment/resultRow";
import { committedResults, load, type StudyResults, texts } from "./results";

/** Whether a published number was reproduced. */
export type Verdict =
  /** The same number to its last published digit; nothing was trained for it. */
  | "equal"
  /** Nothing was trained for it, and it is another number. */
  | "not equal"
  /** It lies where one more seed of ours would lie. */
  | "reproduced"
  /** It lies there, but the seeds differ so much that most numbers would. */
  | "seeds differ too much"
  /** It lies outside. */
  | "not reproduced"
  /** One training has no spread to judge by. */
  | "one run"
  /** Made with the quick profile or on stand-in data. */
  | "not comparable"
  /** Ours alone. */
  | "not published";

/** Student's t at 0.975 for 1, 2, … degrees of freedom (`scipy.stats.t.ppf`). */
const T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/**
 * Where one more training of ours would end, with 95 % probability if the seeds are normally
 * distributed: mean ± t · sd · √(1 + 1/n). A published number is one training, so this is the interval
 * to hold it against; the interval of the mean would be too narrow.
 *
 * @returns `null` for less than two seeds
 */
export function predictionInterval({ ours, sd, seeds }: Row): [number, number] | null {
  if (sd === undefined || seeds < 2) return null;
  const t = T975[Math.min(seeds - 1, T975.length) - 1];
  const half = t * sd * Math.sqrt(1 + 1 / seeds);
  return [ours - half, ours + half];
}

/**
 * Half of the last digit in which a number was published. A number forgets its last zeros (0.10 is
 * 0.1), so `fewest` says how many decimals there were at least.
 */
function rounding(published: number, fewest: number): number {
  const decimals = String(published).split(".")[1]?.length ?? 0;
  return 0.5 * 10 ** -Math.max(decimals, fewest);
}

/** No study published a score or a loss with fewer. */
const DECIMALS = 2;

/** Half an interval may be this share of our number at most; of a wider one nothing follows. */
const WIDEST = 0.1;

/** Judges a row; see `Verdict`. */
export function verdict(row: Row): Verdict {
  const { published, ours, seeds, profile: made, standIn } = row;
  if (published === null) return "not published";
  if (made !== "full" || standIn) return "not comparable";
  const tolerance = rounding(published, seeds === 0 ? 0 : DECIMALS) * (1 + 1e-9);
  if (seeds === 0) return Math.abs(ours - published) <= tolerance ? "equal" : "not equal";
  const interval = predictionInterval(row);
  if (!interval) return "one run";
  const [low, high] = interval;
  const inside = published >= low - tolerance && published <= high + tolerance;
  if (!inside) return "not reproduced";
  return (high - low) / 2 <= WIDEST * Math.abs(ours) ? "reproduced" : "seeds differ too much";
}

/** How many published numbers of a study got which verdict. */
export function countVerdicts({ rows }: StudyResults): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const row of rows) {
    const found = verdict(row);
    counts[found] = (counts[found] ?? 0) + 1;
  }
  return counts;
}

/** What the stored runs of the full profile of a study took, those of its searches too. */
export interface StudyCost {
  study: string;
  title: string;
  notebook: string;
  runs: number;
  /** Sum over the runs: most were trained by one thread, beside other work. */
  minutes: number;
}

/** What each study has cost, in the order of the studies. */
export function costs(): StudyCost[] {
  return studies.map(({ id, title, notebook }) => {
    const stored = [id, `${id}/search`].flatMap(listRuns);
    const runs = stored.filter((run) => run.profile === "full");
    const seconds = runs.reduce((sum, { timings }) => sum + timings.totalSeconds, 0);
    return { study: id, title, notebook, runs: runs.length, minutes: seconds / 60 };
  });
}

/**
 * The results of the full profile, study by study: those that were just made if that is the current
 * profile, else those that are committed. The quick profile's are not comparable.
 */
export function fullResults(): StudyResults[] {
  return profile() === "full" ? load() : load(committedResults());
}

/** A row of the overview, as a reader sees it. */
export interface OverviewText {
  what: string;
  published: string;
  ours: string;
  /** Ours less the published one. */
  difference: string;
  /** Where one more training of ours would end, see `predictionInterval`. */
  interval: string;
  verdict: Verdict;
  note: string;
}

/** The published numbers of a study, beside ours, judged. */
export function overviewTexts({ rows }: StudyResults): OverviewText[] {
  const judged = rows.filter(({ published }) => published !== null);
  return texts(judged).map(({ what, published, ours, difference, note }, i) => {
    const digits = published.split(".")[1]?.length ?? 0;
    const interval = predictionInterval(judged[i])?.map((value) => value.toFixed(digits));
    return {
      what,
      published,
      ours,
      difference,
      interval: interval?.join(" to ") ?? "–",
      verdict: verdict(judged[i]),
      note,
    };
  });
}

import { profile } from "../../engine";
import type { ComparisonPanel } from "../../plots";
import { listRuns } from "../../training";
import { studies } from "../registry";
import { allClues, type Finding } from "./forensics";
import { committedResults, load, type StudyResults, texts } from "./results";
import { nextTraining, type Verdict, verdict } from "./verdict";

/** How many rows of a study got which verdict. */
export function countVerdicts({ rows }: StudyResults): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const row of rows) {
    const found = verdict(row);
    counts[found] = (counts[found] ?? 0) + 1;
  }
  return counts;
}

/** Where a published number stands when all readings of its document were tried. */
export type Standing =
  | "reproduced"
  | "within the spread"
  /** Another reading of the document gives it, see `forensics`. */
  | "explained"
  /** One training of another reading gives it, or its mean comes nearer than the plain one's. */
  | "in part"
  /** Our trainings end so far apart that nothing can be said. */
  | "seeds differ too much"
  | "unexplained";

/** A published number of a training, and where it stands. */
export interface PublishedNumber {
  study: string;
  what: string;
  published: number;
  standing: Standing;
}

/**
 * Every published number of a training once, however many readings of its document and seeds it has:
 * it stands where the best of them stands.
 */
export function publishedNumbers(results: readonly StudyResults[]): PublishedNumber[] {
  const best = new Map<string, PublishedNumber>();
  const add = (number: PublishedNumber) => {
    const key = `${number.study}: ${number.what}`;
    const known = best.get(key);
    const isBetter =
      known && standings.indexOf(number.standing) < standings.indexOf(known.standing);
    if (!known || isBetter) best.set(key, number);
  };
  for (const { study, rows } of results) {
    for (const row of rows) {
      const { what, published, seeds } = row;
      if (published === null || seeds === 0) continue;
      const judged = verdict(row);
      const standing = standings.find((each) => each === judged) ?? "unexplained";
      add({ study, what, published, standing });
    }
  }
  for (const { study, what, published, finding } of allClues) {
    add({ study, what, published, standing: standingOf[finding] });
  }
  return [...best.values()];
}

/** From the best on. */
const standings: readonly Standing[] = [
  "reproduced",
  "within the spread",
  "explained",
  "in part",
  "seeds differ too much",
  "unexplained",
];

const standingOf: Record<Finding, Standing> = {
  "gives it": "explained",
  "one training gives it": "in part",
  "comes nearer": "in part",
  "does not give it": "unexplained",
  "no run": "unexplained",
};

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
    const stored = [id, `${id}/search`].flatMap((folder) => listRuns(folder));
    const runs = stored.filter((run) => run.profile === "full");
    const seconds = runs.reduce((sum, { timings }) => sum + timings.totalSeconds, 0);
    return { study: id, title, notebook, runs: runs.length, minutes: seconds / 60 };
  });
}

/**
 * The results of the full profile, study by study: those that were just made where the
 * project executes its notebooks in it (`STARLIT_RESULTS`), else those that are committed.
 */
export function fullResults(): StudyResults[] {
  const areMade = profile() === "full" && Boolean(process.env.STARLIT_RESULTS);
  return areMade ? load() : load(committedResults());
}

/**
 * The published scores of a study beside ours, each training by itself, to be drawn by
 * `publishedVersusOurs`. Losses have other units and are left out, and so are training scores of study 1,
 * whose table has them.
 */
export function comparison({ study, rows }: StudyResults): ComparisonPanel {
  const isRating = study === "rating";
  const drawn = rows.filter(
    ({ what, published, seeds, kind }) =>
      published !== null && seeds > 0 && kind !== "loss" && !(isRating && /training/.test(what)),
  );
  return {
    value: isRating ? "squared error of ratings divided by 10" : "score",
    rows: drawn.map(({ what, reading, published, ours, values }) => ({
      name: reading ? `${what} (${reading})` : what,
      published: published!,
      ours: values ?? [ours],
    })),
  };
}

/** A row of the overview, as a reader sees it. */
export interface OverviewText {
  what: string;
  published: string;
  ours: string;
  /** Ours less the published one. */
  difference: string;
  /** Where one more training of ours would end, see `nextTraining`. */
  interval: string;
  verdict: Verdict;
  note: string;
}

/** The published numbers of a study, beside ours, judged. */
export function overviewTexts({ rows }: StudyResults): OverviewText[] {
  const judged = rows.filter(({ published }) => published !== null);
  return texts(judged).map(({ what, published, ours, difference, note }, i) => {
    const digits = published.split(".")[1]?.length ?? 0;
    const interval = nextTraining(judged[i])?.map((value) => value.toFixed(digits));
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

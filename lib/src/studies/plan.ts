import { isDeepStrictEqual } from "node:util";
import { checkOptions, type Profile } from "../engine";
import { listStoredRuns, type Run } from "../training";
import { networks } from "./clothing";
import { modelNamed } from "./experiment/settings";
import { inTurn } from "../training/progress";
import { readRun } from "../training/runRecord";
import { findStudy, notebooksOf, type Study, studies } from "./registry";

/** A training that the studies ask for, and the command that makes it. */
export interface PlannedRun {
  /** Id of the study; the trials of its search are stored in `<study>/search`. */
  study: string;
  /** Those of the study, which show it. */
  notebooks: readonly string[];
  model: string;
  seed: number;
  profile: Profile;
  /** What it is called among the runs of its study and profile, e.g. `gru-2-headline-seed-1`. */
  name: string;
  /** Number of the trial, from 1, where it is one of a search. */
  trial?: number;
  /** Arguments of the command `starlit` that trains it, or loads it. */
  command: string[];
  /** The file that holds it; `null` where it has yet to be made. */
  file: string | null;
  /** What it took, or what runs of the same settings took in the mean; `null` where none is stored. */
  measured: Measured | null;
}

/** The cost of a training. */
export interface Measured {
  threads: number;
  minutes: number;
  /** The most memory that its process had, in MB; `null` for runs that do not tell it. */
  megabytes: number | null;
}

/** From how many seeds the models of a study are trained by the full protocol, and the exceptions. */
interface Seeds {
  most: number;
  others: Readonly<Record<number, readonly string[]>>;
}

// As many as the sentences of the notebooks rest on.
const seedCounts: Readonly<Record<string, Seeds>> = {
  rating: {
    most: 3,
    others: {
      1: [
        ...["ridge", "ridge-pairs", "logistic", "bag"],
        ...["cnn-lstm-bag", "cnn-lstm-ids", "lstm-2-bag-slow", "lstm-2-ids-slow"],
        ...["mlp-bag-watched", "rnn-bag-watched", "gru-2-bag-watched"],
      ],
    },
  },
  clothing: { most: 3, others: { 1: ["bag"], 5: [...networks, "sound", "sound-pairs"] } },
  "simplified-attention": {
    most: 3,
    others: {
      1: ["linear-first", "linear-last", "linear-whole", "bag-first", "bag-last", "bag-whole"],
    },
  },
  attention: { most: 3, others: { 1: ["imdb-lstm-attention-no-mask"] } },
  lab: { most: 3, others: {} },
};

const withHeadline = { stopWords: "kept", text: "title and review" };

/** Models with other settings than their own, which are studied beside them: by study and model. */
const variants: Readonly<Record<string, Readonly<Record<string, Record<string, object>>>>> = {
  clothing: {
    "gru-2": {
      "stop-words-kept": { stopWords: "kept" },
      headline: withHeadline,
      "headline-balanced": { ...withHeadline, classWeight: "balanced" },
    },
  },
};

/**
 * The seeds from which a model is trained in a profile, from 1 on; one in the quick profile.
 *
 * @throws StarlitError if there is no such study
 */
export function seedsOf(studyId: string, model: string, profile: Profile): number[] {
  const { most, others } = seedCounts[findStudy(studyId).id];
  const other = Object.entries(others).find(([, models]) => models.includes(model));
  const count = profile === "full" ? Number(other?.[0] ?? most) : 1;
  return Array.from({ length: count }, (_, i) => i + 1);
}

/**
 * The runs of models of a study as its notebook shows them, by model. In the full profile those that are
 * stored: a model that has none yet is left out, and the command that trains it is told. In the quick
 * profile each is trained from one seed, or loaded.
 *
 * @throws StarlitError if there is no such study or model, or the reader stops a training
 */
export async function studyRuns(
  studyId: string,
  models: readonly string[],
  of: Profile,
): Promise<Map<string, Run[]>> {
  const study = findStudy(studyId);
  const stored = of === "full" ? ownRuns(study, { profile: of }).map(withStored(study.id, of)) : [];
  const isStored = (model: string, seed: number) =>
    of === "quick" ||
    stored.some((run) => run.model === model && run.seed === seed && run.file !== null);
  const names = models.map((name) => modelNamed(study.id, name, study.models));
  const tasks = names.flatMap((model) => {
    const seeds = seedsOf(study.id, model, of).filter((seed) => isStored(model, seed));
    return seeds.map((seed) => ({ model, seed }));
  });
  const all = await inTurn(tasks, ({ model, seed }) => study.run(model, { seed, profile: of }));
  const found = new Map<string, Run[]>();
  for (const model of names) {
    const runs = all.filter((_run, i) => tasks[i].model === model);
    if (runs.length > 0) found.set(model, runs);
    else
      console.log(
        `${model} is not trained yet: npx starlit run ${study.id} ${model} --seed 1 --profile ${of}`,
      );
  }
  return found;
}

/** What is to be planned. */
export interface PlanOptions {
  profile: Profile;
  /** From this seed alone, whatever the profile has. */
  seed?: number;
  /** Trials of each search; unless told, as many as the profile has. */
  trials?: number;
}

/** What is planned, before it is known whether it is stored. */
type Wanted = Omit<PlannedRun, "file" | "measured"> & { settings: object };

/** The runs of a model from all its seeds, with what differs from its settings; `variant` names that. */
function runsOf(
  study: Study,
  model: string,
  { profile, seed: only }: PlanOptions,
  variant = "",
  changes = {},
): Wanted[] {
  const settings = study.settings(model, profile, changes);
  const set = Object.entries(changes).flatMap(([name, value]) => [
    "--set",
    `${name}=${JSON.stringify(value)}`,
  ]);
  const seeds = only === undefined ? seedsOf(study.id, model, profile) : [only];
  return seeds.map((seed) => ({
    study: study.id,
    notebooks: notebooksOf(study),
    model,
    seed,
    profile,
    name: [model, variant, `seed-${seed}`].filter((part) => part !== "").join("-"),
    command: ["run", study.id, model, "--seed", `${seed}`, "--profile", profile, ...set],
    settings,
  }));
}

/** All runs of a study but those that follow from its search. */
function ownRuns(study: Study, choice: PlanOptions): Wanted[] {
  return study.models.flatMap((model) => [
    ...runsOf(study, model, choice),
    ...Object.entries(variants[study.id]?.[model] ?? {}).flatMap(([variant, changes]) =>
      runsOf(study, model, choice, variant, changes),
    ),
  ]);
}

/** The trials of a random search, and what a run differs by that has a trial's hyper-parameters. */
function trialsOf(study: Study, model: string, { profile, seed = 1, trials }: PlanOptions) {
  const all = study.search!.trials(model, { seed, profile, trials });
  return all.map(({ settings, changes }, i) => {
    const which = ["--trials", `${all.length}`, "--only", `${i + 1}`];
    const wanted: Wanted = {
      study: study.id,
      notebooks: notebooksOf(study),
      model,
      seed,
      profile,
      name: `${model}-seed-${seed}-trial-${i + 1}`,
      trial: i + 1,
      command: ["search", study.id, model, "--seed", `${seed}`, "--profile", profile, ...which],
      settings,
    };
    return { wanted, changes };
  });
}

/** A run's numbers, or the means of several runs'. */
function measured(runs: readonly Run[]): Measured | null {
  if (runs.length === 0) return null;
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const minutes = mean(runs.map(({ timings }) => timings.totalSeconds)) / 60;
  const memory = runs.flatMap(({ timings }) => timings.peakMegabytes ?? []);
  return {
    threads: Math.max(...runs.map(({ engine }) => engine.threads)),
    minutes: Number(minutes.toFixed(2)),
    megabytes: memory.length > 0 ? Math.max(...memory) : null,
  };
}

/** Finds stored runs by what was chosen for them; their data are not read. */
function withStored(room: string, profile: Profile): (wanted: Wanted) => PlannedRun {
  const stored = listStoredRuns(room).filter(
    ({ run }) => run.profile === profile && !(profile === "full" && run.standIn),
  );
  return ({ settings, ...planned }) => {
    const alike = stored.filter(
      ({ run }) =>
        run.model === planned.model && isDeepStrictEqual(run.hyperParameters, { ...settings }),
    );
    const own = alike.find(({ run }) => run.seed === planned.seed);
    const runs = own ? [own] : alike;
    return {
      ...planned,
      file: own?.file ?? null,
      measured: measured(runs.map(({ run }) => run)),
    };
  };
}

/** The trials of a study's searches; once all of a search are stored, the runs of the best one too. */
function searchRuns(study: Study, choice: PlanOptions): PlannedRun[] {
  const { search } = study;
  const { profile } = choice;
  if (!search) return [];
  const stored = withStored(`${study.id}/search`, profile);
  const asRuns = withStored(study.id, profile);
  return search.models.flatMap((model) => {
    const all = trialsOf(study, model, choice).map(({ wanted, changes }) => {
      const planned = stored(wanted);
      const run = planned.file === null ? null : readRun(planned.file);
      return { planned, changes, score: Math.max(...(run?.history[search.objective] ?? [NaN])) };
    });
    const made = all.map(({ planned }) => planned);
    // The quick profile's few trials choose nothing.
    if (profile === "quick" || made.some(({ file }) => file === null)) return made;
    const best = all.reduce((a, b) => (b.score > a.score ? b : a));
    return [...made, ...runsOf(study, model, choice, "searched", best.changes).map(asRuns)];
  });
}

/**
 * All trainings of a profile that the notebooks show, study by study, with the trials of the random
 * searches: which are stored, and what they cost where that was measured.
 *
 * @throws StarlitError if there is no such study
 */
export function plannedRuns(
  profile: Profile,
  options: Omit<PlanOptions, "profile"> & { study?: string } = {},
): PlannedRun[] {
  checkOptions("plannedRuns", options, ["study", "seed", "trials"]);
  const choice = { ...options, profile };
  const chosen = options.study === undefined ? studies : [findStudy(options.study)];
  return chosen.flatMap((study) => [
    ...ownRuns(study, choice).map(withStored(study.id, profile)),
    ...searchRuns(study, choice),
  ]);
}

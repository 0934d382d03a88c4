import { knownNames, type Profile, StarlitError } from "../engine";
import type { Run, Space, Trial } from "../training";
import * as attention from "./attention";
import * as clothing from "./clothing";
import { changedSettings as changedClothing } from "./clothing/run";
import { modelNamed } from "./experiment/settings";
import * as lab from "./lab";
import * as rating from "./rating";
import * as simplifiedAttention from "./simplifiedAttention";

/** A study whose runs can be made by name. */
export interface Study {
  id: string;
  title: string;
  /** What it asks, in a sentence. */
  question: string;
  /** Its notebook in the folder `notebooks`. */
  notebook: string;
  /** The notebook that goes on where that one ends. */
  nextNotebook?: string;
  /** Names of its models. */
  models: readonly string[];
  /** `settings` are what differs from those of the model, in the studies that have such. */
  run(model: string, options: { seed: number; profile: Profile; settings?: object }): Promise<Run>;
  /** All that is chosen for a run: its `hyperParameters`. */
  settings(model: string, profile: Profile, changes?: object): object;
  /** How the hyper-parameters of some of its models are searched; the trials come best first. */
  search?: {
    models: readonly string[];
    run(
      model: string,
      options: {
        seed: number;
        profile: Profile;
        method: "random" | "halving";
        trials?: number;
        only?: readonly number[];
      },
    ): Promise<Trial<Space>[]>;
    /**
     * The trials of a random search in their order: the settings of each, and what a run of the model
     * differs by that has them.
     */
    trials(
      model: string,
      options: { seed: number; profile: Profile; trials?: number },
    ): { settings: object; changes: object }[];
    /** The curve whose best epoch, the highest, is a trial's score. */
    objective: string;
  };
}

/** The studies, in the order of their notebooks. */
export const studies: readonly Study[] = [
  {
    id: "rating",
    title: "Film reviews, a rating from 1 to 10",
    question: "How many points out of ten does a review give its film?",
    notebook: "01-rating.ipynb",
    models: rating.models,
    run: rating.run,
    settings: rating.settingsOf,
  },
  {
    id: "clothing",
    title: "Women's clothing reviews, 5 stars",
    question: "How many stars does a review give a piece of clothing?",
    notebook: "02-clothing.ipynb",
    nextNotebook: "02b-clothing-sound.ipynb",
    models: clothing.models,
    run: clothing.run,
    settings: (model, _profile, changes) => changedClothing(model, changes),
    search: {
      models: clothing.networks,
      run: clothing.search,
      trials: clothing.searchedSettings,
      objective: clothing.searchObjective,
    },
  },
  {
    id: "simplified-attention",
    title: "Film reviews, an LSTM whose outputs are weights",
    question: "Can an LSTM say how much each word of a review weighs?",
    notebook: "03-simplified-attention.ipynb",
    models: simplifiedAttention.models,
    run: simplifiedAttention.run,
    settings: simplifiedAttention.settingsOf,
  },
  {
    id: "attention",
    title: "Film reviews and tweets, an LSTM with attention",
    question: "Where does a network look when it reads a review or a tweet?",
    notebook: "04-attention.ipynb",
    models: attention.models,
    run: attention.run,
    settings: attention.settingsOf,
  },
  {
    id: "lab",
    title: "Teaching lab: is a film review good or bad?",
    question: "Is a film review good or bad? From blank cells to a model that tells.",
    notebook: "05-lab.ipynb",
    models: lab.models,
    run: lab.run,
    settings: () => lab.settings,
  },
];

/**
 * The study with this id.
 *
 * @throws StarlitError naming the studies that there are
 */
export function findStudy(id: string): Study {
  const study = studies.find((each) => each.id === id);
  if (study) return study;
  const known = studies.map((each) => each.id);
  throw new StarlitError(`There is no study "${id}": ${knownNames(id, known)}`);
}

/** The notebooks of a study, in the order in which they are read. */
export function notebooksOf({ notebook, nextNotebook }: Study): string[] {
  return nextNotebook === undefined ? [notebook] : [notebook, nextNotebook];
}

/**
 * The models of a study by their names; `all` stands for all of them.
 *
 * @throws StarlitError with the nearest name, or all of them
 */
export function findModels(
  { id, models }: Pick<Study, "id" | "models">,
  name: string,
): readonly string[] {
  return name === "all" ? models : [modelNamed(id, name, models)];
}

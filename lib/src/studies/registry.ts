import { knownNames, type Profile, StarlitError } from "../engine";
import type { Run, Space, Trial } from "../training";
import * as attention from "./attention";
import * as clothing from "./clothing";
import { modelNamed } from "./experiment/settings";
import * as lab from "./lab";
import * as rating from "./rating";
import * as simplifiedAttention from "./simplifiedAttention";

/** A study whose runs can be made by name. */
export interface Study {
  id: string;
  title: string;
  /** Its notebook in the folder `notebooks`. */
  notebook: string;
  /** Names of its models. */
  models: readonly string[];
  run(model: string, options: { seed: number; profile: Profile }): Promise<Run>;
  /** How the hyper-parameters of some of its models are searched; the trials come best first. */
  search?: {
    models: readonly string[];
    run(
      model: string,
      options: { seed: number; profile: Profile; method: "random" | "halving" },
    ): Promise<Trial<Space>[]>;
  };
}

/** The studies, in the order of their notebooks. */
export const studies: readonly Study[] = [
  {
    id: "rating",
    title: "Film reviews, a rating from 1 to 10",
    notebook: "01-rating.ipynb",
    models: rating.models,
    run: rating.run,
  },
  {
    id: "clothing",
    title: "Women's clothing reviews, 5 stars",
    notebook: "02-clothing.ipynb",
    models: clothing.models,
    run: clothing.run,
    search: { models: clothing.networks, run: clothing.search },
  },
  {
    id: "simplified-attention",
    title: "Film reviews, an LSTM whose outputs are weights",
    notebook: "03-simplified-attention.ipynb",
    models: simplifiedAttention.models,
    run: simplifiedAttention.run,
  },
  {
    id: "attention",
    title: "Film reviews and tweets, an LSTM with attention",
    notebook: "04-attention.ipynb",
    models: attention.models,
    run: attention.run,
  },
  {
    id: "lab",
    title: "Teaching lab: is a film review good or bad?",
    notebook: "05-lab.ipynb",
    models: lab.models,
    run: lab.run,
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

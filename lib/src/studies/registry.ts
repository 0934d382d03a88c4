import { type Profile, StarlitError } from "../engine";
import type { Run, Space, Trial } from "../training";

import { runAttention } from "./attention/run";
import { attentionModels } from "./attention/settings";
import { runClothing } from "./clothing/protocol";
import { clothingModels } from "./clothing/networks";
import { searchClothing } from "./clothing/search";
import { isSoundVariant, runSoundClothing, soundVariants } from "./clothing/sound";
import { labModels, runLab } from "./lab/run";
import { runRating } from "./rating/run";
import { ratingModels } from "./rating/settings";
import { runSimplifiedAttention, simplifiedAttentionModels } from "./simplifiedAttention/run";

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
    models: ratingModels,
    run: runRating,
  },
  {
    id: "clothing",
    title: "Women's clothing reviews, 5 stars",
    notebook: "02-clothing.ipynb",
    models: [...clothingModels, ...Object.keys(soundVariants)],
    run: (model, options) =>
      isSoundVariant(model) ? runSoundClothing(model, options) : runClothing(model, options),
    search: { models: clothingModels, run: searchClothing },
  },
  {
    id: "simplified-attention",
    title: "Film reviews, an LSTM whose outputs are weights",
    notebook: "03-simplified-attention.ipynb",
    models: simplifiedAttentionModels,
    run: runSimplifiedAttention,
  },
  {
    id: "attention",
    title: "Film reviews and tweets, an LSTM with attention",
    notebook: "04-attention.ipynb",
    models: attentionModels,
    run: runAttention,
  },
  {
    id: "lab",
    title: "Teaching lab: is a film review good or bad?",
    notebook: "05-lab.ipynb",
    models: labModels,
    run: runLab,
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
  const known = studies.map((each) => each.id).join(", ");
  throw new StarlitError(`There is no study "${id}": use ${known}.`);
}

/**
 * The models of a study by their names; `all` stands for all of them.
 *
 * @throws StarlitError naming the models that there are
 */
export function findModels(
  { id, models }: Pick<Study, "id" | "models">,
  name: string,
): readonly string[] {
  if (name === "all") return models;
  if (models.includes(name)) return [name];
  throw new StarlitError(
    `The study ${id} has no model "${name}": use ${models.join(", ")}, or all.`,
  );
}

import type { LayersModel } from "@tensorflow/tfjs-node-gpu";
import { StarlitError } from "../engine";
import { gru1, gru2, gru4, lstm2, type RecurrentClassifier } from "../models";

/** What the study searches: sizes, dropout and step size. */
export interface ModelHyperParameters {
  units: readonly number[];
  dropout: readonly number[];
  learningRate: number;
}

const builders = { "lstm-2": lstm2, "gru-1": gru1, "gru-2": gru2, "gru-4": gru4 } satisfies Record<
  string,
  (hyperParameters: RecurrentClassifier) => LayersModel
>;

/** Names of the study's models. */
export type ClothingModel = keyof typeof builders;

/** Names of the study's models, in the order of the document. */
export const clothingModels = Object.keys(builders) as readonly ClothingModel[];

/**
 * The name as a model of the study.
 *
 * @throws StarlitError naming the models that there are
 */
export function clothingModel(name: string): ClothingModel {
  if (name in builders) return name as ClothingModel;
  throw new StarlitError(
    `The clothing study has no model "${name}": use ${clothingModels.join(", ")}.`,
  );
}

/** A new model of the study, with weights drawn at random (`seedEverything` makes them repeatable). */
export function buildClothingModel(
  name: ClothingModel,
  { units, dropout }: ModelHyperParameters,
): LayersModel {
  return builders[name]({ units, dropout });
}

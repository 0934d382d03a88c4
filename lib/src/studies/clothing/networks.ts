import type { LayersModel } from "@tensorflow/tfjs";
import { StarlitError, tf } from "../../engine";
import { dropout, embedding, gru, type Layer, lstm } from "../../layers";
import { modelNamed } from "../experiment/settings";

/** Hyper-parameters of a stack of recurrent layers that ends in a choice among classes. */
export interface RecurrentClassifier {
  /** Memory units of each recurrent layer, first layer first. */
  units: readonly number[];
  /** Dropout rates: one before each recurrent layer, and one after the last. */
  dropout: readonly number[];
  /** Number of word ids, the padding's 0 included (5,000 in the study). */
  vocabularySize?: number;
  /** Length of a word's vector (100 in the study). */
  embeddingDim?: number;
  /** Number of classes (five stars in the study). */
  classes?: number;
}

type RecurrentLayer = (options: { units: number; returnSequences: boolean }) => Layer;

/**
 * Embedding → dropout → recurrent layer (→ dropout → recurrent layer …) → dropout → softmax.
 * Word ids (B, T) in, probabilities of the classes (B, classes) out; T may differ from batch to
 * batch. Padding is read like any other word, as in the published models, which mask nothing.
 */
function recurrentClassifier(
  recurrent: RecurrentLayer,
  depth: number,
  {
    units,
    dropout: rates,
    vocabularySize = 5000,
    embeddingDim = 100,
    classes = 5,
  }: RecurrentClassifier,
): LayersModel {
  if (units.length !== depth || rates.length !== depth + 1) {
    throw new StarlitError(
      `A stack of ${depth} recurrent layers needs ${depth} units and ${depth + 1} dropout rates, ` +
        `but got ${units.length} and ${rates.length}.`,
    );
  }
  const input = tf.input({ shape: [null], dtype: "int32" });
  let x = embedding({ inputDim: vocabularySize, outputDim: embeddingDim }).apply(input);
  units.forEach((width, i) => {
    x = dropout({ rate: rates[i] }).apply(x);
    x = recurrent({ units: width, returnSequences: i < depth - 1 }).apply(x);
  });
  x = dropout({ rate: rates[depth] }).apply(x);
  const output = tf.layers.dense({ units: classes, activation: "softmax" }).apply(x);
  return tf.model({ inputs: input, outputs: output as typeof input });
}

/** Two LSTM layers (`LSTM-2` of the clothing study): 641,701 parameters with units 64 and 128. */
export function lstm2(hyperParameters: RecurrentClassifier): LayersModel {
  return recurrentClassifier(lstm, 2, hyperParameters);
}

/** One GRU layer (`GRU-1`): 776,229 parameters with 256 units. */
export function gru1(hyperParameters: RecurrentClassifier): LayersModel {
  return recurrentClassifier(gru, 1, hyperParameters);
}

/** Two GRU layers (`GRU-2`): 503,973 parameters with units 8 and 16. */
export function gru2(hyperParameters: RecurrentClassifier): LayersModel {
  return recurrentClassifier(gru, 2, hyperParameters);
}

/** Four GRU layers (`GRU-4`): 519,509 parameters with units 8, 32, 32, 32. */
export function gru4(hyperParameters: RecurrentClassifier): LayersModel {
  return recurrentClassifier(gru, 4, hyperParameters);
}

/** What the study searches: sizes, dropout and step size. */
export interface HyperParameters {
  units: readonly number[];
  dropout: readonly number[];
  learningRate: number;
}

const builders = { "lstm-2": lstm2, "gru-1": gru1, "gru-2": gru2, "gru-4": gru4 } satisfies Record<
  string,
  (hyperParameters: RecurrentClassifier) => LayersModel
>;

/** Names of the published networks. */
export type Network = keyof typeof builders;

/** Names of the published networks, in the order of the document. */
export const networks = Object.keys(builders) as readonly Network[];

/** A new published network, with weights drawn at random (`seedEverything` makes them repeatable). */
export function build(name: string, { units, dropout }: HyperParameters): LayersModel {
  return builders[modelNamed("clothing", name, networks)]({ units, dropout });
}

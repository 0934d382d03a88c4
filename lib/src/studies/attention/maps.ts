/** Where a stored run looks in the published texts, as the figures draw it. */
import { tweetLabels } from "../../data";
import type { NdArray } from "../../engine";
import type { AttentionText } from "../../plots";
import { type Run, unpackArray } from "../../training";
import { type Data, lowerTokens } from "./data";
import { published } from "./published";
import { predictedLabels } from "./scores";
import type { Settings } from "./settings";

/** A text as a network reads it: tokens without an id are UNK, and those beyond its row are cut off. */
export function readTokens(
  text: string,
  { vocabulary, length }: Pick<Data, "vocabulary" | "length">,
): string[] {
  return vocabulary.decode(vocabulary.encode(lowerTokens(text).slice(0, length)));
}

/** Weights (T) of a published text after each epoch; `text` counts from 0. */
export function weightsByEpoch(run: Run, text: number): Float32Array[] {
  const { data, shape } = unpackArray(run.predictions!.attention);
  const [epochs, texts, steps] = shape;
  return Array.from({ length: epochs }, (_, epoch) => {
    const start = (epoch * texts + text) * steps;
    return data.subarray(start, start + steps) as Float32Array;
  });
}

/** What the outputs of a row say: a probability of a good review, or a class beside the true one. */
function said(outputs: NdArray, row: number, label: number): string {
  if (outputs.shape[1] === 1)
    return `probability of a good review: ${outputs.data[row].toFixed(2)}`;
  const predicted = tweetLabels[predictedLabels(outputs)[row] as 0 | 1 | 2];
  return `predicted ${predicted}, true ${tweetLabels[label as 0 | 1 | 2]}`;
}

/** The published texts in the epoch that was kept: what the network says of each, and its attention. */
export function maps(run: Run, data: Pick<Data, "vocabulary" | "length">): AttentionText[] {
  const { sentences } = published[run.hyperParameters.data as Settings["data"]];
  const outputs = unpackArray(run.predictions!.sentences);
  return sentences.map(({ text, label }, row) => ({
    title: said(outputs, row, label),
    tokens: readTokens(text, data),
    weights: weightsByEpoch(run, row)[run.metrics.bestEpoch - 1],
  }));
}

/**
 * The share of the attention that falls on the padding behind a published text, in the epoch that was
 * kept.
 */
export function attentionOnPadding(run: Run, text: number): number {
  const { sentences } = published[run.hyperParameters.data as Settings["data"]];
  const weights = weightsByEpoch(run, text)[run.metrics.bestEpoch - 1];
  const words = weights.subarray(0, lowerTokens(sentences[text].text).length);
  return 1 - words.reduce((sum, weight) => sum + weight, 0);
}

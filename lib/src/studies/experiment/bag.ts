import type { NdArray } from "../../engine";
import { type BagChoice, type BagTerms, chooseBag, type TriedBag } from "../../models";
import type { Measured } from "./network";

/** Words, and marks one by one: "don't!" is `don`, `'`, `t` and `!`. */
const wordsAndMarks = (text: string) => text.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]/gu) ?? [];

/**
 * The bags that a study chooses from, of terms that are in two texts at least: words and pairs of words
 * by tf-idf and by naive Bayes, and with `triples` those of three words too by naive Bayes.
 */
export function bags({
  triples = false,
  tokenizer = wordsAndMarks,
  characters,
}: Pick<BagTerms, "tokenizer" | "characters"> & { triples?: boolean } = {}): BagTerms[] {
  const pairs = { words: 2, minDf: 2, tokenizer, characters };
  const tfidf: BagTerms = { ...pairs, weights: "tfidf", strengths: [3, 10, 30, 100] };
  const naiveBayes: BagTerms = {
    ...pairs,
    weights: "naiveBayes",
    strengths: [0.1, 0.3, 1, 3],
  };
  return triples ? [tfidf, naiveBayes, { ...naiveBayes, words: 3 }] : [tfidf, naiveBayes];
}

/** A bag as numbers, to be stored. */
const numbersOf = ({ terms: { weights, words = 1, characters }, C }: TriedBag) => ({
  bagNaiveBayes: Number(weights === "naiveBayes"),
  bagWords: words,
  bagCharacters: characters?.[1] ?? 0,
  bagC: C,
});

/**
 * The strongest bag on the validation texts, and what it says of others: what a network must beat to
 * have learned more than which terms occur.
 *
 * @param others texts by the names under which their outputs are wanted
 * @returns outputs: probabilities (N, C), or of two classes that of the second alone (N, 1); and what is
 * to be stored of the choice: the metrics `bagNaiveBayes` (0 or 1), `bagWords` and `bagCharacters` (the
 * longest runs), `bagC`, and as predictions `bagScores`, the scores of all bags in the order of `bags`
 */
export function strongestBag<Name extends string>(
  choice: BagChoice,
  others: Readonly<Record<Name, readonly string[]>>,
): { outputs: Record<Name, NdArray<Float32Array>>; choice: Required<Measured> } {
  const chosen = chooseBag(choice);
  const bagScores = Float32Array.from(chosen.tried, ({ score }) => score);
  const outputs = Object.entries<readonly string[]>(others).map(([name, texts]) => [
    name,
    ofSecond(chosen.predictProba(texts)),
  ]);
  return {
    outputs: Object.fromEntries(outputs) as Record<Name, NdArray<Float32Array>>,
    choice: {
      metrics: numbersOf(chosen),
      predictions: { bagScores: { data: bagScores, shape: [bagScores.length] } },
    },
  };
}

/** Of two classes the probability of the second alone, as a network with a sigmoid gives it. */
export function ofSecond({ data, shape }: NdArray<Float32Array>): NdArray<Float32Array> {
  if (shape[1] !== 2) return { data, shape };
  return { data: data.filter((_, i) => i % 2 === 1), shape: [shape[0], 1] };
}

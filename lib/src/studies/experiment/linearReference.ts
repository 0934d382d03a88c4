import type { NdArray } from "../../engine";
import { LogisticRegression, TfidfVectorizer } from "../../models";
import { compareUnits } from "../../text";
import { ofSecond } from "./bag";

/** Texts to fit, and texts to predict by name. */
export interface LinearTask {
  texts: readonly string[];
  labels: ArrayLike<number>;
  others: Readonly<Record<string, readonly string[]>>;
  /** Cuts a text into words; unless told, runs of two or more letters and digits. */
  tokenizer?: (text: string) => string[];
  /** Words and pairs of words, or words alone. Default false. */
  pairs?: boolean;
  classWeight?: "balanced";
}

/**
 * What a bag of words can do: tf-idf of single words (the 20,000 most frequent) and logistic
 * regression. A network that does not beat it has learned no more than which words occur.
 *
 * @returns for the other texts, by their names: probabilities (N, C), or of two classes that of the
 * second alone (N, 1)
 */
export function linearReference({
  texts,
  labels,
  others,
  tokenizer,
  pairs = false,
  classWeight,
}: LinearTask): Record<string, NdArray<Float32Array>> {
  const size = pairs
    ? { ngramRange: [1, 2] as [number, number], minDf: 2 }
    : { maxFeatures: 20_000 };
  // Columns in the order in which the stored runs had them.
  const vectorizer = new TfidfVectorizer({ ...size, tokenizer, compare: compareUnits });
  const model = new LogisticRegression({ classWeight });
  model.fit(vectorizer.fitTransform(texts), Array.from(labels));
  const found = Object.entries(others).map(([name, rows]) => {
    return [name, ofSecond(model.predictProba(vectorizer.transform(rows)))];
  });
  return Object.fromEntries(found) as Record<string, NdArray<Float32Array>>;
}

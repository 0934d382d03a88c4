import type { KerasImdb, KerasImdbPart } from "../../data";
import { accuracyScore } from "../../metrics";
import { linearReference } from "../experiment/linearReference";
import { published } from "./published";

const { maxReviewLength } = published.parameters;

/** The ids that the networks see, as a text with one word an id. */
const texts = ({ sequences }: KerasImdbPart) =>
  sequences.map((ids) => ids.slice(-maxReviewLength).join(" "));

/**
 * Accuracy on the test reviews of a linear model that sees the same ids as the lab's networks, without
 * their order: logistic regression on tf-idf.
 */
export function linearAccuracy({ train, test }: KerasImdb): number {
  const { found } = linearReference({
    texts: texts(train),
    labels: train.labels.data,
    others: { found: texts(test) },
    tokenizer: (text) => text.split(" "),
  });
  const predicted = Array.from(found.data, (probability) => Number(probability > 0.5));
  return accuracyScore(test.labels.data, predicted);
}

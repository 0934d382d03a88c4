export {
  type BagChoice,
  type BagTerms,
  chooseBag,
  type ChosenBag,
  type LabelledTexts,
  type LearnedBag,
  type TriedBag,
} from "./bag";
export { type CountOptions, CountVectorizer } from "./counts";
export type { Csr } from "./csr";
export { LogisticRegression, type LogisticOptions } from "./logistic";
export { logCountRatios, NaiveBayesLogistic, type NaiveBayesOptions } from "./naiveBayes";
export { Ridge, type RidgeOptions } from "./ridge";
export { type TfidfOptions, TfidfVectorizer } from "./tfidf";

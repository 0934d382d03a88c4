export type { LayersModel, Sequential, SymbolicTensor } from "@tensorflow/tfjs";

export { ordinalCrossentropy, type ReviewReader, reviewReader } from "./reviewReader";

export { type PairReader, readPairs } from "./pairReader";

export {
  type BagChoice,
  type BagTerms,
  chooseBag,
  type ChosenBag,
  type CountOptions,
  CountVectorizer,
  type Csr,
  type LabelledTexts,
  type LearnedBag,
  logCountRatios,
  type LogisticOptions,
  LogisticRegression,
  NaiveBayesLogistic,
  type NaiveBayesOptions,
  Ridge,
  type RidgeOptions,
  type TfidfOptions,
  TfidfVectorizer,
  type TriedBag,
} from "./linear";

export type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node-gpu";

export { ordinalCrossentropy, type ReviewReader, reviewReader } from "./reviewReader";

export { type PairReader, readPairs } from "./pairReader";

export {
  type Csr,
  type LogisticOptions,
  LogisticRegression,
  Ridge,
  type RidgeOptions,
  type TfidfOptions,
  TfidfVectorizer,
} from "./linear";

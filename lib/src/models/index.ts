export type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node-gpu";
export { gru1, gru2, gru4, lstm2, type RecurrentClassifier } from "./clothing";
export { ordinalCrossentropy, type ReviewReader, reviewReader } from "./reviewReader";
export {
  type AttentionClassifier,
  type AttentionFamily,
  attentionClassifier,
  attentionOf,
  type SpellingReader,
} from "./attention";
export { type PairReader, readPairs } from "./pairReader";
export {
  crossentropyWithActivity,
  type SimplifiedAttention,
  simplifiedAttention,
  type Weighting,
} from "./simplifiedAttention";
export {
  ratingCnnLstm,
  ratingGru2,
  ratingLstm1,
  ratingLstm2,
  ratingMlp,
  ratingRnn,
} from "./rating";
export {
  rankedProbabilityScore,
  type RatingEncoder,
  type RatingHead,
  type RatingSequence,
  ratingSequence,
} from "./ratingSequence";
export { labAttention, labGru, labLstm, labMean, type LabSizes } from "./lab";
export {
  type Csr,
  type LogisticOptions,
  LogisticRegression,
  Ridge,
  type RidgeOptions,
  type TfidfOptions,
  TfidfVectorizer,
} from "./linear";

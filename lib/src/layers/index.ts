import "./batchNormalization";
import "./dense";
import "./masks";

export { type AttentionOptions, attentionWeights, weightedSum } from "./attention";
export { bidirectional, type BidirectionalOptions, type MergeMode } from "./bidirectional";
export { type DropoutOptions, dropout } from "./dropout";
export { type EmbeddingOptions, embedding } from "./embedding";
export type { Initializer } from "./initializers";
export type { CallOptions, Layer, LayerOfSeveral } from "./layer";
export type { LayerOptions } from "./options";
export { maxOverTime, meanOverTime } from "./pooling";
export { positionWeights } from "./position";
export {
  type GruOptions,
  type LstmOptions,
  type RecurrentOptions,
  type SimpleRnnOptions,
  gru,
  lstm,
  simpleRnn,
} from "./recurrent";
export { wordDropout, type WordDropoutOptions } from "./wordDropout";
export { wordPairs, type WordPairsOptions } from "./wordPairs";
export type { InitializerName, Regularizer, RegularizerName } from "./weights";

import "./batchNormalization";
import "./dense";

export { type AttentionOptions, attentionWeights, weightedSum } from "./attention";
export { type DropoutOptions, dropout } from "./dropout";
export { type EmbeddingOptions, embedding } from "./embedding";
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

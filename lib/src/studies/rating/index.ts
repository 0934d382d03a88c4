export { type LowestBatches, lowestBatches } from "./batches";
export {
  appearanceRanks,
  type DataOptions,
  folders,
  frequencyRanks,
  loadReviews,
  plainWords,
  prepareVectors,
  readVectors,
  type Rows,
  tenths,
  type VectorReading,
  type Vectors,
} from "./data";
export {
  genreFrequencies,
  type GenreShare,
  type Group,
  histogram,
  overlaidHistograms,
  type OverlayOptions,
} from "./figuresOfFilms";
export {
  type Curve,
  type CurveOptions,
  curves,
  errorBars,
  type ErrorSeries,
  type WordEffect,
  wordEffects,
} from "./figuresOfModels";
export { genreShares, type NewerFilms, newerFilmsTest } from "./films";
export {
  cnnLstm,
  type Encoder,
  gru2,
  type Head,
  lstm1,
  lstm2,
  mlp,
  rankedProbabilityScore,
  rnn,
  sequenceReader,
  type SequenceReader,
} from "./networks";
export { type Family, published, type PublishedModel } from "./published";
export { type FilmRater, loadRater, rateReview, trainRater } from "./rater";
export { drawTorchWeights } from "../experiment/torchWeights";
export { build, run } from "./run";
export { type ErrorRow, errorsByRating, type Outputs, scores } from "./scores";
export { type LayerSpread, layerSpreads } from "./spread";
export {
  type BagSettings,
  type LinearSettings,
  models,
  type SequenceSettings,
  type Settings,
  settingsOf,
  type VectorSettings,
} from "./settings";
export { prepareWords, type ReadTokens, tokenize, type WordRows, type Words } from "./words";

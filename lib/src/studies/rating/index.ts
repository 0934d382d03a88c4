export { type LowestBatches, lowestBatches } from "./batches";
export {
  appearanceRanks,
  constantError,
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
  publishedCurves,
  type WordEffect,
  wordEffects,
} from "./figuresOfModels";
export {
  bySide,
  filmShares,
  type FilmShares,
  genreShares,
  type NewerFilms,
  newerFilmsTest,
} from "./films";
export {
  cnnLstm,
  type Encoder,
  gru2,
  layerSizes,
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
export { type FilmRater, loadRater, raterFor, rateReview, trainRater } from "./rater";
export { drawTorchWeights } from "../experiment/torchWeights";
export { type ResultParts, results } from "./results";
export { build, run, runAll } from "./run";
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
export {
  classScores,
  curveFacts,
  errorsBySide,
  lateChange,
  lowestErrors,
  predictedClasses,
  predictedRatings,
  type Runs,
  soundScores,
  storedErrors,
  whenMeasured,
  wiggle,
} from "./tables";
export { prepareWords, type ReadTokens, tokenize, type WordRows, type Words } from "./words";

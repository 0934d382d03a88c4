export { findModels, findStudy, studies, type Study } from "./registry";
export {
  type ClothingRunOptions,
  type ClothingSettings,
  publishedSettings,
  runClothing,
} from "./clothing/protocol";
export {
  clothingMetrics,
  meanOverRuns,
  meanProbabilities,
  predictedStars,
  publishedAuc,
  testProbabilities,
  testStars,
} from "./clothing/scores";
export {
  type ClothingData,
  type ClothingDataOptions,
  type ClothingPart,
  clothingText,
  type ClothingTexts,
  countStars,
  prepareClothing,
  stars,
} from "./clothing/data";
export {
  buildClothingModel,
  type ClothingModel,
  clothingModel,
  clothingModels,
  type ModelHyperParameters,
  type RecurrentClassifier,
  lstm2,
  gru1,
  gru2,
  gru4,
} from "./clothing/networks";
export {
  clothingHyperParameters,
  type ClothingSearchOptions,
  type ClothingSpace,
  clothingSpace,
  searchClothing,
  storedTrials,
} from "./clothing/search";
export {
  isSoundVariant,
  runSoundClothing,
  type SoundRunOptions,
  soundSettings,
  type SoundSettings,
  type SoundVariant,
  soundVariants,
} from "./clothing/sound";
export { publishedClothing, type PublishedModel } from "./clothing/published";
export { buildRatingModel, type RatingRunOptions, runRating } from "./rating/run";
export {
  frequencyRanks,
  plainWords,
  prepareRatingVectors,
  ratedReviews,
  type RatingDataOptions,
  ratingParts,
  type RatingRows,
  type RatingVectors,
  readVectors,
  tenths,
  type VectorReading,
} from "./rating/data";
export { metadataRows, type MetadataScale, metadataScale } from "./rating/metadata";
export { publishedRating, type PublishedRatingModel, type RatingFamily } from "./rating/published";
export { genreShares, type NewerFilms, newerFilmsTest } from "./rating/films";
export {
  loadRater,
  type Rated,
  type Rater,
  RATER_MODEL,
  rateReview,
  saveRater,
  trainRater,
} from "./rating/rater";
export {
  errorsByRating,
  intervalCoverage,
  type RatingError,
  ratingInterval,
  type RatingOutputs,
  ratingScores,
  ratingTargets,
  readOutputs,
} from "./rating/scores";
export {
  type RatingLinearSettings,
  ratingModels,
  type RatingSequenceSettings,
  type RatingSettings,
  ratingSettings,
  type RatingVectorSettings,
} from "./rating/settings";
export {
  encodeReviews,
  prepareRatingWords,
  ratingTokens,
  type RatingWords,
  type ReadTokens,
  splitByFilm,
  startAndEnd,
  type WordRows,
} from "./rating/words";
export {
  ratingMlp,
  ratingRnn,
  ratingLstm1,
  ratingLstm2,
  ratingCnnLstm,
  ratingGru2,
  type RatingEncoder,
  type RatingHead,
  type RatingSequence,
  ratingSequence,
  rankedProbabilityScore,
} from "./rating/networks";
export {
  type RatingGroup,
  type OverlayOptions,
  ratingHistogram,
  overlaidHistograms,
  type GenreShare,
  genreFrequencies,
} from "./rating/figuresOfFilms";
export {
  type RatingCurve,
  type RatingCurveOptions,
  ratingCurves,
  type RatingErrorSeries,
  ratingErrors,
  type WordEffect,
  wordEffects,
} from "./rating/figuresOfModels";
export {
  runSimplifiedAttention,
  type SimplifiedAttentionModel,
  simplifiedAttentionModels,
  type SimplifiedAttentionRunOptions,
  simplifiedAttentionSettings,
  type SimplifiedAttentionSettings,
} from "./simplifiedAttention/run";
export {
  prepareSimplifiedAttention,
  readIds,
  type ReadWords,
  type ReviewRows,
  type SimplifiedAttentionData,
  type SimplifiedAttentionDataOptions,
} from "./simplifiedAttention/data";
export { publishedSimplifiedAttention } from "./simplifiedAttention/published";
export { publishedSchedule, type ScheduleState } from "./simplifiedAttention/schedule";
export { shuffleWords, weightsByPosition, weightsOf } from "./simplifiedAttention/weights";
export {
  type Weighting,
  type SimplifiedAttention,
  simplifiedAttention,
  crossentropyWithActivity,
} from "./simplifiedAttention/networks";
export {
  type AttentionRunOptions,
  buildAttentionModel,
  deletionCounts,
  prepareAttention,
  runAttention,
} from "./attention/run";
export {
  type AttentionData,
  type AttentionDataOptions,
  encodeTokens,
  type LabelledText,
  lowerTokens,
  prepareImdbAttention,
  type TokenOptions,
  type TokenPart,
} from "./attention/data";
export { type DeletionOptions, type DeletionRow, deletionTest } from "./attention/deletion";
export {
  publishedAttention,
  type PublishedParts,
  type PublishedScores,
} from "./attention/published";
export { attentionScores, predictedLabels } from "./attention/scores";
export {
  type AttentionModel,
  attentionModels,
  attentionSettings,
  type AttentionSettings,
} from "./attention/settings";
export {
  prepareTweets,
  splitTweets,
  type TweetAttentionData,
  type TweetProtocol,
} from "./attention/tweets";
export {
  type AttentionClassifier,
  type SpellingReader,
  type AttentionFamily,
  attentionClassifier,
  attentionOf,
} from "./attention/networks";
export {
  labExamples,
  type LabModel,
  labModels,
  type LabRunOptions,
  loadLab,
  nearestRows,
  runLab,
  sharedNeighbours,
} from "./lab/run";
export {
  checkAccuracy,
  checkDistances,
  checkExtension,
  checkModel,
  checkPadding,
} from "./lab/judge/check";
export {
  type GraphNode,
  lengthHistogram,
  type ModelGraph,
  modelGraph,
  modelPicture,
} from "./lab/figures";
export { publishedLab } from "./lab/published";
export { labResults } from "./lab/results";
export { type LabSizes, labMean, labLstm, labGru, labAttention } from "./lab/networks";
export {
  countVerdicts,
  fullResults,
  type OverviewText,
  overviewTexts,
  predictionInterval,
  type StudyCost,
  studyCosts,
  type Verdict,
  verdict,
} from "./report/overview";
export {
  loadResults,
  type ResultRow,
  resultRow,
  resultsTable,
  type ResultText,
  resultTexts,
  saveResults,
  type StudyResults,
} from "./report/results";

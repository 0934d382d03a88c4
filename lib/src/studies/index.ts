export {
  type ClothingRunOptions,
  type ClothingSettings,
  publishedSettings,
  runClothing,
} from "./clothing";
export {
  clothingMetrics,
  meanOverRuns,
  meanProbabilities,
  predictedStars,
  publishedAuc,
  testProbabilities,
  testStars,
} from "./clothingMetrics";
export {
  type ClothingData,
  type ClothingDataOptions,
  type ClothingPart,
  clothingText,
  type ClothingTexts,
  countStars,
  prepareClothing,
  stars,
} from "./clothingData";
export {
  buildClothingModel,
  type ClothingModel,
  clothingModel,
  clothingModels,
  type ModelHyperParameters,
} from "./clothingModels";
export {
  clothingHyperParameters,
  type ClothingSearchOptions,
  type ClothingSpace,
  clothingSpace,
  searchClothing,
  storedTrials,
} from "./clothingSearch";
export {
  isSoundVariant,
  runSoundClothing,
  type SoundRunOptions,
  soundSettings,
  type SoundSettings,
  type SoundVariant,
  soundVariants,
} from "./clothingSound";
export { publishedClothing, type PublishedModel } from "./clothingPublished";
export {
  binaryAccuracy,
  labExamples,
  type LabModel,
  labModels,
  type LabRunOptions,
  loadLab,
  nearestRows,
  runLab,
  sharedNeighbours,
} from "./lab";
export {
  checkAccuracy,
  checkDistances,
  checkExtension,
  checkModel,
  checkPadding,
} from "./labCheck";
export {
  type GraphNode,
  lengthHistogram,
  type ModelGraph,
  modelGraph,
  modelPicture,
} from "./labFigures";
export { publishedLab } from "./labPublished";
export { labResults } from "./labResults";
export { buildRatingModel, type RatingRunOptions, runRating } from "./rating";
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
} from "./ratingData";
export { metadataRows, type MetadataScale, metadataScale } from "./ratingMetadata";
export { publishedRating, type PublishedRatingModel, type RatingFamily } from "./ratingPublished";
export { genreShares, type NewerFilms, newerFilmsTest } from "./ratingFilms";
export {
  loadRater,
  type Rated,
  type Rater,
  RATER_MODEL,
  rateReview,
  saveRater,
  trainRater,
} from "./ratingRater";
export {
  errorsByRating,
  intervalCoverage,
  type RatingError,
  ratingInterval,
  type RatingOutputs,
  ratingScores,
  ratingTargets,
  readOutputs,
} from "./ratingScores";
export {
  type RatingLinearSettings,
  ratingModels,
  type RatingSequenceSettings,
  type RatingSettings,
  ratingSettings,
  type RatingVectorSettings,
} from "./ratingSettings";
export {
  encodeReviews,
  prepareRatingWords,
  ratingTokens,
  type RatingWords,
  type ReadTokens,
  splitByFilm,
  startAndEnd,
  type WordRows,
} from "./ratingWords";
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
} from "./overview";
export { findModels, findStudy, studies, type Study } from "./registry";
export {
  loadResults,
  type ResultRow,
  resultRow,
  resultsTable,
  type ResultText,
  resultTexts,
  saveResults,
  type StudyResults,
} from "./results";
export {
  runSimplifiedAttention,
  type SimplifiedAttentionModel,
  simplifiedAttentionModels,
  type SimplifiedAttentionRunOptions,
  simplifiedAttentionSettings,
  type SimplifiedAttentionSettings,
} from "./simplifiedAttention";
export {
  prepareSimplifiedAttention,
  readIds,
  type ReadWords,
  type ReviewRows,
  type SimplifiedAttentionData,
  type SimplifiedAttentionDataOptions,
} from "./simplifiedAttentionData";
export { publishedSimplifiedAttention } from "./simplifiedAttentionPublished";
export { publishedSchedule, type ScheduleState } from "./simplifiedAttentionSchedule";
export { shuffleWords, weightsByPosition, weightsOf } from "./simplifiedAttentionWeights";
export {
  type AttentionRunOptions,
  buildAttentionModel,
  deletionCounts,
  prepareAttention,
  runAttention,
} from "./attention";
export {
  type AttentionData,
  type AttentionDataOptions,
  encodeTokens,
  type LabelledText,
  lowerTokens,
  prepareImdbAttention,
  type TokenOptions,
  type TokenPart,
} from "./attentionData";
export { type DeletionOptions, type DeletionRow, deletionTest } from "./attentionDeletion";
export {
  publishedAttention,
  type PublishedParts,
  type PublishedScores,
} from "./attentionPublished";
export { attentionScores, predictedLabels } from "./attentionScores";
export {
  type AttentionModel,
  attentionModels,
  attentionSettings,
  type AttentionSettings,
} from "./attentionSettings";
export {
  prepareTweets,
  splitTweets,
  type TweetAttentionData,
  type TweetProtocol,
} from "./tweetsData";

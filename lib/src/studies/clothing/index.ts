export {
  ablationRows,
  differences,
  expectedStars,
  intervalText,
  type ProductMean,
  productMeans,
  type StarMetric,
  starMetrics,
  worstReviews,
} from "./comparisons";
export {
  countStars,
  type Data,
  type DataOptions,
  type Part,
  prepare,
  stars,
  textOf,
  type Texts,
} from "./data";
export {
  calibrationOf,
  confusionOf,
  curvesOf,
  lengthsByStars,
  proportionsOf,
  publishedPanels,
  type Scored,
  scorePanels,
  starsOf,
} from "./figures";
export {
  build,
  gru1,
  gru2,
  gru4,
  type HyperParameters,
  lstm2,
  type Network,
  networks,
  type RecurrentClassifier,
} from "./networks";
export { publishedSettings, type Settings } from "./protocol";
export { published, type PublishedModel } from "./published";
export { publishedResults, soundResults, type SoundScores } from "./results";
export { type Model, models, run } from "./run";
export {
  meanOverRuns,
  meanProbabilities,
  predictedStars,
  publishedAuc,
  scores,
  surestStars,
  testProbabilities,
  testStars,
} from "./scores";
export {
  hyperParametersOf,
  search,
  searchedSettings,
  searchObjective,
  type SearchOptions,
  type SearchSpace,
  searchSpace,
  storedTrials,
} from "./search";
export { soundSettings, type SoundSettings, type SoundVariant, soundVariants } from "./sound";
export {
  atBestEpoch,
  aucRows,
  bestEpochRows,
  bestTrial,
  choiceRows,
  finalRows,
  halvingRows,
  keptEpoch,
  layerRows,
  negationRows,
  negationsIn,
  type NetworkRuns,
  type NetworkTrial,
  reached,
  scoreNames,
  scoreRow,
  searchedNetworks,
  searchedRuns,
  searchRows,
  type Searches,
  shareRows,
  splitRows,
  starNames,
  starScores,
  storedSearches,
  testScores,
  usedRatings,
} from "./tables";

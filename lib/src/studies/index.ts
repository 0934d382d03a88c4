export {
  clothingMetrics,
  type ClothingRunOptions,
  type ClothingSettings,
  predictedStars,
  publishedAuc,
  publishedSettings,
  runClothing,
} from "./clothing";
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
export { publishedClothing, type PublishedModel } from "./clothingPublished";
export { findModels, findStudy, studies, type Study } from "./registry";
export {
  clearResults,
  loadResults,
  type ResultRow,
  resultsTable,
  type ResultText,
  resultTexts,
  saveResults,
  type StudyResults,
} from "./results";

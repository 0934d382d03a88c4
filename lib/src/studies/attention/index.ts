export {
  type Data,
  type DataOptions,
  encodeTokens,
  type LabelledText,
  lowerTokens,
  type TokenOptions,
  type TokenPart,
} from "./data";
export { type DeletionOptions, type DeletionRow, deletionTest } from "./deletion";
export {
  attentionOf,
  classifier,
  type ClassifierOptions,
  type Family,
  type SpellingReader,
} from "./networks";
export { published, type PublishedParts, type PublishedScores } from "./published";
export { build, deletionCounts, prepare, run } from "./run";
export { curves, predictedLabels, scores } from "./scores";
export { type Model, models, type Settings, settingsOf } from "./settings";
export { type TweetData, type TweetProtocol } from "./tweets";

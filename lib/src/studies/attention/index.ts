export {
  type Data,
  type DataOptions,
  encodeTokens,
  type EncodeOptions,
  type LabelledText,
  lowerTokens,
  type TokenOptions,
  type TokenPart,
} from "./data";
export { type DeletionOptions, type DeletionRow, type DeletionWay, deletionTest } from "./deletion";
export { attentionOnPadding, maps, readTokens, weightsByEpoch } from "./maps";
export {
  attentionOf,
  classifier,
  type ClassifierOptions,
  type Family,
  type SpellingReader,
} from "./networks";
export { published, type PublishedParts, type PublishedScores } from "./published";
export { results } from "./results";
export { build, deletionCounts, firstTokens, type FirstTokensOptions, prepare, run } from "./run";
export { curves, predictedLabels, scores } from "./scores";
export { type Model, models, type Settings, settingsOf } from "./settings";
export {
  besidePublished,
  deletions,
  filmScores,
  flippedBySeed,
  leaked,
  publishedCurves,
  type Runs,
  tweetScores,
  vote,
} from "./tables";
export { type TweetData, type TweetProtocol } from "./tweets";

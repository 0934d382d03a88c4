export {
  catalogue,
  type SourceCopy,
  type SourceFile,
  type SourceId,
  type SourceInfo,
} from "./catalogue";
export { type ClothingReview, loadClothingReviews, readClothingReviews } from "./clothing";
export { type Description, describeRows } from "./describe";
export { UnreachableError } from "./download";
export { dataFingerprint } from "./fingerprint";
export { dataFrame, merge, type MergeOptions } from "./frame";
export { type ImdbData, loadImdbReviews } from "./imdb";
export {
  type KerasImdb,
  type KerasImdbLoadOptions,
  type KerasImdbPart,
  loadKerasImdb,
} from "./kerasImdb";
export { type DataOrigin, showSource } from "./origin";
export {
  type FieldCoverage,
  joinTitles,
  loadRatedReviews,
  type RatedData,
  type RatedReview,
} from "./ratedReviews";
export type { ImdbReview, Tweet } from "./rows";
export type { StandInOptions } from "./standIn";
export { type SourceStatus, sourceStatus } from "./status";
export { type TableOptions, type TableRow, table } from "./table";
export { loadTitles, type Title, type TitleData } from "./titles";
export { dropDuplicateTweets, loadTweets, type TweetData, tweetLabels } from "./tweets";
export { loadImdbWordIndex } from "./wordIndex";

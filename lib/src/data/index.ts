export { catalogue, type SourceCopy, type SourceFile, type SourceId, type SourceInfo } from "./catalogue";
export { type ClothingReview, loadClothingReviews, readClothingReviews } from "./clothing";
export { UnreachableError } from "./download";
export { dataFingerprint } from "./fingerprint";
export { type ImdbData, type ImdbReview, loadImdbReviews } from "./imdb";
export type { DataOrigin } from "./origin";
export { type SourceStatus, sourceStatus } from "./status";

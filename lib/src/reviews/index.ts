export { type FoundColumns, type ReviewColumns } from "./columns";
export {
  type BadRow,
  type LoadedReviews,
  loadReviews,
  type LoadReviewsOptions,
  type Review,
} from "./load";
export { type LanguageShare } from "./language";
export type { Mistake, RatingErrors, Scores, TermEffect } from "./measure";
export { player, type Player, playerElement, reportPage } from "./page";
export type { PackedRater, PackedTable, Rated, Token, WordEffect } from "./player.cjs";
export { type GivenScale, type RatingScale } from "./ratings";
export { type CurvePoint, loadRater, type Rater, type RaterReport } from "./rater";
export { trainRater, type TrainRaterOptions } from "./train";

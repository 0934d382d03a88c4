export {
  type FromRuns,
  type Kind,
  kinds,
  resultRow as row,
  type ResultRow as Row,
} from "../experiment/resultRow";
export { type BagRow, besideBags, type OurScore } from "./bags";
export {
  allClues,
  type Certainty,
  type Clue,
  type ClueRow,
  type Finding,
  findingOf,
  forensics,
  type Metric,
  type Source,
} from "./forensics";
export {
  expectedSeconds,
  headlines,
  headlineTable,
  insideMeans,
  LIVE_SEED,
  type LiveChoice,
  type LiveNumber,
  type LiveResult,
  liveResult,
  type LiveRow,
  liveRows,
  type LiveTraining,
  liveTrainings,
  liveTable,
  type LiveText,
  liveText,
  type LiveVerdict,
  loadLive,
  saveLive,
} from "./live";
export {
  comparison,
  costs,
  countVerdicts,
  fullResults,
  type OverviewText,
  overviewTexts,
  type PublishedNumber,
  publishedNumbers,
  type Standing,
  type StudyCost,
} from "./overview";
export { isNear, ratingReadings, type ReadingRow, type ReadNumber } from "./ratingReadings";
export { load, type RowText, save, type StudyResults, table, texts } from "./results";
export { type TestDataUse, testDataUse } from "./testData";
export { nextTraining, type Verdict, verdict } from "./verdict";

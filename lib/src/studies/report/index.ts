export { type FromRuns, resultRow as row, type ResultRow as Row } from "../experiment/resultRow";
export {
  allClues,
  type Certainty,
  type Clue,
  type ClueRow,
  type Finding,
  findingOf,
  forensics,
  type Kind,
  margins,
  type Metric,
  type Source,
} from "./forensics";
export {
  costs,
  countVerdicts,
  fullResults,
  type OverviewText,
  overviewTexts,
  predictionInterval,
  type StudyCost,
  type Verdict,
  verdict,
} from "./overview";
export { load, type RowText, save, type StudyResults, table, texts } from "./results";

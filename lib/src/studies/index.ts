/** Study 1: film reviews to ratings from 1 to 10. */
export * as rating from "./rating";
/** Study 2: women's clothing reviews to five stars. */
export * as clothing from "./clothing";
/** Study 3: film reviews, an LSTM whose outputs are the weights of words. */
export * as simplifiedAttention from "./simplifiedAttention";
/** Study 4: film reviews and tweets, an LSTM with attention beside simpler networks. */
export * as attention from "./attention";
/** Study 5: the teaching lab, its networks, its checks and its published numbers. */
export * as lab from "./lab";
/** Published numbers beside ours: rows, tables, verdicts and costs. */
export * as report from "./report";
export type { Named, RunOptions } from "./experiment/settings";
export {
  type Measured as MeasuredCost,
  type PlannedRun,
  plannedRuns,
  type PlanOptions,
  seedsOf,
  studyRuns,
} from "./plan";
export { findStudy, notebooksOf, studies, type Study } from "./registry";

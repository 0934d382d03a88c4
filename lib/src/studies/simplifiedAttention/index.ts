export { type Data, type DataOptions, prepare, type ReadWords, type ReviewRows } from "./data";
export { crossentropyWithActivity, network, type NetworkOptions, type Weighting } from "./networks";
export { published, publishedCurves } from "./published";
export { run } from "./run";
export { publishedSchedule, type ScheduleState } from "./schedule";
export { type Model, models, type Settings, settingsOf } from "./settings";
export {
  curvesOf,
  distanceRows,
  fallsOf,
  lastEpochRows,
  percentOf,
  positionShares,
  results,
  type RunsByName,
  ablationRows,
  scheduleRows,
  shuffleRows,
  spreadOfWeights,
  wordTestRows,
  zeroShares,
} from "./tables";
export { weightsByPosition, weightsOf } from "./weights";

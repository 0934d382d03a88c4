export type { EarlyStopping } from "./earlyStopping";
export { type LossFunction, type StepResult, trainStep } from "./epoch";
export type { Examples, NestedNumbers, Numbers } from "./examples";
export { type Callback, fit, type FitOptions } from "./fit";
export type { Curves, History } from "./history";
export { withInterrupt } from "./interrupt";
export type { Loss, LossName } from "./losses";
export type { Metric, MetricName, Metrics } from "./metrics";
export type { PublishedCurves } from "./progress";
export type { OptimizerChoice, OptimizerName } from "./optimizers";
export {
  DivergedError,
  evaluate,
  type EvaluateOptions,
  predict,
  type PredictOptions,
} from "./predict";
export { balancedClassWeight, type ClassWeight } from "./rowWeights";
export type { EngineInfo } from "./machine";
export {
  type Json,
  packArray,
  type PackedArray,
  type Run,
  type RunSpec,
  unpackArray,
} from "./runRecord";
export { describeRun } from "./loaded";
export {
  type ExaminedRuns,
  examineRuns,
  fingerprint,
  listRuns,
  listStoredRuns,
  runFile,
  storedRun,
  type StoredRunOptions,
  type Train,
  type Trained,
} from "./runs";
export {
  RandomSearch,
  type SearchOptions,
  SuccessiveHalving,
  type Trial,
  type TrialTask,
} from "./search";
export { explainedShare } from "./searchEffects";
export {
  choice,
  type Dimension,
  drawPoints,
  logRange,
  type Point,
  range,
  type Space,
} from "./space";

export type { Examples } from "./batches";
export type { EarlyStopping } from "./earlyStopping";
export { fit, type FitOptions } from "./fit";
export type { Curves, History } from "./history";
export { withInterrupt } from "./interrupt";
export type { Loss, LossName } from "./losses";
export {
  evaluate,
  type EvaluateOptions,
  type Metric,
  predict,
  type PredictOptions,
} from "./predict";
export { balancedClassWeight, type ClassWeight } from "./rowWeights";
export { type LossFunction, type StepResult, trainStep } from "./step";
export type { EngineInfo } from "./machine";
export { packArray, type PackedArray, unpackArray } from "./packing";
export type { Json, Run, RunSpec } from "./runRecord";
export {
  describeRun,
  fingerprint,
  listRuns,
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

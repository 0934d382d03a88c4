export {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
} from "./accuracy";
export {
  type BootstrapOptions,
  bootstrapInterval,
  type Interval,
  type MetricOf,
  pairedBootstrap,
} from "./bootstrap";
export {
  type Average,
  type AveragedOptions,
  type AveragedScores,
  type ClassScores,
  f1Score,
  precisionRecallFscore,
  precisionScore,
  recallScore,
  type ScoreOptions,
} from "./classification";
export {
  accuracyScore,
  balancedAccuracyScore,
  confusionMatrix,
  type ConfusionMatrixOptions,
} from "./confusion";
export { correlation, rankCorrelation } from "./correlation";
export { argmaxRows, type Values } from "./inputs";
export { kerasAuc, type KerasAucOptions } from "./kerasAuc";
export {
  type CalibrationBin,
  calibrationBins,
  type CalibrationOptions,
  logLoss,
} from "./probability";
export { type AucOptions, rocAucScore } from "./ranking";
export { meanAbsoluteError, meanSquaredError, r2Score, rootMeanSquaredError } from "./regression";
export { type Proportion, type ProportionsTest, twoProportionsTest } from "./proportions";
export { classificationReport, formatReport, type ReportOptions, type ReportRow } from "./report";
export { meanAndSd, summarize, type Summary } from "./summary";
export {
  type CompareOptions,
  compareTrainings,
  equivalenceTest,
  type EquivalenceTest,
  holm,
  predictionInterval,
  type PredictionOptions,
  type Scale,
  type TrainingComparison,
  welchTest,
  type WelchTest,
} from "./trainings";

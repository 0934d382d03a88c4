export {
  attentionMap,
  type AttentionMapOptions,
  attentionOverEpochs,
  type AttentionText,
} from "./attention";
export { type CalibrationSeries, calibrationCurve } from "./calibration";
export {
  type ComparisonOptions,
  type ComparisonPanel,
  type ComparisonRow,
  publishedVersusOurs,
  type Spread,
} from "./comparison";
export { type ConfusionOptions, type ConfusionPanel, confusionMatrices } from "./confusion";
export { deletionCurves, type DeletionPoint } from "./deletion";
export {
  type HistogramGroup,
  type HistogramOptions,
  type HistogramRow,
  histograms,
} from "./histograms";
export {
  type CurveHistory,
  type CurveMetric,
  type LearningModel,
  type LearningOptions,
  learningCurves,
} from "./learning";
export { liveCurve, type LiveCurveOptions } from "./live";
export { type GraphNode, type ModelGraph, modelGraph, modelPicture } from "./modelPicture";
export { type Picture, toPng, toSvg } from "./picture";
export { type PositionSeries, weightByPosition } from "./position";
export {
  type ProportionOptions,
  type ProportionPanel,
  type ProportionSeries,
  labelProportions,
} from "./proportions";
export {
  parallelCoordinates,
  scoreByParameter,
  type SearchOptions as SearchFigureOptions,
  type SearchTrial,
} from "./search";

export { show } from "./show";
export { type Caption, type Figure, palette, roles } from "./theme";

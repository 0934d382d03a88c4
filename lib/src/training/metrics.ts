import { knownNames, type NdArray, StarlitError } from "../engine";
import {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  f1Score,
  kerasAuc,
  meanAbsoluteError,
  meanSquaredError,
  precisionScore,
  recallScore,
  rootMeanSquaredError,
  sparseCategoricalAccuracy,
} from "../metrics";
import { UndefinedScoreError } from "../metrics/ranking";

/** A number that says how good predictions are, from plain arrays. */
export type Metric = (yTrue: NdArray, yPred: NdArray<Float32Array>) => number;

const mse: Metric = (yTrue, yPred) => meanSquaredError(yTrue.data, yPred.data);
const mae: Metric = (yTrue, yPred) => meanAbsoluteError(yTrue.data, yPred.data);

/** A score of the positive class, which is predicted where a probability is above one half. */
function ofPositives(score: typeof f1Score): Metric {
  return (yTrue, { data }) =>
    score(
      yTrue.data,
      Array.from(data, (p) => Number(p > 0.5)),
    );
}

const metrics: Record<MetricName, Metric> = {
  accuracy,
  acc: accuracy,
  binaryAccuracy: (yTrue, yPred) => binaryAccuracy(yTrue, yPred),
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  auc: (yTrue, yPred) => kerasAuc(yTrue, yPred),
  precision: ofPositives(precisionScore),
  recall: ofPositives(recallScore),
  f1: ofPositives(f1Score),
  meanSquaredError: mse,
  mse,
  meanAbsoluteError: mae,
  mae,
  rootMeanSquaredError: (yTrue, yPred) => rootMeanSquaredError(yTrue.data, yPred.data),
};

/**
 * The metrics with a name, as in Keras: `accuracy` is the binary, sparse or categorical one, by the
 * shapes of targets and outputs; `auc` is {@link kerasAuc}.
 */
export type MetricName =
  | "accuracy"
  | "acc"
  | "binaryAccuracy"
  | "categoricalAccuracy"
  | "sparseCategoricalAccuracy"
  | "auc"
  | "precision"
  | "recall"
  | "f1"
  | "meanSquaredError"
  | "mse"
  | "meanAbsoluteError"
  | "mae"
  | "rootMeanSquaredError";

/** Numbers to follow: names, functions with a name, or either by a name of one's own. */
export type Metrics =
  MetricName | readonly (MetricName | Metric)[] | Readonly<Record<string, MetricName | Metric>>;

function metricNamed(metric: MetricName | Metric): Metric {
  if (typeof metric === "function") return metric;
  if (Object.hasOwn(metrics, metric)) return metrics[metric];
  const names = Object.keys(metrics);
  throw new StarlitError(
    `There is no metric "${String(metric)}": ${knownNames(String(metric), names)}`,
  );
}

/** The name of a metric's curve where none is given. */
function curveOf(metric: MetricName | Metric): string {
  if (typeof metric !== "function") return metric;
  if (metric.name !== "") return metric.name;
  throw new StarlitError("A metric has no name: give it as { name: function }.");
}

/**
 * Metrics by the names of their curves.
 *
 * @throws StarlitError if there is no metric of a name, or two share one
 */
export function metricsNamed(given: Metrics = {}): Record<string, Metric> {
  const list = typeof given === "string" ? [given] : given;
  const entries = Array.isArray(list)
    ? (list as readonly (MetricName | Metric)[]).map((each) => [curveOf(each), each] as const)
    : Object.entries(list as Record<string, MetricName | Metric>);
  const named: Record<string, Metric> = {};
  for (const [name, metric] of entries) {
    if (name === "loss" || Object.hasOwn(named, name)) {
      throw new StarlitError(`Two curves are called "${name}": give the metrics as { name: … }.`);
    }
    named[name] = metricNamed(metric);
  }
  return named;
}

/**
 * The values of metrics. One that is not defined for these rows, such as the AUC of one class, is NaN:
 * a note says so the first time, and the training goes on.
 *
 * @param noted the names of metrics of which that was said already
 */
export function measure(
  metrics: Record<string, Metric>,
  yTrue: NdArray,
  yPred: NdArray<Float32Array>,
  noted: Set<string>,
): Record<string, number> {
  const valueOf = (name: string): number => {
    try {
      return metrics[name](yTrue, yPred);
    } catch (error) {
      if (!(error instanceof UndefinedScoreError)) throw error;
      if (!noted.has(name)) console.log(`${name} is NaN. ${error.message}`);
      noted.add(name);
      return NaN;
    }
  };
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, valueOf(name)]));
}

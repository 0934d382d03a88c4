import { StarlitError } from "../engine";
import type { CalibrationBin } from "../metrics";
import { type Caption, type Figure, figure, percent, roles, round } from "./theme";

/** One curve, e.g. a model on a split. */
export interface CalibrationSeries {
  name: string;
  /** Its bins, e.g. of `calibrationBins`. */
  bins: readonly CalibrationBin[];
  role: keyof typeof roles;
}

/**
 * Calibration curves: how often predictions of a given confidence are right. On the diagonal a
 * probability means what it says; below it the model is too sure. Dots grow with the bin's count.
 */
export function calibrationCurve(series: readonly CalibrationSeries[], options: Caption): Figure {
  if (series.length === 0 || series.some(({ bins }) => bins.length === 0)) {
    throw new StarlitError("A calibration curve needs at least one bin of predictions.");
  }
  const values = series.flatMap(({ name, bins }) =>
    bins.map(({ predicted, observed, count }) => ({
      name,
      predicted: round(predicted),
      observed: round(observed),
      count,
    })),
  );
  const scale = { domain: [0, 1], nice: false };
  const axis = { format: ".0%", tickCount: 5 };
  const color = {
    field: "name",
    sort: null,
    scale: { domain: series.map(({ name }) => name), range: series.map(({ role }) => roles[role]) },
    legend: { title: null, orient: "bottom" },
  };
  const summary = values
    .map(
      ({ name, predicted, observed }) =>
        `${name}: ${percent(predicted, 0)} sure, ${percent(observed, 0)} right.`,
    )
    .join(" ");
  const note = options.note ?? "The larger a dot, the more predictions it stands for.";
  return figure({ ...options, note }, summary, {
    width: 320,
    height: 320,
    layer: [
      {
        data: {
          values: [
            { predicted: 0, observed: 0 },
            { predicted: 1, observed: 1 },
          ],
        },
        mark: { type: "line", color: roles.reference, strokeDash: [4, 3], strokeWidth: 1 },
        encoding: {
          x: {
            field: "predicted",
            type: "quantitative",
            scale,
            axis: { ...axis, title: "confidence of the prediction" },
          },
          y: {
            field: "observed",
            type: "quantitative",
            scale,
            axis: { ...axis, title: "share that is right" },
          },
        },
      },
      {
        data: { values },
        mark: { type: "line" },
        encoding: {
          x: { field: "predicted", type: "quantitative" },
          y: { field: "observed", type: "quantitative" },
          color,
        },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, opacity: 1, stroke: "white", strokeWidth: 0.5 },
        encoding: {
          x: { field: "predicted", type: "quantitative" },
          y: { field: "observed", type: "quantitative" },
          color,
          size: {
            field: "count",
            type: "quantitative",
            scale: { range: [15, 260] },
            legend: null,
          },
          tooltip: [
            { field: "name", title: "curve" },
            { field: "predicted", title: "confidence", format: ".1%" },
            { field: "observed", title: "right", format: ".1%" },
            { field: "count", title: "predictions", format: "," },
          ],
        },
      },
    ],
  });
}

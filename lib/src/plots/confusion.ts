import { StarlitError } from "../engine";
import { type Caption, type Figure, type Spec, figure, percent, round, shades } from "./theme";

/** One matrix: `matrix[i][j]` counts rows of true label i that were predicted as label j. */
export interface ConfusionPanel {
  name: string;
  matrix: readonly (readonly number[])[];
}

/** Words of the matrices, and the names of their labels. */
export interface ConfusionOptions extends Caption {
  labels: readonly string[];
  /** Matrices beside each other; two by default. */
  columns?: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Weighted F1, recall and precision of a matrix, as scikit-learn's `average="weighted"`. */
export function weightedScores(matrix: readonly (readonly number[])[]) {
  const all = sum(matrix.map(sum));
  const scores = { f1: 0, recall: 0, precision: 0 };
  matrix.forEach((row, label) => {
    const right = row[label] ?? 0;
    const truth = sum(row);
    const predicted = sum(matrix.map((other) => other[label] ?? 0));
    scores.f1 += truth + predicted > 0 ? (truth / all) * ((2 * right) / (truth + predicted)) : 0;
    scores.recall += right / all;
    scores.precision += predicted > 0 ? (truth / all) * (right / predicted) : 0;
  });
  return scores;
}

function panel({ name, matrix }: ConfusionPanel, labels: readonly string[], size: number): Spec {
  const values = matrix.flatMap((row, truth) =>
    row.map((count, predicted) => ({
      truth: labels[truth],
      predicted: labels[predicted],
      count,
      share: round(count / Math.max(sum(row), 1)),
    })),
  );
  const { f1, recall, precision } = weightedScores(matrix);
  const axis = { domain: false, ticks: false, labelAngle: 0, grid: false };
  return {
    width: size,
    height: size,
    title: {
      text: name,
      subtitle: `F1 ${f1.toFixed(3)}, recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`,
      offset: 6,
    },
    data: { values },
    encoding: {
      x: {
        field: "predicted",
        type: "nominal",
        sort: null,
        axis: { ...axis, title: "predicted" },
        scale: { paddingInner: 0.03, paddingOuter: 0 },
      },
      y: {
        field: "truth",
        type: "nominal",
        sort: null,
        axis: { ...axis, title: "true" },
        scale: { paddingInner: 0.03, paddingOuter: 0 },
      },
      tooltip: [
        { field: "truth", title: "true" },
        { field: "predicted", title: "predicted" },
        { field: "count", title: "reviews", format: "," },
        { field: "share", title: "share of the true label", format: ".1%" },
      ],
    },
    layer: [
      {
        mark: { type: "rect", stroke: "#dddddd", strokeWidth: 0.5 },
        encoding: {
          color: {
            field: "share",
            type: "quantitative",
            scale: { domain: [0, 1], range: shades, interpolate: "rgb" },
            legend: null,
          },
        },
      },
      {
        mark: { type: "text", fontSize: 11 },
        encoding: {
          text: { field: "share", type: "quantitative", format: ".2f" },
          color: { condition: { test: "datum.share > 0.5", value: "white" }, value: "#222222" },
        },
      },
    ],
  };
}

/**
 * Confusion matrices with each row divided by its sum: a cell is the share of the reviews of a true
 * label that got the predicted label; counts are in the tooltip. The scores are weighted by the
 * number of reviews of each label.
 */
export function confusionMatrices(
  panels: readonly ConfusionPanel[],
  options: ConfusionOptions,
): Figure {
  const { labels } = options;
  const square = ({ matrix }: ConfusionPanel) =>
    matrix.length === labels.length && matrix.every((row) => row.length === labels.length);
  if (panels.length === 0 || !panels.every(square)) {
    throw new StarlitError(
      `A confusion matrix needs a row and a column for each of the ${labels.length} labels.`,
    );
  }
  const columns = options.columns ?? 2;
  const size = columns > 3 ? 130 : columns > 2 ? 170 : 220;
  const summary = panels
    .map(({ name, matrix }) => {
      const right = matrix.map(
        (row, label) => `${labels[label]} ${percent((row[label] ?? 0) / Math.max(sum(row), 1), 0)}`,
      );
      return `${name}: weighted F1 ${weightedScores(matrix).f1.toFixed(3)}; right: ${right.join(", ")}.`;
    })
    .join(" ");
  return figure(options, summary, {
    concat: panels.map((one) => panel(one, labels, size)),
    columns,
    spacing: 24,
  });
}

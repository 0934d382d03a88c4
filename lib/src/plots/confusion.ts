import { StarlitError } from "../engine";
import { confusionMatrix, precisionRecallFscore } from "../metrics";
import {
  type Caption,
  type Figure,
  type Spec,
  checkFigureOptions,
  figure,
  percent,
  round,
  shades,
} from "./theme";

/** One matrix: true and predicted labels, row by row in the same order. */
export interface ConfusionPanel {
  name: string;
  yTrue: ArrayLike<number>;
  yPred: ArrayLike<number>;
}

/** Words of the matrices, and their labels. */
export interface ConfusionOptions extends Caption {
  /** The labels, in the order of rows and columns. */
  labels: readonly number[];
  /** What the labels are called; the numbers themselves where it is left out. */
  labelNames?: readonly string[];
  /** Matrices beside each other; two by default. */
  columns?: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The counts of a panel, by true and predicted label, and the shares of each true label. */
function cells({ yTrue, yPred }: ConfusionPanel, labels: readonly number[]) {
  const matrix = confusionMatrix(yTrue, yPred, { labels: [...labels] });
  return matrix.flatMap((row, truth) =>
    row.map((count, predicted) => ({
      truth: labels[truth],
      predicted: labels[predicted],
      count,
      share: round(count / Math.max(sum(row), 1)),
    })),
  );
}

const weighted = ({ yTrue, yPred }: ConfusionPanel) =>
  precisionRecallFscore(yTrue, yPred, { average: "weighted" });

function panel(
  one: ConfusionPanel,
  nameOf: (label: number) => string,
  options: ConfusionOptions,
  columns: number,
): Spec {
  const size = columns > 2 ? 145 : 220;
  const values = cells(one, options.labels).map((cell) => ({
    ...cell,
    truth: nameOf(cell.truth),
    predicted: nameOf(cell.predicted),
  }));
  const { fscore, recall, precision } = weighted(one);
  const scores = [
    `F1 ${fscore.toFixed(3)}`,
    `recall ${recall.toFixed(3)}`,
    `precision ${precision.toFixed(3)}`,
  ];
  const axis = { domain: false, ticks: false, labelAngle: 0, grid: false };
  return {
    width: size,
    height: size,
    title: {
      text: one.name,
      subtitle: columns > 2 ? scores : scores.join(", "),
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
        { field: "count", format: "," },
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
        mark: { type: "text", fontSize: columns > 2 ? 10 : 11 },
        encoding: {
          text: { field: "share", type: "quantitative", format: ".2f" },
          color: { condition: { test: "datum.share > 0.5", value: "white" }, value: "#222222" },
        },
      },
    ],
  };
}

/**
 * Confusion matrices with each row divided by its sum: a cell is the share of the rows of a true
 * label that got the predicted label; counts are in the tooltip. The scores above a matrix are
 * weighted by the number of rows of each label.
 *
 * @throws StarlitError if a panel has no row of these labels, or as many names as labels are lacking
 */
export function confusionMatrices(
  panels: readonly ConfusionPanel[],
  options: ConfusionOptions,
): Figure {
  checkFigureOptions("confusionMatrices", options, ["labels", "labelNames", "columns"]);
  const { labels, labelNames = labels.map(String), columns = 2 } = options;
  if (panels.length === 0 || labelNames.length !== labels.length) {
    throw new StarlitError(
      "Confusion matrices need at least one panel, and a name for each label.",
    );
  }
  const nameOf = (label: number) => labelNames[labels.indexOf(label)];
  const summary = panels
    .map((one) => {
      const right = cells(one, labels)
        .filter(({ truth, predicted }) => truth === predicted)
        .map(({ truth, share }) => `${nameOf(truth)} ${percent(share, 0)}`);
      return `${one.name}: weighted F1 ${weighted(one).fscore.toFixed(3)}; right: ${right.join(", ")}.`;
    })
    .join(" ");
  return figure(options, summary, {
    concat: panels.map((one) => panel(one, nameOf, options, columns)),
    columns,
    spacing: 24,
  });
}

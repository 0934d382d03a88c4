import { StarlitError } from "../lib/src/engine";
import {
  type Figure,
  calibrationCurve,
  confusionMatrices,
  histograms,
  labelProportions,
  learningCurves,
  publishedVersusOurs,
} from "../lib/src/plots";
import { describeFigures } from "./figures";

const labels = ["1", "2", "3", "4", "5"];

// The history of LSTM-2 as published, and two runs a little beside it, one of them shorter.
const published = {
  loss: [1.0006, 0.805, 0.7124, 0.6303, 0.5539, 0.4837, 0.432],
  valLoss: [0.9077, 0.8838, 0.9173, 1.0262, 1.0731, 1.1385, 1.2717],
};
const runs = [
  { loss: [1.02, 0.82, 0.7], valLoss: [0.9, 0.88, 0.93] },
  { loss: [1.04, 0.8], valLoss: [0.92, 0.9] },
];
const matrix = [
  [40, 60, 40, 10, 14],
  [30, 80, 120, 50, 30],
  [10, 60, 200, 180, 115],
  [2, 10, 90, 300, 580],
  [3, 6, 20, 240, 2239],
];
const truth = [164, 310, 565, 982, 2508];

/** Labels row by row that have this matrix. */
function labelled(counts: number[][]) {
  const rows = counts.flatMap((row, i) =>
    row.flatMap((count, j) => Array.from({ length: count }, () => [i + 1, j + 1])),
  );
  return { yTrue: rows.map(([label]) => label), yPred: rows.map(([, label]) => label) };
}

/** One of each figure, small enough to check by eye. */
const figures: Record<string, Figure> = {
  histograms: histograms(
    [
      {
        name: "as written",
        groups: [
          { name: "a", values: [1, 2, 3, 4] },
          { name: "b", values: [9] },
        ],
      },
      {
        name: "cleaned",
        groups: [
          { name: "a", values: [1, 1, 2, 2] },
          { name: "b", values: [5] },
        ],
      },
    ],
    { title: "Cleaning shortens", subtitle: "Made-up lengths", value: "characters" },
  ),
  learning: learningCurves([{ name: "LSTM-2", runs, published }], {
    title: "Validation loss is lowest after two epochs",
    metrics: [{ title: "cross-entropy", train: "loss", validation: "valLoss" }],
    profile: "quick",
    standIn: true,
  }),
  confusion: confusionMatrices([{ name: "LSTM-2, test", ...labelled(matrix) }], {
    title: "Five stars are found, one star is not",
    labels: [1, 2, 3, 4, 5],
  }),
  proportions: labelProportions(
    [
      {
        name: "LSTM-2",
        series: [
          { name: "true", counts: truth, role: "truth" },
          { name: "predicted", counts: [85, 216, 470, 780, 2978], role: "test" },
        ],
      },
    ],
    { title: "Predictions lean to five stars", labels },
  ),
  comparison: publishedVersusOurs(
    [
      {
        value: "weighted F1",
        heading: "Clothing reviews",
        rows: [
          { name: "LSTM-2", published: 0.596, ours: [0.59, 0.6, 0.61], reference: 0.614 },
          { name: "GRU-1", ours: [0.58] },
        ],
      },
    ],
    { title: "Ours is near the published", reference: "logistic regression" },
  ),
  calibration: calibrationCurve(
    [
      {
        name: "LSTM-2, test",
        role: "test",
        bins: [
          { predicted: 0.45, observed: 0.4, count: 100 },
          { predicted: 0.95, observed: 0.85, count: 400 },
        ],
      },
    ],
    { title: "LSTM-2 is too sure of itself" },
  ),
};

/** Every object anywhere in the figure that has all of these keys. */
function rowsWith(figure: Figure, ...keys: string[]): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (keys.every((key) => key in value)) found.push(value as Record<string, unknown>);
    Object.values(value).forEach(visit);
  };
  visit(figure);
  return found;
}

describeFigures(figures);

test("a figure of the quick profile or of the stand-in says so", () => {
  const { subtitle } = figures["learning"]!.title as { subtitle: string[] };
  expect(subtitle.join(" ")).toMatch(/^Quick profile: .* Stand-in: /);
  const { subtitle: none } = figures["confusion"]!.title as { subtitle?: string[] };
  expect(none).toBeUndefined();
});

test("histograms hold counts, shares, mean and quartiles", () => {
  const bars = rowsWith(figures["histograms"]!, "from", "count");
  expect(bars.filter(({ count }) => count !== 0).slice(0, 4)).toEqual(
    [1, 2, 3, 4].map((from) => ({ from, to: from + 0.5, count: 1, share: 0.25 })),
  );
  // numpy.percentile([1, 2, 3, 4], [25, 50, 75]) is 1.75, 2.5, 3.25.
  expect(rowsWith(figures["histograms"]!, "line", "at").slice(0, 4)).toEqual([
    { line: "mean", name: "mean", at: 2.5 },
    { line: "quartiles", name: "first quartile", at: 1.75 },
    { line: "quartiles", name: "median", at: 2.5 },
    { line: "quartiles", name: "third quartile", at: 3.25 },
  ]);
});

test("learning curves average the runs as long as all last, and draw each", () => {
  const validation = rowsWith(figures["learning"]!, "epoch", "runs").filter(
    ({ split, source }) => split === "validation" && source === "ours",
  );
  // Mean .91, standard deviation of a sample √.0002.
  expect(validation.map(({ value, low, high, runs: n }) => [value, low, high, n])).toEqual([
    [0.91, 0.8959, 0.9241, 2],
    [0.89, 0.8759, 0.9041, 2],
  ]);
  const each = rowsWith(figures["learning"]!, "run").filter(({ split }) => split === "validation");
  expect(each.map(({ run, epoch, value }) => [run, epoch, value])).toEqual([
    [1, 1, 0.9],
    [1, 2, 0.88],
    [1, 3, 0.93],
    [2, 1, 0.92],
    [2, 2, 0.9],
  ]);
});

test("confusion matrices hold shares of the true label and scikit-learn's weighted scores", () => {
  const cells = rowsWith(figures["confusion"]!, "truth", "share");
  expect(cells).toHaveLength(25);
  expect(cells.at(-1)).toEqual({ truth: "5", predicted: "5", count: 2239, share: 0.8927 });
  // precision_recall_fscore_support(…, average="weighted") of scikit-learn 1.9.1 on these counts.
  const [{ subtitle }] = rowsWith(figures["confusion"]!, "text", "subtitle").slice(-1) as [
    { subtitle: string },
  ];
  expect(subtitle).toBe("F1 0.607, recall 0.631, precision 0.595");
});

test("label proportions are shares of each series", () => {
  const bars = rowsWith(figures["proportions"]!, "series", "share");
  expect(bars[4]).toMatchObject({ label: "5", series: "true", share: 0.5538, count: 2508 });
  expect(bars[9]).toMatchObject({ label: "5", series: "predicted", share: 0.6575 });
});

test("the comparison holds mean and standard deviation over runs", () => {
  expect(rowsWith(figures["comparison"]!, "low", "high")).toEqual([
    { name: "LSTM-2", low: 0.59, high: 0.61, runs: 3 },
  ]);
  expect(rowsWith(figures["comparison"]!, "source", "value").map(({ value }) => value)).toEqual([
    0.614, 0.6, 0.596, 0.58,
  ]);
});

test("bad input is answered with one sentence", () => {
  expect(() => histograms([], { title: "", value: "" })).toThrow(StarlitError);
  const one = { name: "a", yTrue: [1], yPred: [1] };
  expect(() => confusionMatrices([one], { title: "", labels: [1], labelNames: [] })).toThrow(
    "a name for each label",
  );
  expect(() => confusionMatrices([one], { title: "", labels: [2] })).toThrow(StarlitError);
  expect(() => labelProportions([], { title: "", labels })).toThrow(StarlitError);
  expect(() => publishedVersusOurs([], { title: "" })).toThrow(StarlitError);
  expect(() => calibrationCurve([], { title: "" })).toThrow(StarlitError);
  const metrics = [{ title: "AUC", train: "auc", validation: "valAuc" }];
  expect(() => learningCurves([{ name: "a", runs }], { title: "", metrics })).toThrow(
    'No history holds "auc"',
  );
});

test("a metric may be a name; a published number is a mark at the last epoch", () => {
  const figure = learningCurves([{ name: "a", runs, published: { loss: 0.6, valLoss: 0.9 } }], {
    title: "",
    metrics: ["loss"],
  });
  // The legend draws what the figure draws: a diamond, not the dashes of a published curve.
  const drawn = JSON.stringify(figure);
  expect(drawn).toContain('"range":["circle","diamond"]},"legend":{"title":null');
  expect(drawn).not.toContain('[4,3]]},"legend":{');
  const marks = rowsWith(figure, "source", "value").filter(({ source }) => source === "published");
  expect(marks).toMatchObject([
    { epoch: 3, split: "train", value: 0.6 },
    { epoch: 3, split: "validation", value: 0.9 },
  ]);
});

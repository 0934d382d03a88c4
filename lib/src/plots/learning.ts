import { StarlitError } from "../engine";
import { summarize } from "../metrics/summary";
import {
  type Caption,
  type Figure,
  type Spec,
  checkFigureOptions,
  figure,
  roles,
  round,
} from "./theme";

/** One number an epoch for each name, e.g. `{loss, valLoss, auc, valAuc}`. */
export type CurveHistory = Readonly<Record<string, readonly number[]>>;

/** One column of panels: a model, its runs and, where known, the published history. */
export interface LearningModel {
  name: string;
  /** One history a run (a seed); they may stop at different epochs. */
  runs: readonly CurveHistory[];
  /** The published curves; a number is one of the last epoch, and is drawn as a mark there. */
  published?: Readonly<Record<string, readonly number[] | number>>;
}

/** One row of panels: the names under which histories hold a quantity for training and validation. */
export interface CurveMetric {
  title: string;
  train: string;
  validation: string;
}

/** Words of the learning curves, and the quantities to draw. */
export interface LearningOptions extends Caption {
  /** A name such as `loss` stands for the curves `loss` and `valLoss`. */
  metrics: readonly (CurveMetric | string)[];
}

/** The curves of a quantity that is called `name` in training. */
export function curvesOf(name: string): CurveMetric {
  return { title: name, train: name, validation: `val${name[0].toUpperCase()}${name.slice(1)}` };
}

interface Point {
  epoch: number;
  split: "train" | "validation";
  source: "ours" | "published";
  value: number;
  low: number;
  high: number;
  runs: number;
}

/** Mean and spread at each epoch, as long as all runs last: the mean of those left says little. */
function averaged(
  runs: readonly (readonly number[])[],
): Pick<Point, "value" | "low" | "high" | "runs">[] {
  const epochs = runs.length > 0 ? Math.min(...runs.map((run) => run.length)) : 0;
  return Array.from({ length: epochs }, (_, index) => {
    const { mean, std } = summarize(runs.map((run) => run[index]));
    const spread = runs.length > 1 ? std : 0;
    return {
      value: round(mean),
      low: round(mean - spread),
      high: round(mean + spread),
      runs: runs.length,
    };
  });
}

function points(model: LearningModel, metric: CurveMetric): Point[] {
  return (["train", "validation"] as const).flatMap((split) => {
    const name = metric[split];
    const histories = model.runs.map((history) => history[name] ?? []);
    const published = model.published?.[name] ?? [];
    const isMark = typeof published === "number";
    const numbered = (source: Point["source"], curves: readonly (readonly number[])[], from = 1) =>
      averaged(curves).map((value, index) => ({ epoch: from + index, split, source, ...value }));
    const last = Math.max(...histories.map(({ length }) => length));
    return [
      ...numbered("ours", histories),
      ...numbered("published", [isMark ? [published] : published], isMark ? last : 1),
    ];
  });
}

/** Each run on its own, where there are several: a mean can hide that one of them failed. */
function singleRuns(model: LearningModel, metric: CurveMetric) {
  if (model.runs.length < 2) return [];
  return model.runs.flatMap((history, run) =>
    (["train", "validation"] as const).flatMap((split) =>
      (history[metric[split]] ?? []).map((value, index) => ({
        epoch: index + 1,
        split,
        run: run + 1,
        value: round(value),
      })),
    ),
  );
}

const color = {
  field: "split",
  scale: { domain: ["train", "validation"], range: [roles.train, roles.validation] },
  legend: { title: null, orient: "bottom", symbolType: "stroke" },
};

/** What was published for a figure: at least one curve, single numbers alone, or nothing. */
type Published = "curves" | "marks" | "nothing";

// Published is dashed with diamonds, ours solid with circles: legible without colour. One of the two
// channels has the legend; the other must not be a scale, or the two legends would be merged.
const legend = { title: null, orient: "bottom" };

const strokeDash = (published: Published) =>
  published === "curves" && {
    strokeDash: {
      field: "source",
      scale: {
        domain: ["ours", "published"],
        range: [
          [1, 0],
          [4, 3],
        ],
      },
      legend: { ...legend, symbolType: "stroke" },
    },
  };

const shape = (published: Published) =>
  published === "marks"
    ? {
        field: "source",
        scale: { domain: ["ours", "published"], range: ["circle", "diamond"] },
        legend,
      }
    : {
        condition: { test: "datum.source == 'published'", value: "diamond" },
        value: "circle",
      };

function panel(
  data: Point[],
  singles: ReturnType<typeof singleRuns>,
  width: number,
  domain: number[],
  last: number,
  words: { title?: string; y?: string; x: boolean; published: Published },
): Spec {
  const x = {
    field: "epoch",
    type: "quantitative",
    scale: { domain: [0.6, last + 0.4], nice: false },
    axis: {
      title: words.x ? "epoch" : null,
      grid: false,
      format: "d",
      tickMinStep: 1,
      tickCount: Math.min(last, 7),
    },
  };
  const y = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain, zero: false, nice: false },
    axis: {
      title: words.y ?? null,
      labels: words.y !== undefined,
      ticks: false,
      domain: false,
      tickCount: 5,
      // A label over the edge would push the panel's title up.
      labelBound: true,
    },
  });
  return {
    width,
    height: 150,
    ...(words.title === undefined ? {} : { title: { text: words.title, offset: 8 } }),
    data: { values: data },
    encoding: { x, color },
    layer: [
      {
        transform: [{ filter: "datum.source == 'ours'" }],
        mark: { type: "area", opacity: 0.2 },
        encoding: { y: y("low"), y2: { field: "high" } },
      },
      {
        data: { values: singles },
        mark: { type: "line", strokeWidth: 0.8, opacity: 0.5 },
        encoding: { y: y("value"), detail: { field: "run" } },
      },
      {
        mark: { type: "line" },
        encoding: { y: y("value"), ...strokeDash(words.published) },
      },
      {
        mark: { type: "point", fill: "white", size: 30, strokeWidth: 1.5, opacity: 1 },
        encoding: {
          y: y("value"),
          shape: shape(words.published),
          tooltip: [
            { field: "source" },
            { field: "split" },
            { field: "epoch" },
            { field: "value", title: words.y ?? "mean", format: ".4f" },
            { field: "low", title: "mean − sd", format: ".4f" },
            { field: "high", title: "mean + sd", format: ".4f" },
            { field: "runs" },
          ],
        },
      },
    ],
  };
}

/**
 * Learning curves: one column a model, one row a quantity. Ours is the mean over the runs for as long
 * as all of them last, with a band of ± one standard deviation, and a thin line for each run; the
 * published history is dashed, a published number a diamond, and both are left out where other data
 * stand in for the study's.
 */
export function learningCurves(models: readonly LearningModel[], options: LearningOptions): Figure {
  checkFigureOptions("learningCurves", options, ["metrics"]);
  if (models.length === 0 || models.some((model) => model.runs.length === 0)) {
    throw new StarlitError("Learning curves need at least one model, and a run of each model.");
  }
  if (options.standIn) models = models.map(({ name, runs }) => ({ name, runs }));
  const width = Math.min(320, Math.floor(660 / models.length) - 14);
  const metrics = options.metrics.map((each) => (typeof each === "string" ? curvesOf(each) : each));
  const rows = metrics.map((metric, row): Spec => {
    const columns = models.map((model) => points(model, metric));
    if (columns.some((data) => data.length === 0)) {
      throw new StarlitError(`No history holds "${metric.train}" or "${metric.validation}".`);
    }
    const singles = models.map((model) => singleRuns(model, metric));
    const values = [
      ...columns.flat().flatMap(({ low, high }) => [low, high]),
      ...singles.flat().map(({ value }) => value),
    ];
    const epochs = [...columns.flat(), ...singles.flat()].map(({ epoch }) => epoch);
    const last = Math.max(...epochs);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const margin = 0.04 * (most - least || 1);
    const domain = [round(least - margin), round(most + margin)];
    return {
      hconcat: columns.map((data, column) =>
        panel(data, singles[column], width, domain, last, {
          title: row === 0 ? models[column]?.name : undefined,
          y: column === 0 ? metric.title : undefined,
          x: row === metrics.length - 1,
          published: publishedAs(models),
        }),
      ),
      spacing: 14,
    };
  });
  return figure(options, summary(models, metrics), { vconcat: rows, spacing: 14 });
}

function publishedAs(models: readonly LearningModel[]): Published {
  const all = models.flatMap(({ published }) => Object.values(published ?? {}));
  if (all.length === 0) return "nothing";
  return all.every((each) => typeof each === "number") ? "marks" : "curves";
}

function summary(models: readonly LearningModel[], metrics: readonly CurveMetric[]): string {
  return models
    .flatMap((model) =>
      metrics.map((metric) => {
        const ours = points(model, metric).filter(({ source }) => source === "ours");
        const ends = (["train", "validation"] as const).map((split) => {
          const curve = ours.filter((point) => point.split === split);
          return `${split} from ${curve[0]?.value ?? "–"} to ${curve.at(-1)?.value ?? "–"}`;
        });
        return `${model.name}, ${metric.title}: ${ends.join(", ")}.`;
      }),
    )
    .join(" ");
}

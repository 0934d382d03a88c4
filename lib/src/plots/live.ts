import { inNotebook } from "../engine";
import type { Callback } from "../training";
import { type CurveHistory, type CurveMetric, curvesOf, learningCurves } from "./learning";
import { show } from "./show";
import type { Caption } from "./theme";

/** Words of a live curve, and what is drawn beside ours. */
export interface LiveCurveOptions extends Caption {
  /** Published curves by the names of ours; a number stands for the same in every epoch. */
  published?: Readonly<Record<string, readonly number[] | number>>;
  /** What is drawn, as of `learningCurves`; unless told, everything that is followed while training. */
  metrics?: readonly (CurveMetric | string)[];
}

/** Milliseconds between two pictures: drawing one takes a moment. */
const PAUSE = 2000;

let figures = 0;

function metricsOf(history: CurveHistory): CurveMetric[] {
  return Object.keys(history)
    .filter((name) => !/^val[A-Z]/.test(name))
    .map(curvesOf);
}

/**
 * A callback of `fit` that draws the learning curve while it grows, with the published one beside it, as
 * one figure that is replaced in place. Several trainings that follow each other make one curve if they
 * get the same callback. Outside a notebook nothing is drawn.
 */
export function liveCurve(options: LiveCurveOptions): Callback {
  if (!inNotebook()) return {};
  const { published = {}, metrics, ...caption } = options;
  const id = `starlit-curve-${process.pid}-${figures++}`;
  const history: Record<string, number[]> = {};
  let drawnAt = 0;
  const draw = async () => {
    const epochs = Math.max(...Object.values(history).map(({ length }) => length));
    if (!(epochs > 0)) return;
    const curve = (value: readonly number[] | number) =>
      typeof value === "number" ? new Array<number>(Math.max(epochs, 2)).fill(value) : value;
    const beside = Object.entries(published).map(([name, value]) => [name, curve(value)] as const);
    const model = { name: "", runs: [{ ...history }], published: Object.fromEntries(beside) };
    const figure = learningCurves([model], { ...caption, metrics: metrics ?? metricsOf(history) });
    await show(figure, { id, update: drawnAt > 0 });
    drawnAt = Date.now();
  };
  const add = (curves: CurveHistory) => {
    for (const [name, values] of Object.entries(curves)) (history[name] ??= []).push(...values);
  };
  return {
    onTrainBegin: add,
    onEpochEnd: async (_epoch, values) => {
      for (const [name, value] of Object.entries(values)) (history[name] ??= []).push(value);
      if (Date.now() - drawnAt >= PAUSE) await draw();
    },
    onTrainEnd: draw,
  };
}

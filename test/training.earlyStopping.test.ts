import { StarlitError, tf } from "../lib/src/engine";
import { type EarlyStopping, fit, predict } from "../lib/src/training";
import { checkEarlyStopping, watchCurve } from "../lib/src/training/earlyStopping";
import { golden } from "./support";

/** A case of golden/early_stopping.py. */
interface Case {
  curve: (number | "NaN")[];
  options: {
    patience?: number;
    mode?: EarlyStopping["mode"];
    min_delta?: number;
    baseline?: number;
    start_from_epoch?: number;
  };
  /** Epochs that were trained. */
  epochs: number;
  /** The epoch whose weights the model ends with, from 0. */
  restored: number | null;
}

/** What a training with this curve does, epoch by epoch. */
function follow(curve: readonly number[], options: EarlyStopping) {
  for (let epochs = 1; ; epochs++) {
    const { best, stop } = watchCurve(options, { valLoss: curve.slice(0, epochs) });
    if (stop || epochs === curve.length) return { epochs, restored: best ?? null };
  }
}

test("ends and holds best what Keras's EarlyStopping does", () => {
  const { cases } = golden<{ cases: Case[] }>("early_stopping");
  expect(cases.length).toBeGreaterThan(200);
  // In Keras a NaN that is watched first counts as the best so far: see the next test.
  const begun = cases.filter(
    ({ curve, options }) => curve[options.start_from_epoch ?? 0] !== "NaN",
  );
  expect(cases.length - begun.length).toBe(2);
  for (const { curve, options, epochs, restored } of begun) {
    const { min_delta: minDelta, start_from_epoch: startFromEpoch, ...rest } = options;
    const numbers = curve.map(Number);
    const ours = follow(numbers, { ...rest, minDelta, startFromEpoch });
    expect({ curve, options, ...ours }).toEqual({ curve, options, epochs, restored });
  }
});

// Keras 2 began with ±∞ as the best value, so that any number was better than NaN; in Keras 3.15 a
// NaN in the first epoch stays the best for ever, which is nobody's wish.
test.each<["min" | "max", number]>([
  ["max", 3],
  ["min", 1],
])("after NaN in the first epoch the best of .7, .8, .9 is found, %s", (mode, best) => {
  const options = { monitor: "auc", patience: 9, mode };
  expect(watchCurve(options, { auc: [NaN, 0.7, 0.8, 0.9] })).toEqual({ best, stop: false });
  expect(watchCurve(options, { auc: [NaN, NaN] })).toEqual({ best: 0, stop: false });
});

test.each<[EarlyStopping, RegExp]>([
  [{ patience: -1 }, /patience is -1: give a whole number from 0 on/],
  [{ patience: 1.5 }, /patience is 1.5/],
  [{ patience: NaN }, /patience is NaN/],
  [{ startFromEpoch: -1 }, /startFromEpoch is -1/],
  [{ minDelta: NaN }, /minDelta is NaN: give a number/],
  [{ baseline: Infinity }, /baseline is Infinity/],
  [{ mode: "maximum" as "max" }, /has no mode "maximum": use auto, min, max/],
  [{ min_delta: 0.1 } as EarlyStopping, /has no option "min_delta": did you mean "minDelta"/],
  [{ restoreBestWeight: true } as EarlyStopping, /did you mean "restoreBestWeights"/],
  [{ monitor: "valAuc" }, /watches "valAuc", but there is only loss, valLoss/],
  [{ monitor: "kappa" }, /Whether a larger "kappa" is better is not known/],
])("refuses %j", (options, sentence) => {
  const check = () => checkEarlyStopping(options, ["loss", "valLoss"]);
  expect(check).toThrow(StarlitError);
  expect(check).toThrow(sentence);
});

test("a mode that is auto, or not given, is read from the name of the curve", () => {
  const best = (monitor: string, mode?: "auto") =>
    watchCurve({ monitor, mode, patience: 9 }, { [monitor]: [2, 3, 1] }).best;
  for (const mode of [undefined, "auto"] as const) {
    for (const name of ["valLoss", "valMse", "meanAbsoluteError"]) expect(best(name, mode)).toBe(2);
    for (const name of ["valAccuracy", "auc", "f1", "recall"]) expect(best(name, mode)).toBe(1);
  }
});

test("fit ends there, with the weights of the best epoch", async () => {
  const build = () =>
    tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "zeros" })],
    });
  const train = async (epochs: number, earlyStopping?: EarlyStopping) => {
    const model = build();
    // The metric is 5, 4, 3, 3, 2 … on the validation rows, which are measured second.
    let calls = 0;
    const score = () => [5, 4, 3, 3, 2, 1][Math.floor(calls++ / 2)];
    const examples = { x: [1, 2, 3], y: [1, 2, 3] };
    const history = await fit(model, examples, {
      epochs,
      loss: "meanSquaredError",
      optimizer: { learningRate: 0.1 },
      metrics: { score },
      validation: examples,
      earlyStopping,
      progress: false,
    });
    return { ...history, outputs: await predict(model, [1]) };
  };
  const watching = { monitor: "valScore", mode: "min", restoreBestWeights: true } as const;
  const stopped = await train(6, watching);
  expect(stopped).toMatchObject({ bestEpoch: 3, ended: "earlyStopping" });
  expect(stopped.history.loss).toHaveLength(4);
  expect(stopped.outputs).toEqual((await train(3)).outputs);
});

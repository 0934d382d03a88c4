import { simplifiedAttention } from "../lib/src/studies";
import { listRuns, packArray, type Run } from "../lib/src/training";

const { published } = simplifiedAttention;
const run = (valAccuracy: number[], seed = 1) =>
  ({ seed, history: { valAccuracy }, metrics: {} }) as unknown as Run;

test("the document's log falls in epochs 17 and 21, and the schedule answers", () => {
  const log = published.history.testAccuracy;
  expect(simplifiedAttention.fallsOf(run([...log]))).toEqual([17, 21]);
  expect(simplifiedAttention.scheduleRows(log, [16, 17, 21])).toEqual([
    {
      "epochs done": 16,
      accuracy: 0.8556,
      "learning rate": "5e-3",
      decay: "1e-6",
      finished: false,
    },
    { "epochs done": 17, accuracy: 0.855, "learning rate": "5e-4", decay: "1e-5", finished: false },
    { "epochs done": 21, accuracy: 0.856, "learning rate": "5e-5", decay: "1e-5", finished: true },
  ]);
});

test("a training beside the document's log: its distance, in points", () => {
  const log = published.history.testAccuracy;
  const off = log.map((accuracy, i) => accuracy + (i === 2 ? 0.02 : i === 9 ? -0.003 : 0));
  expect(simplifiedAttention.distanceRows([run(off, 4)])).toEqual([
    {
      seed: 4,
      epochs: 21,
      "falls in epoch": "4, 17, 21",
      "furthest from the published curve": "2.0 points",
      "from epoch 8 on": "0.3 points",
      "best less published best": "0.0 points",
    },
  ]);
});

test("zeros inside of a review are rare words, those after its end are padding", () => {
  const x = { data: Int32Array.from([1, 0, 5, 0, 0, 0, 0, 0, 0, 0]), shape: [2, 5] };
  const y = { data: new Float32Array(2), shape: [2] };
  expect(simplifiedAttention.zeroShares({ x, y })).toEqual({
    "rare words": "10.00 %",
    "after the end": "70.00 %",
  });
});

test("weights by position are shares of their sum, and so is their spread", () => {
  const weights = { data: Float32Array.from([0.1, 0.3, 0.01, 0.01]), shape: [2, 2] };
  const made = { predictions: { weights: packArray(weights) } } as unknown as Run;
  const { mean, deviation } = simplifiedAttention.positionShares("x", made);
  expect(Array.from(mean).map((share) => Number(share.toFixed(3)))).toEqual([0.25, 0.75]);
  expect(deviation![0]).toBeCloseTo(0.025, 4);
  expect(simplifiedAttention.spreadOfWeights(made)).toBeCloseTo(0.05, 4);
});

test("what shuffled words cost, seed by seed, of the stored runs", () => {
  const own = listRuns("simplified-attention")
    .filter(({ model, profile }) => model === "own-first" && profile === "full")
    .sort((a, b) => a.seed - b.seed);
  const [row] = simplifiedAttention.shuffleRows({ own });
  const lost = own.map(({ metrics }) => 100 * (metrics.accuracy - metrics.shuffledAccuracy));
  expect(own).toHaveLength(3);
  expect([1, 2, 3].map((seed) => row[`lost, seed ${seed}`])).toEqual(
    lost.map((points) => `${points.toFixed(1)} points`),
  );
  expect(Math.max(...lost) / Math.min(...lost)).toBeGreaterThan(3);
});

test("ablations, seed by seed: where the rate was first cut, and where they ended", () => {
  const ended = (accuracy: number, valAccuracy: number[], hyperParameters = {}) =>
    ({ metrics: { accuracy }, history: { valAccuracy }, hyperParameters }) as unknown as Run;
  const gru = [ended(0.8186, [0.6, 0.7, 0.69, 0.72]), ended(0.85, [0.6, 0.7])];
  const waited = ended(0.86, [0.6, 0.7, 0.69, 0.68], { patience: 2 });
  expect(simplifiedAttention.ablationRows({ gru, rnn: gru }, { "gru-patient": [waited] })).toEqual([
    {
      model: "gru",
      "published: first cut after epoch": "3, –",
      "test accuracy in %": "81.9, 85.0",
      "patient: first cut": "4",
      "test accuracy in % ": "86.0",
    },
    {
      model: "rnn",
      "published: first cut after epoch": "3, –",
      "test accuracy in %": "81.9, 85.0",
      "patient: first cut": "–",
      "test accuracy in % ": "–",
    },
  ]);
});

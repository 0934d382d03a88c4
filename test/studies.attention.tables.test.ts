import * as fs from "node:fs";
import * as path from "node:path";
import { attention, studyRuns } from "../lib/src/studies";
import { listRuns, type Run, unpackArray } from "../lib/src/training";
import { freshData } from "./support";

freshData();
beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => {}));

const stored = listRuns("attention").filter(({ profile }) => profile === "full");
const runs = new Map<string, Run[]>();
for (const run of stored) runs.set(run.model, [...(runs.get(run.model) ?? []), run]);

const { imdb, tweets } = attention.published;

test("scores on film reviews, beside the published accuracy where there is one", () => {
  const rows = attention.filmScores(runs, ["imdb-lstm-attention", "imdb-own", "no such model"]);
  // As the README has them.
  expect(rows).toMatchObject([
    { model: "lstm-attention", published: 0.8648, accuracy: "0.8645 ± 0.0039" },
    { model: "own", published: "–", accuracy: "0.9072 ± 0.0024", "test folder": "0.8963 ± 0.0045" },
  ]);
});

test("the published scores, and ours below, in the last epoch or in the one that was kept", () => {
  const parts = imdb.models["lstm-attention"];
  const ours = runs.get("imdb-lstm-attention")!;
  const last = attention.besidePublished("LSTM", parts, ours, "last");
  expect(last).toHaveLength(6);
  expect(last[0]).toMatchObject({ part: "train", whose: "published", loss: 0.0056, f1: 0.9983 });
  expect(last[1].loss).toBeCloseTo(0.0059, 4);
  expect(last[3]).toMatchObject({ part: "validation", whose: "ours" });
  expect(last[3].loss).toBeCloseTo(0.852, 3);
  // No loss of test rows was published, nor measured.
  expect(last[4]).toMatchObject({ accuracy: 0.8648, loss: "–" });
  expect(last[5].loss).toBe("–");
  const kept = attention.besidePublished("LSTM", parts, ours);
  const losses = ours.map(({ history, metrics }) => history.loss[metrics.bestEpoch - 1]);
  expect(kept[1].loss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 9);
});

test("where a run has means of batches, these are what is shown", () => {
  const [run] = runs.get("tweets-published-lstm-attention")!;
  const rows = attention.besidePublished("LSTM", tweets.models["lstm-attention"], [run]);
  expect(rows[5].f1).toBe(run.metrics.batchF1);
  expect(rows[1].f1).toBe(run.history.batchF1[run.metrics.bestEpoch - 1]);
});

test("published scores get the names of the curves of a training", () => {
  expect(attention.publishedCurves(imdb.models["lstm-attention"])).toMatchObject({
    loss: 0.0056,
    valLoss: 0.858,
    valF1: 0.8554,
  });
});

test("tokens as a network reads them: unknown ones are UNK, and what is beyond the row is cut", () => {
  const vocabulary = {
    encode: (tokens: readonly string[]) => tokens.map((token) => Number(token !== "good")),
    decode: (ids: ArrayLike<number>) => Array.from(ids, (id) => ["good", "UNK"][id]),
  } as never;
  expect(attention.readTokens("Good films, seen", { vocabulary, length: 3 })).toEqual([
    "good",
    "UNK",
    "UNK",
  ]);
});

test("attention of the published texts is a distribution in every epoch; a mask keeps it off PAD", () => {
  const [masked] = runs.get("imdb-lstm-attention")!;
  const [unmasked] = runs.get("imdb-lstm-attention-no-mask")!;
  const byEpoch = attention.weightsByEpoch(masked, 1);
  expect(byEpoch).toHaveLength(15);
  for (const weights of byEpoch) expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 3);
  expect(attention.attentionOnPadding(masked, 0)).toBeCloseTo(0, 3);
  expect(attention.attentionOnPadding(unmasked, 0)).toBeGreaterThan(0.1);
});

test("deleted words: the mean over the seeds, and each seed", () => {
  const ours = runs.get("imdb-lstm-attention")!;
  const points = attention.deletions(ours, "LSTM");
  expect(points.map(({ words }) => words)).toEqual([
    ...new Array<string>(5).fill("most attended, LSTM"),
    ...new Array<string>(5).fill("random, LSTM"),
  ]);
  const rows = attention.flippedBySeed(ours, "LSTM");
  const shares = rows.map((row) => row["most attended"] as number);
  expect(points[4].flipped).toBeCloseTo(shares.reduce((a, b) => a + b) / 3, 6);
  // The seeds differ by more than a factor of two.
  expect(Math.max(...shares)).toBeGreaterThan(2 * Math.min(...shares));
});

test("a vote is the mean of the probabilities", () => {
  const voters = runs.get("tweets-own-spelling")!;
  const { data, shape } = attention.vote(voters);
  expect(shape).toEqual([12_284, 3]);
  const first = voters.map(({ predictions }) => unpackArray(predictions!.probabilities).data[0]);
  expect(data[0]).toBeCloseTo(first.reduce((a, b) => a + b) / voters.length, 6);
});

test("the rows of the report are those that the notebook has saved", () => {
  const file = path.join(__dirname, "../data/results/attention.json");
  const saved = JSON.parse(fs.readFileSync(file, "utf8")) as { rows: { published: number }[] };
  const labels = { data: Float32Array.from({ length: 12_284 }, (_, i) => i % 3), shape: [12_284] };
  const rows = attention.results(runs, { y: labels } as never);
  expect(rows.map(({ published }) => published)).toEqual(
    saved.rows.map(({ published }) => published),
  );
});

test("padding in front, where it is asked for", () => {
  const vocabulary = { encode: () => [5, 6] } as never;
  const rows = (padding?: "pre" | "post") =>
    Array.from(attention.encodeTokens([["a", "b"]], { vocabulary, length: 4 }, { padding }).data);
  expect(rows()).toEqual([5, 6, 0, 0]);
  expect(rows("pre")).toEqual([0, 0, 5, 6]);
});

test("a notebook's runs: all stored seeds of the full profile, and no model that is unknown", async () => {
  const found = await studyRuns("clothing", ["lstm-2"], "full");
  expect(found.get("lstm-2")!.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
  await expect(studyRuns("clothing", ["lstm-3"], "full")).rejects.toThrow('no model "lstm-3"');
});

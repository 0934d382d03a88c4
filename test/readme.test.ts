import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { projectRoot } from "../lib/src/engine";
import { clothing } from "../lib/src/studies";
import { listRuns, type Run } from "../lib/src/training";

const readme = fs.readFileSync(path.join(projectRoot(), "README.md"), "utf8");

function meanAndSd(values: number[]): string {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.map((value) => (value - mean) ** 2).reduce((a, b) => a + b);
  return `${mean.toFixed(3)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(3)}`;
}

/** The runs by the published settings, of the full profile. */
function publishedRuns(model: string): Run[] {
  const wanted = clothing.publishedSettings(model);
  return listRuns("clothing")
    .filter((run) => run.model === model && run.profile === "full")
    .filter(({ hyperParameters }) => isDeepStrictEqual(hyperParameters, wanted));
}

test.each(["lstm-2", "gru-1", "gru-2", "gru-4"])(
  "the README's row of %s is what its stored runs say",
  (model) => {
    const runs = publishedRuns(model);
    expect(runs.map(({ seed }) => seed).sort()).toEqual([1, 2, 3, 4, 5]);
    const row = readme.split("\n").find((line) => line.startsWith(`| ${model.toUpperCase()} |`));
    expect(row).toContain(meanAndSd(runs.map(({ metrics }) => metrics.weightedF1)));
    expect(row).toContain(meanAndSd(runs.map(({ history }) => Math.min(...history.valLoss))));
  },
);

test.each([
  ["sound", "| sound |"],
  ["sound-pairs", "| sound, with pairs |"],
])("the README's row of %s is what its stored runs say", (name, begins) => {
  const runs = listRuns("clothing").filter(({ model, profile }) => {
    return model === name && profile === "full";
  });
  expect(runs.map(({ seed }) => seed).sort()).toEqual([1, 2, 3, 4, 5]);
  const row = readme.split("\n").find((line) => line.startsWith(begins));
  for (const score of ["weightedF1", "macroF1", "auc", "maeStars"]) {
    expect(row).toContain(meanAndSd(runs.map(({ metrics }) => metrics[score])));
  }
});

test.each([
  ["simplified-attention", "own-first", "accuracy"],
  ["simplified-attention", "own-whole", "accuracy"],
  ["attention", "imdb-lstm-attention", "accuracy"],
  ["attention", "imdb-own", "accuracy"],
  ["attention", "tweets-published-lstm-attention", "batchAccuracy"],
  ["attention", "imdb-own", "extraAccuracy"],
])("the README tells %s, %s, %s as its three stored runs do", (study, model, metric) => {
  const runs = listRuns(study).filter((run) => run.model === model && run.profile === "full");
  expect(runs.map(({ seed }) => seed).sort()).toEqual([1, 2, 3]);
  const [mean, sd] = meanAndSd(runs.map(({ metrics }) => 100 * metrics[metric])).split(" ± ");
  expect(readme).toContain(`${Number(mean).toFixed(1)} ± ${Number(sd).toFixed(1)} %`);
});

const stored = (study: string, model: string, value: (run: Run) => number) =>
  listRuns(study)
    .filter((run) => run.model === model && run.profile === "full" && !run.standIn)
    .map(value);

/** "0.631 ± 0.004", of one run "0.0395"; in percent "91.5 ± 0.1". */
function told(values: number[], digits: number): string {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return mean.toFixed(digits);
  const squares = values.map((value) => (value - mean) ** 2).reduce((a, b) => a + b, 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(digits)}`;
}

const share = ({ metrics }: Run) => 100 * metrics.accuracy;
const recall = ({ metrics }: Run) => metrics.recall;
const mse = ({ metrics }: Run) => metrics.mse / 100;

test.each([
  ["| 1 [ratings", "rating", "pairs", mse, 4],
  ["| 4 tweets, accuracy", "attention", "tweets-pooled-lstm-attention", share, 1],
  ["| 4 tweets without", "attention", "tweets-lstm-attention", recall, 3],
  ["| 4 tweets without", "attention", "tweets-own-spelling", recall, 3],
  ["| 5 [lab]", "lab", "mean", share, 1],
  ["| 5 [lab]", "lab", "lstm", share, 1],
] as const)(
  "the README's row %s has what the runs of %s, %s say",
  (begins, study, model, value, digits) => {
    const row = readme.split("\n").find((line) => line.startsWith(begins));
    expect(row).toContain(told(stored(study, model, value), digits));
  },
);

test("the README names the two commands", () => {
  expect(readme).toContain("npm run reproduce");
  expect(readme).toContain("npm test");
});

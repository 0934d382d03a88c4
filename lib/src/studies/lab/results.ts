import { profile } from "../../engine";
import { summarize } from "../../metrics/summary";
import { listRuns, type Run } from "../../training";
import { type LabModel, labModels, loadLab, runLab } from "./run";
import { publishedLab } from "./published";
import type { ResultRow } from "../report/results";

const seeds = [1, 2, 3];

const words: Record<LabModel, string> = {
  mean: "Mean of word vectors",
  lstm: "LSTM, 128 units",
  "lstm-mask": "LSTM with a mask (A)",
  gru: "GRU, 128 units (B)",
  attention: "LSTM with attention and mask (C)",
};

/**
 * The lab's trainings of the full profile on its own data: in that profile all are made that are
 * missing, in the quick one those that are stored are taken.
 */
async function labRuns(): Promise<Run[]> {
  if (profile() === "quick") {
    return listRuns("lab").filter((run) => run.profile === "full" && !run.standIn);
  }
  const data = await loadLab();
  const runs: Run[] = [];
  for (const model of labModels) {
    for (const seed of seeds) runs.push(await runLab(model, { seed, profile: "full", data }));
  }
  return runs;
}

function row(
  what: string,
  published: number | null,
  runs: readonly Run[],
  metric: string,
  note?: string,
): ResultRow {
  const { mean, std } = summarize(runs.map(({ metrics }) => metrics[metric]));
  return {
    ...{ what, published, ours: mean, seeds: runs.length, profile: "full" },
    ...(runs.length > 1 && { sd: std }),
    standIn: runs.some(({ standIn }) => standIn),
    ...(note && { note }),
  };
}

/** The lab's published numbers beside ours, for the report; no row where no run is stored. */
export async function labResults(): Promise<ResultRow[]> {
  const all = await labRuns();
  return labModels.flatMap((model) => {
    const runs = all.filter((run) => run.model === model);
    if (runs.length === 0) return [];
    const { models } = publishedLab;
    const published =
      model === "mean" || model === "lstm" ? models[model].history.valAccuracy[2] : null;
    const accuracy = `${words[model]}: test accuracy after 3 epochs`;
    const rows = [row(accuracy, published, runs, "accuracy")];
    if (model !== "mean") return rows;
    const note = "words that differ stand among the published 20";
    const shared = 'Of the published ten words nearest to "great", found again';
    return [...rows, row(shared, null, runs, "sharedNeighbours", note)];
  });
}

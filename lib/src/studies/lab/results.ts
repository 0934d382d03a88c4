import { profile } from "../../engine";
import { listRuns, type Run } from "../../training";
import { type ResultRow, resultRow } from "../experiment/resultRow";
import { published } from "./published";
import { load, type Model, models, run } from "./run";

const seeds = [1, 2, 3];

const words: Record<Model, string> = {
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
  if (profile() === "quick" || (await load()).standIn) {
    return listRuns("lab").filter((run) => run.profile === "full" && !run.standIn);
  }
  const runs: Run[] = [];
  for (const model of models) {
    for (const seed of seeds) runs.push(await run(model, { seed, profile: "full" }));
  }
  return runs;
}

/** The lab's published numbers beside ours, for the report; no row where no run is stored. */
export async function results(): Promise<ResultRow[]> {
  const all = await labRuns();
  return models.flatMap((model) => {
    const runs = all.filter((run) => run.model === model);
    if (runs.length === 0) return [];
    const known =
      model === "mean" || model === "lstm" ? published.models[model].history.valAccuracy[2] : null;
    const accuracy = `${words[model]}: test accuracy after 3 epochs`;
    const rows = [resultRow(accuracy, known, { runs, metric: "accuracy", kind: "share" })];
    if (model !== "mean") return rows;
    const note = "words that differ stand among the published 20";
    const shared = 'Of the published ten words nearest to "great", found again';
    return [...rows, resultRow(shared, null, { runs, metric: "sharedNeighbours" }, note)];
  });
}

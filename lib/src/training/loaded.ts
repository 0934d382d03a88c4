import { currentCell, displayBundle } from "../engine";
import { escapeHtml } from "../engine/html";
import type { Run } from "./runRecord";

/** When, where and in how many minutes a run was trained, in a line. */
export function describeRun(run: Run): string {
  const { model, seed, profile, finished, timings, engine } = run;
  const minutes = (timings.totalSeconds / 60).toFixed(1);
  const threads = engine.threads === 1 ? "1 thread" : `${engine.threads} threads`;
  return (
    `${model}, seed ${seed}, ${profile} profile: trained on ${finished.slice(0, 10)} in ${minutes} ` +
    `minutes (${engine.cpu}, ${threads}, ${engine.kernel} kernel)` +
    (run.standIn ? ", on stand-in data" : "")
  );
}

let lists = 0;

/** What was loaded in the cell that runs now. */
let latest: { cell: object; id: string; runs: Run[]; lines: string[] } | undefined;

/**
 * Tells that a stored run was loaded: a line; in a notebook all that a cell loads are one line, which
 * folds out to their list.
 */
export function tellLoaded(run: Run, place: string): void {
  const line = `${describeRun(run)}; loaded from ${place}.`;
  const cell = currentCell();
  if (!cell) return console.log(line);
  const update = latest?.cell === cell;
  if (!latest || !update) {
    latest = { cell, id: `starlit-loaded-${process.pid}-${lists++}`, runs: [], lines: [] };
  }
  latest.runs.push(run);
  latest.lines.push(line);
  const days = latest.runs.map(({ finished }) => finished.slice(0, 10)).sort();
  const period = days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
  const { length } = latest.runs;
  const told = `${length} stored ${length === 1 ? "training" : "trainings"}, ${period}`;
  const items = latest.lines.map((each) => `<li>${escapeHtml(each)}</li>`).join("");
  displayBundle(
    {
      "text/html": `<details><summary>${told}</summary><ul>${items}</ul></details>`,
      "text/plain": told,
    },
    { id: latest.id, update },
  );
}

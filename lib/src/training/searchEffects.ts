import { StarlitError } from "../engine";

/**
 * How much of the spread of a search's scores the values of one hyper-parameter explain: the sum of
 * squares between the values as a share of the whole (η² of the analysis of variance; Fisher 1925).
 * A value of 1 says that nothing else matters, 0 that it does not. Chance alone gives about
 * (values − 1) / (trials − 1). Trials that diverged do not count.
 */
export function explainedShare(
  trials: readonly { point: Readonly<Record<string, unknown>>; score: number }[],
  name: string,
): number {
  const kept = trials.filter(({ score }) => Number.isFinite(score));
  const groups = new Map<unknown, number[]>();
  for (const { point, score } of kept) {
    if (!(name in point)) {
      const known = Object.keys(point).join(", ");
      throw new StarlitError(`The trials have no hyper-parameter "${name}": use ${known}.`);
    }
    groups.set(point[name], [...(groups.get(point[name]) ?? []), score]);
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const scores = kept.map(({ score }) => score);
  const center = mean(scores);
  const whole = scores.reduce((sum, score) => sum + (score - center) ** 2, 0);
  const between = [...groups.values()].reduce(
    (sum, group) => sum + group.length * (mean(group) - center) ** 2,
    0,
  );
  return whole > 0 ? between / whole : 0;
}

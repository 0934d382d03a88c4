import { StarlitError } from "../engine/errors";

/** How many of how many. */
export interface Proportion {
  count: number;
  total: number;
}

/** What a test of two proportions says. */
export interface ProportionsTest {
  /** First proportion less the second. */
  difference: number;
  /** The difference in standard errors, the two proportions taken as equal. */
  z: number;
  /** Probability of a difference at least so large either way, were there none. */
  pValue: number;
}

/**
 * Whether two proportions of independent rows differ: the z-test with a pooled standard error (as
 * `proportions_ztest` of statsmodels).
 *
 * @throws StarlitError if a count is larger than its total, or all rows are alike
 */
export function twoProportionsTest(first: Proportion, second: Proportion): ProportionsTest {
  for (const { count, total } of [first, second]) {
    if (count >= 0 && count <= total && total > 0) continue;
    throw new StarlitError(`${count} of ${total} is no proportion: give a part of some rows.`);
  }
  const pooled = (first.count + second.count) / (first.total + second.total);
  const variance = pooled * (1 - pooled) * (1 / first.total + 1 / second.total);
  if (variance === 0) throw new StarlitError("All rows are alike: there is nothing to compare.");
  const difference = first.count / first.total - second.count / second.total;
  const z = difference / Math.sqrt(variance);
  return { difference, z, pValue: 2 * upperTail(Math.abs(z)) };
}

/**
 * Probability that a standard normal number exceeds `z` ≥ 0: a series near 0, beyond it a continued
 * fraction (Abramowitz and Stegun 26.2.10 and 26.2.14).
 */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 3; Math.abs(term) > 1e-17 * sum; n += 2) {
      term *= (z * z) / n;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / (z + fraction);
  return density / (z + fraction);
}

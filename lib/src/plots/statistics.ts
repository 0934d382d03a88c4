/** Statistics of one column of numbers, as pandas' `describe()` gives them. */
export interface Summary {
  count: number;
  mean: number;
  /** Standard deviation of a sample (divided by n − 1). */
  std: number;
  min: number;
  /** Quartiles with linear interpolation between the neighbours. */
  q25: number;
  q50: number;
  q75: number;
  max: number;
}

function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (position - below) * (high - low);
}

/**
 * Count, mean, standard deviation, extremes and quartiles; equal to `pandas.Series.describe`.
 * Without values everything but the count is NaN.
 */
export function describe(values: ArrayLike<number>): Summary {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const mean = count ? sorted.reduce((sum, value) => sum + value, 0) / count : NaN;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN,
    min: sorted[0] ?? NaN,
    q25: quantile(sorted, 0.25),
    q50: quantile(sorted, 0.5),
    q75: quantile(sorted, 0.75),
    max: sorted[count - 1] ?? NaN,
  };
}

/** Mean and standard deviation of a sample, e.g. of a score over seeds. */
export function meanAndStd(values: ArrayLike<number>): { mean: number; std: number } {
  const { mean, std } = describe(values);
  return { mean, std };
}

/** What is told of a column of numbers. */
export interface Summary {
  mean: number;
  /** Standard deviation of a sample (divided by n − 1); NaN of one number. */
  std: number;
  /** Quartiles, with linear interpolation between neighbours. */
  q25: number;
  median: number;
  q75: number;
}

/** Mean, standard deviation and quartiles of at least one number, as pandas has them. */
export function summarize(values: ArrayLike<number>): Summary {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    std: Math.sqrt(squares / (sorted.length - 1)),
    q25: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    q75: quantile(sorted, 0.75),
  };
}

/**
 * The mean of a number's values over the seeds and their standard deviation, as a table has them:
 * "0.583 ± 0.015"; of one value the mean alone.
 */
export function meanAndSd(values: readonly number[], digits = 3): string {
  const { mean, std } = summarize(values);
  return values.length > 1
    ? `${mean.toFixed(digits)} ± ${std.toFixed(digits)}`
    : mean.toFixed(digits);
}

/**
 * A quantile by linear interpolation (NumPy's `quantile`), to the last bit.
 *
 * @param sorted values in ascending order, at least one.
 * @param share from 0 to 1.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const index = Math.floor(position);
  const low = sorted[index];
  const high = sorted[Math.min(index + 1, sorted.length - 1)];
  const part = position - index;
  // From the nearer end, as NumPy does, so that equal values stay equal.
  return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}

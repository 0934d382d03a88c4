/** A row of `describeRows`: the name of a statistic, then its value for each numeric field. */
export type Description = { statistic: string } & Record<string, number | string>;

/**
 * Count, mean, standard deviation (n − 1), minimum, quartiles (linear interpolation) and maximum of
 * every numeric field, missing values left out; as pandas's `DataFrame.describe`. danfojs's own has
 * no quartiles and takes no missing values.
 *
 * @param rows objects with the same fields
 */
export function describeRows(rows: readonly object[]): Description[] {
  const records = rows as readonly Record<string, unknown>[];
  const columns = Object.keys(records[0] ?? {}).flatMap((field) => {
    const values = records
      .map((record) => record[field])
      .filter((value) => value !== null && value !== undefined);
    const numeric = values.length > 0 && values.every((value) => typeof value === "number");
    return numeric ? [{ field, statistics: statisticsOf(values as number[]) }] : [];
  });
  return names.map((statistic, i) => ({
    statistic,
    ...Object.fromEntries(columns.map(({ field, statistics }) => [field, statistics[i]])),
  }));
}

const names = ["count", "mean", "std", "min", "25%", "50%", "75%", "max"];

function statisticsOf(all: number[]): number[] {
  const values = Float64Array.from(all.filter((value) => !Number.isNaN(value))).sort();
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const quantile = (share: number) => {
    const at = share * (count - 1);
    const below = values[Math.floor(at)];
    return below + (at % 1) * (values[Math.ceil(at)] - below);
  };
  const quantiles = [0, 0.25, 0.5, 0.75, 1].map(quantile);
  return [count, mean, Math.sqrt(squares / (count - 1)), ...quantiles];
}

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

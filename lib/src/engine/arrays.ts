/** A dense array in row-major order: what travels between text, training and metrics. */
export interface NdArray<T extends Float32Array | Int32Array = Float32Array | Int32Array> {
  /** Values in row-major order; `data.length` is the product of `shape`. */
  data: T;
  /** Sizes of the axes, rows first. */
  shape: number[];
}

/** The rows of an array at these places, in this order. */
export function takeRows<T extends Float32Array | Int32Array>(
  { data, shape }: NdArray<T>,
  places: ArrayLike<number>,
): NdArray<T> {
  const [rows, ...rest] = shape;
  const width = data.length / rows;
  const taken = new (data.constructor as new (length: number) => T)(places.length * width);
  for (let i = 0; i < places.length; i++) {
    const [from, to] = [places[i] * width, i * width];
    // A view costs more than to copy a few numbers.
    if (width > 16) taken.set(data.subarray(from, from + width) as never, to);
    else for (let j = 0; j < width; j++) taken[to + j] = data[from + j];
  }
  return { data: taken, shape: [places.length, ...rest] };
}

/** The place of the largest of `count` values from `start` on, the first of equals (`np.argmax`). */
export function argmax(values: ArrayLike<number>, start = 0, count = values.length): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + best]) best = i;
  return best;
}

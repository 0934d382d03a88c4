/** A dense array in row-major order: what travels between text, training and metrics. */
export interface NdArray<T extends Float32Array | Int32Array = Float32Array | Int32Array> {
  /** Values in row-major order; `data.length` is the product of `shape`. */
  data: T;
  /** Sizes of the axes, rows first. */
  shape: number[];
}

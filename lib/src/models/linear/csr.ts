/**
 * A sparse matrix in compressed sparse rows, as scipy's `csr_matrix`: row r has the values
 * `data[indptr[r]]` … `data[indptr[r + 1] - 1]` in the columns that `indices` gives, in rising order.
 */
export interface Csr {
  /** Rows and columns. */
  shape: [rows: number, columns: number];
  /** Where each row begins, and the end (rows + 1). */
  indptr: Int32Array;
  /** Column of each value. */
  indices: Int32Array;
  data: Float64Array;
}

/** The same matrix with rows and columns exchanged; a `Csr` of it runs through columns. */
export function transpose(matrix: Csr): Csr {
  const [rows, columns] = matrix.shape;
  const indptr = new Int32Array(columns + 1);
  for (const column of matrix.indices) indptr[column + 1]++;
  for (let column = 0; column < columns; column++) indptr[column + 1] += indptr[column];
  const next = indptr.slice(0, columns);
  const indices = new Int32Array(matrix.indices.length);
  const data = new Float64Array(matrix.data.length);
  for (let row = 0; row < rows; row++) {
    for (let i = matrix.indptr[row]; i < matrix.indptr[row + 1]; i++) {
      const at = next[matrix.indices[i]]++;
      indices[at] = row;
      data[at] = matrix.data[i];
    }
  }
  return { shape: [columns, rows], indptr, indices, data };
}

/**
 * out += matrix · dense.
 *
 * @param dense (columns, width), row-major
 * @param out (rows, width), row-major
 */
export function addProduct(
  matrix: Csr,
  dense: Float64Array,
  width: number,
  out: Float64Array,
): void {
  const { indptr, indices, data } = matrix;
  for (let row = 0; row < matrix.shape[0]; row++) {
    const to = row * width;
    for (let i = indptr[row]; i < indptr[row + 1]; i++) {
      const from = indices[i] * width;
      const value = data[i];
      for (let k = 0; k < width; k++) out[to + k] += value * dense[from + k];
    }
  }
}

/**
 * out += matrixᵀ · dense, without making the transpose.
 *
 * @param dense (rows, width), row-major
 * @param out (columns, width), row-major
 */
export function addTransposedProduct(
  matrix: Csr,
  dense: Float64Array,
  width: number,
  out: Float64Array,
): void {
  const { indptr, indices, data } = matrix;
  for (let row = 0; row < matrix.shape[0]; row++) {
    const from = row * width;
    for (let i = indptr[row]; i < indptr[row + 1]; i++) {
      const to = indices[i] * width;
      const value = data[i];
      for (let k = 0; k < width; k++) out[to + k] += value * dense[from + k];
    }
  }
}

/** The same matrix with the values of each column times a factor. */
export function scaleColumns(matrix: Csr, factors: Float64Array): Csr {
  return { ...matrix, data: matrix.data.map((value, i) => value * factors[matrix.indices[i]]) };
}

/** Two matrices with the same rows side by side, as scipy's `hstack`. */
export function joinColumns(left: Csr, right: Csr): Csr {
  const [rows, columns] = left.shape;
  const size = left.data.length + right.data.length;
  const joined: Csr = {
    shape: [rows, columns + right.shape[1]],
    indptr: left.indptr.map((start, row) => start + right.indptr[row]),
    indices: new Int32Array(size),
    data: new Float64Array(size),
  };
  for (let row = 0; row < rows; row++) {
    let at = joined.indptr[row];
    for (let i = left.indptr[row]; i < left.indptr[row + 1]; i++, at++) {
      joined.indices[at] = left.indices[i];
      joined.data[at] = left.data[i];
    }
    for (let i = right.indptr[row]; i < right.indptr[row + 1]; i++, at++) {
      joined.indices[at] = columns + right.indices[i];
      joined.data[at] = right.data[i];
    }
  }
  return joined;
}

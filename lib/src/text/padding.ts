import type { NdArray } from "../engine/arrays";
import { StarlitError } from "../engine/errors";

/** Options of `padSequences`, with Keras's defaults. */
export interface PadOptions {
  /** Columns of the result; the length of the longest sequence where it is not given. */
  maxlen?: number;
  /** Where the filling goes; "pre" by default. */
  padding?: "pre" | "post";
  /** Which end of a longer sequence is cut off; "pre" by default. */
  truncating?: "pre" | "post";
  /** The filling; 0 by default. */
  value?: number;
}

/**
 * Sequences of ids as one table, each cut or filled to the same length (`keras.utils.pad_sequences`).
 *
 * @returns shape [sequences, maxlen].
 */
export function padSequences(
  sequences: readonly ArrayLike<number>[],
  options: PadOptions = {},
): NdArray<Int32Array> & { shape: [number, number] } {
  const { padding = "pre", truncating = "pre", value = 0 } = options;
  const maxlen =
    options.maxlen ?? sequences.reduce((most, { length }) => Math.max(most, length), 0);
  if (!Number.isInteger(maxlen) || maxlen < 0) {
    throw new StarlitError(`maxlen is ${maxlen}: give a whole number of columns.`);
  }
  const data = new Int32Array(sequences.length * maxlen).fill(value);
  sequences.forEach((sequence, row) => {
    const kept = Math.min(sequence.length, maxlen);
    const from = truncating === "pre" ? sequence.length - kept : 0;
    const to = row * maxlen + (padding === "pre" ? maxlen - kept : 0);
    for (let i = 0; i < kept; i++) data[to + i] = sequence[from + i];
  });
  return { data, shape: [sequences.length, maxlen] };
}

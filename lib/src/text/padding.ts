import type { NdArray } from "../engine/arrays";
import { StarlitError } from "../engine/errors";
import { checkOptions, knownNames } from "../engine/options";

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
 * @throws StarlitError if an option is unknown, or an id or the filling is no whole number of 32 bits
 */
export function padSequences(
  sequences: readonly ArrayLike<number>[],
  options: PadOptions = {},
): NdArray<Int32Array> & { shape: [number, number] } {
  checkOptions("padSequences", options, ["maxlen", "padding", "truncating", "value"]);
  const { padding = "pre", truncating = "pre", value = 0 } = options;
  checkSide("padding", padding);
  checkSide("truncating", truncating);
  if (!isInt32(value)) {
    throw new StarlitError(`value is ${value}: give a whole number of 32 bits.`);
  }
  if (!Array.isArray(sequences)) {
    throw new StarlitError("padSequences takes a list of sequences: put the ids into brackets.");
  }
  const maxlen = options.maxlen ?? longest(sequences);
  if (!Number.isInteger(maxlen) || maxlen < 0) {
    throw new StarlitError(`maxlen is ${maxlen}: give a whole number of columns.`);
  }
  if (sequences.length * maxlen > LARGEST) {
    throw new StarlitError(
      `${sequences.length} sequences of ${maxlen} ids are more than memory holds: give a smaller maxlen.`,
    );
  }
  const data = new Int32Array(sequences.length * maxlen).fill(value);
  sequences.forEach((sequence, row) => {
    const kept = Math.min(sequence.length, maxlen);
    const from = truncating === "pre" ? sequence.length - kept : 0;
    const to = row * maxlen + (padding === "pre" ? maxlen - kept : 0);
    for (let i = 0; i < kept; i++) {
      const id = sequence[from + i];
      if (!isInt32(id)) {
        throw new StarlitError(
          `Sequence ${row} holds ${String(id)} at place ${from + i}: give ids, whole numbers of 32 bits.`,
        );
      }
      data[to + i] = id;
    }
  });
  return { data, shape: [sequences.length, maxlen] };
}

/** Values of an array, of which each takes four bytes. */
const LARGEST = 2 ** 31;

const isInt32 = (value: number) => (value | 0) === value;

function longest(sequences: readonly ArrayLike<number>[]): number {
  const lengths = sequences.map((sequence, row) => {
    const length = (sequence as ArrayLike<number> | undefined)?.length;
    if (length !== undefined) return length;
    throw new StarlitError(`Sequence ${row} is ${String(sequence)}: give a list of ids.`);
  });
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}

function checkSide(name: string, side: string): void {
  if (side === "pre" || side === "post") return;
  throw new StarlitError(
    `padSequences: ${name} "${side}" is unknown: ${knownNames(side, ["pre", "post"])}`,
  );
}

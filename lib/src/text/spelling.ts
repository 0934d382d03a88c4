import { StarlitError } from "../engine/errors";
import { checkOptions } from "../engine/options";
import { emptyHash, extendHash } from "./hash";

/** Options of `spellingIds`. */
export interface SpellingOptions {
  /** Numbers that the pieces are spread over, 0 for "no piece" included: 2 or more. */
  buckets: number;
  /** Lengths of the pieces in UTF-16 units. Default 3, 4 and 5. */
  lengths?: readonly number[];
}

/**
 * Numbers of the pieces of words, from 1 on, in order: all runs of 3, 4 and 5 characters of each word,
 * with "<" before it and ">" after it, numbered by a hash. Words that are spelt alike share pieces, so
 * "loooove" and a hash tag that was never seen are not wholly unknown (fastText: Bojanowski et al. 2017).
 */
export function spellingIds(tokens: readonly string[], options: SpellingOptions): number[] {
  checkOptions("spellingIds", options, ["buckets", "lengths"]);
  const { buckets, lengths = [3, 4, 5] } = options;
  if (!(Number.isInteger(buckets) && buckets > 1)) {
    throw new StarlitError(
      `spellingIds: buckets is ${buckets}: give a whole number from 2 on, as 0 stands for no piece.`,
    );
  }
  if (!lengths.every((length) => Number.isInteger(length) && length > 0)) {
    throw new StarlitError(
      `spellingIds: lengths are ${lengths.join(", ")}: give whole numbers above 0.`,
    );
  }
  const ids: number[] = [];
  for (const token of tokens) {
    const word = `<${token}>`;
    for (const length of lengths) {
      for (let start = 0; start + length <= word.length; start++) {
        let hash = emptyHash;
        for (let i = start; i < start + length; i++) hash = extendHash(hash, word.charCodeAt(i));
        ids.push(1 + ((hash >>> 0) % (buckets - 1)));
      }
    }
  }
  return ids;
}

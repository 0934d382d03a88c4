// How two lists of numbers go together; computed by jstat.
import { jStat } from "jstat";
import { checkRows } from "./inputs";

/** Pearson's correlation of two lists, row by row: 1 on a rising line, −1 on a falling one. */
export function correlation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkRows(["first", "second"], first.length, second.length);
  return jStat.corrcoeff(Array.from(first), Array.from(second));
}

/** Spearman's correlation of the ranks of two lists; equal values share their mean rank. */
export function rankCorrelation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkRows(["first", "second"], first.length, second.length);
  return jStat.spearmancoeff(Array.from(first), Array.from(second));
}

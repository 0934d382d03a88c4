import { equivalenceTest, predictionInterval } from "../../metrics";
import { kinds, type ResultRow as Row } from "../experiment/resultRow";

/** Whether a published number was reproduced. */
export type Verdict =
  /** The same number to its last published digit; nothing was trained for it. */
  | "equal"
  /** Nothing was trained for it, and it is another number. */
  | "not equal"
  /** Our trainings end there, in the mean, within the margin of its kind. */
  | "reproduced"
  /** That cannot be told from so few trainings; but one more could end there. */
  | "within the spread"
  /** One more could end there, but also nearly anywhere else: see `WIDEST`. */
  | "seeds differ too much"
  /** Neither. */
  | "not reproduced"
  /** One training has no spread to judge by. */
  | "one run"
  /** Made with the quick profile or on stand-in data. */
  | "not comparable"
  /** Ours alone. */
  | "not published";

/** No study published a score or a loss with fewer. */
const DECIMALS = 2;

/**
 * Half of the last digit in which a number was published. A number forgets its last zeros (0.10 is
 * 0.1), so `fewest` says how many decimals there were at least.
 */
export function rounding(published: number, fewest = DECIMALS): number {
  const decimals = String(published).split(".")[1]?.length ?? 0;
  return 0.5 * 10 ** -Math.max(decimals, fewest) * (1 + 1e-9);
}

/** How many margins wide the interval of one more training may be to say anything of a number inside. */
const WIDEST = 6;

/** Where one more training of ours would end, see `predictionInterval`; `null` of less than two. */
export function nextTraining({ kind, values }: Row): [low: number, high: number] | null {
  if (!kind || !values) return null;
  return predictionInterval(values, { scale: kinds[kind].scale });
}

/**
 * Judges a row: two one-sided tests say whether our trainings end, in the mean, at the published number,
 * to the margin of its kind and half its last digit; the interval of one more training whether it could
 * be one of them, provided that the interval is narrow enough to tell. See `Verdict`.
 */
export function verdict(row: Row): Verdict {
  const { published, ours, seeds, profile: made, standIn, kind, values } = row;
  if (published === null) return "not published";
  if (made !== "full" || standIn) return "not comparable";
  if (seeds === 0) {
    return Math.abs(ours - published) <= rounding(published, 0) ? "equal" : "not equal";
  }
  const interval = nextTraining(row);
  if (!kind || !values || !interval) return "one run";
  const tolerance = rounding(published);
  if (equivalenceTest(values, published, kinds[kind].margin + tolerance).pValue < 0.05) {
    return "reproduced";
  }
  const [low, high] = interval;
  const couldEndThere = published >= low - tolerance && published <= high + tolerance;
  if (!couldEndThere) return "not reproduced";
  return high - low > WIDEST * kinds[kind].margin ? "seeds differ too much" : "within the spread";
}

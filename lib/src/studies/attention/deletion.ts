import type { LayersModel } from "@tensorflow/tfjs";
import { type NdArray, Random } from "../../engine";
import { argmax } from "../../engine/arrays";
import { attentionOf } from "./networks";
import { predict } from "../../training";

/** Which words are deleted. */
export type DeletionWay = "most attended" | "random" | "least attended";

/** How a prediction moves when words are deleted. */
export interface DeletionRow {
  words: DeletionWay;
  /** How many were deleted. */
  count: number;
  /** Mean absolute change of the probability of the class that was predicted. */
  change: number;
  /** Share of the rows whose predicted class changed. */
  flipped: number;
}

/** Options of `deletionTest`. */
export interface DeletionOptions {
  /** How many words to delete. */
  counts: readonly number[];
  /** Seed of the words at random. */
  seed: number;
  /** Which words; the most attended ones and as many at random unless told. */
  ways?: readonly DeletionWay[];
}

/** Rows of ids without those at the given places; what follows moves up, 0 fills the end. */
export function deleteWords(
  { data, shape }: NdArray<Int32Array>,
  places: readonly (readonly number[])[],
): NdArray<Int32Array> {
  const [rows, steps] = shape;
  const kept = new Int32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const gone = new Set(places[row]);
    let to = row * steps;
    for (let step = 0; step < steps; step++) {
      if (!gone.has(step)) kept[to++] = data[row * steps + step];
    }
  }
  return { data: kept, shape: [...shape] };
}

/** Places of the words of a row, those with most attention first. */
function byAttention(ids: Int32Array, attention: Float32Array): number[] {
  const words = Array.from(ids.keys()).filter((place) => ids[place] !== 0);
  return words.sort((a, b) => attention[b] - attention[a] || a - b);
}

/** The class a row of outputs predicts, and its probability at the time. */
function readOutput(
  { data, shape }: NdArray,
  row: number,
): { label: number; of: (n: number) => number } {
  const [, width] = shape;
  if (width === 1) {
    const positive = data[row];
    return {
      label: Number(positive > 0.5),
      of: (label) => (label === 1 ? positive : 1 - positive),
    };
  }
  const label = argmax(data, row * width, width);
  return { label, of: (each) => data[row * width + each] };
}

/**
 * Does attention point at the words that matter? Deletes the words with most attention, those with
 * least, or as many at random, and compares the predictions (Jain and Wallace 2019, DeYoung and others 2020).
 *
 * @param model an `lstm-attention` classifier
 * @param x word ids (N, T), 0 where there is no word
 */
export async function deletionTest(
  model: LayersModel,
  x: NdArray<Int32Array>,
  { counts, seed, ways = ["most attended", "random"] }: DeletionOptions,
): Promise<DeletionRow[]> {
  const [rows, steps] = x.shape;
  const before = await predict(model, x);
  const attention = await predict(attentionOf(model), x);
  const random = new Random(seed);
  const part = <T extends Int32Array | Float32Array>(of: T, row: number) =>
    of.subarray(row * steps, (row + 1) * steps) as T;
  const attended = Array.from({ length: rows }, (_, row) =>
    byAttention(part(x.data, row), part(attention.data, row)),
  );
  const orders: Record<DeletionWay, number[][]> = {
    "most attended": attended,
    random: attended.map((places) => random.shuffle([...places])),
    "least attended": attended.map((places) => [...places].reverse()),
  };
  const found: DeletionRow[] = [];
  for (const words of ways) {
    for (const count of counts) {
      const gone = orders[words].map((places) => places.slice(0, count));
      const after = await predict(model, deleteWords(x, gone));
      let [change, flipped] = [0, 0];
      for (let row = 0; row < rows; row++) {
        const [first, second] = [readOutput(before, row), readOutput(after, row)];
        change += Math.abs(first.of(first.label) - second.of(first.label));
        flipped += Number(first.label !== second.label);
      }
      found.push({ words, count, change: change / rows, flipped: flipped / rows });
    }
  }
  return found;
}

import { checkText } from "./given";
import { checkOptions } from "../engine/options";
import { KERAS_FILTERS } from "./tokenizer";
import { wordCutter } from "./wordCutter";

/** Options of `kerasImdbIds`, with the defaults of Keras's `imdb.load_data`. */
export interface KerasImdbOptions {
  /** Ids from this number on count as unknown; none where it is not given. */
  numWords?: number;
  /** How many of the lowest ids count as unknown; 0 by default. */
  skipTop?: number;
  /** Stands before the first word; 1 by default, none if `null`. */
  startChar?: number | null;
  /** Stands for a word that is too rare or too frequent; 2 by default, left out if `null`. */
  oovChar?: number | null;
  /** Is added to every id of the word index; 3 by default. */
  indexFrom?: number;
}

const optionNames = ["numWords", "skipTop", "startChar", "oovChar", "indexFrom"];

const cut = wordCutter(KERAS_FILTERS, " ");

/**
 * A review as the ids of Keras's IMDb data set (`keras.datasets.imdb.load_data`).
 *
 * Only A to Z are put in lower case, as when the set was made: its index has "Åmål", not "åmål".
 *
 * @param wordIndex Keras's `imdb_word_index.json`, or ranks counted in the train reviews: the most
 * frequent word has number 1. Words that are not in it are left out.
 */
export function kerasImdbIds(
  text: string,
  wordIndex: ReadonlyMap<string, number>,
  options: KerasImdbOptions = {},
): number[] {
  checkText("kerasImdbIds", text);
  checkOptions("kerasImdbIds", options, optionNames);
  const { numWords = Infinity, skipTop = 0, startChar = 1, oovChar = 2, indexFrom = 3 } = options;
  const ids: number[] = [];
  const push = (id: number) => {
    if (id >= skipTop && id < numWords) ids.push(id);
    else if (oovChar !== null) ids.push(oovChar);
  };
  if (startChar !== null) push(startChar);
  // When the index was made, lower case was a matter of A to Z: it has "Åmål" and not "åmål".
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  cut(lower, (_, start, end) => {
    const rank = wordIndex.get(lower.slice(start, end));
    if (rank !== undefined) push(rank + indexFrom);
  });
  return ids;
}

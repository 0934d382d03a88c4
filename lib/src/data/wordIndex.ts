import * as fs from "node:fs";
import * as zlib from "node:zlib";
import { StarlitError } from "../engine/errors";
import { catalogue } from "./catalogue";
import { resolveFile } from "./resolve";

const WORDS = 88584;

/**
 * Keras's word index of the film reviews: 88,584 words with their rank by frequency, from 1 ("the").
 * `keras.datasets.imdb.get_word_index`.
 *
 * @throws UnreachableError if the file is nowhere to be had
 * @throws StarlitError if what is found is damaged, or the data folder cannot be written
 */
export async function loadImdbWordIndex(): Promise<Map<string, number>> {
  const info = catalogue["imdb-word-index"];
  const file = await resolveFile(info.files[0], info);
  const bytes = fs.readFileSync(file);
  const text = (file.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes).toString();
  // A Map, since some of the words are also properties that every object has.
  const index = new Map(Object.entries(JSON.parse(text) as Record<string, number>));
  const ranks = new Set(index.values());
  if (index.size === WORDS && ranks.size === WORDS && ranks.has(1) && ranks.has(WORDS)) return index;
  throw new StarlitError(`${file} is not Keras's index of 88,584 words: delete it and run again.`);
}

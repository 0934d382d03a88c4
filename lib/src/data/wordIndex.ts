import { StarlitError } from "../engine/errors";
import { catalogue } from "./catalogue";
import { readText } from "./read";
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
  const text = readText(file, "JSON");
  const index = parseIndex(text);
  const ranks = new Set(index.values());
  const isRank = (rank: unknown) => Number.isInteger(rank) && Number(rank) >= 1;
  if (
    index.size === WORDS &&
    ranks.size === WORDS &&
    [...ranks].every(isRank) &&
    ranks.has(WORDS)
  ) {
    return index;
  }
  throw new StarlitError(`${file} is not Keras's index of 88,584 words: delete it and run again.`);
}

/** The words of a JSON object with their numbers; none where the text is something else. */
function parseIndex(text: string): Map<string, number> {
  try {
    // A Map, since some of the words are also properties that every object has.
    return new Map(Object.entries(JSON.parse(text) as Record<string, number>));
  } catch {
    return new Map();
  }
}

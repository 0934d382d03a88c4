import { contentSum, type SourceId } from "./catalogue";
import { loadImdbReviews } from "./imdb";
import { loadTitles } from "./titles";

/**
 * SHA-256 of the content that the loader of a data set returns, as stored with a training run: the
 * same whichever copy is read. Where a stand-in takes the place of the data, it is the stand-in's.
 *
 * @throws StarlitError as the loader does
 */
export async function dataFingerprint(id: SourceId): Promise<string> {
  // These two come in forms of which the catalogue does not know the content.
  if (id === "imdb-reviews") return (await loadImdbReviews()).fingerprint;
  if (id === "imdb-titles") return (await loadTitles()).fingerprint;
  return contentSum(id);
}

import { contentSum, type SourceId } from "./catalogue";
import { loadImdbReviews } from "./imdb";

/**
 * SHA-256 of the content that the loader of a data set returns, as stored with a training run: the
 * same whichever copy is read. Where a stand-in takes the place of the data, it is the stand-in's.
 *
 * @throws StarlitError as the loader does
 */
export async function dataFingerprint(id: SourceId): Promise<string> {
  // An archive of reviews may differ from another while the reviews are the same.
  if (id === "imdb-reviews") return (await loadImdbReviews()).fingerprint;
  return contentSum(id);
}

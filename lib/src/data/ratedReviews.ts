import { sha256 } from "../files/sum.cjs";
import { UnreachableError } from "./download";
import { loadImdbReviews } from "./imdb";
import type { DataOrigin } from "./origin";
import type { ImdbReview } from "./rows";
import type { StandInOptions } from "./standIn";
import { loadTitles, type Title, type TitleData } from "./titles";

/** A film review with what IMDb knows of the film; null (no genres) where it is not known. */
export type RatedReview = ImdbReview & Title;

/** For how many reviews a field of the title is known, and why it is not for the others. */
export interface FieldCoverage {
  field: keyof Title;
  known: number;
  /** The title has a row, which lacks the field: an `endYear` is there for series alone. */
  notInRow: number;
  /** The title has no row at all. */
  noRow: number;
}

/** Film reviews joined with titles, and where they come from. */
export interface RatedData extends DataOrigin {
  reviews: RatedReview[];
  /** One row for each field of the titles, counted over the reviews. */
  coverage: FieldCoverage[];
}

const unknown: Omit<Title, "titleId"> = {
  titleType: null,
  primaryTitle: null,
  originalTitle: null,
  isAdult: null,
  startYear: null,
  endYear: null,
  runtimeMinutes: null,
  genres: [],
};

/**
 * The film reviews, each with its title. Where the titles are nowhere to be had, the reviews come
 * without, as the banner and `coverage` say; where the reviews are, clothing reviews stand in.
 *
 * @throws UnreachableError if the stand-in is refused and the reviews are nowhere to be had
 * @throws StarlitError if what is found is damaged, or the data folder cannot be written
 */
export async function loadRatedReviews(options: StandInOptions = {}): Promise<RatedData> {
  const { reviews, ...origin } = await loadImdbReviews(options);
  if (origin.standIn) return { ...origin, ...joinTitles(reviews, []) };
  const titles = await titlesOrReason();
  if (typeof titles === "string") {
    const banner =
      "The films' titles could not be had: the reviews come without year, runtime and genres.";
    return { ...origin, ...joinTitles(reviews, []), banner, reason: titles };
  }
  const joined = joinTitles(reviews, titles.titles);
  return {
    ...origin,
    ...joined,
    source: `${origin.source}; ${titles.source}`,
    fingerprint: sha256(`${origin.fingerprint}\n${titles.fingerprint}`),
  };
}

async function titlesOrReason(): Promise<TitleData | string> {
  try {
    return await loadTitles();
  } catch (error) {
    if (error instanceof UnreachableError) return error.message;
    throw error;
  }
}

/** Puts the fields of its title into each review, and counts which of them are missing. */
export function joinTitles(
  reviews: readonly ImdbReview[],
  titles: readonly Title[],
): Pick<RatedData, "reviews" | "coverage"> {
  const byId = new Map(titles.map((title) => [title.titleId, title]));
  const joined = reviews.map((review) => ({ ...review, ...unknown, ...byId.get(review.titleId) }));
  const rows = reviews.filter((review) => byId.has(review.titleId)).length;
  const coverage = (Object.keys(unknown) as (keyof typeof unknown)[]).map((field) => {
    const known = joined.filter(({ [field]: value }) =>
      Array.isArray(value) ? value.length > 0 : value !== null,
    ).length;
    return { field, known, notInRow: rows - known, noRow: reviews.length - rows };
  });
  return { reviews: joined, coverage };
}

import type { RatedReview } from "../../data";
import { StarlitError } from "../../engine";
import { bootstrapInterval, type ProportionsTest, twoProportionsTest } from "../../metrics";
import { constantError } from "./data";

/** Whether negative reviews are of newer films than positive ones. */
export interface NewerFilms extends ProportionsTest {
  /** A film is new if it is from this year or later: the median year of the reviews. */
  year: number;
  /** Shares of new films among the reviews. */
  negative: number;
  positive: number;
  /**
   * A 95 % interval of the difference where whole films are drawn with replacement: the reviews of
   * one film share its year, so they are not independent, as the z-test takes them to be.
   */
  low: number;
  high: number;
}

interface FilmCounts {
  isNew: boolean;
  negative: number;
  positive: number;
}

/**
 * The test that the document asks for under its figure 3: shares of new films among negative and
 * positive reviews, compared review by review, and by drawing films.
 *
 * @param reviews those without a year are left out
 * @throws StarlitError if negative or positive reviews of a known year are missing
 */
export function newerFilmsTest(reviews: readonly RatedReview[], seed: number): NewerFilms {
  const dated = reviews.filter(({ startYear }) => startYear !== null);
  if (new Set(dated.map(({ label }) => label)).size < 2) {
    throw new StarlitError("The test needs negative and positive reviews of films with a year.");
  }
  const years = dated.map(({ startYear }) => startYear!).sort((a, b) => a - b);
  const year = years[Math.floor(years.length / 2)];
  const films = new Map<string, FilmCounts>();
  for (const { titleId, startYear, label } of dated) {
    const film = films.get(titleId) ?? { isNew: startYear! >= year, negative: 0, positive: 0 };
    film[label === 0 ? "negative" : "positive"]++;
    films.set(titleId, film);
  }
  const all = [...films.values()];
  const { negative, positive } = shares(all);
  const proportion = (side: "negative" | "positive") => ({
    count: sum(all.filter(({ isNew }) => isNew).map((film) => film[side])),
    total: sum(all.map((film) => film[side])),
  });
  const places = [...all.keys()];
  const { lower, upper } = bootstrapInterval(
    places,
    places,
    (drawn) => {
      const found = shares(drawn.map((place) => all[place]));
      return found.negative - found.positive;
    },
    { seed },
  );
  return {
    ...twoProportionsTest(proportion("negative"), proportion("positive")),
    year,
    negative,
    positive,
    low: lower,
    high: upper,
  };
}

function shares(films: readonly FilmCounts[]) {
  const counts = { all: { negative: 0, positive: 0 }, new: { negative: 0, positive: 0 } };
  for (const { isNew, negative, positive } of films) {
    counts.all.negative += negative;
    counts.all.positive += positive;
    if (!isNew) continue;
    counts.new.negative += negative;
    counts.new.positive += positive;
  }
  return {
    negative: counts.new.negative / counts.all.negative,
    positive: counts.new.positive / counts.all.positive,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The values of a field that are known, of the negative and of the positive reviews. */
export function bySide(
  reviews: readonly RatedReview[],
  field: "startYear" | "runtimeMinutes",
): { name: string; values: number[] }[] {
  return ["negative", "positive"].map((name, side) => ({
    name,
    values: reviews
      .filter(({ label }) => label === side)
      .map((review) => review[field])
      .filter((value) => value !== null),
  }));
}

/** How often each genre occurs among negative and among positive reviews (of those with genres). */
export function genreShares(
  reviews: readonly RatedReview[],
): { genre: string; negative: number; positive: number }[] {
  const known = reviews.filter(({ genres }) => genres.length > 0);
  const sides = [0, 1].map((label) => known.filter((review) => review.label === label));
  const names = [...new Set(known.flatMap(({ genres }) => genres))].sort();
  const share = (genre: string, side: number) =>
    sides[side].filter(({ genres }) => genres.includes(genre)).length / (sides[side].length || 1);
  return names.map((genre) => ({ genre, negative: share(genre, 0), positive: share(genre, 1) }));
}

/** What a film says of the rating of its reviews. */
export interface FilmShares {
  /** Films with reviews in the training folder and in the test folder. */
  inBothFolders: number;
  /**
   * Share of the ratings' variance that lies between films, from 0 to 1: one less the variance within
   * films by that of all reviews, both without bias.
   */
  betweenFilms: number;
}

/** How much knowing a film would help to rate its reviews, and whether both folders know it. */
export function filmShares(
  reviews: readonly Pick<RatedReview, "titleId" | "rating" | "split">[],
): FilmShares {
  const films = new Map<string, Pick<RatedReview, "rating" | "split">[]>();
  for (const review of reviews) {
    const known = films.get(review.titleId);
    if (known) known.push(review);
    else films.set(review.titleId, [review]);
  }
  const squares = (rows: readonly { rating: number }[]) =>
    rows.length * constantError(rows.map(({ rating }) => rating));
  const within = sum([...films.values()].map(squares)) / (reviews.length - films.size);
  const folders = [...films.values()].map((rows) => new Set(rows.map(({ split }) => split)).size);
  return {
    inBothFolders: folders.filter((count) => count > 1).length,
    betweenFilms: 1 - within / (squares(reviews) / (reviews.length - 1)),
  };
}

import { StarlitError } from "../engine/errors";
import { knownNames } from "../engine/options";
import { brief, orderShare, readRating } from "./ratings";

/** Which column holds what, by name. */
export interface ReviewColumns {
  /** The review. */
  text?: string;
  /** How many stars, points, … it gives. */
  rating?: string;
  /** A headline, which is put before the text. */
  title?: string;
  /** What the review is of, or who wrote it: reviews of one group are never trained and tested on. */
  group?: string;
}

/** The columns that are read. */
export interface FoundColumns {
  text: number;
  rating: number | null;
  title: number | null;
  group: number | null;
  /** What was guessed, a sentence each. */
  notes: string[];
}

/** Names that columns go by, the surest first: in lower case, without blanks and marks. */
const usual: Record<keyof ReviewColumns, readonly string[]> = {
  text: words(`reviewtext reviewbody reviewcontent reviewdescription fullreview text body content review
    comment comments reviewcomment reviewcomments reviews feedback verbatim message opinion tweet sentence
    description answer response openanswer freetext bewertungstext rezension rezensionstext kommentar text
    kommentartext avis commentaire texte contenu resena reseña comentario texto opinión recensione testo
    commento recensie opmerking tekst opinia tresc`),
  rating:
    words(`rating stars starrating reviewrating reviewscore overallrating overall score ratingvalue
    reviewratingratingvalue ratingscore userrating starcount star points grade satisfaction csat nps sentiment
    label polarity class target recommendation recommend sterne bewertung punkte note notes noteglobale
    étoiles etoiles calificacion calificación estrellas puntuacion puntuación valoracion valoración voto
    punteggio stelle beoordeling sterren ocena`),
  title:
    words(`title reviewtitle headline summary reviewsummary reviewheadline subject heading titel
    überschrift titre titolo título titulo`),
  group:
    words(`group productid parentasin asin itemid businessid hotelid restaurantid bookid movieid filmid
    titleid gameid appid listingid placeid clothingid product productname item itemname business hotel
    hotelname restaurant book movie film game app listing place store shop branch produkt produit producto
    prodotto artikel artikelnummer sku userid reviewerid authorid customerid user username reviewer author
    customer kunde client cliente`),
};

function words(text: string): string[] {
  return text.split(/\s+/);
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Whether one of these names says that its column holds texts. */
export const namesText = (columns: readonly string[]) =>
  columns.some((name) => usual.text.includes(plain(name)));

/** What is known of a column from its first rows. */
interface Look {
  name: string;
  /** Characters of a cell that is not empty, on average. */
  length: number;
  /** Share of those cells that can be read as a rating. */
  ratings: number;
  /** Share of them that are words of one known order, such as "good" and "very good". */
  ordered: number;
  different: number;
  filled: number;
}

function lookAt(columns: readonly string[], rows: readonly (readonly string[])[]): Look[] {
  return columns.map((name, i) => {
    const cells = rows.map((row) => row[i].trim()).filter((cell) => cell !== "");
    const mean = (of: (cell: string) => number) =>
      cells.reduce((sum, cell) => sum + of(cell), 0) / Math.max(1, cells.length);
    return {
      name,
      length: mean(({ length }) => length),
      ratings: mean((cell) => Number(readRating(cell) !== undefined)),
      ordered: orderShare(cells),
      different: new Set(cells).size,
      filled: cells.length,
    };
  });
}

function named(columns: readonly string[], name: string, what: string): number {
  const at = columns.indexOf(name);
  if (at >= 0) return at;
  const alike = columns.findIndex((column) => plain(column) === plain(name));
  if (alike >= 0) return alike;
  throw new StarlitError(
    `There is no column "${name}" for the ${what}: ${knownNames(name, columns)}`,
  );
}

/**
 * Finds the columns that were named, and guesses the others by their names, then by what they hold.
 *
 * @param rows the first rows
 * @param wanted whether ratings must be found, or may (to rate a table, they need not be there)
 * @throws StarlitError if a named column is not there, or text or rating cannot be told
 */
export function findColumns(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  given: ReviewColumns,
  wanted: "text" | "text and rating",
): FoundColumns {
  const looks = lookAt(columns, rows);
  const notes: string[] = [];
  const taken = new Set<number>();
  const take = (at: number) => {
    taken.add(at);
    return at;
  };
  const found: Partial<Record<keyof ReviewColumns, number>> = {};
  for (const what of ["text", "rating", "title", "group"] as const) {
    const name = given[what];
    if (name !== undefined) found[what] = take(named(columns, name, what));
  }
  const byName = (what: keyof ReviewColumns, fits: (look: Look) => boolean) => {
    for (const name of usual[what]) {
      const at = looks.findIndex(
        (look, i) => !taken.has(i) && plain(look.name) === name && fits(look),
      );
      if (at >= 0) return at;
    }
    return -1;
  };
  const list = columns.map(brief).join(", ");
  const guess = (what: keyof ReviewColumns, by: "name" | "content", at: number) => {
    const how = by === "name" ? "by its name" : "by what it holds";
    notes.push(`The ${what} is taken from the column "${columns[at]}" (guessed ${how}).`);
    found[what] = take(at);
  };

  // The rating first: a column "review" may hold stars.
  if (found.rating === undefined && wanted === "text and rating") {
    const isRating = ({ filled, different, length }: Look) =>
      filled > 0 && length < 40 && different <= Math.max(101, filled / 10);
    const at = byName("rating", isRating);
    if (at >= 0) guess("rating", "name", at);
    else {
      const candidates = looks
        .map((look, i) => ({ ...look, i }))
        .filter(({ i, ratings, ordered, different, filled }) => {
          const fits = Math.max(ratings, ordered) > 0.9 && different > 1 && different <= 21;
          return !taken.has(i) && filled > 0 && fits;
        });
      if (candidates.length !== 1) {
        throw new StarlitError(
          `Which column holds the rating? There are ${list}: name it (--rating NAME, or { rating: "NAME" }).`,
        );
      }
      guess("rating", "content", candidates[0].i);
    }
  }
  if (found.text === undefined) {
    const isText = ({ ratings, length }: Look) => ratings < 0.5 && length > 1;
    const at = byName("text", isText);
    if (at >= 0) guess("text", "name", at);
    else {
      const longest = looks
        .map((look, i) => ({ ...look, i }))
        .filter(({ i, length, ratings }) => !taken.has(i) && length > 12 && ratings < 0.5)
        .sort((a, b) => b.length - a.length);
      if (longest.length === 0 || (longest[1] && longest[1].length > longest[0].length / 1.5)) {
        throw new StarlitError(
          `Which column holds the text? There are ${list}: name it (--text NAME, or { text: "NAME" }).`,
        );
      }
      guess("text", "content", longest[0].i);
    }
  }
  if (found.title === undefined) {
    const at = byName("title", ({ ratings, length }) => ratings < 0.5 && length > 1);
    if (at >= 0) guess("title", "name", at);
  }
  if (found.group === undefined && wanted === "text and rating") {
    // A group of its own for each row is none.
    const at = byName(
      "group",
      ({ different, filled }) => different > 1 && different < 0.9 * filled,
    );
    if (at >= 0) guess("group", "name", at);
  }
  return {
    text: found.text!,
    rating: found.rating ?? null,
    title: found.title ?? null,
    group: found.group ?? null,
    notes,
  };
}

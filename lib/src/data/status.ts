import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder } from "../engine/environment";
import { catalogue, type SourceFile, type SourceId } from "./catalogue";
import { mirror, shippedFolder } from "./places";

/** Where a data set would be taken from now, without fetching or checking it. */
export interface SourceStatus {
  id: SourceId;
  title: string;
  /**
   * `partly`: some of its files are here; `publisher`: it would be downloaded when first needed;
   * `nowhere`: it has to be got by hand.
   */
  place: "cache" | "shipped" | "mirror" | "partly" | "publisher" | "nowhere";
}

/** Looks where each data set of the catalogue is. A mirror that is an address counts as having all. */
export function sourceStatus(): SourceStatus[] {
  return Object.values(catalogue).map(({ id, title, files, changing }) => {
    const places = files.map((file) => placeOf(file, Boolean(changing)));
    const first = places[0];
    return { id, title, place: places.every((place) => place === first) ? first : "partly" };
  });
}

function placeOf(file: SourceFile, served: boolean): SourceStatus["place"] {
  const isIn = (folder: string) =>
    file.copies.some((copy) => fs.existsSync(path.join(folder, copy.file)));
  if (isIn(cacheFolder())) return "cache";
  if (file.shipped && isIn(shippedFolder())) return "shipped";
  const place = mirror();
  if (place && ("url" in place || isIn(place.folder))) return "mirror";
  return served || file.copies.some((copy) => copy.url) ? "publisher" : "nowhere";
}

import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder } from "../engine/environment";
import type { SourceCopy, SourceFile, SourceInfo } from "./catalogue";
import { download, shownUrl, UnreachableError } from "./download";
import { below, mirror, shippedFolder } from "./places";
import { writeChunks } from "./store";
import { readChunks, verified, verifyFile } from "./verify";

/** Files that are being got, by where they will lie: who asks meanwhile waits for the same. */
const pending = new Map<string, Promise<string>>();

/**
 * The path of a source file on this machine, checked: from the cache, else as shipped, else fetched
 * into the cache from the mirror (`STARLIT_MIRROR`), else from the publisher.
 *
 * @throws StarlitError if what is found is damaged, the mirror's folder is missing, or the cache
 *   cannot be written
 * @throws UnreachableError if it is nowhere to be had
 */
export function resolveFile(file: SourceFile, info: SourceInfo): Promise<string> {
  const target = path.join(cacheFolder(), file.copies[0].file);
  const found = pending.get(target) ?? resolve(file, info).finally(() => pending.delete(target));
  pending.set(target, found);
  return found;
}

async function resolve(file: SourceFile, info: SourceInfo): Promise<string> {
  const here =
    (await findIn(cacheFolder(), file, "delete it and run again")) ??
    (file.shipped && (await findIn(shippedFolder(), file, "restore it from the repository")));
  if (here) return here;
  const misses = [`not in ${cacheFolder()}`];
  for (const attempt of [fromMirror, fromPublisher]) {
    const found = await attempt(file, misses);
    if (found) return found;
  }
  const names = [...new Set(file.copies.map((copy) => copy.file))].join(" or ");
  const connect = file.copies.some((copy) => copy.url) ? "connect to the network, or " : "";
  throw new UnreachableError(
    `${info.title}: ${file.name} could not be had (${misses.join("; ")}): ${connect}get it from ${info.page} and set STARLIT_MIRROR to a folder that holds it as ${names}.`,
  );
}

/** All files of a data set, in the catalogue's order. */
export async function resolveFiles(info: SourceInfo): Promise<string[]> {
  const paths: string[] = [];
  for (const file of info.files) paths.push(await resolveFile(file, info));
  return paths;
}

/** Copies of one file name may differ, as the publisher's archive and a smaller one of the same name. */
function byName(file: SourceFile): Map<string, SourceCopy[]> {
  const names = new Map<string, SourceCopy[]>();
  for (const copy of file.copies) names.set(copy.file, [...(names.get(copy.file) ?? []), copy]);
  return names;
}

async function findIn(
  folder: string,
  file: SourceFile,
  remedy: string,
): Promise<string | undefined> {
  for (const [name, copies] of byName(file)) {
    const candidate = path.join(folder, name);
    if (!fs.existsSync(candidate)) continue;
    await verifyFile(candidate, copies, remedy);
    return candidate;
  }
  return undefined;
}

async function fromMirror(file: SourceFile, misses: string[]): Promise<string | undefined> {
  const place = mirror();
  if (!place) return undefined;
  for (const [name, copies] of byName(file)) {
    const target = path.join(cacheFolder(), name);
    const remedy = "replace it in the mirror, or unset STARLIT_MIRROR";
    if ("folder" in place) {
      const source = path.join(place.folder, name);
      if (!fs.existsSync(source)) continue;
      await writeChunks(target, verified(readChunks(source), copies, source, remedy));
      return target;
    }
    if (await fetched(below(place.url, name), 0, target, copies, remedy, misses)) return target;
  }
  if ("folder" in place) misses.push(`not in the mirror ${place.folder}`);
  return undefined;
}

async function fromPublisher(file: SourceFile, misses: string[]): Promise<string | undefined> {
  for (const copy of file.copies) {
    if (!copy.url) continue;
    const target = path.join(cacheFolder(), copy.file);
    if (await fetched(new URL(copy.url), copy.bytes, target, [copy], "run again", misses))
      return target;
  }
  return undefined;
}

/** Whether the address had the file; if nobody answers, the next place is worth a try. */
async function fetched(
  url: URL,
  bytes: number,
  target: string,
  copies: SourceCopy[],
  remedy: string,
  misses: string[],
): Promise<boolean> {
  try {
    await writeChunks(target, verified(download(url, bytes), copies, shownUrl(url), remedy));
    return true;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    misses.push(error.message);
    return false;
  }
}

import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { type Entry, extract } from "tar-stream";
import { StarlitError } from "../engine/errors";
import { readChunks } from "./verify";

/** A file in an archive. */
export interface ArchiveEntry {
  name: string;
  /** The whole content; an entry that is not read is skipped. */
  read: () => Promise<Buffer>;
}

/**
 * The files of a `.tar.gz`, in its order, read as a stream: nothing is unpacked on the disk.
 *
 * @throws StarlitError if the file is truncated or no such archive
 */
export async function* archiveEntries(file: string): AsyncGenerator<ArchiveEntry> {
  const archive = pipeline(
    Readable.from(readChunks(file)),
    zlib.createGunzip({ chunkSize: 1 << 18 }),
    extract(),
    () => undefined, // errors come out of the loop below
  );
  try {
    for await (const entry of archive as unknown as AsyncIterable<Entry>) {
      let taken = false;
      yield {
        name: entry.header.name,
        read: () => {
          taken = true;
          return contentOf(entry);
        },
      };
      if (!taken) entry.resume();
    }
  } catch (error) {
    if (error instanceof StarlitError) throw error;
    const reason = (error as Error).message;
    throw new StarlitError(
      `${file} is truncated or no archive (${reason}): delete it and get the archive again.`,
    );
  }
}

async function contentOf(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

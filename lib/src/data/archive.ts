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

/** Bytes of a file that is read whole: ten times those of the largest that the loaders want. */
const MOST_BYTES = 16e6;

/**
 * The files of a `.tar.gz`, in its order, read as a stream: nothing is unpacked on the disk.
 *
 * @throws StarlitError if the file is truncated or no such archive; from `read` too, where the file
 *   is larger than 16 MB
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
          return contentOf(entry, file);
        },
      };
      if (!taken) entry.resume();
    }
  } catch (error) {
    throw explained(error, file);
  }
}

async function contentOf(entry: Entry, file: string): Promise<Buffer> {
  const { name, size = 0 } = entry.header;
  if (size > MOST_BYTES) {
    throw new StarlitError(
      `${file} holds ${name} with ${size.toLocaleString("en")} bytes, which is too large for what it should be: delete it and get the archive again.`,
    );
  }
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of entry) chunks.push(chunk as Buffer);
  } catch (error) {
    throw explained(error, file);
  }
  return Buffer.concat(chunks);
}

function explained(error: unknown, file: string): StarlitError {
  if (error instanceof StarlitError) return error;
  return new StarlitError(
    `${file} is truncated or no archive (${(error as Error).message}): delete it and get the archive again.`,
  );
}

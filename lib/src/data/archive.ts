import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { type Entry, extract } from "tar-stream";
import { StarlitError } from "../engine/errors";
import { readChunks } from "./verify";

/** A file in an archive. */
export interface ArchiveEntry {
  name: string;
  /** The whole content, of so many bytes at most; an entry that is not read is skipped. */
  read: (most?: number) => Promise<Buffer>;
}

/** Bytes of a file that is read whole: ten times those of the largest that the loaders want. */
const MOST_BYTES = 16e6;

/** Bytes of all files that are read of an archive: three times those of the reviews. */
const MOST_BYTES_OF_ALL = 200e6;

/** Bytes between two files: headers, which are held whole, whatever size they say. */
const MOST_BYTES_BETWEEN = 1e6;

/**
 * The files of a `.tar.gz`, in its order, read as a stream: nothing is unpacked on the disk.
 *
 * @throws StarlitError if the file is truncated or no such archive; from `read` too, where the file
 *   is larger than 16 MB, or all that were read are larger than 200 MB
 */
export async function* archiveEntries(file: string): AsyncGenerator<ArchiveEntry> {
  const fail = (what: string): never => {
    throw new StarlitError(`${file} ${what}: delete it and get the archive again.`);
  };
  // Bytes that were unpacked, and those by whose end the next file must have begun.
  let [unpacked, due] = [0, MOST_BYTES_BETWEEN];
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      unpacked += chunk.length;
      if (unpacked > due) fail("holds a header that is too large");
      yield chunk;
    }
  }
  const archive = pipeline(
    Readable.from(readChunks(file)),
    zlib.createGunzip({ chunkSize: 1 << 18 }),
    counted,
    extract(),
    () => undefined, // errors come out of the loop below
  );
  let bytesRead = 0;
  try {
    for await (const entry of archive as unknown as AsyncIterable<Entry>) {
      const { name, size = 0 } = entry.header;
      if (!(size >= 0)) fail(`holds ${name} with a size that is none`);
      due = unpacked + size + MOST_BYTES_BETWEEN;
      let taken = false;
      yield {
        name,
        read: (most = MOST_BYTES) => {
          taken = true;
          const bytes = size.toLocaleString("en");
          if (size > most)
            fail(`holds ${name} with ${bytes} bytes, which is too large for what it should be`);
          bytesRead += size;
          if (bytesRead > MOST_BYTES_OF_ALL) fail("holds more than it should");
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

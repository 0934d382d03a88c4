import * as fs from "node:fs";
import * as path from "node:path";
import { StarlitError } from "../engine/errors";

/** Pieces of a file, in order. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Nobody writes for so long to a temporary file without a change: whoever did is gone. */
const ABANDONED_MS = 3600_000;

/**
 * Writes a file so that it is there whole or not at all: to a temporary name beside it, renamed at
 * the end. When the chunks throw, what was written so far is removed and their error goes on.
 *
 * @throws StarlitError if the folder cannot be written or the disk is full
 */
export async function writeWhole(file: string, chunks: Chunks): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await fs.promises.mkdir(path.dirname(file), { recursive: true });
    removeAbandoned(path.dirname(file));
    const handle = await fs.promises.open(part, "w");
    try {
      for await (const chunk of chunks) await writeAll(handle, chunk);
    } finally {
      await handle.close();
    }
    await fs.promises.rename(part, file);
  } catch (error) {
    await fs.promises.rm(part, { force: true }).catch(() => undefined);
    throw explained(error, path.dirname(file));
  }
}

/** One `write` may take less than it was given, as when the disk fills up. */
async function writeAll(handle: fs.promises.FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    at += (await handle.write(chunk, at, chunk.length - at)).bytesWritten;
  }
}

/** Removes what killed processes left; a shared folder may hold temporary files of living ones. */
function removeAbandoned(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (!/\.\d+\.part$/.test(name)) continue;
    const file = path.join(folder, name);
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > ABANDONED_MS) fs.rmSync(file, { force: true });
  }
}

/** The same error, or a StarlitError where a reader can do something about it. */
function explained(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new StarlitError(
      `The disk of ${folder} is full: make room, or set STARLIT_DATA to a folder on another disk.`,
    );
  }
  if (code && ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT"].includes(code)) {
    return new StarlitError(
      `The data folder ${folder} cannot be written (${code}): make it writable, or set STARLIT_DATA to a folder that is.`,
    );
  }
  return error;
}

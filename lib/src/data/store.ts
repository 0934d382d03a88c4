// signal-exit knows whether a signal ends the process or belongs to others, as in a notebook's kernel.
import { onExit } from "signal-exit";
import { draft } from "../files/whole.cjs";
import type { Chunks } from "./rows";

/**
 * Writes a file from its pieces, whole or not at all. When they throw, or the process is told to end
 * (Ctrl-C), what was written so far is removed.
 *
 * @throws StarlitError if the folder cannot be written or the disk is full
 */
export async function writeChunks(file: string, chunks: Chunks): Promise<void> {
  const { write, finish, abandon } = draft(file);
  const ignoreExit = onExit(abandon);
  try {
    for await (const chunk of chunks) write(chunk);
    finish();
  } catch (error) {
    abandon();
    throw error;
  } finally {
    ignoreExit();
  }
}

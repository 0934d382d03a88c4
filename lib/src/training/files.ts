import * as fs from "node:fs";
import * as path from "node:path";
import { StarlitError } from "../engine";

/**
 * Writes a file whole or not at all: into a temporary name beside it, then renamed. A reader never
 * sees half of it, whenever the process dies.
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const handle = fs.openSync(temporary, "w");
    try {
      fs.writeFileSync(handle, content);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    removeIfThere(temporary);
    throw new StarlitError(
      `${file} could not be written (${(error as NodeJS.ErrnoException).code ?? String(error)}): ` +
        `check the free space and the permissions of its folder.`,
    );
  }
}

/** Removes a file; one that is not there, or in a folder that is none, is removed already. */
export function removeIfThere(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
}

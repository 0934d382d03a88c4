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
    fs.rmSync(temporary, { force: true });
    throw new StarlitError(
      `${file} could not be written (${(error as NodeJS.ErrnoException).code ?? String(error)}): ` +
        `check the free space and the permissions of its folder.`,
    );
  }
}

import * as fs from "node:fs";
import { sha256 } from "../files/sum.cjs";
import { writeWhole } from "../files/whole.cjs";

/** Bytes that were made from a source, and their SHA-256. */
export interface Sealed {
  body: Buffer;
  sum: string;
}

/** Keeps bytes in a file under a line with their SHA-256. */
export function writeSealed(file: string, body: Buffer): Sealed {
  const sum = sha256(body);
  writeWhole(file, Buffer.concat([Buffer.from(`${sum}\n`), body]));
  return { body, sum };
}

/**
 * What `writeSealed` kept, or undefined where the file is not there or damaged: it can be made again
 * from a source that has a sum of its own, so the reader need not be troubled.
 */
export function readSealed(file: string): Sealed | undefined {
  if (!fs.existsSync(file)) return undefined;
  const bytes = fs.readFileSync(file);
  const start = bytes.indexOf("\n") + 1;
  const body = bytes.subarray(start);
  const sum = sha256(body);
  return bytes.toString("latin1", 0, start) === `${sum}\n` ? { body, sum } : undefined;
}

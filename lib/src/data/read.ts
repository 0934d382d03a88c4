import { isUtf8 } from "node:buffer";
import * as fs from "node:fs";
import * as zlib from "node:zlib";
import { StarlitError } from "../engine/errors";

/** Bytes of text that a file may have: thirty times those of the largest data set read at once. */
const MOST_BYTES = 256e6;

/**
 * The text of a file that is read at once, which must be UTF-8.
 *
 * @param file path; gzip-compressed if it ends in `.gz`
 * @param form what it should be, for messages, e.g. "CSV"
 * @throws StarlitError if the file cannot be read, is cut short, too large, or not UTF-8
 */
export function readText(file: string, form: string): string {
  let bytes: Buffer;
  try {
    if (fs.statSync(file).size > MOST_BYTES) throw new Error("larger than 256 MB");
    bytes = fs.readFileSync(file);
    if (file.endsWith(".gz")) bytes = zlib.gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ERR_BUFFER_TOO_LARGE" ? "larger than 256 MB uncompressed" : message;
    throw new StarlitError(`${file} cannot be read as ${form} (${reason}): get the file again.`);
  }
  if (isUtf8(bytes)) return bytes.toString();
  const line = firstLineNotUtf8(bytes);
  throw new StarlitError(
    `${file}, line ${line} has bytes that are not UTF-8: save the file as UTF-8, or get it again.`,
  );
}

function firstLineNotUtf8(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf("\n", start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

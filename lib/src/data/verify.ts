import * as fs from "node:fs";
import { StarlitError } from "../engine/errors";
import { runningSum } from "../files/sum.cjs";
import type { SourceCopy } from "./catalogue";
import type { Chunks } from "./rows";

/**
 * Passes chunks on and throws as soon as they are more than there may be.
 *
 * @param most bytes
 * @param where what is being read, for the message: a path or an address
 * @param remedy what the reader should do, for the message
 */
export async function* atMost(
  chunks: Chunks,
  most: number,
  where: string,
  remedy: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) {
      throw new StarlitError(
        `${where} has more than the ${most.toLocaleString("en")} bytes that it may have: ${remedy}.`,
      );
    }
    yield chunk;
  }
}

/**
 * Passes chunks on and, after the last one, throws unless they were one of `copies`.
 *
 * @param where what is being read, for the message: a path or an address
 * @param remedy what the reader should do, for the message, e.g. "delete it and run again"
 * @throws StarlitError on a wrong size or checksum
 */
export async function* verified(
  chunks: Chunks,
  copies: SourceCopy[],
  where: string,
  remedy: string,
): AsyncGenerator<Uint8Array> {
  const running = runningSum();
  const most = Math.max(...copies.map((copy) => copy.bytes));
  let bytes = 0;
  for await (const chunk of atMost(chunks, most, where, remedy)) {
    running.add(chunk);
    bytes += chunk.length;
    yield chunk;
  }
  checkSize(bytes, copies, where, remedy);
  const sum = running.sum();
  if (!copies.some((copy) => copy.bytes === bytes && copy.sha256 === sum)) {
    const expected = copies.filter((copy) => copy.bytes === bytes).map((copy) => copy.sha256);
    throw new StarlitError(
      `${where} has the wrong checksum (SHA-256 ${sum}, expected ${expected.join(" or ")}): ${remedy}.`,
    );
  }
}

/** Throws unless the file is one of `copies`, the size being looked at before the content. */
export async function verifyFile(
  file: string,
  copies: SourceCopy[],
  remedy: string,
): Promise<void> {
  checkSize(fs.statSync(file).size, copies, file, remedy);
  for await (const chunk of verified(readChunks(file), copies, file, remedy)) void chunk;
}

function checkSize(bytes: number, copies: SourceCopy[], where: string, remedy: string): void {
  if (copies.some((copy) => copy.bytes === bytes)) return;
  const sizes = copies.map((copy) => copy.bytes.toLocaleString("en")).join(" or ");
  throw new StarlitError(
    `${where} is truncated or altered (${bytes.toLocaleString("en")} bytes instead of ${sizes}): ${remedy}.`,
  );
}

/**
 * A file piece by piece.
 *
 * @throws StarlitError if it cannot be read
 */
export async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* fs.createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new StarlitError(`${file} cannot be read (${code}): check that it is a readable file.`);
  }
}

import * as fs from "node:fs";
import { StarlitError } from "../engine";
import { sha256 } from "../files/sum.cjs";
import { writeWhole } from "../files/whole.cjs";

/** The values of one float32 tensor, row-major. */
export interface StoredTensor {
  shape: number[];
  data: Float32Array;
}

/** Tensors by name, in order, and a note of plain data beside them. */
export interface TensorFile<Note> {
  tensors: Map<string, StoredTensor>;
  note: Note;
}

interface Entry {
  dtype: "F32";
  shape: number[];
  data_offsets: [number, number];
}

interface Header {
  __metadata__: { note: string; sha256: string };
  [tensor: string]: Entry | { note: string; sha256: string };
}

/**
 * Writes tensors in the safetensors format (which Python's `safetensors` reads too): the length of
 * a JSON header in 8 bytes, the header, the values. `__metadata__` has the note as JSON and the
 * SHA-256 of all that the file holds.
 */
export function writeTensors<Note>(file: string, { tensors, note }: TensorFile<Note>): void {
  const entries: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    entries[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const values = [...tensors.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  const text = JSON.stringify(note);
  const sum = sha256(text, JSON.stringify(entries), ...values);
  const header = JSON.stringify({ __metadata__: { note: text, sha256: sum }, ...entries });
  // The values must begin at a multiple of 8; the format allows spaces after the header.
  const spaces = Buffer.alloc(-Buffer.byteLength(header) & 7, " ");
  const head = Buffer.concat([Buffer.from(header), spaces]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  writeWhole(file, Buffer.concat([size, head, ...values]));
}

/**
 * Reads what `writeTensors` wrote.
 *
 * @param again how to make such a file again, for the message
 * @throws StarlitError naming the file if it cannot be read, is damaged, of another format, or holds
 *   what is no number
 */
export function readTensors<Note>(file: string, again: string): TensorFile<Note> {
  const read = wholeTensors<Note>(file, again);
  for (const [name, { data }] of read.tensors) {
    const place = data.findIndex((value) => !Number.isFinite(value));
    if (place < 0) continue;
    throw new StarlitError(
      `${file} holds ${data[place]} in ${name}, as a training leaves it that diverged: delete it; ${again}.`,
    );
  }
  return read;
}

function wholeTensors<Note>(file: string, again: string): TensorFile<Note> {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StarlitError(`${file} is no file that can be read (${code}): remove it; ${again}.`);
  }
  try {
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata, ...entries } = JSON.parse(
      bytes.toString("utf8", 8, start),
    ) as Header;
    const values = bytes.subarray(start);
    if (metadata.sha256 !== sha256(metadata.note, JSON.stringify(entries), values)) {
      throw new Error("its sum is another");
    }
    const tensors = new Map<string, StoredTensor>();
    for (const [name, { shape, data_offsets: offsets }] of Object.entries(
      entries as Record<string, Entry>,
    )) {
      const slice = Uint8Array.prototype.slice.call(values, ...offsets);
      tensors.set(name, { shape, data: new Float32Array(slice.buffer) });
    }
    return { tensors, note: JSON.parse(metadata.note) as Note };
  } catch {
    throw new StarlitError(
      `${file} is damaged, or an earlier version wrote it: delete it; ${again}.`,
    );
  }
}

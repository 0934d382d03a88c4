import * as fs from "node:fs";
import { StarlitError } from "../engine";
import { writeWhole } from "./files";

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

/**
 * Writes tensors in the safetensors format (which Python's `safetensors` reads too): the length of
 * a JSON header in 8 bytes, the header, the values. The note goes into `__metadata__` as JSON.
 */
export function writeTensors<Note>(file: string, { tensors, note }: TensorFile<Note>): void {
  const header: Record<string, Entry | Record<string, string>> = {
    __metadata__: { note: JSON.stringify(note) },
  };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  // The values must begin at a multiple of 8; the format allows spaces after the header.
  const head = Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  const values = [...tensors.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  writeWhole(file, Buffer.concat([size, head, ...values]));
}

/**
 * Reads what `writeTensors` wrote.
 *
 * @throws StarlitError naming the file if it is cut short or of another format
 */
export function readTensors<Note>(file: string): TensorFile<Note> {
  const bytes = fs.readFileSync(file);
  try {
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata, ...entries } = JSON.parse(
      bytes.toString("utf8", 8, start),
    ) as Record<string, Entry> & { __metadata__: { note: string } };
    const tensors = new Map<string, StoredTensor>();
    for (const [name, { shape, data_offsets: offsets }] of Object.entries(
      entries as Record<string, Entry>,
    )) {
      const slice = Uint8Array.prototype.slice.call(bytes, start + offsets[0], start + offsets[1]);
      if (slice.byteLength !== offsets[1] - offsets[0]) throw new Error("cut short");
      tensors.set(name, { shape, data: new Float32Array(slice.buffer) });
    }
    return { tensors, note: JSON.parse(metadata.note) as Note };
  } catch {
    throw new StarlitError(`${file} is damaged: delete it, and the training begins anew.`);
  }
}

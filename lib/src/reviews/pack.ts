import type { PackedTable } from "./player.cjs";

/** Numbers in rows and columns. */
export interface Numbers {
  data: ArrayLike<number>;
  shape: [rows: number, columns: number];
}

const base64 = (bytes: ArrayBufferView) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** Floats as they are. */
export function packFloats({ data, shape }: Numbers): PackedTable {
  return { shape, bits: 32, data: base64(Float32Array.from(data)) };
}

/**
 * Numbers rounded to whole multiples of a step, one step for each column: of 8 bits each takes a
 * quarter of its size. What was rounded is the rater: it is scored, saved and shown so.
 */
export function packRounded({ data, shape }: Numbers, bits: 8 | 16): PackedTable {
  const columns = shape[1];
  const largest = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) {
    largest[i % columns] = Math.max(largest[i % columns], Math.abs(data[i]));
  }
  const most = bits === 8 ? 127 : 32767;
  // Of 32 bits, as they are kept.
  const scale = Float32Array.from(largest, (value) => value / most || 1);
  const whole = new (bits === 8 ? Int8Array : Int16Array)(data.length);
  for (let i = 0; i < data.length; i++) {
    whole[i] = Math.max(-most, Math.min(most, Math.round(data[i] / scale[i % columns])));
  }
  return { shape, bits, data: base64(whole), scale: base64(scale) };
}

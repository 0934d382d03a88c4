import type { NdArray } from "../engine";

/** Numbers in a small JSON text: each is `offset + scale · q`, with `q` a small whole number. */
export interface PackedArray {
  shape: number[];
  /** Bytes of each `q`, unsigned, lowest first. */
  type: "uint8" | "uint16";
  offset: number;
  scale: number;
  /** The `q` in base64. */
  data: string;
}

/**
 * Packs numbers for a stored run. Whole numbers with a range below 256 keep their value in a byte;
 * others are rounded to one of 65,536 levels between the smallest and the largest.
 */
export function packArray({ data, shape }: NdArray): PackedArray {
  let [low, high] = [Infinity, -Infinity];
  let whole = true;
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  const asByte = data.length === 0 || (whole && high - low < 256);
  const scale = asByte || high === low ? 1 : (high - low) / 65535;
  const offset = data.length === 0 ? 0 : low;
  const level = (value: number) => Math.round((value - offset) / scale);
  const quotients = asByte ? Uint8Array.from(data, level) : Uint16Array.from(data, level);
  return {
    shape,
    type: asByte ? "uint8" : "uint16",
    offset,
    scale,
    data: Buffer.from(quotients.buffer).toString("base64"),
  };
}

/** The numbers of a packed array; probabilities are right to 0.00001. */
export function unpackArray(packed: PackedArray): NdArray<Float32Array> {
  const bytes = Uint8Array.from(Buffer.from(packed.data, "base64"));
  const quotients = packed.type === "uint8" ? bytes : new Uint16Array(bytes.buffer);
  const data = Float32Array.from(quotients, (q) => packed.offset + packed.scale * q);
  return { data, shape: packed.shape };
}

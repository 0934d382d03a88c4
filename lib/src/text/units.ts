let units = new Uint16Array(2 ** 12);
let bytes = Buffer.from(units.buffer);

/**
 * The 16-bit units of a text, which are read faster in an array than in the string. The array is
 * longer than the text, and is used again in the next call.
 */
export function unitsOf(text: string): Uint16Array {
  if (text.length >= units.length) {
    units = new Uint16Array(2 * text.length);
    bytes = Buffer.from(units.buffer);
  }
  bytes.write(text, "utf16le");
  return units;
}

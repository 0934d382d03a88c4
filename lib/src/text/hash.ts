const { imul } = Math;

/** The hash of no units. */
export const emptyHash = 0x811c9dc5 | 0;

/** The hash, 32 bits, of a word that is longer by this 16-bit unit (FNV-1a). */
export function extendHash(hash: number, unit: number): number {
  return imul(hash ^ unit, 0x01000193);
}

/** A second hash, which begins with 0 and has nothing to do with the first (FxHash). */
export function extendOtherHash(hash: number, unit: number): number {
  return imul(((hash << 5) | (hash >>> 27)) ^ unit, 0x9e3779b1);
}

/**
 * Where to look for a hash among slots of so many fields each. Low bits alone tell little of a
 * product, so the high ones are folded in.
 */
export function slotOf(hash: number, fields: number): number {
  return (hash ^ (hash >>> 15)) * fields;
}

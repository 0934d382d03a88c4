const { createHash } = require("node:crypto");

/**
 * Begins a SHA-256 that is told piece by piece.
 *
 * @returns {{ add: (part: string | NodeJS.ArrayBufferView) => void, sum: () => string }} `sum` gives
 *   64 hexadecimal digits, once
 */
function runningSum() {
  const hash = createHash("sha256");
  return {
    add: (part) => {
      hash.update(part);
    },
    sum: () => hash.digest("hex"),
  };
}

/**
 * SHA-256 of texts and bytes, one after the other.
 *
 * @param {(string | Uint8Array | Float32Array | Int32Array)[]} parts
 * @returns {string} 64 hexadecimal digits
 */
function sha256(...parts) {
  const { add, sum } = runningSum();
  parts.forEach(add);
  return sum();
}

module.exports = { runningSum, sha256 };

const { createHash } = require("node:crypto");

/**
 * SHA-256 of texts and bytes, one after the other.
 *
 * @param {(string | Uint8Array | Float32Array | Int32Array)[]} parts
 * @returns {string} 64 hexadecimal digits
 */
function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

module.exports = { sha256 };

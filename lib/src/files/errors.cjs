// Plain JavaScript, as all of this folder: set-up uses it before TypeScript is there.

/**
 * An error that a reader can mend: one clear sentence that names the thing and says what to do.
 * Commands print its message without a stack trace and exit with 1.
 *
 * @category engine
 */
class StarlitError extends Error {
  /** @override */
  name = "StarlitError";
}

/**
 * Why a file could not be written, where a reader can do something about it; else the same error.
 *
 * @param {unknown} error
 * @param {string} file
 * @returns {unknown}
 */
function writingError(error, file) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  if (!code) return error;
  /** @type {Record<string, string>} */
  const remedies = {
    ENOSPC: "the disk is full, make room",
    EDQUOT: "your share of the disk is used up, make room",
    EFBIG: "files may not be so large here (`ulimit -f`), allow larger ones",
    ENAMETOOLONG: "shorten its name",
  };
  const remedy = remedies[code] ?? "make its folder writable";
  return new StarlitError(
    `${file} could not be written (${code}): ${remedy}, or, where it is data, set STARLIT_DATA to another folder.`,
  );
}

module.exports = { StarlitError, writingError };

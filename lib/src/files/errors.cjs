// Plain JavaScript, as all of this folder: set-up uses it before TypeScript is there.

const fs = require("node:fs");

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

/** Calls of the system that change what is on the disk; `open` does too, where nothing is there yet. */
const writing = /^(write|mkdir|mkdtemp|copyfile|cp|rename|link|symlink|ftruncate|fsync|f?chmod)/;
const removing = /^(rm|rmdir|unlink)$/;

/**
 * What an error says to somebody who can mend what it tells of: a StarlitError's own words, or a
 * sentence about a file or a disk that the system refused; null for any other error.
 *
 * @param {unknown} error
 * @returns {string | null}
 */
function mendable(error) {
  const { name, message, code, syscall, path } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (name === "StarlitError") return message;
  if (!code || !syscall) return null;
  const place = path ?? "A file";
  if (code === "ENAMETOOLONG") return `A name is too long for this disk: shorten ${place}.`;
  if (code === "EISDIR") return `${place} is a folder, and a file is needed: name a file.`;
  if (code === "ENOTDIR")
    return `${place} leads through a file as if it were a folder: correct it.`;
  if (code === "ELOOP") return `${place} is a link that leads to itself: remove it.`;
  if (/^EN?MFILE$/.test(code))
    return `Too many files are open: allow more of them (\`ulimit -n\`).`;
  if (removing.test(syscall) && /^(EACCES|EPERM|EROFS|EBUSY|ENOTEMPTY)$/.test(code))
    return `${place} could not be removed (${code}): make its folder writable, or close what uses it.`;
  if (/^(ENOSPC|EDQUOT|EFBIG|EROFS)$/.test(code)) return words(writingError(error, place));
  if (!/^(EACCES|EPERM)$/.test(code)) return null;
  const isNew = syscall === "open" && path !== undefined && !fs.existsSync(path);
  if (writing.test(syscall) || isNew) return words(writingError(error, place));
  return `${place} may not be opened (${code}): change its rights or its folder's.`;
}

/** @param {unknown} error */
const words = (error) => /** @type {Error} */ (error).message;

module.exports = { StarlitError, mendable, writingError };

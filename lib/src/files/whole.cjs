const { randomBytes } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { writingError } = require("./errors.cjs");

/** Nobody writes for so long to a temporary file without a change: whoever did is gone. */
const ABANDONED_MS = 3600_000;

/**
 * A file that is being written and is not there yet.
 *
 * @typedef {object} Draft
 * @property {(chunk: string | Uint8Array) => void} write appends
 * @property {() => void} finish puts the file in its place
 * @property {() => void} abandon removes what was written; nothing after `finish`
 */

/**
 * Begins a file that is there whole or not at all, whenever the process dies: it is written under a
 * temporary name beside its own, and renamed at the end.
 *
 * @param {string} file
 * @returns {Draft}
 * @throws {import("./errors.cjs").StarlitError} here and later, if the folder cannot be written or
 *   the disk is full
 */
function draft(file) {
  const temporary = temporaryName(file);
  /** @type {number | null} */
  let handle = null;
  const close = () => {
    if (handle !== null) fs.closeSync(handle);
    handle = null;
  };
  const abandon = () => {
    close();
    // What cannot be removed was not made either.
    try {
      fs.rmSync(temporary, { force: true });
    } catch {}
  };
  /** @param {(open: number) => void} act */
  const attempt = (act) => {
    try {
      act(/** @type {number} */ (handle));
    } catch (error) {
      abandon();
      throw writingError(error, file);
    }
  };
  attempt(() => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    removeAbandoned(path.dirname(file));
    handle = fs.openSync(temporary, "wx");
  });
  return {
    write: (chunk) =>
      attempt((open) => {
        const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        // One write may take less than it was given, as when the disk fills up.
        for (let at = 0; at < bytes.length;) at += fs.writeSync(open, bytes, at);
      }),
    finish: () =>
      attempt((open) => {
        fs.fsyncSync(open);
        close();
        fs.renameSync(temporary, file);
      }),
    abandon,
  };
}

/**
 * Writes a file whole or not at all: a reader never sees half of it.
 *
 * @param {string} file
 * @param {string | Uint8Array} content
 * @throws {import("./errors.cjs").StarlitError} if the folder cannot be written or the disk is full
 */
function writeWhole(file, content) {
  const { write, finish } = draft(file);
  write(content);
  finish();
}

/**
 * Lets another program make a file or a folder that is there whole or not at all.
 *
 * @param {string} place
 * @param {(temporary: string) => void | Promise<void>} make makes it under a temporary name beside
 *   its own
 */
async function makeWhole(place, make) {
  const temporary = temporaryName(place);
  try {
    fs.mkdirSync(path.dirname(place), { recursive: true });
    removeAbandoned(path.dirname(place));
    await make(temporary);
    // A file takes the place of another by itself.
    if (fs.statSync(temporary).isDirectory()) fs.rmSync(place, { recursive: true, force: true });
    fs.renameSync(temporary, place);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string} place */
const temporaryName = (place) => `${place}.${process.pid}-${randomBytes(4).toString("hex")}.part`;

/**
 * Removes what killed processes left; a shared folder may hold temporary files of living ones.
 *
 * @param {string} folder
 */
function removeAbandoned(folder) {
  for (const name of fs.readdirSync(folder)) {
    if (!/\.\d+(-[0-9a-f]{8})?\.part$/.test(name)) continue;
    const file = path.join(folder, name);
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > ABANDONED_MS)
      fs.rmSync(file, { recursive: true, force: true });
  }
}

module.exports = { draft, makeWhole, writeWhole };

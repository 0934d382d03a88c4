const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { StarlitError, writingError } = require("./errors.cjs");

// The system holds the locks (flock(2)), not the files: a process that died holds none, whatever its
// file says and however old it is, and one that lives is never robbed, however long it is silent.
// Node has no call for it; the command `flock`, which every Linux has, locks a file that is open
// here, and the lock is held until this process closes the file or dies.

/**
 * Tells other processes that a thing is being worked on, until it is released.
 *
 * @typedef {object} Lock
 * @property {() => void} release
 */

/**
 * Takes a lock, unless another process, or another part of this one, has it.
 *
 * @param {string} file path of the lock; it is there while the lock is held
 * @returns {Lock | null} `null` if it is held
 * @throws {StarlitError} if the file cannot be locked
 */
function tryLock(file) {
  for (;;) {
    const handle = open(file);
    if (!flock(handle, file)) {
      fs.closeSync(handle);
      return null;
    }
    // Who had it until now may have removed the file after we opened it: then nobody else sees ours.
    if (isAt(handle, file)) {
      fs.ftruncateSync(handle);
      fs.writeSync(handle, `process ${process.pid} on ${os.hostname()}`);
      return { release: () => release(handle, file) };
    }
    fs.closeSync(handle);
  }
}

/**
 * Takes a lock, waiting for its holder; whoever waits is told for whom.
 *
 * @param {string} file path of the lock
 * @param {object} options
 * @param {string} options.title what is waited for, for messages
 * @param {number} options.minutes the longest wait
 * @param {() => boolean} [options.shouldStop] whether the reader ended the wait
 * @returns {Promise<Lock>}
 * @throws {StarlitError} naming file and holder, after that time or when the reader ended the wait
 */
async function waitForLock(file, { title, minutes, shouldStop = () => false }) {
  const begun = Date.now();
  for (let told = false; ; told = true) {
    const lock = tryLock(file);
    if (lock) return lock;
    const held = `${lockHolder(file)} is at work on it (${file})`;
    if (!told) console.log(`${title}: ${held}; waiting for it.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (shouldStop()) throw new StarlitError(`${title}: stopped while ${held}.`);
    if (Date.now() - begun > minutes * 60_000) {
      throw new StarlitError(
        `${title}: ${held} and has not ended for ${minutes} minutes: end that process, or run this again later.`,
      );
    }
  }
}

/**
 * Who holds a lock, in words.
 *
 * @param {string} file
 */
function lockHolder(file) {
  try {
    return /^process \d+ on \S+$/.exec(fs.readFileSync(file, "utf8"))?.[0] ?? "another process";
  } catch {
    return "another process";
  }
}

/** @param {string} file */
function open(file) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return fs.openSync(file, "a+");
  } catch (error) {
    throw writingError(error, file);
  }
}

/**
 * Whether the open file could be locked.
 *
 * @param {number} handle
 * @param {string} file
 */
function flock(handle, file) {
  const { status, error, stderr } = spawnSync("flock", ["-x", "-n", "3"], {
    stdio: ["ignore", "ignore", "pipe", handle],
    encoding: "utf8",
  });
  if (status === 0 || status === 1) return status === 0;
  const why = error ? `the command flock does not run (${error.message})` : stderr.trim();
  throw new StarlitError(
    `${file} cannot be locked, ${why}: install util-linux, and keep the folder on a disk that knows locks.`,
  );
}

/**
 * Whether the open file is the one of this name.
 *
 * @param {number} handle
 * @param {string} file
 */
function isAt(handle, file) {
  const ours = fs.fstatSync(handle);
  const there = fs.statSync(file, { throwIfNoEntry: false });
  return there?.ino === ours.ino && there.dev === ours.dev;
}

/**
 * @param {number} handle
 * @param {string} file
 */
function release(handle, file) {
  // Removed while it is locked, and only if it is ours.
  if (isAt(handle, file)) fs.rmSync(file, { force: true });
  fs.closeSync(handle);
}

module.exports = { tryLock, waitForLock };

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { StarlitError } from "../engine";
import { removeIfThere } from "./files";

/** Who holds a lock. */
export interface LockHolder {
  pid: number;
  host: string;
  since: string;
}

/** Tells other processes that a thing is being worked on, until it is released. */
export interface Lock {
  release(): void;
}

/** A holder shows a sign of life this often … */
const HEARTBEAT_MS = 30_000;
/** … and one that showed none for so long is gone (a computer may be slow, not that slow). */
const SILENCE_MS = 600_000;

/** Who holds the lock now; `null` if nobody does. */
export function lockHolder(file: string): LockHolder | null {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as LockHolder;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the lock's holder died without releasing it (`kill -9`, power cut). */
function isStale(file: string): boolean {
  const holder = lockHolder(file);
  if (!holder) return false;
  if (holder.host === os.hostname() && !isAlive(holder.pid)) return true;
  const touched = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return Date.now() - touched > SILENCE_MS;
}

/** Puts a complete lock file in place, unless one is there: `link` is atomic and does not replace. */
function create(file: string, content: string): boolean {
  const own = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(own, content);
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new StarlitError(
      `${file} could not be written (${code ?? String(error)}): make its folder writable, or set ` +
        `STARLIT_DATA to a folder that is.`,
    );
  } finally {
    removeIfThere(own);
  }
}

/** Takes a dead holder's lock away; by renaming, so that of several processes only one does. */
function removeStale(file: string): void {
  if (!isStale(file)) return;
  const aside = `${file}.${process.pid}.stale`;
  try {
    fs.renameSync(file, aside);
    // Another process was faster, and what was moved is its new lock: give it back.
    if (!isStale(aside)) fs.linkSync(aside, file);
  } catch {
    // Gone or replaced in the meantime: the next attempt sees what is there.
  } finally {
    removeIfThere(aside);
  }
}

/**
 * Takes a lock, unless another living process has it.
 *
 * @param file path of the lock file; it is there while the lock is held
 * @returns the lock, or `null` if it is held
 */
export function tryLock(file: string): Lock | null {
  removeStale(file);
  const holder: LockHolder = {
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
  };
  if (!create(file, JSON.stringify(holder))) return null;
  const heartbeat = setInterval(() => {
    const now = new Date();
    fs.utimes(file, now, now, () => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      removeIfThere(file);
    },
  };
}

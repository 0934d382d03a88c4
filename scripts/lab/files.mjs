// The files of a batch, which anybody may have made: links, pipes, devices, too large ones.
import fs from "node:fs";
import path from "node:path";
import { SetupError } from "../setup/run.mjs";

/** With many pictures in its outputs. As it may be made, it takes some twenty times that to read. */
const MOST_BYTES = 20e6;

/**
 * The notebooks that an argument names, a folder those in it and below, and what else is there.
 *
 * @param {string} place
 * @returns {{ files: string[], others: string[] }}
 */
export function notebooksIn(place) {
  let status;
  try {
    status = fs.statSync(place);
  } catch {
    throw new SetupError(`There is no ${place}.`);
  }
  if (!status.isDirectory()) return { files: [place], others: [] };
  const found = fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !path.relative(place, file).split(path.sep).some(isHidden))
    .sort();
  const files = found.filter((file) => file.endsWith(".ipynb"));
  if (files.length === 0) throw new SetupError(`The folder ${place} holds no notebook (.ipynb).`);
  return { files, others: found.filter((file) => !file.endsWith(".ipynb")) };
}

/** The tables of scores in a folder. */
export function tablesIn(folder) {
  if (!fs.existsSync(folder)) throw new SetupError(`There is no folder ${folder}.`);
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".csv"));
  return names.sort().map((name) => path.join(folder, name));
}

/** As Jupyter's folder of checkpoints. */
const isHidden = (name) => name.startsWith(".");

/** Where a file lies on the disk; two names of one place are a hard link. */
const diskPlace = ({ dev, ino }) => `${dev}:${ino}`;

/**
 * Names of the same file, by its place on the disk.
 *
 * @param {string[]} files
 * @returns {Map<string, string[]>}
 */
export function namesByPlace(files) {
  const names = new Map();
  for (const file of new Set(files.map((name) => path.resolve(name)))) {
    const status = fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
    if (!status) continue;
    const place = diskPlace(status);
    names.set(place, [...(names.get(place) ?? []), file]);
  }
  return names;
}

/**
 * What a file holds.
 *
 * @param {string} file
 * @param {Map<string, string[]>} names see `namesByPlace`
 * @returns {Buffer}
 * @throws an Error with words for the person who grades
 */
export function readFile(file, names) {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  let descriptor;
  try {
    descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const why = error.code === "ELOOP" ? "is a link" : `can't be read (${error.code})`;
    throw new Error(`This file ${why}: ask for the notebook itself.`);
  }
  try {
    const status = fs.fstatSync(descriptor, { bigint: true });
    if (!status.isFile()) throw new Error("This is no file: ask for the notebook itself.");
    const size = Number(status.size);
    if (size > MOST_BYTES) {
      throw new Error(
        `This file has ${(size / 1e6).toFixed(0)} MB, more than any notebook of the lab: look at it yourself.`,
      );
    }
    const all = names.get(diskPlace(status)) ?? [];
    const others = all.filter((name) => name !== path.resolve(file));
    if (others.length > 0) {
      throw new Error(
        `This file is also ${others.join(", ")}, one a link: ask for the notebook itself.`,
      );
    }
    return readAll(descriptor, size);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** As many bytes as the file had; one that grows meanwhile is read no further. */
function readAll(descriptor, size) {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const count = fs.readSync(descriptor, bytes, done, size - done, done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

// A lab is a folder: lab.json names the notebook with the solutions, the students' notebook, the
// rubric and the judge.
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { sourceOf } from "./notebook.cjs";

/** The lab that is meant where none is named. */
export const FIRST_LAB = inRoot("notebooks/lab");

const parts = ["source", "student", "rubric", "judge"];

/**
 * Reads a lab's definition.
 *
 * @param {string} folder
 * @returns {{ folder: string, files: Record<string, string>, source: object }} paths of its parts,
 *   and the notebook with the solutions
 */
export function readLab(folder) {
  const file = path.join(folder, "lab.json");
  const definition = readJson(file, "name a folder with a lab.json, as notebooks/lab has it");
  for (const part of parts) {
    if (typeof definition[part] !== "string")
      throw new SetupError(`${file} names no "${part}": see notebooks/lab/lab.json.`);
  }
  const place = (part) => path.resolve(folder, definition[part]);
  const files = Object.fromEntries(parts.map((part) => [part, place(part)]));
  const source = readJson(files.source, `${file} names it as the lab's source`);
  return { folder: path.resolve(folder), files, source };
}

/**
 * The rubric, held against the source.
 *
 * @param {object} lab as `readLab` gives it
 */
export function readRubric({ files, source }) {
  const rubric = readJson(files.rubric, "the lab names it as its rubric");
  for (const { item, needs = [] } of rubric) {
    if (!blankOf(source, item)) {
      throw new SetupError(`${files.source} has no cell blank-${item}, which the rubric names.`);
    }
    const missing = needs.find(
      (need) => !rubric.some((other) => other.item === need && other.standIn),
    );
    if (missing !== undefined) {
      throw new SetupError(
        `${files.rubric}: item ${item} needs ${missing}, which has no "standIn", code to take its place.`,
      );
    }
  }
  return rubric;
}

/** Holds the rubric against the items that the judge knows. */
export function checkItems(rubric, { files }, items) {
  const unknown = rubric.find(({ item }) => !items.includes(item));
  if (unknown) {
    throw new SetupError(
      `${files.rubric}: the judge has no item ${unknown.item}, it knows ${items.join(", ")}.`,
    );
  }
}

const codeCells = ({ cells }) => cells.filter((cell) => cell.cell_type === "code");

/** The cell of an item in the source. */
export function blankOf(source, item) {
  const cell = codeCells(source).find(({ id }) => id === `blank-${item}`);
  return cell && sourceOf(cell);
}

/** The cells that run before all items. */
export const setUpOf = (source) =>
  codeCells(source)
    .filter((cell) => cell.metadata.starlit?.role === "setup")
    .map(sourceOf);

function readJson(file, why) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new SetupError(`${file} can't be read (${error.code ?? error.message}): ${why}.`);
  }
}

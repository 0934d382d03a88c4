// `npm run lab:student [-- --from PLACE --to FILE]`: makes the students' notebook from the source with
// the solutions.
import fs from "node:fs";
import path from "node:path";
import { writeWhole } from "../../lib/src/files/whole.cjs";
import { command } from "../setup.mjs";
import { inRoot } from "../setup/paths.mjs";
import { SetupError } from "../setup/run.mjs";
import { readStudentArguments } from "./arguments.mjs";
import { readLab } from "./lab.mjs";
import { blankIn, notebookText, sourceOf, studentNotebook } from "./notebook.cjs";

function readSource(file) {
  try {
    const source = JSON.parse(fs.readFileSync(file, "utf8"));
    if (Array.isArray(source.cells)) return source;
  } catch {
    // Told below.
  }
  throw new SetupError(`${file} is no notebook: name one with --from, or a lab's folder.`);
}

/**
 * Where the solutions are, and where the students' notebook goes.
 *
 * @param {{ from: string, to?: string }} named
 */
function places({ from, to }) {
  const place = path.resolve(from);
  if (!place.endsWith(".ipynb")) {
    const { files } = readLab(place);
    return { source: files.source, target: to === undefined ? files.student : path.resolve(to) };
  }
  if (to === undefined) throw new SetupError("Name the students' notebook with --to.");
  return { source: place, target: path.resolve(to) };
}

await command(async () => {
  const { source: from, target: to } = places(readStudentArguments());
  if (from === to) throw new SetupError(`${to} holds the solutions: name another file with --to.`);
  const source = readSource(from);
  if (!source.cells.some((cell) => blankIn(sourceOf(cell)))) {
    throw new SetupError(`${from} has no blank: mark it with START CODE HERE and END CODE HERE.`);
  }
  writeWhole(to, notebookText(studentNotebook(source)));
  const name = (file) => path.relative(inRoot(), file);
  console.log(`${name(to)} is made from ${name(from)}.`);
});

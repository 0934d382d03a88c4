// Working copies: `npm start` opens copies of the notebooks in `work/`, so that Run All and autosave
// leave the published ones, with their outputs, as they are.
//   npm run notebooks:reset [-- NAME …]    takes the published notebooks (those with NAME) again
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { sha256 } from "../lib/src/files/sum.cjs";
import { writeWhole } from "../lib/src/files/whole.cjs";
import { command } from "./setup.mjs";
import { inRoot } from "./setup/paths.mjs";
import { readArguments, SetupError } from "./setup/run.mjs";

const published = inRoot("notebooks");
export const work = inRoot("work");

/**
 * Copies what is new in one folder to the other. A copy that nobody has changed follows its original;
 * a changed one stays.
 *
 * @param {{ from?: string, to?: string, reset?: (name: string) => boolean }} options `reset` tells
 *   which copies are replaced, changed or not
 * @returns {{ replaced: string[], behind: string[] }} copies that were made again, and changed ones
 *   whose originals have moved on
 */
export function updateWork({ from = published, to = work, reset = () => false } = {}) {
  const record = path.join(to, ".published.json"); // the hash of what each copy was made from
  const kept = path.join(to, ".before-reset");
  const known = fs.existsSync(record) ? JSON.parse(fs.readFileSync(record, "utf8")) : {};
  /** @type {{ replaced: string[], behind: string[] }} */
  const done = { replaced: [], behind: [] };
  for (const name of filesIn(from)) {
    const original = path.join(from, name);
    const copy = path.join(to, name);
    const hash = hashOf(original);
    const now = fs.existsSync(copy) ? hashOf(copy) : null;
    if (now === hash) known[name] = hash;
    if (now === hash || (known[name] === hash && now && !reset(name))) continue;
    const changed = now !== null && now !== known[name];
    if (changed && !reset(name)) {
      done.behind.push(name);
      continue;
    }
    if (changed) {
      fs.mkdirSync(path.dirname(path.join(kept, name)), { recursive: true });
      fs.copyFileSync(copy, path.join(kept, name));
    }
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.copyFileSync(original, copy);
    known[name] = hash;
    if (now !== null) done.replaced.push(name);
  }
  writeWhole(record, `${JSON.stringify(known, null, 1)}\n`);
  return done;
}

function filesIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".ipynb_checkpoints"))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const hashOf = (file) => sha256(fs.readFileSync(file));

const usage = `npm run notebooks:reset [-- NAME…]
  Takes the published notebooks again for the copies in work/, or those with NAME in their names.`;

function main() {
  const { positionals: names } = readArguments(usage, { allowPositionals: true });
  const unknown = names.filter((name) => !filesIn(published).some((each) => each.includes(name)));
  if (unknown.length > 0)
    throw new SetupError(`No published notebook has "${unknown[0]}" in its name.`);
  const reset = (file) => names.length === 0 || names.some((name) => file.includes(name));
  const { replaced } = updateWork({ reset });
  if (replaced.length === 0) return console.log("The copies in work/ are as published already.");
  console.log(
    `As published again: ${replaced.join(", ")}. What they were is in work/.before-reset/.`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await command(main);

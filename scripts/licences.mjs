// `npm run licences`: the licence of every package that npm and pip have installed here. Exits with 1
// where one has a licence that was not looked at; THIRD_PARTY_NOTICES.md tells of those that ask for more than a notice.
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { command } from "./setup.mjs";
import { python, root } from "./setup/paths.mjs";
import { readArguments, SetupError } from "./setup/run.mjs";

/** Licences that ask for a notice at most. */
const known = new Set([
  ...[
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "ISC",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "Apache-2.0",
  ],
  ...["BlueOak-1.0.0", "CC0-1.0", "Unlicense", "Python-2.0", "PSF-2.0", "AFL-2.1"],
]);

/** Licences that ask for more, and packages that name theirs in a way of their own. */
const lookedAt = new Map([
  ["certifi", "MPL-2.0: used as it is"],
  ["fqdn", "MPL-2.0: used as it is"],
  ["zeromq", "MPL-2.0 of the library inside: used as it is"],
  ["@resvg/resvg-js", "MPL-2.0: used as it is"],
  ["axe-core", "MPL-2.0: used as it is, by tests alone"],
  ["caniuse-lite", "CC-BY-4.0: data for a tool of the tests"],
  ["dejavu-fonts-ttf", "Bitstream Vera's licence: the fonts of the pictures"],
  ["typed-function", "MIT, in its file LICENSE"],
  ["@cspell/dict-django", "WTFPL: asks for nothing; words for a check of the tests"],
  [
    "@cspell/dict-en-common-misspellings",
    "CC BY-SA 4.0: words for a check of the tests, used as they are",
  ],
]);

/** @type {[RegExp, string][]} The names in Python's older fields, in SPDX's words. */
const words = [
  [/Apache/i, "Apache-2.0"],
  [/Mozilla|MPL/i, "MPL-2.0"],
  [/Python Software|PSF/i, "PSF-2.0"],
  [/ISC/, "ISC"],
  [/^(new |modified |3-clause )?BSD/i, "BSD"],
  [/^(the )?MIT\b(?!-)/i, "MIT"],
];
const spdx = (text) => words.find(([pattern]) => pattern.test(text))?.[1] ?? text;

/** @returns {{ name: string, version: string, licence: string }[]} */
export function npmPackages() {
  const text = execFileSync("npm", ["query", "*"], { cwd: root, encoding: "utf8", maxBuffer: 1e9 });
  return JSON.parse(text).map(({ name, version, license, licenses }) => {
    const told = license ?? licenses ?? "";
    return {
      name,
      version,
      licence: [told]
        .flat()
        .map((each) => each.type ?? each)
        .join(" OR "),
    };
  });
}

const LIST = `
import importlib.metadata as m, json
def licence(p):
    classifiers = [c.split(" :: ")[-1] for c in p.get_all("Classifier") or [] if c.startswith("License ::")]
    return p.get("License-Expression") or "; ".join(classifiers) or (p.get("License") or "").split("\\n")[0]
print(json.dumps([{"name": d.metadata["Name"], "version": d.version, "licence": licence(d.metadata)} for d in m.distributions()]))
`;

export function pythonPackages() {
  const text = execFileSync(python, ["-c", LIST], { encoding: "utf8", maxBuffer: 1e9 });
  return JSON.parse(text).map((each) => ({ ...each, licence: spdx(each.licence) }));
}

/** Whether nothing more than a notice is asked for: of what "OR" joins one will do, of "AND" all must. */
export function isKnown(licence) {
  return licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((one) => one.split(/ AND |; /).every((each) => known.has(each.trim())));
}

/** Packages whose licence asks for more than a notice and was not looked at. */
export const unknown = (packages) =>
  packages.filter(
    // resvg's binary is a package for each platform.
    ({ name, licence }) => !isKnown(licence) && !lookedAt.has(name.replace(/-linux-.*$/, "")),
  );

const usage = `npm run licences
  The licences of all packages that are installed here; it has no options.`;

function main() {
  readArguments(usage);
  const groups = { npm: npmPackages(), pip: pythonPackages() };
  for (const [tool, packages] of Object.entries(groups)) {
    const counts = new Map();
    for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
    console.log(`${tool}, ${packages.length} packages`);
    for (const [licence, count] of [...counts].sort((a, b) => b[1] - a[1]))
      console.log(`  ${String(count).padStart(4)}  ${licence}`);
  }
  for (const [name, why] of lookedAt) console.log(`${name}: ${why}`);
  const found = unknown(Object.values(groups).flat());
  if (found.length === 0) return;
  const names = found.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
  throw new SetupError(
    `Look at the licence of ${names.join(", ")}, and name it in scripts/licences.mjs.`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await command(main);

// node scripts/release.mjs v1.2.3, in the project's folder: checks that package.json, the library, CITATION.cff
// and the change log agree on this version, and prints the change log's part about it.
import fs from "node:fs";

const read = (file) => fs.readFileSync(file, "utf8");

/** What a release of a version says of itself; throws an error that names the file to change. */
function releaseNotes(version) {
  for (const file of ["package.json", "lib/package.json"]) {
    const told = JSON.parse(read(file)).version;
    if (told !== version) throw new Error(`${file} says ${told}, not ${version}: change it first.`);
  }
  const cited = /^version: "?([^"\n]+)"?$/m.exec(read("CITATION.cff"))?.[1];
  if (cited !== version) {
    throw new Error(`CITATION.cff says ${cited}, not ${version}: change it first.`);
  }
  const parts = read("CHANGELOG.md").split(/^## /m).slice(1);
  const own = parts.find((part) => part.startsWith(`${version} `));
  if (!own) throw new Error(`CHANGELOG.md has no part "## ${version} (date)": write it first.`);
  return own.slice(own.indexOf("\n") + 1).trim();
}

try {
  console.log(releaseNotes((process.argv[2] ?? "").replace(/^v/, "")));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

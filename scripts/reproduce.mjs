// `npm run reproduce [-- --study ID --profile full --out DIR --open]`: set-up if needed, runs the
// notebooks, makes the HTML report, prints the published numbers beside ours.
import fs from "node:fs";
import path from "node:path";
import { runNotebook } from "./notebooks/run.mjs";
import { command, setup } from "./setup.mjs";
import { inRoot } from "./setup/paths.mjs";
import { readArguments, SetupError } from "./setup/run.mjs";
import { committedNotebooks, library, makeSite, openPage, placeName } from "./site.mjs";

const profiles = ["quick", "full"];
// A quick cell that takes longer hangs; a full one may train for hours.
const quickTimeout = 900;

const usage = `npm run reproduce [-- options]
  --study NAME      one study, e.g. clothing
  --profile full    from the stored full runs; quick by default
  --out DIR         where the pages go; site/ by default
  --open            open them in a browser`;

function readOptions() {
  const { values } = readArguments(usage, {
    options: {
      study: { type: "string" },
      profile: { type: "string", default: "quick" },
      out: { type: "string", default: inRoot("site") },
      open: { type: "boolean", default: false },
    },
  });
  if (!profiles.includes(values.profile)) {
    throw new SetupError(`There is no profile "${values.profile}": use ${profiles.join(" or ")}.`);
  }
  return values;
}

/** The notebooks to run: those of one study, or all. */
function chooseNotebooks(study) {
  if (study === undefined) return committedNotebooks();
  const { notebook } = library().findStudy(study);
  const file = inRoot("notebooks", notebook);
  if (!fs.existsSync(file)) {
    throw new SetupError(
      `The study ${study} has no notebook yet; its trainings run with "npx starlit run ${study} all".`,
    );
  }
  return [file];
}

/** The folder for the results: numbers of an earlier run must not stand in the report of this one. */
function emptyResults(folder) {
  const results = path.join(folder, "results");
  try {
    fs.rmSync(results, { recursive: true, force: true });
    fs.mkdirSync(results, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `The report cannot be written to ${folder} (${error.code}): choose another folder with --out.`,
    );
  }
  return results;
}

/** Runs the notebooks one after the other; the first failure ends it. */
async function runAll(notebooks, { profile, folder, results }) {
  const target = (file) => path.join(folder, "notebooks", path.basename(file));
  // The overview sums up what the others save.
  const isOverview = (file) => path.basename(file).startsWith("00-");
  const order = [...notebooks].sort((a, b) => isOverview(a) - isOverview(b));
  for (const file of order) {
    const output = target(file);
    const { ok } = await runNotebook(file, {
      output,
      profile,
      timeout: profile === "quick" ? quickTimeout : undefined,
      env: { STARLIT_RESULTS: results },
    });
    if (!ok) return null;
  }
  return notebooks.map(target);
}

await command(async () => {
  const { study, profile, out, open } = readOptions();
  const begun = Date.now();
  await setup();
  const notebooks = chooseNotebooks(study);
  if (notebooks.length === 0)
    throw new SetupError("There are no notebooks in the folder notebooks.");
  const folder = path.resolve(out);
  const results = emptyResults(folder);
  const executed = await runAll(notebooks, { profile, folder, results });
  if (!executed) {
    process.exitCode = 1;
    return;
  }
  const { report } = library();
  const found = report.load(results);
  const index = await makeSite({ folder, notebooks: executed, results: found });
  if (found.length > 0) console.log(`\n${report.table(found)}`);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  console.log(`\nReport: ${placeName(index)} (${profile} profile, ${minutes} minutes)`);
  if (open) openPage(index);
});

// `node scripts/cluster/report.mjs --out FOLDER NOTEBOOK…`: the site of executed notebooks, with the
// numbers that they left in FOLDER/results.
import path from "node:path";
import { command } from "../setup.mjs";
import { readArguments } from "../setup/run.mjs";
import { library, makeSite, placeName } from "../site.mjs";

const usage = "node scripts/cluster/report.mjs --out FOLDER NOTEBOOK…";

await command(async () => {
  const { values, positionals } = readArguments(usage, {
    allowPositionals: true,
    options: { out: { type: "string", default: "site" } },
  });
  const folder = path.resolve(values.out);
  const { report } = library();
  const results = report.load(path.join(folder, "results"));
  const index = await makeSite({ folder, notebooks: positionals.sort(), results });
  if (results.length > 0) console.log(report.table(results));
  console.log(`Report: ${placeName(index)}`);
});

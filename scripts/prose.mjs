// `npm run prose`: how long the notebooks are and how easily they read; with --check, whether all prose of
// the project is spelled right and keeps a few rules of style.
import path from "node:path";
import { complaints } from "./prose/style.mjs";
import { readability } from "./prose/readability.mjs";
import { proseFiles, readText } from "./prose/text.mjs";
import { command } from "./setup.mjs";
import { inRoot, root } from "./setup/paths.mjs";
import { readArguments } from "./setup/run.mjs";

const usage = `npm run prose [-- --check] [FILE…]
  A table: words, sentences and reading ease of each notebook, and of other notebooks or Markdown
  files that are named, such as chapters of d2l.ai.
  --check  spelling and style of all prose, or of the files that are named; words of the project are in
           cspell.json.`;

await command(async () => {
  const { values, positionals: named } = readArguments(usage, {
    allowPositionals: true,
    options: { check: { type: "boolean", default: false } },
  });
  const own = proseFiles(root).map((name) => ({ file: inRoot(name), name }));
  const others = named.map((file) => ({ file: path.resolve(file), name: path.basename(file) }));
  if (!values.check) {
    const notebooks = own.filter(({ name }) => /^notebooks\/\d.*\.ipynb$/.test(name));
    console.table(
      [...notebooks, ...others].map(({ file, name }) =>
        readability(readText(file, path.basename(name))),
      ),
    );
    return;
  }
  const texts = named.length > 0 ? others : own;
  let count = 0;
  for (const { file, name } of texts) {
    for (const complaint of await complaints(readText(file, name), inRoot("cspell.json"))) {
      console.log(complaint);
      count++;
    }
  }
  console.log(`${texts.length} texts, ${count} complaints`);
  if (count > 0) process.exitCode = 1;
});
